import { expect, test } from "bun:test";
import { type CapLook, RepositoryCaps } from "../../src/presence/repository-caps.ts";
import type { FileLook } from "../../src/presence/repository-file.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";

const places = {
  cwd: "/w/app",
  realPath: "/w/app",
  root: "/w/app",
  mainWorktree: undefined,
  remoteKnown: true,
  remotes: [],
};
const hides: FileLook = { kind: "text", text: '{"level":"hidden"}' };
const none: FileLook = { kind: "absent" };

/** Files that answer when they are told to. */
class Disk {
  readonly clock = new FakeClock();
  readonly waiting: ((look: FileLook) => void)[] = [];
  looks = 0;
  changes = 0;
  readonly caps = new RepositoryCaps({
    home: "/home/ann",
    look: () => {
      this.looks += 1;
      return new Promise((resolve) => this.waiting.push(resolve));
    },
    clock: this.clock,
    onChange: () => (this.changes += 1),
  });

  async answer(look: FileLook): Promise<void> {
    this.waiting.shift()?.(look);
    await settle();
  }

  /** By default of a session that has just done something. */
  level(cwd = places.cwd, wroteAt = this.clock.monotonic()): string | undefined {
    const found: CapLook = this.caps.of(
      { ...places, cwd, realPath: undefined, root: cwd },
      wroteAt,
    );
    return found === undefined ? "unknown" : (found.cap?.level ?? "none");
  }
}

test("unknown until the first answer, which is told; then asked again after a second", async () => {
  const disk = new Disk();
  expect([disk.level(), disk.level()]).toEqual(["unknown", "unknown"]);
  expect(disk.looks).toBe(1);
  await disk.answer(hides);
  expect([disk.level(), disk.changes, disk.looks]).toEqual(["hidden", 1, 1]);
  disk.clock.advance(1000);
  expect([disk.level(), disk.looks]).toEqual(["hidden", 2]);
  await disk.answer(hides);
  expect(disk.changes).toBe(1);
  disk.clock.advance(1000);
  disk.level();
  await disk.answer(none);
  expect([disk.level(), disk.changes]).toEqual(["none", 2]);
});

test("of a session that does nothing asked again after eight seconds", async () => {
  const disk = new Disk();
  disk.level(places.cwd, 7);
  await disk.answer(none);
  disk.clock.advance(7999);
  expect([disk.level(places.cwd, 7), disk.looks]).toEqual(["none", 1]);
  disk.clock.advance(1);
  disk.level(places.cwd, 7);
  await disk.answer(hides);
  expect([disk.level(places.cwd, 7), disk.looks]).toEqual(["hidden", 2]);
  disk.clock.advance(1000);
  disk.level(places.cwd, 8);
  expect(disk.looks).toBe(3);
});

test("a disk that answers no more: what it said last holds, and few looks wait for it", async () => {
  const disk = new Disk();
  disk.level();
  await disk.answer(hides);
  for (let at = 0; at < 100; at += 1) {
    disk.clock.advance(1000);
    expect(disk.level()).toBe("hidden");
    expect(disk.level(`/other/${at}`)).toBe("unknown");
  }
  expect(disk.waiting).toHaveLength(2);
});

test("many folders: those asked for last are remembered", async () => {
  const disk = new Disk();
  for (let at = 0; at < 300; at += 1) {
    disk.level(`/w/${at}`);
    await disk.answer(hides);
  }
  expect(disk.level("/w/299")).toBe("hidden");
  expect(disk.level("/w/0")).toBe("unknown");
});

test("one folder of many is not passed over for those before it", async () => {
  const disk = new Disk();
  const all = (): unknown[] => ["/w/a", "/w/b", "/w/c"].map((cwd) => disk.level(cwd));
  all();
  expect(disk.looks).toBe(2);
  await disk.answer(none);
  await disk.answer(none);
  expect(disk.looks).toBe(3);
  await disk.answer(hides);
  expect([disk.changes, ...all()]).toEqual([3, "none", "none", "hidden"]);
});

test("who waits is looked at without a change, and once however often it was asked for", async () => {
  const disk = new Disk();
  const all = (): unknown[] => ["/w/a", "/w/b", "/w/c"].map((cwd) => disk.level(cwd));
  all();
  for (const look of [none, none, hides]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await disk.answer(look);
  }
  disk.clock.advance(1000);
  for (let at = 0; at < 5; at += 1) expect(all()).toEqual(["none", "none", "hidden"]);
  expect(disk.looks).toBe(5);
  for (const look of [none, none, none]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await disk.answer(look);
  }
  expect([disk.looks, disk.changes, ...all()]).toEqual([6, 4, "none", "none", "none"]);
});
