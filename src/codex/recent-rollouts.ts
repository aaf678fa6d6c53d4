import { dayFolders } from "./day-folders.ts";
import type { Disk } from "./disk.ts";
import type { Lineages } from "./lineages.ts";
import type { RolloutPlace } from "./locate-rollout.ts";
import { newestNames, restAfter } from "./newest-names.ts";
import { dayFolderIn, threadOfRollout } from "./thread-files.ts";

type Names = Pick<Disk, "list" | "stat" | "modifiedAt">;

const dayMs = 86_400_000;
const settledMs = 100;
/** How often the folders that no clock names are looked for, ms. */
const walkMs = 60_000;
/** What the quick look takes in: folders of days, and in each the newest names. */
const newestDays = 2;
const namesInDay = 64;
/** Folders that the slow look takes in: ten years. */
const maxDays = 3660;
/** Stats under way at once, so that everything else gets its turn. */
const batch = 32;

/** Finds the rollouts of the newest days, again and again. */
export interface RecentRollouts {
  /** Those in folders that changed since the last look; the first time all of them. */
  look(now: number): Promise<readonly RolloutPlace[]>;
}

/**
 * The newest days are today and yesterday by the clock, whatever the time zone, and the newest
 * folders there are, should the clock be wrong. In each the rollouts created last: ten thousand others cost nothing.
 * `.jsonl.zst` files, which are old, are left out.
 */
export function openRecentRollouts(
  disk: Names,
  home: string,
  lineages?: Pick<Lineages, "note">,
): RecentRollouts {
  const listed = new Map<
    string,
    { readonly modifiedAt: number; readonly at: number; readonly rest: number }
  >();
  let walkedAt = -Infinity;

  async function namesIfChanged(folder: string, now: number): Promise<readonly string[]> {
    const modifiedAt = (await disk.stat(folder))?.modifiedAt;
    const known = listed.get(folder);
    if (modifiedAt === undefined || known?.modifiedAt === modifiedAt) return [];
    const sinceMs = now - (known?.at ?? 0);
    // A clock that was set back ends the rest.
    if (known !== undefined && sinceMs >= 0 && sinceMs < known.rest) return [];
    const names = await disk.list(folder);
    lineages?.note(folder, names);
    // Two changes within one tick of the file system's clock look the same.
    const settled = now - modifiedAt > settledMs;
    listed.set(folder, {
      modifiedAt: settled ? modifiedAt : Number.NaN,
      at: now,
      rest: restAfter(names.length),
    });
    return names;
  }

  return {
    async look(now) {
      const days = new Set([0, 1, -1, -2].map((each) => dayFolderIn(home, now + each * dayMs, 0)));
      // A clock that was set back ends the wait.
      if (now < walkedAt || now - walkedAt >= walkMs) {
        walkedAt = now;
        for (const day of await dayFolders(disk, home, newestDays)) days.add(day);
      }
      const found = await Promise.all(
        [...days].map(async (day) =>
          rolloutsOf(disk, day, await namesIfChanged(day, now), namesInDay),
        ),
      );
      return found.flat();
    },
  };
}

/** The slow way: every rollout that was written to at or after `since`, whenever it was created. */
export async function rolloutsSince(
  disk: Names,
  home: string,
  since: number,
  lineages: Pick<Lineages, "note">,
): Promise<readonly RolloutPlace[]> {
  const found: RolloutPlace[] = [];
  for (const day of await dayFolders(disk, home, maxDays)) {
    // oxlint-disable-next-line no-await-in-loop -- one folder after the other, to stay in the background
    const names = await disk.list(day);
    lineages.note(day, names);
    // oxlint-disable-next-line no-await-in-loop -- as above
    const written = await writtenSince(disk, day, names, since);
    // oxlint-disable-next-line no-await-in-loop -- as above
    const places = await rolloutsOf(disk, day, written);
    found.push(...places.filter((place) => place.modifiedAt >= since));
  }
  return found;
}

/** The names that are worth a second look, where the disk can tell many times at once. */
async function writtenSince(
  disk: Names,
  folder: string,
  names: readonly string[],
  since: number,
): Promise<readonly string[]> {
  const times = await disk.modifiedAt?.(folder, names);
  return times === undefined ? names : names.filter((_, index) => (times[index] ?? 0) >= since);
}

async function rolloutsOf(
  disk: Names,
  folder: string,
  names: readonly string[],
  max = Number.POSITIVE_INFINITY,
): Promise<readonly RolloutPlace[]> {
  const newest = newestNames(names, max, (name) => threadOfRollout(name) !== undefined);
  const places: RolloutPlace[] = [];
  for (let start = 0; start < newest.length; start += batch) {
    const part = newest.slice(start, start + batch).map((name) => placeOf(disk, folder, name));
    // oxlint-disable-next-line no-await-in-loop -- in batches, see `batch`
    places.push(...(await Promise.all(part)).filter((place) => place !== undefined));
  }
  return places;
}

function placeOf(disk: Names, folder: string, name: string): Promise<RolloutPlace | undefined> {
  return placeAt(disk, `${folder}/${name}`);
}

/** A rollout by its path, as it is now; `undefined` where it is none. */
export async function placeAt(
  disk: Pick<Disk, "stat">,
  path: string,
): Promise<RolloutPlace | undefined> {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const thread = threadOfRollout(name);
  const state = await disk.stat(path);
  if (thread === undefined || state === undefined) return undefined;
  return { thread, path, modifiedAt: state.modifiedAt, size: state.size };
}
