import type { Disk } from "./disk.ts";
import { openLocator, type RolloutPlace } from "./locate-rollout.ts";
import { openRecentRollouts, rolloutsSince } from "./recent-rollouts.ts";
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
  const recent = openRecentRollouts(disk, home);
  const locator = openLocator(disk, home);

  return {
    async look(now, walk, isKnown) {
      const [locks, newest] = await Promise.all([reader.read(now), recent.look(now)]);
      const since = now - (locks.known ? unlockedMs : silentMs);
      const old = walk ? await rolloutsSince(disk, home, since) : [];
      const [some] = newest;
      if (some !== undefined) locator.learn(some.path.slice(some.path.lastIndexOf("/") + 1));
      const wanted = locks.held.filter((thread) => !isKnown(thread));
      const held = await Promise.all(wanted.map((thread) => locator.find(thread)));
      const byTime = [...newest, ...old].toSorted((a, b) => b.modifiedAt - a.modifiedAt);
      const others = byTime.filter((place, i) => i < always || place.modifiedAt >= since);
      const places = [...held.filter((place) => place !== undefined), ...others];
      const unique = new Map(places.toReversed().map((place) => [place.thread, place]));
      return { locks, places: places.filter((place) => unique.get(place.thread) === place) };
    },
  };
}
