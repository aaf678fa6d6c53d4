import { expect, test } from "bun:test";
import type { Disk } from "../../src/codex/disk.ts";
import { openDiscovery } from "../../src/codex/discovery.ts";
import { dayFolder, lockFolder } from "../../src/codex/thread-files.ts";
import { openLockReader } from "../../src/codex/thread-locks.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { localPath, uuid7 } from "./simulated-codex.ts";

const dayMs = 86_400_000;
const now = new Date(2026, 5, 15, 12).getTime();

/** A disk with these names in its folders, which counts what is asked of it. */
function countingDisk(names: Readonly<Record<string, readonly string[]>>) {
  const counts = { lists: 0, stats: 0, modifiedAt: now - 5000 };
  const nothing = { [Symbol.dispose]: () => undefined };
  const disk: Disk = {
    list: (folder) => {
      counts.lists += 1;
      return Promise.resolve(names[folder] ?? []);
    },
    stat: (path) => {
      counts.stats += 1;
      const { modifiedAt } = counts;
      return Promise.resolve(path in names ? { inode: 1, size: 0, modifiedAt } : undefined);
    },
    head: () => Promise.resolve(undefined),
    foot: () => Promise.resolve(undefined),
    follow: () => ({ look: () => Promise.resolve(), ...nothing }),
    watch: () => nothing,
    watchState: "watching",
  };
  return { disk, counts };
}

function open(disk: Disk, clock: FakeClock) {
  const found: string[] = [];
  const discovery = openDiscovery({
    home: "/h",
    disk,
    clock,
    since: now,
    onFound: (thread) => void found.push(thread),
    isKnown: () => false,
    onShown: () => undefined,
  });
  const locks = openLockReader(disk, "/h", () => "unknown");
  const look = async () => discovery.look(now, await locks.read(now));
  return { found, look };
}

test("a thousand locks that killed processes left do not cost thousands of looks at the disk", async () => {
  const names = Array.from({ length: 1000 }, (_, i) => `${uuid7(now - dayMs * (2 + i))}.lock`);
  const { disk, counts } = countingDisk({ [`/h/${lockFolder}`]: names });
  const { look } = open(disk, new FakeClock({ wall: now }));
  await look();
  counts.stats = 0;
  for (let i = 0; i < 10; i += 1) await look();
  expect(counts.stats).toBeLessThan(1500);
});

test("a day of a hundred thousand rollouts is not listed again at each change, nor taken apart", async () => {
  const old = Array.from({ length: 100_000 }, (_, i) => {
    const thread = uuid7(now - dayMs / 3 + i);
    return localPath("/h", thread).split("/").at(-1)!;
  });
  const fresh = uuid7(now + 1000);
  const folder = dayFolder("/h", now);
  const names = [...old, localPath("/h", fresh).split("/").at(-1)!];
  const { disk, counts } = countingDisk({ [folder]: names });
  const clock = new FakeClock({ wall: now });
  const { found, look } = open(disk, clock);
  await look();
  expect(found).toEqual([fresh]);
  for (let change = 0; change < 50; change += 1) {
    counts.modifiedAt += 1;
    clock.advance(20);
    await look();
  }
  expect(counts.lists).toBeLessThan(5);
  clock.advance(20_000);
  counts.modifiedAt += 1;
  const before = counts.lists;
  await look();
  expect(counts.lists).toBe(before + 1);
});
