import type { Disk } from "./disk.ts";
import { openLocator, type RolloutPlace } from "./locate-rollout.ts";
import { openLineages, type Lineages } from "./lineages.ts";
import { openRecentRollouts, placeAt, rolloutsSince } from "./recent-rollouts.ts";
import { isLaterFile } from "./thread-files.ts";
import { openLockReader, type LockProbe, type ThreadLocks } from "./thread-locks.ts";

export interface Search {
  /**
   * The rollouts that may be of live threads, likeliest first. `walk`: look in every folder, for
   * old threads that were resumed by a Codex that takes no locks. Of known threads with a lock the
   * place is not looked for.
   */
  look(now: number, walk: boolean, isKnown: (thread: string) => boolean): Promise<Found>;
}

export interface Found {
  readonly locks: ThreadLocks;
  readonly places: readonly RolloutPlace[];
}

/** How long ago a live thread without a lock may have been written to, at most. */
const silentMs = 43_200_000;
/** The same in a home where whoever runs has a lock. */
const unlockedMs = 600_000;
/** The newest are taken whatever their age, for what they tell of the account's limits. */
const always = 2;

/** Looks by the names of locks first, whose ids give the folder, then by what was written last. */
export function openSearch(
  disk: Pick<Disk, "list" | "stat" | "head">,
  home: string,
  probe: LockProbe,
): Search {
  const reader = openLockReader(disk, home, probe);
  const lineages = openLineages(disk, home);
  const recent = openRecentRollouts(disk, home, lineages);
  const locator = openLocator(disk, home);

  return {
    async look(now, walk, isKnown) {
      const [locks, newest] = await Promise.all([reader.read(now), recent.look(now)]);
      const since = now - (locks.known ? unlockedMs : silentMs);
      const old = walk ? await rolloutsSince(disk, home, since, lineages) : [];
      const [some] = newest;
      if (some !== undefined) locator.learn(nameOf(some));
      const wanted = locks.held.filter((thread) => !isKnown(thread));
      const held = await Promise.all(wanted.map((thread) => locator.find(thread)));
      const byTime = [...newest, ...old].toSorted((a, b) => b.modifiedAt - a.modifiedAt);
      const others = byTime.filter((place, i) => i < always || place.modifiedAt >= since);
      const places = [...held.filter((place) => place !== undefined), ...others];
      return { locks, places: await oneOfEach(disk, places, lineages) };
    },
  };
}

function nameOf({ path }: RolloutPlace): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Of each thread the file that was begun last, in the order in which the threads come. */
async function oneOfEach(
  disk: Pick<Disk, "stat">,
  places: readonly RolloutPlace[],
  lineages: Lineages,
): Promise<readonly RolloutPlace[]> {
  const newest = new Map<string, RolloutPlace>();
  for (const place of places) {
    const known = newest.get(place.thread);
    if (known === undefined || isNewer(place, known)) newest.set(place.thread, place);
  }
  return Promise.all(
    [...newest.values()].map(async (place) => {
      const path = lineages.laterOf(place.thread);
      if (path === undefined || path === place.path) return place;
      const later = await placeAt(disk, path);
      return later !== undefined && isNewer(later, place) ? later : place;
    }),
  );
}

/** Whether a file of a thread is the one to follow instead of another: the one begun last is. */
function isNewer(place: RolloutPlace, than: RolloutPlace): boolean {
  const isCopy = isLaterFile(place.path, than.path) === isLaterFile(than.path, place.path);
  return isCopy ? place.modifiedAt > than.modifiedAt : isLaterFile(place.path, than.path);
}
