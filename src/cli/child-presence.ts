import { statSync } from "node:fs";
import { findCodexHome, type FolderState } from "../codex/home.ts";
import { openOwnThread, type OwnThread } from "../codex/own-thread.ts";
import { programStatusCode, readProgramStatus } from "../codex/program-status.ts";
import { createSessionLog, type SessionLogFile } from "../codex/session-log-file.ts";
import { readTitle, titleCodes } from "../codex/title.ts";
import { loadConfig } from "../config/load.ts";
import { findSockets } from "../discord/client.ts";
import type { LinkStatus } from "../discord/link.ts";
import type { Clock } from "../lib/clock.ts";
import { codeOf, messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import { privateCard } from "../presence/card.ts";
import { Publisher } from "../presence/publisher.ts";
import type { Activity } from "../session/activity.ts";
import type { StatusState } from "../session/event.ts";
import { LiveSession } from "../session/live-session.ts";
import { openFiles } from "../tail/files.ts";

export interface ChildPresenceOptions {
  readonly surface: "tui" | "exec";
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder in which the child works. */
  readonly cwd: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Activity or Discord's state changed. */
  readonly onChange: () => void;
  readonly onStatus?: (state: StatusState) => void;
}

/** When presence begins to look, ms after the child: its first frame comes first. */
const startMs = 200;
/**
 * When Discord is looked for if the child reports no status before: connecting stops everything
 * else for some 30 ms, once, while Discord's package is loaded.
 */
const connectMs = 1000;
/** How often a sleep of the machine is looked for, and how long a gap counts as one. */
const wakeCheckMs = 10_000;
const sleepGapMs = 30_000;

/**
 * What one child does and its card in Discord: reading and publishing joined. Everything in it may
 * fail without the child noticing.
 */
export class ChildPresence {
  readonly #options: ChildPresenceOptions;
  readonly #release = new DisposableStack();
  readonly #session: LiveSession;
  readonly #startedAt: number;
  #publisher: Publisher | undefined;
  #thread: OwnThread | undefined;
  #sessionLog: SessionLogFile | undefined;
  #shown = true;
  #wakeCheck: Disposable | undefined;

  constructor(options: ChildPresenceOptions) {
    const { clock, log } = options;
    this.#options = options;
    this.#startedAt = clock.now();
    this.#session = this.#release.use(new LiveSession(clock, () => this.#changed()));
    try {
      this.#open();
    } catch (error) {
      log.debug("presence", `off: ${messageOf(error)}`);
    }
  }

  #open(): void {
    const { env, clock, log, surface, cwd } = this.#options;
    const home = findCodexHome(env, process.getuid?.(), folderState, process.cwd());
    if (!home.ok) {
      log.debug("presence", `off: the home of Codex is ${home.reason}`);
      return;
    }
    const { config, problems } = loadConfig(home.path);
    for (const problem of problems) log.debug("config", problem);
    const clientId = config.discord_client_id;
    const publisher = new Publisher({ clientId, clock, log, find: () => findSockets(env) });
    this.#publisher = publisher;
    this.#release.use(publisher.onState(() => this.#options.onChange()));
    const sessionLog = surface === "tui" ? createSessionLog(env, home.path, log) : undefined;
    if (sessionLog !== undefined) this.#sessionLog = this.#release.use(sessionLog);
    this.#thread = this.#release.use(
      openOwnThread({
        home: home.path,
        cwd,
        surface,
        ...(sessionLog === undefined ? {} : { sessionLog }),
        disk: this.#release.use(openFiles(clock, log)),
        clock,
        log,
        onEvent: (event) => this.#session.report(event),
        onThread: (thread) => this.#session.showThread(thread),
      }),
    );
  }

  /** To be added to the child's environment. */
  get env(): Readonly<Record<string, string>> {
    return this.#sessionLog?.env ?? {};
  }

  get activity(): Activity {
    return this.#session.activity;
  }

  get discord(): LinkStatus {
    return this.#publisher?.state.discord ?? "unknown";
  }

  /** When the card's timer began: the start of this run, ms since the epoch. */
  get startedAt(): number {
    return this.#startedAt;
  }

  /** The child runs; a little later presence begins, so that it delays no frame. */
  start(pid: number | undefined): void {
    const { clock } = this.#options;
    const child = { pid, spawnedAt: this.#startedAt };
    this.#release.use(clock.after(startMs, () => this.#thread?.start(child)));
    this.#release.use(clock.after(connectMs, () => this.#connect()));
    this.#release.defer(() => this.#wakeCheck?.[Symbol.dispose]());
    this.#watchForSleep(clock.now());
  }

  /** The first card follows at once; `Publisher.start` does nothing the second time. */
  #connect(): void {
    this.#publisher?.start();
    this.#changed();
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
      this.#options.onStatus?.(status.state);
      this.#connect();
      this.poke();
    } else if (titleCodes.includes(code)) {
      const hint = readTitle(text);
      if (hint !== undefined) this.#session.report({ type: "titleReported", at, hint });
    }
  }

  /** Something may have been written: look now instead of waiting for the system's notice. */
  poke(): void {
    this.#thread?.poke();
  }

  /** Takes the card away while the job is stopped, and puts it back. */
  show(shown: boolean): void {
    this.#shown = shown;
    this.#changed();
  }

  /** The child is gone: takes the card away (150 ms at most) and everything down. */
  async close(): Promise<void> {
    await this.#publisher?.close();
    try {
      this.#release.dispose();
    } catch (error) {
      this.#options.log.debug("presence", messageOf(error));
    }
  }

  #changed(): void {
    const card = privateCard(this.activity.kind, this.#startedAt);
    this.#publisher?.publish(this.#shown ? card : undefined);
    this.#options.onChange();
  }

  #watchForSleep(last: number): void {
    const { clock } = this.#options;
    this.#wakeCheck = clock.after(wakeCheckMs, () => {
      const now = clock.now();
      if (now - last > wakeCheckMs + sleepGapMs) {
        this.#publisher?.check();
        this.poke();
      }
      this.#watchForSleep(now);
    });
  }
}

function folderState(path: string): FolderState {
  try {
    const found = statSync(path);
    return { uid: found.uid, isFolder: found.isDirectory() };
  } catch (error) {
    return { error: codeOf(error) ?? "unknown" };
  }
}
