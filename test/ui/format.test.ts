import { describe, expect, test } from "bun:test";
import { activityKinds } from "../../src/session/activity.ts";
import {
  activityText,
  activityWords,
  discordWords,
  dollars,
  elapsed,
  shortCount,
} from "../../src/ui/format.ts";

describe("elapsed", () => {
  const minute = 60_000;
  const cases: readonly [number, string][] = [
    [0, "0m"],
    [59_999, "0m"],
    [minute, "1m"],
    [59 * minute, "59m"],
    [60 * minute, "1h 00m"],
    [65 * minute, "1h 05m"],
    [47 * 60 * minute + 59 * minute, "47h 59m"],
    [51 * 60 * minute, "2d 03h"],
    [-5 * minute, "0m"],
    [Number.NaN, "0m"],
  ];
  test.each(cases)("%d ms is %s", (ms, text) => {
    expect(elapsed(1_000_000, 1_000_000 + ms)).toBe(text);
  });
});

test("each kind of activity has words of its own, short and in ASCII", () => {
  const words = activityKinds.map((kind) => activityWords[kind]);
  expect(new Set(words).size).toBe(activityKinds.length);
  for (const text of words) expect(text).toMatch(/^[A-Z][a-z ]{2,23}$/);
});

test("the long word for Discord's state names Discord and holds the short one", () => {
  for (const { long, short } of Object.values(discordWords)) expect(long).toBe(`Discord ${short}`);
});

describe("a count in at most five cells", () => {
  const cases: readonly [number, string][] = [
    [0, "0"],
    [999, "999"],
    [1000, "1k"],
    [12_345, "12.3k"],
    [99_949, "99.9k"],
    [99_950, "100k"],
    [258_400, "258k"],
    [999_499, "999k"],
    [999_500, "1M"],
    [4_512_000, "4.5M"],
    [2e9, "2G"],
    [1e300, "999G"],
    [-1, "0"],
    [Number.NaN, "0"],
  ];
  test.each(cases)("%d is %s", (n, text) => {
    expect(shortCount(n)).toBe(text);
  });
});

test.each([
  [0, "$0.00"],
  [0.004, "<$0.01"],
  [1.234, "$1.23"],
  [12_345, "$12.3k"],
  [Number.NaN, "$0.00"],
] as const)("%d dollars are %s", (usd, text) => {
  expect(dollars(usd)).toBe(text);
});

test.each([
  ["editing", "session.ts", "Editing session.ts"],
  ["running", "npm test", "Running npm test"],
  ["tool", "github.search", "Using github.search"],
  ["approval", "npm publish", "Waiting for approval: npm publish"],
  ["running", undefined, "Running a command"],
  ["running", "", "Running a command"],
] as const)("%s with %s", (kind, target, text) => {
  expect(activityText(kind, target)).toBe(text);
});
