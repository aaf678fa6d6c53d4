import { openOwnThread, type OwnThread } from "../codex/own-thread.ts";
import type { SessionLogFile } from "../codex/session-log-file.ts";
import { loadConfig } from "../config/load.ts";
import { findSockets } from "../discord/client.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import { Publisher } from "../presence/publisher.ts";
import type { SessionEvent } from "../session/event.ts";
import type { Session } from "../session/session.ts";
import { openFiles } from "../tail/files.ts";

export interface ChildLinkOptions {
  readonly surface: "tui" | "exec";
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Codex's home, which exists and is ours. */
  readonly home: string;
  readonly sessionLog: SessionLogFile | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly onEvent: (event: SessionEvent) => void;
  readonly onThread: (thread: Session) => void;
  /** Discord's state changed. */
  readonly onDiscord: () => void;
}

/** The two ends of a child's presence: the files it is read from, and Discord. */
export interface ChildLink extends Disposable {
  readonly thread: OwnThread;
  readonly publisher: Publisher;
}

/** Opens both; neither begins before its `start`. */
export function openChildLink(options: ChildLinkOptions): ChildLink {
  const { surface, env, cwd, home, sessionLog, clock, log, onEvent, onThread } = options;
  using opened = new DisposableStack();
  const { config, problems } = loadConfig(home);
  for (const problem of problems) log.debug("config", problem);
  const clientId = config.discord_client_id;
  const publisher = new Publisher({ clientId, clock, log, find: () => findSockets(env) });
  opened.use(publisher.onState(options.onDiscord));
  const disk = opened.use(openFiles(clock, log));
  const logged = sessionLog === undefined ? {} : { sessionLog };
  const thread = opened.use(
    openOwnThread({ home, cwd, surface, ...logged, disk, clock, log, onEvent, onThread }),
  );
  const release = opened.move();
  return { thread, publisher, [Symbol.dispose]: () => release.dispose() };
}
