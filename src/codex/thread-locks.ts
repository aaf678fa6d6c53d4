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

/**
 * Which threads are being written, by the locks that are held. `/proc/locks` tells most of them at
 * once (Linux); it leaves out holders in other containers and is cut when long, so what it does not
 * list is probed.
 */
export async function readThreadLocks(
  disk: Pick<Disk, "list" | "stat" | "head">,
  home: string,
  probe: LockProbe,
): Promise<ThreadLocks> {
  const folder = `${home}/${lockFolder}`;
  const [names, listed, exists] = await Promise.all([
    disk.list(folder),
    disk.head("/proc/locks", maxProcText),
    disk.stat(folder),
  ]);
  const threads = names
    .map(threadOfLock)
    .filter((thread) => thread !== undefined)
    .toSorted()
    .toReversed();
  const looked = threads.slice(0, maxLocks);
  const inodes = new Set(readHeldLocks(text.decode(listed)).map((lock) => lock.inode));
  const paths = looked.map((thread) => `${folder}/${thread}.lock`);
  const files = await Promise.all(paths.map((path) => disk.stat(path)));
  const states = new Map<string, LockState>(threads.map((thread) => [thread, "unknown"]));
  for (const [index, thread] of looked.entries()) {
    const file = files[index];
    if (file === undefined) states.delete(thread);
    else states.set(thread, inodes.has(file.inode) ? "held" : probed(probe(paths[index] ?? "")));
  }
  return {
    stateOf: (thread) => states.get(thread) ?? (exists === undefined ? "unknown" : "absent"),
    known: exists !== undefined,
    held: looked.filter((thread) => states.get(thread) === "held"),
  };
}

function probed(found: ReturnType<LockProbe>): LockState {
  return found === "free" ? "stale" : found;
}
