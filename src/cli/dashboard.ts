import { setKey } from "../config/edit.ts";
import { systemClock } from "../lib/clock.ts";
import { messageOf, UserError } from "../lib/errors.ts";
import { openLog } from "../lib/log.ts";
import { print } from "../lib/output.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type Model, newModel } from "../ui/dashboard/model.ts";
import type { Effect, Message } from "../ui/dashboard/update.ts";
import { themeOf } from "../ui/theme.ts";
import { usableHome, writeConfig } from "./config.ts";
import { type End, endOf, type LiveEngine, openLiveEngine } from "./dashboard-engine.ts";
import { addRecent, HistoryLog } from "./dashboard-history.ts";
import { messagesOf, sentOf } from "./dashboard-model.ts";
import { Screen } from "./dashboard-screen.ts";
import { onEndingSignal, onFault, onSignal } from "./process-events.ts";
import { sayOpened } from "./relaunch-open.ts";

/** A dashboard, and where. */
export interface DashboardJob {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends it as `q` does; it never rejects. */
  readonly over?: Promise<void>;
  /** A key was pressed, or the mouse. */
  readonly onInput?: () => void;
}

/**
 * `cdp` on a terminal: the dashboard, until a key, a signal, another dashboard or the end of the
 * terminal ends it. The terminal is left as it was found.
 *
 * @returns the exit status
 * @throws UserError when there is no Codex home, or the role of publisher cannot be had
 */
export async function dashboard(job: DashboardJob): Promise<number> {
  const home = usableHome(job.env);
  using log = openLog(job.env["CDP_LOG"]);
  // The card is gone and the terminal restored when this resolves.
  const end = await new Dashboard(job, home).run(log);
  switch (end.kind) {
    case "asked":
      return 0;
    case "takenOver":
      await print(`cdp: taken over by pid ${end.by}\n`);
      return 0;
    case "failed":
      throw new UserError(end.reason, 1);
    case "fault":
    default:
      throw new Error(messageOf(end.error));
  }
}

/** What the engine tells is shown so soon, ms: with the answer to a card in most cases. */
const soonMs = 20;
/** And at most so often, ms. */
const showMs = 100;
const minuteMs = 60_000;
/** By then what was saved has been read, ms. */
const settleMs = 1200;

/** Joins engine and screen: what the one knows the other shows, what is pressed there is done here. */
class Dashboard {
  readonly #job: DashboardJob;
  readonly #home: string;
  readonly #startedAt = Date.now();
  readonly #ended = Promise.withResolvers<End>();
  #live: LiveEngine | undefined;
  #screen: Screen | undefined;
  #pinned: string | undefined;
  #unsaved: string | undefined;
  #saving: Promise<void> = Promise.resolve();
  readonly #history: HistoryLog;
  #told = new Map<Message["type"], string>();
  /** Not shown yet: a card, the answer to it and what it says are mostly one frame. */
  readonly #sent: Message[] = [];
  #showing: Disposable | undefined;
  /** Monotonic ms. */
  #shownAt = -Infinity;
  #settling: Disposable | undefined;
  #minute: Disposable | undefined;

  constructor(job: DashboardJob, home: string) {
    this.#job = job;
    this.#home = home;
    this.#history = new HistoryLog(this.#startedAt, zone);
  }

  async run(log: ReturnType<typeof openLog>): Promise<End> {
    const { env, terminal, over, onInput } = this.#job;
    const asked = () => this.#end({ kind: "asked" });
    using _signals = onEndingSignal(asked);
    using _faults = onFault((error) => this.#end({ kind: "fault", error }));
    await using held = new AsyncDisposableStack();
    const live = openLiveEngine({
      mode: "dashboard",
      startedAt: this.#startedAt,
      home: this.#home,
      env,
      log,
      onChange: () => this.#changed(),
      onSent: (sent) => {
        this.#sent.push({ type: "sent", card: sentOf(sent) });
        this.#changed();
      },
    });
    this.#live = held.use(live);
    held.defer(() => this.#saving);
    // The terminal first: it is given back at once, and Discord told meanwhile.
    this.#screen = held.use(
      new Screen({
        terminal,
        model: this.#firstModel(),
        clock: systemClock,
        onEffect: (effect) => this.#do(effect),
        ...(onInput === undefined ? {} : { onInput }),
        onSuspend: () => void this.#suspend(),
        onGone: asked,
        onFault: (error) => this.#end({ kind: "fault", error }),
      }),
    );
    held.defer(() => this.#showing?.[Symbol.dispose]());
    held.defer(() => this.#settling?.[Symbol.dispose]());
    void over?.then(asked);
    sayOpened(env);
    held.defer(() => this.#minute?.[Symbol.dispose]());
    this.#nextMinute();
    void this.#readHistory(live);
    held.use(onSignal("SIGTSTP", () => void this.#suspend()));
    held.use(onSignal("SIGCONT", () => this.#continue()));
    this.#show();
    return await this.#ended.promise;
  }

  async #readHistory({ files }: LiveEngine): Promise<void> {
    try {
      await addRecent(this.#history, files, this.#home, this.#startedAt);
    } catch {
      // Then the plots begin with this run.
    }
    this.#changed();
  }

  #firstModel(): Model {
    const { env, terminal } = this.#job;
    return newModel({
      size: terminal.size,
      now: Date.now(),
      theme: themeOf(env),
      zone,
    });
  }

  #end(end: End): void {
    this.#ended.resolve(end);
  }

  #changed(): void {
    if (this.#showing !== undefined) return;
    const wait = Math.max(soonMs, this.#shownAt + showMs - systemClock.monotonic());
    this.#showing = systemClock.after(wait, () => {
      this.#showing = undefined;
      this.#show();
    });
  }

  /** The history moves on with the minute of the wall clock, as all ages do. */
  #nextMinute(): void {
    const wait = minuteMs - (Date.now() % minuteMs) + 1;
    this.#minute = systemClock.after(wait, () => {
      this.#nextMinute();
      this.#show();
    });
  }

  /** Tells the screen what is another than it was. */
  #show(): void {
    const live = this.#live;
    if (live === undefined) return;
    const { state } = live.engine;
    const end = endOf(state.role);
    if (end !== undefined) return this.#end(end);
    const now = Date.now();
    this.#shownAt = systemClock.monotonic();
    this.#history.observe(state.list.sessions, now);
    const isPreviewing = this.#screen?.model.panel.kind === "level";
    const messages = messagesOf(state, {
      pinned: this.#pinned,
      problems: this.#unsaved === undefined ? [] : [this.#unsaved],
      preview: isPreviewing ? (config) => live.engine.preview(config) : undefined,
      history: this.#history.view(now),
      instance: { pid: process.pid, startedAt: this.#startedAt },
    });
    const news = [...this.#sent.splice(0), ...messages.filter((message) => this.#isNews(message))];
    if (news.length > 0) this.#screen?.send(...news);
  }

  #isNews(message: Message): boolean {
    const text = JSON.stringify(message);
    if (this.#told.get(message.type) === text) return false;
    this.#told.set(message.type, text);
    return true;
  }

  #do(effect: Effect): void {
    switch (effect.type) {
      case "quit":
        return this.#end({ kind: "asked" });
      case "setPaused":
        return this.#pause(effect.paused);
      case "setLevel":
        return this.#save(["privacy", "level"], effect.level);
      case "pin":
        return this.#pin(effect.id);
      case "unpin":
        return this.#pin(undefined);
      case "reconnect":
        return this.#live?.engine.reconnect();
      case "preview":
        return this.#show();
    }
  }

  /** Also where that cannot be saved: then for as long as this dashboard runs. */
  #pause(paused: boolean): void {
    this.#save(["display", "paused"], paused, (isSaved) =>
      this.#live?.engine.hold(paused && !isSaved),
    );
  }

  #pin(id: string | undefined): void {
    this.#pinned = id;
    this.#live?.engine.pin(id);
    this.#changed();
  }

  /** One after the other, in the order of the keys; then the screen learns what really is so. */
  #save(
    path: readonly string[],
    value: unknown,
    onEnd: (isSaved: boolean) => void = () => undefined,
  ): void {
    this.#saving = this.#saving.then(async () => {
      try {
        await writeConfig(this.#home, (text) => setKey(text, path, value));
        this.#unsaved = undefined;
        onEnd(true);
        // The engine reads it by itself; this is for the case that it saw no change in it.
        this.#settling?.[Symbol.dispose]();
        this.#settling = systemClock.after(settleMs, () => this.#showConfig());
      } catch (error) {
        this.#unsaved = `not saved: ${messageOf(error)}`;
        onEnd(false);
        this.#showConfig();
      }
    });
  }

  #showConfig(): void {
    this.#told.delete("config");
    this.#changed();
  }

  /**
   * Ctrl-Z: a stopped process could neither keep a card right nor answer whoever wants the role. The
   * group is stopped, as the terminal would: a program that waits for this one (npm's launcher on a
   * Node without `execve`) would else keep the shell waiting.
   */
  async #suspend(): Promise<void> {
    this.#screen?.giveBack();
    await this.#live?.engine.rest();
    process.kill(0, "SIGSTOP");
  }

  /** After the process was stopped and continued, whoever stopped it. */
  #continue(): void {
    this.#screen?.reclaim();
    this.#live?.engine.wake();
    this.#live?.engine.check();
  }
}

function zone(at: number): number {
  return -new Date(at).getTimezoneOffset();
}
