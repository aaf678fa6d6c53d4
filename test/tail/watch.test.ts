import { afterAll, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  type PathLike,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import { openWatcher, type WatcherOptions } from "../../src/tail/watch.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { waitFor } from "../support/wait-for.ts";

const scratch = resolve(import.meta.dir, "../../.scratch");
mkdirSync(scratch, { recursive: true });
const root = mkdtempSync(join(scratch, "watch-"));
afterAll(() => rmSync(root, { recursive: true }));

const exhausted: typeof watch = () => {
  throw Object.assign(new Error("System limit for number of file watchers reached"), {
    code: "ENOSPC",
  });
};

function watcherOf(options: Partial<WatcherOptions> = {}) {
  return openWatcher({ clock: systemClock, log: silentLog, pollMs: 60_000, ...options });
}

test("a folder tells the names of what changes in it", async () => {
  const folder = mkdtempSync(join(root, "plain-"));
  using watcher = watcherOf();
  const names: (string | undefined)[] = [];
  watcher.watch(folder, (name) => names.push(name));
  writeFileSync(join(folder, "new"), "");
  await waitFor("the new file", () => names.includes("new"));
  names.length = 0;
  writeFileSync(join(folder, "new"), "more", { flag: "a" });
  await waitFor("its growth", () => names.includes("new"));
  expect(watcher.state).toBe("watching");
});

test("a folder that does not exist yet is waited for, however deep", async () => {
  const base = mkdtempSync(join(root, "deep-"));
  const folder = join(base, "2026/11/22");
  using watcher = watcherOf();
  const names: (string | undefined)[] = [];
  watcher.watch(folder, (name) => names.push(name));
  mkdirSync(join(base, "2026"));
  await Bun.sleep(0);
  mkdirSync(folder, { recursive: true });
  await waitFor("the folder", () => names.length > 0);
  expect(names[0]).toBeUndefined();
  writeFileSync(join(folder, "file"), "");
  await waitFor("a file in it", () => names.includes("file"));
});

test("what else happens in the ancestor that stands in costs nothing", async () => {
  const base = mkdtempSync(join(root, "busy-"));
  let asked = 0;
  const counting = (...args: readonly unknown[]) => {
    asked += 1;
    return Reflect.apply(watch, undefined, args);
  };
  using watcher = watcherOf({ notices: counting as typeof watch });
  const names: (string | undefined)[] = [];
  watcher.watch(join(base, "folder"), (name) => names.push(name));
  const before = asked;
  for (let i = 0; i < 100; i += 1) writeFileSync(join(base, "busy"), "x", { flag: "a" });
  mkdirSync(join(base, "folder"));
  await waitFor("the folder", () => names.length > 0);
  expect(asked - before).toBeLessThan(5);
});

test("after disposal nothing is told, and no timer is left", async () => {
  const folder = mkdtempSync(join(root, "over-"));
  const clock = new FakeClock();
  const told: string[] = [];
  {
    using watcher = watcherOf({ clock });
    watcher.watch(folder, () => told.push("first"))[Symbol.dispose]();
    watcher.watch(folder, () => told.push("second"));
    expect(clock.pending).toBe(1);
  }
  writeFileSync(join(folder, "new"), "");
  clock.advance(600_000);
  await Bun.sleep(20); // Nothing says that a notice has not come.
  expect(told).toEqual([]);
  expect(clock.pending).toBe(0);
});

test("where the system gives no notices it polls, more often, and says so", () => {
  const clock = new FakeClock();
  using watcher = watcherOf({ clock, notices: exhausted, pollMs: 2000, degradedPollMs: 500 });
  let polls = 0;
  watcher.watch(root, () => {
    polls += 1;
  });
  expect(watcher.state).toBe("polling");
  clock.advance(5000);
  expect(polls).toBe(10);
});

test("no more notices are in use than it may have", () => {
  const clock = new FakeClock();
  using watcher = watcherOf({ clock, limit: 2 });
  const polled = [0, 0, 0];
  const watches = polled.map((_, index) =>
    watcher.watch(root, () => {
      polled[index] = (polled[index] ?? 0) + 1;
    }),
  );
  expect(watcher.state).toBe("polling");
  clock.advance(500);
  expect(polled).toEqual([1, 1, 1]);
  // One is given back: the third gets it at the next poll.
  watches[0]?.[Symbol.dispose]();
  clock.advance(500);
  expect(watcher.state).toBe("watching");
});

test("a folder that is removed and made again is watched again", async () => {
  const folder = mkdtempSync(join(root, "again-"));
  using watcher = watcherOf({ pollMs: 20 });
  const names: (string | undefined)[] = [];
  watcher.watch(folder, (name) => names.push(name));
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  let tries = 0;
  await waitFor("a file in the new folder", () => {
    tries += 1;
    writeFileSync(join(folder, `file-${tries}`), "");
    return names.some((name) => name?.startsWith("file-") ?? false);
  });
});

test("a path that stays missing is waited for without asking for notices at each poll", async () => {
  const base = mkdtempSync(join(root, "missing-"));
  const clock = new FakeClock();
  let asked = 0;
  const counting = (...args: readonly unknown[]) => {
    asked += 1;
    return Reflect.apply(watch, undefined, args);
  };
  using watcher = watcherOf({ clock, notices: counting as typeof watch, pollMs: 1000 });
  let told = 0;
  watcher.watch(join(base, "a/b"), () => (told += 1));
  const before = asked;
  for (let poll = 1; poll <= 20; poll += 1) {
    clock.advance(1000);
    // oxlint-disable-next-line no-await-in-loop -- poll by poll
    await Bun.sleep(1);
  }
  expect(told).toBe(20);
  expect(asked).toBe(before);
});

test("a missing path whose ancestor is replaced without a word is found by the poll", async () => {
  const base = mkdtempSync(join(root, "replaced-"));
  mkdirSync(join(base, "home"));
  const dumb: typeof watch = ((path: string) => {
    if (!existsSync(path)) throw Object.assign(new Error("gone"), { code: "ENOENT" });
    return { on: () => undefined, close: () => undefined };
  }) as never;
  using watcher = watcherOf({ notices: dumb, pollMs: 5 });
  const names: unknown[] = [];
  watcher.watchFile(join(base, "home/file"), () => names.push("file"));
  await waitFor("a poll", () => names.length === 1);
  renameSync(join(base, "home"), join(base, "old"));
  mkdirSync(join(base, "home"));
  writeFileSync(join(base, "home/file"), "");
  await waitFor("the file", () => names.length > 1);
  const before = names.length;
  await Bun.sleep(30); // Notices of the new file still come: what counts below is to be a poll.
  writeFileSync(join(base, "home/file"), "more", { flag: "a" });
  await waitFor("its growth, which no notice tells", () => names.length > before);
});

test("a poll tells of a file only when it is another than at the last", async () => {
  const path = join(mkdtempSync(join(root, "still-")), "file");
  writeFileSync(path, "one");
  using watcher = watcherOf({ notices: exhausted, degradedPollMs: 5 });
  let told = 0;
  let polls = 0;
  watcher.watch(root, () => (polls += 1));
  watcher.watchFile(path, () => (told += 1));
  await waitFor("twenty polls", () => polls > 20);
  expect(told).toBe(1);
  writeFileSync(path, "more", { flag: "a" });
  await waitFor("its growth", () => told === 2);
  rmSync(path);
  await waitFor("its end", () => told === 3);
});

test("a disk that may hang is asked for no notices, and is polled", async () => {
  const folder = mkdtempSync(join(root, "far-"));
  const clock = new FakeClock();
  const asked: string[] = [];
  const notices: typeof watch = (path: PathLike) => {
    asked.push(String(path));
    return exhausted(path);
  };
  const isNear = (path: string) => !path.startsWith(folder);
  using watcher = watcherOf({ clock, notices, isNear });
  let polls = 0;
  watcher.watch(join(folder, "x"), () => void (polls += 1));
  expect(asked).toEqual([]);
  expect(watcher.state).toBe("polling");
  clock.advance(500);
  expect(polls).toBe(1);
  const file = join(folder, "file");
  writeFileSync(file, "one");
  let told = 0;
  watcher.watchFile(file, () => void (told += 1));
  clock.advance(500);
  await waitFor("the first look", () => told === 1);
  writeFileSync(file, "one, two");
  clock.advance(500);
  await waitFor("its growth", () => told === 2);
  expect(asked).toEqual([]);
});

test("a poll that pends is not asked again", () => {
  const clock = new FakeClock();
  let polls = 0;
  const pending = () => void (polls += 1);
  using watcher = watcherOf({ clock, isNear: () => false, stat: pending });
  watcher.watchFile(join(root, "silent"), () => undefined);
  clock.advance(500);
  clock.advance(5000);
  expect(polls).toBe(1);
});
