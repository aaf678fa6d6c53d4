import type { Holder } from "../session/life.ts";
import type { LockState } from "./thread-locks.ts";
import { atLeast } from "./version.ts";

/** The first release that is known to lock every thread it has loaded. */
const locking = { major: 0, minor: 169 } as const;

/**
 * Whether a process still has a thread, by its lock and what else is known of it.
 *
 * @param known `wasHeld`: its lock was seen to be held; `version`: of the Codex that began it;
 *   `gone`: its file was deleted or archived
 */
export function holderOfThread(
  lock: LockState,
  known: {
    readonly wasHeld: boolean;
    readonly version: string | undefined;
    readonly gone: boolean;
  },
): Holder {
  if (lock === "held") return "held";
  if (lock === "stale" || known.gone) return "gone";
  const missing = lock === "absent" && (known.wasHeld || atLeast(known.version, locking));
  return missing ? "gone" : "unknown";
}
