import type { Disk } from "./disk.ts";
import { lastTurns } from "./last-turns.ts";
import type { RolloutPlace } from "./locate-rollout.ts";
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
const ends = [32_768, 262_144, 1_048_576, 4_194_304] as const;
const [, , , longTurn] = ends;
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
  { thread, path, size }: RolloutPlace,
  listener: ThreadFileListener,
  few: boolean,
): Promise<ThreadFile> {
  const whole = Math.max(ends[0], few ? fewBytes : 0);
  for (const end of ends) {
    // oxlint-disable-next-line no-await-in-loop -- further up only when these bytes tell too little
    const last = size > whole ? await bytesOfTurns(disk, path, end) : end;
    if (last === undefined) continue;
    // oxlint-disable-next-line no-await-in-loop -- as above
    const file = await openThreadFile(disk, thread, path, listener, { whole, last });
    if (file.whole || file.session.settings.model !== undefined || end === longTurn) return file;
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

async function bytesOfTurns(disk: Disk, path: string, end: number): Promise<number | undefined> {
  if (end === longTurn) return end;
  const foot = await disk.foot(path, end);
  return foot === undefined ? end : lastTurns(foot, end !== ends[0]);
}
