import { expect, test } from "bun:test";
import { basename, dirname } from "node:path";
import { openLocator } from "../../src/codex/locate-rollout.ts";
import { likelyPaths, offsetOf } from "../../src/codex/thread-files.ts";
import { uuid7 } from "./simulated-codex.ts";

const hourMs = 3_600_000;
const summer = Date.parse("2026-07-01T12:00:00.500Z");

/** A disk with these rollouts alone, and what was asked of it. */
function diskOf(paths: readonly string[]) {
  const asked: string[] = [];
  const folders = new Set(paths.map((path) => dirname(path)));
  return {
    asked,
    list: (folder: string) => {
      asked.push("list");
      const here = paths.filter((path) => dirname(path) === folder);
      return Promise.resolve(here.map((path) => basename(path)));
    },
    stat: (path: string) => {
      asked.push("stat");
      const exists = folders.has(path) || paths.includes(path);
      return Promise.resolve(exists ? { inode: 1, size: 7, modifiedAt: 1 } : undefined);
    },
  };
}

const pathIn = (thread: string, offset: number): string => likelyPaths("/h", thread, offset)[0]!;

test.each([0, 2, -8, 13, 5.75])("in a zone %d hours ahead: found, then known", async (hours) => {
  const [first, second] = [uuid7(summer), uuid7(summer - 90 * 24 * hourMs)];
  const paths = [first, second].map((thread) => pathIn(thread, hours * hourMs));
  const disk = diskOf(paths);
  const locator = openLocator(disk, "/h");
  expect(await locator.find(first)).toEqual({
    thread: first,
    path: paths[0]!,
    size: 7,
    modifiedAt: 1,
  });
  disk.asked.length = 0;
  expect((await locator.find(second))?.path).toBe(paths[1]);
  expect(disk.asked).toEqual(["stat"]);
});

test("summer and winter, and what another name tells", async () => {
  const [winter, other] = [uuid7(summer - 180 * 24 * hourMs), uuid7(summer)];
  const disk = diskOf([pathIn(winter, hourMs), pathIn(other, 2 * hourMs)]);
  const locator = openLocator(disk, "/h");
  locator.learn(basename(pathIn(uuid7(summer), 2 * hourMs)));
  expect((await locator.find(other))?.path).toBe(pathIn(other, 2 * hourMs));
  expect(disk.asked).toEqual(["stat"]);
  expect((await locator.find(winter))?.path).toBe(pathIn(winter, hourMs));
});

test("a thread without a rollout does not cost a listing each time", async () => {
  const [there, missing] = [uuid7(summer), uuid7(summer)];
  const disk = diskOf([pathIn(there, 0)]);
  const locator = openLocator(disk, "/h");
  for (let i = 0; i < 10; i += 1) expect(await locator.find(missing)).toBeUndefined();
  expect(disk.asked.filter((each) => each === "list")).toHaveLength(1);
});

test("a compressed or misnamed file is none", async () => {
  const thread = uuid7(summer);
  const folder = dirname(pathIn(thread, 0));
  const locator = openLocator(
    diskOf([`${pathIn(thread, 0)}.zst`, `${folder}/x-${thread}.jsonl`]),
    "/h",
  );
  expect(await locator.find(thread)).toBeUndefined();
});

test.each([
  ["rollout-2026-07-01T14-00-00-019f1d8c-e3f4-7000-8000-000000000000.jsonl", 2 * hourMs],
  ["rollout-2026-07-09T14-00-00-019f1d8c-e3f4-7000-8000-000000000000.jsonl", undefined],
  ["rollout-9999-99-99T99-99-99-019f1d8c-e3f4-7000-8000-000000000000.jsonl", undefined],
  ["rollout-2026-07-01T14-00-00.jsonl", undefined],
  ["", undefined],
])("%s tells of local time: %p", (name, offset) => {
  expect(offsetOf(name)).toBe(offset);
});
