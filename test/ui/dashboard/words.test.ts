import { describe, expect, test } from "bun:test";
import { age, clock, leftStyle, until } from "../../../src/ui/dashboard/words.ts";
import { minutes, now } from "./models.ts";

describe("time in whole minutes of the wall clock", () => {
  test.each([
    [0, "now"],
    [29_999, "now"],
    [30_001, "1m"],
    [minutes(59), "59m"],
    [minutes(60), "1h00"],
    [minutes(65), "1h05"],
    [minutes(1440 + 125), "1d02h"],
    [minutes(1440 * 120), "120d"],
    [1e18, "9999d"],
    [-minutes(5), "now"],
    [NaN, "now"],
  ] as const)("%d ms ago: %s", (ms, words) => {
    expect(age(now - ms, now)).toBe(words);
  });

  test("until", () => {
    expect(until(now + minutes(108), now)).toBe("1h48");
    expect(until(now - 1, now)).toBe("now");
  });
});

test.each([
  [0, 0, "10:52"],
  [0, 330, "16:22"],
  [minutes(19 * 60), 0, "05:52"],
  [minutes(21 * 60), 0, "Mon 07:52"],
  [minutes(6 * 1440), -660, "Fri 23:52"],
  [NaN, 0, "?"],
] as const)("in %d ms, %d minutes ahead of UTC: %s", (ms, zone, words) => {
  expect(clock(now + ms, now, () => zone)).toBe(words);
});

test.each([
  [100, "good"],
  [60, "good"],
  [59, "warn"],
  [30, "warn"],
  [29, "bad"],
  [0, "bad"],
] as const)("%d percent left: %s", (left, style) => {
  expect(leftStyle(left)).toBe(style);
});
