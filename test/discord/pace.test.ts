import { expect, test } from "bun:test";
import {
  freshPace,
  mayConnectAt,
  paceAppeared,
  paceConnected,
  paceEnded,
  paceOpened,
  type Pace,
  type PaceEnd,
} from "../../src/discord/pace.ts";

/** The longest wait that full jitter can draw. */
const almostOne = 0.999_999;

function waits(
  start: Pace,
  count: number,
  random: number,
  end: PaceEnd = "failed",
): readonly number[] {
  let pace = start;
  return Array.from({ length: count }, () => {
    pace = paceEnded(pace, end, 0, random);
    return Math.round(mayConnectAt(pace, 0) / 1000);
  });
}

test("the first attempt may be made at once", () => {
  expect(mayConnectAt(freshPace, 123)).toBe(123);
});

test("before the first success: full jitter from 1 s up to 60 s", () => {
  expect(waits(freshPace, 8, almostOne)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  expect(waits(freshPace, 3, 0)).toEqual([0, 0, 0]);
});

test("after a success never before 30 s", () => {
  const connected = paceConnected(freshPace, 0);
  expect(waits(connected, 8, almostOne)).toEqual([31, 32, 34, 38, 46, 62, 90, 90]);
  expect(waits(connected, 3, 0)).toEqual([30, 30, 30]);
  expect(waits(connected, 3, 0, "lost")).toEqual([30, 30, 30]);
});

test("when Discord asks for a pause: a minute at least", () => {
  expect(mayConnectAt(paceEnded(freshPace, "limited", 5, 0), 5)).toBe(60_005);
});

test("no more than two accepted connections a minute, whatever the backoff says", () => {
  const one = paceOpened(freshPace, 1000);
  const two = paceOpened(one, 2000);
  expect(mayConnectAt(one, 2000)).toBe(2000);
  expect(mayConnectAt(two, 3000)).toBe(61_500);
  expect(mayConnectAt(two, 61_500)).toBe(61_500);
});

test("attempts that nobody heard need no rest, but do not shorten one either", () => {
  const connected = paceConnected(freshPace, 0);
  expect(waits(connected, 3, 0, "unheard")).toEqual([0, 0, 0]);
  const lost = paceEnded(connected, "lost", 0, 0);
  expect(mayConnectAt(paceEnded(lost, "unheard", 10_000, 0), 10_000)).toBe(30_000);
});

test("a Discord that appears is tried without backoff, though not in the rest after a loss", () => {
  const failed = paceEnded(freshPace, "failed", 0, almostOne);
  expect(mayConnectAt(failed, 0)).toBeGreaterThan(0);
  expect(mayConnectAt(paceAppeared(failed), 0)).toBe(0);
  const lost = paceEnded(paceConnected(freshPace, 0), "lost", 0, almostOne);
  expect(mayConnectAt(paceAppeared(lost), 0)).toBe(30_000);
});

test("a connection that lasted a minute is forgiven what was before, a shorter one is not", () => {
  const failing = [1, 2, 3, 4, 5].reduce<Pace>(
    (pace) => paceEnded(pace, "failed", 0, almostOne),
    freshPace,
  );
  const lostAfter = (ms: number): number => {
    const lost = paceEnded(paceConnected(failing, 1000), "lost", 1000 + ms, almostOne);
    return Math.round((mayConnectAt(lost, 0) - 1000 - ms) / 1000);
  };
  expect([lostAfter(0), lostAfter(59_999), lostAfter(60_000)]).toEqual([62, 62, 31]);
});
