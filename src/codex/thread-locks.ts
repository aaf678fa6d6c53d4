import type { Disk } from "./disk.ts";
import { readHeldLocks } from "./held-locks.ts";
import { lockFolder, threadOfLock } from "./thread-files.ts";

/**
 * Whether a process has a thread loaded. `stale`: its lock file was left by one that was killed;
 * `absent`: it has none, as after a clean exit; `unknown`: this home has no locks, or none is told.
 */
export type LockState = "held" | "stale" | "absent" | "unknown";

/** Asks the system about one lock file, without waiting and without keeping anything. */
export type LockProbe = (path: string) => "held" | "free" | "unknown";

export interface ThreadLocks {
  stateOf(thread: string): LockState;
  /** Whether whoever runs a thread in this home takes a lock. */
  readonly known: boolean;
  /** Newest first. */
  readonly held: readonly string[];
}

/** Lock files of killed processes stay for good, so the newest names alone are looked at. */
const maxLocks = 512;
const maxProcText = 262_144;
const text = new TextDecoder();

export interface LockReader {
  read(now: number): Promise<ThreadLocks>;
}

/** A lock file; it stays the same one as long as it is there. */
interface LockFile {
  readonly thread: string;
  readonly path: string;
  readonly inode: number;
}

/** Two changes within one tick of the file system's clock look the same. */
const settledMs = 100;

/**
 * Tells which threads are being written, by the locks that are held. `/proc/locks` tells most of
 * them at once (Linux); it leaves out holders in other containers, so what it does not list is
 * probed. The files themselves are looked at only when their folder changed.
 */
export function openLockReader(
  disk: Pick<Disk, "list" | "stat" | "head">,
  home: string,
  probe: LockProbe,
): LockReader {
  const folder = `${home}/${lockFolder}`;
  let files: readonly LockFile[] = [];
  let listedAt: number | undefined;

  async function refresh(modifiedAt: number | undefined, now: number): Promise<void> {
    if (modifiedAt !== undefined && modifiedAt === listedAt) return;
    listedAt = now - (modifiedAt ?? now) > settledMs ? modifiedAt : undefined;
    const names = (await disk.list(folder)).toSorted().toReversed().slice(0, maxLocks);
    const found = await Promise.all(names.map((name) => lockFileOf(name)));
    files = found.filter((file) => file !== undefined);
  }

  async function lockFileOf(name: string): Promise<LockFile | undefined> {
    const thread = threadOfLock(name);
    const path = `${folder}/${name}`;
    const state = thread === undefined ? undefined : await disk.stat(path);
    return thread === undefined || state === undefined
      ? undefined
      : { thread, path, inode: state.inode };
  }

  return {
    async read(now) {
      const exists = await disk.stat(folder);
      await refresh(exists?.modifiedAt, now);
      const listed = files.length === 0 ? undefined : await disk.head("/proc/locks", maxProcText);
      const inodes = new Set(readHeldLocks(text.decode(listed)).map((lock) => lock.inode));
      const states = new Map(
        files.map(({ thread, path, inode }): [string, LockState] => [
          thread,
          inodes.has(inode) ? "held" : probed(probe(path)),
        ]),
      );
      return {
        stateOf: (thread) => states.get(thread) ?? (exists === undefined ? "unknown" : "absent"),
        known: exists !== undefined,
        held: [...states].filter(([, state]) => state === "held").map(([thread]) => thread),
      };
    },
  };
}

function probed(found: ReturnType<LockProbe>): LockState {
  return found === "free" ? "stale" : found;
}
