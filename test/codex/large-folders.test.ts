import { expect, test } from "bun:test";
import { openRecentRollouts } from "../../src/codex/recent-rollouts.ts";
import { dayFolderIn, lockFolder } from "../../src/codex/thread-files.ts";
import { openLockReader } from "../../src/codex/thread-locks.ts";
import { localPath, uuid7 } from "./simulated-codex.ts";

const now = Date.parse("2026-06-15T12:00:00Z");

/** A folder with these names, which is another at each look. */
function busyFolder(folder: string, names: readonly string[]) {
  const counts = { lists: 0, stats: 0 };
  const disk = {
    list: (path: string) => {
      if (path !== folder) return Promise.resolve([]);
      counts.lists += 1;
      return Promise.resolve(names);
    },
    stat: (path: string) => {
      counts.stats += 1;
      const exists = path === folder || names.some((name) => path.endsWith(name));
      const modifiedAt = now - 1_000_000 + counts.stats;
      return Promise.resolve(exists ? { inode: 1, size: 0, modifiedAt } : undefined);
    },
    head: () => Promise.resolve(undefined),
  };
  return { disk, counts };
}

const day = dayFolderIn("/h", now, 0);
const rollouts = (count: number): readonly string[] =>
  Array.from(
    { length: count },
    (_, i) =>
      localPath("/h", uuid7(now - i))
        .split("/")
        .at(-1) ?? "",
  );
const locks = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${uuid7(now - i)}.lock`);

test.each([
  [100, 50],
  [30_000, 1],
])(
  "of %d rollouts a day that changes 50 times in a second is listed %d times",
  async (n, times) => {
    const { disk, counts } = busyFolder(day, rollouts(n));
    const recent = openRecentRollouts(disk, "/h");
    for (let i = 0; i < 50; i += 1) await recent.look(now + i * 20);
    expect(counts.lists).toBe(times);
    await recent.look(now + 60_000);
    // The clock was set back.
    await recent.look(now - 60_000);
    expect(counts.lists).toBe(times + 2);
  },
);

test.each([
  [100, 50],
  [30_000, 1],
])(
  "of %d locks a folder that changes 50 times in a second is listed %d times",
  async (n, times) => {
    const { disk, counts } = busyFolder(`/h/${lockFolder}`, locks(n));
    const reader = openLockReader(disk, "/h", () => "free");
    for (let i = 0; i < 50; i += 1) await reader.read(now + i * 20);
    expect(counts.lists).toBe(times);
    await reader.read(now + 60_000);
    await reader.read(now - 60_000);
    expect(counts.lists).toBe(times + 2);
  },
);
