import { openOwnThread, type OwnThread } from "../codex/own-thread.ts";
import type { SessionLogFile } from "../codex/session-log-file.ts";
import type { ConfigReader } from "../config/reader.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { SessionEvent } from "../session/event.ts";
import type { Session } from "../session/session.ts";
import { openFiles } from "../tail/files.ts";
import { Engine } from "./engine.ts";
import type { OwnChild } from "./session-watch.ts";

export interface ChildLinkOptions {
  readonly surface: "tui" | "exec";
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Codex's home, which exists and is ours. */
  readonly home: string;
  readonly sessionLog: SessionLogFile | undefined;
  /** One that has begun to read. */
  readonly config: ConfigReader | undefined;
  readonly startedAt: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly own: () => OwnChild;
  readonly onEvent: (event: SessionEvent) => void;
  readonly onThread: (thread: Session) => void;
  /** Sessions, card or Discord's state changed. */
  readonly onChange: () => void;
}

/** The two ends of a child's presence: its own thread, and what is made of all sessions. */
export interface ChildLink extends Disposable {
  readonly thread: OwnThread;
  readonly engine: Engine;
}

/** Opens both; neither begins before its `start`. */
export function openChildLink(options: ChildLinkOptions): ChildLink {
  const { surface, env, cwd, home, sessionLog, clock, log, own, onEvent, onThread } = options;
  using opened = new DisposableStack();
  const files = opened.use(openFiles(clock, log));
  const { startedAt, config, onChange } = options;
  const parts = { home, env, files, config, clock, log, own, onChange };
  const engine = new Engine({ mode: "wrapper", startedAt, ...parts });
  const logged = sessionLog === undefined ? {} : { sessionLog };
  const thread = opened.use(
    openOwnThread({ home, cwd, surface, ...logged, disk: files, clock, log, onEvent, onThread }),
  );
  const release = opened.move();
  return { thread, engine, [Symbol.dispose]: () => release.dispose() };
}
