import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { SessionEvent } from "../session/event.ts";
import type { Session } from "../session/session.ts";
import type { Disk } from "./disk.ts";

export interface OwnThreadOptions {
  /** Codex's home, an absolute path. */
  readonly home: string;
  /** The child's working folder, an absolute path. */
  readonly cwd: string;
  /** `exec` writes no session log and reports no status. */
  readonly surface: "tui" | "exec";
  /** The log the child writes for us: its open descriptor, and how to unlink its name. */
  readonly sessionLog?: { readonly fd: number; unlink(): void };
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: Log;
  /** Something happened in the thread the child shows. */
  onEvent(event: SessionEvent): void;
  /** The child shows another thread (or, again, none that is known): this is what is known of it. */
  onThread(session: Session): void;
}
