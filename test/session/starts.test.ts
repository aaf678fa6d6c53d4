import { expect, test } from "bun:test";
import { Starts } from "../../src/session/starts.ts";

test("a start that is not ahead is as it is told", () => {
  const starts = new Starts();
  expect([starts.of("a", 5, 10), starts.of("a", 10, 10)]).toEqual([5, 10]);
});

test("a start that is ahead is when that was first seen, and stays it", () => {
  const starts = new Starts();
  expect([10, 11, 12].map((now) => starts.of("a", 50, now))).toEqual([10, 10, 10]);
  // The clock was set back once more.
  expect([4, 5].map((now) => starts.of("a", 50, now))).toEqual([4, 4]);
  expect(starts.of("b", 60, 20)).toBe(20);
  expect(starts.of("a", 50, 50)).toBe(50);
});
