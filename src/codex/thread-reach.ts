import type { Disk } from "./disk.ts";
import type { RolloutPlace } from "./recent-rollouts.ts";
import {
  openThreadFile,
  type Reach,
  type ThreadFile,
  type ThreadFileListener,
} from "./thread-file.ts";

/** Enough for a first picture of fifty files at once. */
const endReach: Reach = { whole: 65_536, last: 65_536 };
const longTurn = 4_194_304;
/** Larger rollouts are never read from their beginning, and what they cost stays unknown. */
const wholeReach: Reach = { whole: 67_108_864, last: longTurn };

/** Follows a rollout from near its end, as quickly as its last turn can be understood. */
export async function openEnd(
  disk: Disk,
  { thread, path }: RolloutPlace,
  listener: ThreadFileListener,
): Promise<ThreadFile> {
  const file = await openThreadFile(disk, thread, path, listener, endReach);
  if (file.whole || file.session.settings.model !== undefined) return file;
  // A turn longer than what was read: its start is further up.
  file[Symbol.dispose]();
  return openThreadFile(disk, thread, path, listener, { whole: longTurn, last: longTurn });
}

/** Follows it from its beginning, for all that it cost. */
export function openWhole(
  disk: Disk,
  { thread, path }: Pick<ThreadFile, "thread" | "path">,
  listener: ThreadFileListener,
): Promise<ThreadFile> {
  return openThreadFile(disk, thread, path, listener, wholeReach);
}
