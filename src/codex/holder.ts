import type { Holder } from "../session/life.ts";
import type { LockState } from "./thread-locks.ts";

/** The first version that is known to lock every thread it has loaded: 0.169. */
const lockingMajor = 0;
const lockingMinor = 169;

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
  const missing = lock === "absent" && (known.wasHeld || takesLocks(known.version));
  return missing ? "gone" : "unknown";
}

function takesLocks(version: string | undefined): boolean {
  const [major = 0, minor = 0] = (version ?? "").split(".").map(Number);
  return major > lockingMajor || (major === lockingMajor && minor >= lockingMinor);
}
