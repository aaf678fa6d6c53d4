import type { Disk } from "./disk.ts";
import type { RolloutPlace } from "./recent-rollouts.ts";
import {
  openThreadFile,
  type Reach,
  type ThreadFile,
  type ThreadFileListener,
} from "./thread-file.ts";

/**
 * Of the end, what holds the last turn of most files, and of nearly all: fifty sessions are to be
 * seen within a tenth of a second.
 */
const ends = [32_768, 262_144, 4_194_304] as const;
const [, , longTurn] = ends;
/** Larger rollouts are never read from their beginning, and what they cost stays unknown. */
const wholeReach: Reach = { whole: 67_108_864, last: longTurn };

/** A few files of this size are read whole at once, so that what they cost is known at once. */
const fewBytes = 1_048_576;

/**
 * Follows a rollout from near its end, as quickly as its last turn can be understood.
 *
 * @param few only a few are opened, so there is time to read more of each
 */
export async function openEnd(
  disk: Disk,
  { thread, path }: RolloutPlace,
  listener: ThreadFileListener,
  few: boolean,
): Promise<ThreadFile> {
  for (const last of ends) {
    const reach = { whole: Math.max(last, few ? fewBytes : 0), last };
    // oxlint-disable-next-line no-await-in-loop -- further up only when the turn's start was not met
    const file = await openThreadFile(disk, thread, path, listener, reach);
    if (file.whole || file.session.settings.model !== undefined || last === longTurn) return file;
    file[Symbol.dispose]();
  }
  return openWhole(disk, { thread, path }, listener);
}

/** Follows it from its beginning, for all that it cost. */
export function openWhole(
  disk: Disk,
  { thread, path }: Pick<ThreadFile, "thread" | "path">,
  listener: ThreadFileListener,
): Promise<ThreadFile> {
  return openThreadFile(disk, thread, path, listener, wholeReach);
}
