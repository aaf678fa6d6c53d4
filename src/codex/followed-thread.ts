import { isOver } from "../session/life.ts";
import { holderOfThread } from "./holder.ts";
import type { RolloutPlace } from "./locate-rollout.ts";
import type { ThreadFile } from "./thread-file.ts";
import type { LockState } from "./thread-locks.ts";

/** A thread whose rollout is followed. */
export interface Followed {
  file: ThreadFile;
  readonly place: RolloutPlace;
  /** When something was last written, on the monotonic clock: the other one may jump. */
  writtenAt: number;
  /** Its lock was observed to be held. */
  wasHeld: boolean;
  deep: boolean;
}

/** Whether no process works on it any more, at a moment of the monotonic clock. */
export function isThreadOver(followed: Followed, lock: LockState, now: number): boolean {
  const { file, writtenAt, wasHeld } = followed;
  const { version } = file.session.facts ?? {};
  const holder = holderOfThread(lock, { wasHeld, version, gone: file.counts.gone });
  return isOver(file.session, holder, now - writtenAt);
}
