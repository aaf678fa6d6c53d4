import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { readHeldLocks } from "../../src/codex/held-locks.ts";
import {
  createdAtOf,
  dayFolder,
  dayFoldersOf,
  likelyPaths,
  threadOfLock,
  threadOfRollout,
  threadOfShown,
} from "../../src/codex/thread-files.ts";
import { rollouts, rolloutsOf } from "./timeline.ts";

const thread = "01a20257-e43d-73c3-88a2-3b60e5706021";

test.each([
  [threadOfRollout, `rollout-2026-11-22T08-20-44-${thread}.jsonl`, thread],
  [threadOfRollout, `rollout-2026-11-22T08-20-44-${thread}.jsonl.zst`, undefined],
  [threadOfRollout, `rollout-${thread}.jsonl`, undefined],
  [threadOfRollout, "rollout-2026-11-22T08-20-44-../../x.jsonl", undefined],
  [threadOfLock, `${thread}.lock`, thread],
  [threadOfLock, thread, undefined],
  [threadOfShown, thread, thread],
  [threadOfShown, `${thread}.tmp`, undefined],
  [threadOfShown, "..", undefined],
] as const)("%p of %s is %p", (parse, name, expected) => {
  expect(parse(name)).toBe(expected as never);
});

test("an id tells when its thread was made", () => {
  expect(new Date(createdAtOf(thread)).toISOString()).toBe("2026-11-22T08:20:44.221Z");
});

test("paths are in local time, day by day over a month's end", () => {
  const at = new Date(2026, 2, 1, 0, 0, 30).getTime();
  const id = `${at.toString(16).padStart(12, "0").slice(0, 8)}-${at.toString(16).padStart(12, "0").slice(8)}-7000-8000-000000000000`;
  const offset = -new Date(at).getTimezoneOffset() * 60_000;
  expect(dayFolder("/h", at)).toBe("/h/sessions/2026/03/01");
  expect(dayFoldersOf("/h", id, offset)).toEqual([
    "/h/sessions/2026/03/01",
    "/h/sessions/2026/02/28",
    "/h/sessions/2026/03/02",
  ]);
  expect(likelyPaths("/h", id, offset)[0]).toBe(
    `/h/sessions/2026/03/01/rollout-2026-03-01T00-00-30-${id}.jsonl`,
  );
});

test("the recordings' names were made in UTC; their seconds are the ids' own or one off", () => {
  const names = readdirSync(rollouts)
    .filter((name) => name !== "legacy")
    .flatMap((recording) => rolloutsOf(recording).map((path) => basename(path)));
  for (const name of names) {
    const at = createdAtOf(threadOfRollout(name) ?? "");
    const stamp = name.slice("rollout-".length, "rollout-".length + 19);
    const named = Date.parse(`${stamp.slice(0, 11)}${stamp.slice(11).replaceAll("-", ":")}Z`);
    expect(Math.abs(Math.floor(at / 1000) * 1000 - named)).toBeLessThanOrEqual(1000);
  }
});

test("only exclusive flocks that are held count", () => {
  const text = [
    "1: FLOCK  ADVISORY  WRITE 4711 08:01:131 0 EOF",
    "1: -> FLOCK  ADVISORY  WRITE 4712 08:01:131 0 EOF",
    "2: FLOCK  ADVISORY  READ  4713 08:01:132 0 EOF",
    "3: POSIX  ADVISORY  WRITE 4714 00:19:133 0 EOF",
    "4: FLOCK  ADVISORY  WRITE 4715 fd:00:9007199254 0 EOF",
    "rubbish",
    "",
  ].join("\n");
  expect(readHeldLocks(text)).toEqual([
    { pid: 4711, inode: 131 },
    { pid: 4715, inode: 9_007_199_254 },
  ]);
});
