import type { Disk } from "./disk.ts";
import type { ThreadLocks } from "./thread-locks.ts";

export interface HeldThreads {
  readonly own: ReadonlySet<string>;
  /** Held by another process; Codex's daemon is one. */
  readonly others: ReadonlySet<string>;
}

export const nothingHeld: HeldThreads = { own: new Set(), others: new Set() };

const maxProcText = 1_048_576;
const maxDepth = 3;
const maxChildren = 64;
const text = new TextDecoder();

/**
 * The threads whose writer lock is held by process `pid` or one it started (Codex's npm launcher, or
 * a person's own script, may stay as its parent). Linux only: elsewhere, and with Codex's daemon as owner, none.
 */
export async function heldThreads(
  disk: Pick<Disk, "head">,
  locks: ThreadLocks,
  pid: number,
): Promise<HeldThreads> {
  if (!locks.listed) return nothingHeld;
  const pids = await withDescendants(disk, pid);
  const own = new Set<string>();
  const others = new Set<string>();
  for (const thread of locks.held) {
    const holder = locks.holderOf(thread);
    if (holder !== undefined) (pids.has(holder) ? own : others).add(thread);
  }
  return { own, others };
}

export function holderOf(held: HeldThreads, thread: string): "child" | "other" | undefined {
  if (held.own.has(thread)) return "child";
  return held.others.has(thread) ? "other" : undefined;
}

async function withDescendants(
  disk: Pick<Disk, "head">,
  pid: number,
): Promise<ReadonlySet<number>> {
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
