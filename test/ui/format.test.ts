import { describe, expect, test } from "bun:test";
import { activityKinds } from "../../src/session/activity.ts";
import { activityWords, discordWords, elapsed } from "../../src/ui/format.ts";

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
