import type { Disk } from "./disk.ts";
import { dayFoldersOf, likelyPaths, offsetOf } from "./thread-files.ts";

/** A rollout as its name and the file system tell of it. */
export interface RolloutPlace {
  readonly thread: string;
  readonly path: string;
  /** ms since the epoch. */
  readonly modifiedAt: number;
  /** Bytes, when it was looked at. */
  readonly size: number;
}

/** Finds the rollouts of threads by their ids, which give the folder and nearly all of the name. */
export interface RolloutLocator {
  find(thread: string): Promise<RolloutPlace | undefined>;
  /** Takes the name of some rollout of this home as telling how local time differs from UTC here. */
  learn(name: string): void;
}

type Names = readonly string[];

/** Of summer and winter, and of one journey. */
const maxOffsets = 3;
/** Listings that are kept while their folder is as it was: of a thread's day and its neighbours. */
const maxListings = 3;
const maxNames = 20_000;

/** Names are in the local time of whoever wrote them, which the names found so far tell. */
export function openLocator(disk: Pick<Disk, "list" | "stat">, home: string): RolloutLocator {
  /** The one that was right last comes first. */
  let offsets: readonly number[] = [];

  function learn(name: string): void {
    const offset = offsetOf(name);
    if (offset === undefined || offset === offsets[0]) return;
    offsets = [offset, ...offsets.filter((each) => each !== offset)].slice(0, maxOffsets);
  }

  const listings = new Map<string, { readonly modifiedAt: number; readonly names: Names }>();

  async function placeAt(thread: string, path: string): Promise<RolloutPlace | undefined> {
    const state = await disk.stat(path);
    if (state === undefined) return undefined;
    return { thread, path, modifiedAt: state.modifiedAt, size: state.size };
  }

  async function findByName(thread: string): Promise<RolloutPlace | undefined> {
    for (const path of offsets.flatMap((offset) => likelyPaths(home, thread, offset))) {
      // oxlint-disable-next-line no-await-in-loop -- the first is right nearly always
      const found = await placeAt(thread, path);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async function namesIn(folder: string): Promise<Names> {
    const modifiedAt = (await disk.stat(folder))?.modifiedAt;
    if (modifiedAt === undefined) return [];
    const known = listings.get(folder);
    if (known?.modifiedAt === modifiedAt) return known.names;
    const names = await disk.list(folder);
    const [oldest] = listings.keys();
    if (listings.size >= maxListings && oldest !== undefined) listings.delete(oldest);
    listings.delete(folder);
    if (names.length <= maxNames) listings.set(folder, { modifiedAt, names });
    return names;
  }

  async function findInFolders(thread: string): Promise<RolloutPlace | undefined> {
    const end = `-${thread}.jsonl`;
    for (const folder of dayFoldersOf(home, thread, offsets[0] ?? 0)) {
      // oxlint-disable-next-line no-await-in-loop -- the first folder has it nearly always
      const name = (await namesIn(folder)).find((each) => each.endsWith(end));
      if (name === undefined || offsetOf(name) === undefined) continue;
      learn(name);
      return placeAt(thread, `${folder}/${name}`);
    }
    return undefined;
  }

  return {
    learn,
    find: async (thread) => (await findByName(thread)) ?? findInFolders(thread),
  };
}
