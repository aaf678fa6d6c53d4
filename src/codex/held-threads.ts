import type { Disk } from "./disk.ts";
import { readHeldLocks } from "./held-locks.ts";
import { lockFolder, threadOfLock } from "./thread-files.ts";

export interface HeldThreads {
  readonly own: ReadonlySet<string>;
  /** Held by another process; Codex's daemon is one. */
  readonly others: ReadonlySet<string>;
}

export const nothingHeld: HeldThreads = { own: new Set(), others: new Set() };

const maxProcText = 1_048_576;
const maxLocks = 256;
const maxDepth = 3;
const maxChildren = 64;
const text = new TextDecoder();

/**
 * The threads whose writer lock is held by process `pid` or one it started (Codex's npm launcher, or
 * a person's own script, may stay as its parent). Linux only: elsewhere, and with Codex's daemon as owner, none.
 */
export async function heldThreads(disk: Disk, home: string, pid: number): Promise<HeldThreads> {
  const [locks, pids] = await Promise.all([
    disk.head("/proc/locks", maxProcText),
    withDescendants(disk, pid),
  ]);
  if (locks === undefined) return nothingHeld;
  const holders = new Map(
    readHeldLocks(text.decode(locks)).map((lock) => [lock.inode, pids.has(lock.pid)]),
  );
  const folder = `${home}/${lockFolder}`;
  const names = (await disk.list(folder)).slice(0, maxLocks);
  const states = await Promise.all(names.map((name) => disk.stat(`${folder}/${name}`)));
  const own = new Set<string>();
  const others = new Set<string>();
  for (const [index, name] of names.entries()) {
    const thread = threadOfLock(name);
    const ours = holders.get(states[index]?.inode ?? -1);
    if (thread !== undefined && ours !== undefined) (ours ? own : others).add(thread);
  }
  return { own, others };
}

export function holderOf(held: HeldThreads, thread: string): "child" | "other" | undefined {
  if (held.own.has(thread)) return "child";
  return held.others.has(thread) ? "other" : undefined;
}

async function withDescendants(disk: Disk, pid: number): Promise<ReadonlySet<number>> {
  const found = new Set([pid]);
  let generation = [pid];
  for (let depth = 0; depth < maxDepth && generation.length > 0; depth += 1) {
    const paths = generation.map((each) => `/proc/${each}/task/${each}/children`);
    // oxlint-disable-next-line no-await-in-loop -- each generation names the next
    const lists = await Promise.all(paths.map((path) => disk.head(path, maxProcText)));
    generation = lists
      .flatMap((list) => text.decode(list).split(" ").map(Number))
      .filter((child) => child > 0 && !found.has(child))
      .slice(0, maxChildren);
    for (const child of generation) found.add(child);
  }
  return found;
}
