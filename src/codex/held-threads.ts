import type { Disk } from "./disk.ts";
import { readHeldLocks } from "./held-locks.ts";
import { lockFolder, threadOfLock } from "./thread-files.ts";

const maxProcText = 1_048_576;
const maxLocks = 256;
const text = new TextDecoder();

/**
 * The threads whose writer lock is held by process `pid` or by a child of it (Codex's npm launcher
 * stays as its parent). Linux only: elsewhere, and with Codex's daemon as owner, none.
 */
export async function heldThreads(
  disk: Disk,
  home: string,
  pid: number,
): Promise<ReadonlySet<string>> {
  const [locks, children] = await Promise.all([
    disk.head("/proc/locks", maxProcText),
    disk.head(`/proc/${pid}/task/${pid}/children`, maxProcText),
  ]);
  if (locks === undefined) return new Set();
  const pids = new Set([pid, ...text.decode(children).split(" ").map(Number)]);
  const inodes = new Set(
    readHeldLocks(text.decode(locks))
      .filter((lock) => pids.has(lock.pid))
      .map((lock) => lock.inode),
  );
  if (inodes.size === 0) return new Set();
  const folder = `${home}/${lockFolder}`;
  const names = (await disk.list(folder)).slice(0, maxLocks);
  const states = await Promise.all(names.map((name) => disk.stat(`${folder}/${name}`)));
  const held = names.filter((_, index) => inodes.has(states[index]?.inode ?? -1)).map(threadOfLock);
  return new Set(held.filter((thread) => thread !== undefined));
}
