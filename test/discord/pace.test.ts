import { expect, test } from "bun:test";
import {
  freshPace,
  mayConnectAt,
  paceAppeared,
  paceConnected,
  paceEnded,
  paceOpened,
  type Pace,
} from "../../src/discord/pace.ts";

/** The longest wait that full jitter can draw. */
const almostOne = 0.999_999;

function waits(start: Pace, count: number, random: number): readonly number[] {
  let pace = start;
  return Array.from({ length: count }, () => {
    pace = paceEnded(pace, false, 0, random);
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
  const connected = paceConnected(freshPace);
  expect(waits(connected, 8, almostOne)).toEqual([31, 32, 34, 38, 46, 62, 90, 90]);
  expect(waits(connected, 3, 0)).toEqual([30, 30, 30]);
});

test("when Discord asks for a pause: a minute at least", () => {
  expect(mayConnectAt(paceEnded(freshPace, true, 5, 0), 5)).toBe(60_005);
});

test("no more than two accepted connections a minute, whatever the backoff says", () => {
  const one = paceOpened(freshPace, 1000);
  const two = paceOpened(one, 2000);
  expect(mayConnectAt(one, 2000)).toBe(2000);
  expect(mayConnectAt(two, 3000)).toBe(61_500);
  expect(mayConnectAt(two, 61_500)).toBe(61_500);
});

test("a Discord that appears is tried at once, unless one was connected before", () => {
  const failed = paceEnded(freshPace, false, 0, almostOne);
  expect(mayConnectAt(failed, 0)).toBeGreaterThan(0);
  expect(mayConnectAt(paceAppeared(failed), 0)).toBe(0);
  const lost = paceEnded(paceConnected(freshPace), false, 0, 0);
  expect(mayConnectAt(paceAppeared(lost), 0)).toBe(30_000);
});
