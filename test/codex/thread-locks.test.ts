import { dlopen } from "bun:ffi";
import { expect, test } from "bun:test";
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { holderOfThread } from "../../src/codex/holder.ts";
import { openLockReader, type LockState } from "../../src/codex/thread-locks.ts";
import type { Holder } from "../../src/session/life.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import { openFiles } from "../../src/tail/files.ts";
import { SimulatedHome } from "./simulated-codex.ts";

const later = () => Date.now() + 60_000;

test("a lock is held, stale or absent, and a home without locks tells nothing", async () => {
  using home = new SimulatedHome();
  using files = openFiles(systemClock, silentLog);
  const [a, b, c] = [home.thread(), home.thread(), home.thread()];
  const probed: string[] = [];
  const reader = openLockReader(files, home.path, (path) => {
    probed.push(path);
    return path.includes(a.id) ? "held" : "free";
  });
  expect((await reader.read(later())).stateOf(a.id)).toBe("unknown");
  a.lock();
  b.lock();
  writeFileSync(join(home.path, "thread-writer-locks", "something else"), "");
  const locks = await reader.read(later());
  expect([a, b, c].map(({ id }) => locks.stateOf(id))).toEqual(["held", "stale", "absent"]);
  expect(locks.held).toEqual([a.id]);
  expect(probed).toHaveLength(2);
  rmSync(join(home.path, "thread-writer-locks", `${a.id}.lock`));
  expect((await reader.read(later())).stateOf(a.id)).toBe("absent");
});

const listsLocks = process.platform === "linux";
test.if(listsLocks)("Linux's own list of locks comes before any probe", async () => {
  // Only on Linux: nowhere else is there such a list (/proc/locks).
  using home = new SimulatedHome();
  using files = openFiles(systemClock, silentLog);
  const thread = home.thread();
  thread.lock();
  const symbols = { flock: { args: ["i32", "i32"], returns: "i32" } } as const;
  const { flock } = dlopen("libc.so.6", symbols).symbols;
  const fd = openSync(join(home.path, "thread-writer-locks", `${thread.id}.lock`), "r");
  expect(flock(fd, 2)).toBe(0);
  const reader = openLockReader(files, home.path, () => "free");
  expect((await reader.read(later())).stateOf(thread.id)).toBe("held");
  closeSync(fd);
  // Given back without a trace in the folder, as by a killed process.
  expect((await reader.read(later())).stateOf(thread.id)).toBe("stale");
});

test("ten thousand locks that killed processes left are not all looked at", async () => {
  using home = new SimulatedHome();
  const names = Array.from({ length: 10_000 }, (_, i) => {
    const id = (0x01_9b_00_00_00_00 + i).toString(16).padStart(12, "0");
    return `${id.slice(0, 8)}-${id.slice(8)}-7000-8000-000000000000.lock`;
  });
  mkdirSync(join(home.path, "thread-writer-locks"));
  let stats = 0;
  const disk = {
    list: () => Promise.resolve(names),
    stat: () => Promise.resolve({ inode: (stats += 1), size: 0, modifiedAt: 1 }),
    head: () => Promise.resolve(undefined),
  };
  const reader = openLockReader(disk, home.path, () => "free");
  await reader.read(later());
  expect(stats).toBeLessThan(600);
  const before = stats;
  await reader.read(later());
  expect(stats - before).toBe(1);
});

test("a thousand locks of killed processes are probed a few at a time, but for those asked for", async () => {
  using home = new SimulatedHome();
  using files = openFiles(systemClock, silentLog);
  const threads = Array.from({ length: 1000 }, () => home.thread());
  for (const thread of threads) thread.lock();
  const held = new Set<string>();
  let probes = 0;
  const reader = openLockReader(files, home.path, (path) => {
    probes += 1;
    return held.has(basename(path, ".lock")) ? "held" : "free";
  });
  await reader.read(later());
  const [newest] = threads.toReversed();
  held.add(newest!.id);
  probes = 0;
  let locks = await reader.read(later());
  expect(probes).toBeLessThan(20);
  expect(locks.stateOf(newest!.id)).toBe("held");
  // One more was taken where the system does not list it: its turn comes.
  const [another] = threads.slice(-400);
  held.add(another!.id);
  for (let look = 0; look < 40 && !locks.held.includes(another!.id); look += 1) {
    // oxlint-disable-next-line no-await-in-loop -- look by look
    locks = await reader.read(later());
  }
  expect(locks.held).toEqual([newest!.id, another!.id]);
  held.clear();
  expect((await reader.read(later())).held).toEqual([]);
});

const unknown = { wasHeld: false, version: undefined, gone: false } as const;
type Known = Partial<Parameters<typeof holderOfThread>[1]>;

test.each<[LockState, Known, Holder]>([
  ["held", { gone: true }, "held"],
  ["stale", {}, "gone"],
  ["absent", {}, "unknown"],
  ["absent", { wasHeld: true }, "gone"],
  ["absent", { gone: true }, "gone"],
  ["absent", { version: "0.169.0" }, "gone"],
  ["absent", { version: "1.2.3" }, "gone"],
  ["absent", { version: "0.120.0" }, "unknown"],
  ["absent", { version: "dev" }, "unknown"],
  ["unknown", { wasHeld: true, version: "0.169.0" }, "unknown"],
  ["unknown", { gone: true }, "gone"],
])("a lock that is %s, with %j: %s", (lock, known, expected) => {
  expect(holderOfThread(lock, { ...unknown, ...known })).toBe(expected);
});
