import type { CodexHome } from "../codex/home.ts";
import { programStatusCode, readProgramStatus } from "../codex/program-status.ts";
import type { SessionLogFile } from "../codex/session-log-file.ts";
import { readTitle, titleCodes } from "../codex/title.ts";
import type { ConfigReader } from "../config/reader.ts";
import type { LinkStatus } from "../discord/link.ts";
import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import { watchForSleep } from "../lib/sleep-watch.ts";
import type { Activity } from "../session/activity.ts";
import type { SessionList, SessionView } from "../session/session-view.ts";
import { LiveSession } from "../session/live-session.ts";
import type { ChildLink } from "./child-link.ts";
import type { OwnChild } from "./session-watch.ts";
import { shownLevel, type Sharing } from "../ui/pane-sharing.ts";
import { defaultConfig } from "../config/schema.ts";

export interface ChildPresenceOptions {
  readonly surface: "tui" | "exec";
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder in which the child works. */
  readonly cwd: string;
  /** It may choose another one. */
  readonly elsewhere: boolean;
  readonly home: CodexHome;
  readonly sessionLog: SessionLogFile | undefined;
  /** One that has begun to read. */
  readonly config: ConfigReader | undefined;
  /** When this run began, ms since the epoch: the card's timer counts from it. */
  readonly startedAt: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Activity or Discord's state changed. */
  readonly onChange: () => void;
}

/** When presence begins to look, ms after the child: its first frame comes first. */
const startMs = 200;
/**
 * When Discord is looked for if the child reports no status before: connecting stops everything
 * else for some 30 ms, once, while Discord's package is loaded.
 */
const connectMs = 1000;
const homeWords = {
  unset: "Codex's home is unknown: set HOME or CODEX_HOME",
  missing: "Codex's home was not there yet: start cdp codex again",
  notAFolder: "Codex's home is no folder: correct CODEX_HOME",
  notOurs: "Codex's home is somebody else's: run cdp as its owner, without sudo",
  unreadable: "Codex's home cannot be read",
} as const;

/**
 * What one child does and its card in Discord: reading and publishing joined. Everything in it may
 * fail without the child noticing.
 */
export class ChildPresence {
  readonly #options: ChildPresenceOptions;
  readonly #release = new DisposableStack();
  readonly #session: LiveSession;
  #link: ChildLink | undefined;
  #connecting = false;
  /** What the pane was told last. */
  #shown = "";

  constructor(options: ChildPresenceOptions) {
    this.#options = options;
    this.#session = this.#release.use(new LiveSession(options.clock, () => this.#changed()));
  }

  get activity(): Activity {
    return this.#session.activity;
  }

  /** The session as all know it: project, model, usage. */
  get session(): SessionView | undefined {
    return this.#link?.engine.state.list.sessions.find(({ own }) => own);
  }

  get limits(): SessionList["limits"] {
    return this.#link?.engine.state.list.limits;
  }

  /** What others may see, and whether that is so because nobody has said otherwise. */
  get sharing(): Sharing | undefined {
    const { home } = this.#options;
    if (!home.ok) {
      const off = home.reason === "open" ? home.why : homeWords[home.reason];
      return { level: "off", isDefault: false, off };
    }
    const state = this.#link?.engine.state;
    if (state === undefined) return undefined;
    const { role } = state;
    if (role.kind === "off") return { level: "off", isDefault: false, off: role.reason };
    const { config, problems, source } = state.config;
    if (source === "pending" && problems.length === 0) return undefined;
    const level = shownLevel(state.discord.delivery.card?.about.level, {
      paused: config.display.paused,
      level: state.composed?.level ?? config.privacy.level,
    });
    const isDefault = config.privacy.level === defaultConfig.privacy.level;
    const [problem] = problems;
    return {
      level,
      isDefault,
      ...(problem === undefined ? {} : { problem }),
      ...(role.kind === "waiting" ? { waits: role.why } : {}),
    };
  }

  get discord(): LinkStatus {
    return this.#link?.engine.state.discord.discord ?? "unknown";
  }

  /** When the card's timer began: the start of this run, ms since the epoch. */
  get startedAt(): number {
    return this.#options.startedAt;
  }

  /** The child runs; a little later presence begins, so that it delays no frame. */
  start(pid: number | undefined): void {
    const { clock } = this.#options;
    this.#release.use(clock.after(startMs, () => void this.#begin(pid)));
    this.#release.use(clock.after(connectMs, () => this.#connect()));
    this.#release.use(watchForSleep(clock, () => this.#woken()));
  }

  async #begin(pid: number | undefined): Promise<void> {
    const { home, log } = this.#options;
    if (!home.ok) return log.debug("presence", `off: the home of Codex is ${home.reason}`);
    try {
      // Loaded only now: nothing of it is needed for the child's first frame.
      const { openChildLink } = await import("./child-link.ts");
      if (this.#release.disposed) return;
      const link = openChildLink({
        ...this.#options,
        home: home.path,
        own: () => this.#own(),
        onChange: () => this.#tell(),
        onEvent: (event) => this.#take(() => this.#session.report(event)),
        onThread: (thread) => this.#take(() => this.#session.showThread(thread)),
      });
      this.#link = this.#release.use(link);
      link.thread.start({ pid, spawnedAt: this.#options.startedAt });
      link.engine.start();
      if (this.#connecting) this.#connect();
    } catch (error) {
      log.debug("presence", `off: ${messageOf(error)}`);
      this.#options.sessionLog?.unlink();
    }
  }

  /** The first card follows at once; `Publisher.start` does nothing the second time. */
  #connect(): void {
    this.#connecting = true;
    this.#link?.engine.connect();
  }

  /** Usage and settings change without another activity, too. */
  #take(event: () => void): void {
    event();
    this.#link?.engine.poke();
  }

  #own(): OwnChild {
    const { surface, cwd, elsewhere, startedAt } = this.#options;
    const { session } = this.#session;
    return {
      session,
      surface: surface === "tui" ? "cli" : "exec",
      cwd: elsewhere ? undefined : cwd,
      startedAt,
    };
  }

  /** An operating system command that the child wrote, `code;text`. */
  heard(command: string): void {
    const separator = command.indexOf(";");
    const code = Number(command.slice(0, separator));
    const text = command.slice(separator + 1);
    const at = this.#options.clock.now();
    if (code === programStatusCode) {
      const status = readProgramStatus(text);
      if (status === undefined) return;
      this.#session.report({ type: "statusReported", at, ...status });
      this.#connect();
      this.poke();
    } else if (titleCodes.includes(code)) {
      const hint = readTitle(text);
      if (hint !== undefined) this.#session.report({ type: "titleReported", at, hint });
    }
  }

  /** Something may have been written: look now instead of waiting for the system's notice. */
  poke(): void {
    this.#link?.thread.poke();
  }

  /** Before this process stops itself: the card goes, or another process shows its own. */
  async rest(): Promise<void> {
    await this.#link?.engine.rest();
  }

  /** After `rest`. */
  wake(): void {
    this.#link?.engine.wake();
  }

  /** The child is gone: takes the card away (150 ms at most) and everything down. */
  async close(): Promise<void> {
    await this.#link?.engine.close();
    try {
      this.#release.dispose();
    } catch (error) {
      this.#options.log.debug("presence", messageOf(error));
    }
  }

  #woken(): void {
    this.#link?.engine.check();
    this.poke();
  }

  #changed(): void {
    this.#link?.engine.poke();
    this.#tell();
  }

  /** The engine looks again every few seconds; while nothing changes not a byte is written. */
  #tell(): void {
    const { activity, session, limits, sharing, discord } = this;
    const shown = JSON.stringify({ activity, session, limits, sharing, discord });
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#options.onChange();
  }
}
