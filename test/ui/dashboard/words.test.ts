import { describe, expect, test } from "bun:test";
import { age, clock, count, dollars, leftStyle, until } from "../../../src/ui/dashboard/words.ts";
import { minutes, now } from "./models.ts";

test.each([
  [0, "0"],
  [999, "999"],
  [1000, "1k"],
  [12_345, "12.3k"],
  [99_940, "99.9k"],
  [99_960, "100k"],
  [999_499, "999k"],
  [999_500, "1M"],
  [1_238_100, "1.2M"],
  [2_500_000_000, "2.5G"],
  [1e21, "999G"],
  [-5, "0"],
  [NaN, "0"],
] as const)("%d tokens: %s", (n, words) => {
  expect(count(n)).toBe(words);
});

test.each([
  [0, "$0.00"],
  [0.004, "<$0.01"],
  [1.234, "$1.23"],
  [12_345, "$12.3k"],
  [NaN, "$0.00"],
] as const)("%d USD: %s", (usd, words) => {
  expect(dollars(usd)).toBe(words);
});

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
