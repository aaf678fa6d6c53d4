import { expect, test } from "bun:test";
import { type Clock, untilBeat } from "../../src/lib/clock.ts";

const at = (monotonic: number): Clock => ({
  now: () => 0,
  monotonic: () => monotonic,
  after: () => ({ [Symbol.dispose]: () => undefined }),
});

const waits: readonly (readonly [when: string, monotonic: number, wait: number])[] = [
  ["between two beats", 12_345.6, 7655],
  ["on a beat", 20_000, 10_000],
  ["late for one", 20_003.2, 9997],
  ["early for one, by a timer that was not exact", 19_999.6, 10_001],
];
test.each(waits)("the next beat %s", (_when, monotonic, wait) => {
  expect(untilBeat(at(monotonic), 10_000)).toBe(wait);
});
