import type { Disk } from "./disk.ts";
import { dayFoldersOf, likelyPaths, threadOfRollout } from "./thread-files.ts";

/** The rollout of a thread, if it has one: by its likely names, else in the folders of its days. */
export async function locateRollout(
  disk: Pick<Disk, "list" | "stat">,
  home: string,
  thread: string,
): Promise<string | undefined> {
  const paths = likelyPaths(home, thread);
  const found = await Promise.all(paths.map((path) => disk.stat(path)));
  const likely = paths.find((_, index) => found[index] !== undefined);
  if (likely !== undefined) return likely;
  for (const folder of dayFoldersOf(home, thread)) {
    // oxlint-disable-next-line no-await-in-loop -- the first folder has it nearly always
    const names = await disk.list(folder);
    const name = names.find((each) => threadOfRollout(each) === thread);
    if (name !== undefined) return `${folder}/${name}`;
  }
  return undefined;
}
