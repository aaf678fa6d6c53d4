import type { Disk } from "./disk.ts";
import { dayFolders } from "./day-folders.ts";
import { dayFolderIn, isLaterFile, laterFileOf } from "./thread-files.ts";

/**
 * The later files of threads. A thread that was rewound goes on in another file, in the folder of
 * that day; its id gives only the first one's place.
 */
export interface Lineages {
  /** Takes in the names of a folder. */
  note(folder: string, names: readonly string[]): void;
  /** The path of the thread's file that was begun last, if it is a later one and was noted. */
  laterOf(thread: string): string | undefined;
  /**
   * Lists the folders of days since `from` (ms since the epoch) that were not listed so far, and the
   * newest ones, which still grow.
   */
  read(from: number): Promise<void>;
}

/** Rewinds are rare; what is forgotten is found again by the next walk. */
const maxThreads = 4096;
/** Ten years of days. */
const maxDays = 3660;
/** Names are in local time, so today may be either of two days. */
const growing = 2;
const dayMs = 86_400_000;

export function openLineages(disk: Pick<Disk, "list">, home: string): Lineages {
  const later = new Map<string, string>();
  const noted = new Set<string>();

  function note(folder: string, names: readonly string[]): void {
    for (const name of names) {
      const thread = laterFileOf(name);
      if (thread === undefined) continue;
      const path = `${folder}/${name}`;
      const known = later.get(thread);
      if (known !== undefined && !isLaterFile(path, known)) continue;
      if (later.size >= maxThreads) later.clear();
      later.set(thread, path);
    }
  }

  return {
    note,
    laterOf: (thread) => later.get(thread),
    async read(from) {
      // The writer's day may have begun before ours.
      const first = dayFolderIn(home, from - dayMs, 0);
      const days = await dayFolders(disk, home, maxDays);
      for (const [index, day] of days.entries()) {
        if (day < first) break;
        // oxlint-disable-next-line no-await-in-loop -- one folder after the other, to stay in the background
        if (index < growing || !noted.has(day)) note(day, await disk.list(day));
        noted.add(day);
      }
    },
  };
}
