import { expect, test } from "bun:test";
import { SuspendWatch, Teardown } from "../../src/wrapper/suspend.ts";
import { FakeClock } from "../support/fake-clock.ts";

test.each<[string, string]>([
  ["the control character", "\u001a"],
  ["the kitty keyboard", "\u001b[122;5u"],
  ["the kitty keyboard with event types", "\u001b[122;5:1u"],
  ["modifyOtherKeys", "\u001b[27;5;122~"],
])("Ctrl-Z by %s, then a teardown: a suspend", (_, key) => {
  const watch = new SuspendWatch();
  watch.typed(`x${key}`, 1000);
  expect(watch.tornDown(1200)).toBe(true);
});

test("a teardown without the key, or long after it, is the way out", () => {
  const watch = new SuspendWatch();
  expect(watch.tornDown(0)).toBe(false);
  watch.typed("\u001a", 0);
  expect(watch.tornDown(5000)).toBe(false);
});

test("one key, one suspend; the release of the key is none", () => {
  const watch = new SuspendWatch();
  watch.typed("\u001a", 0);
  expect(watch.tornDown(10)).toBe(true);
  expect(watch.tornDown(20)).toBe(false);
  watch.typed("\u001b[122;5:3u", 30);
  expect(watch.tornDown(40)).toBe(false);
});

/** When the teardown is over, ms after it began, as the terminal and the child's words go. */
function overAfter(canonicalFrom: number | undefined, heard: readonly number[]): number {
  const clock = new FakeClock();
  const began = clock.monotonic();
  const elapsed = (): number => clock.monotonic() - began;
  let over = Number.NaN;
  using teardown = new Teardown(
    clock,
    () => (canonicalFrom === undefined ? undefined : elapsed() >= canonicalFrom),
    () => (over = elapsed()),
  );
  teardown.heard();
  for (const at of heard) {
    clock.advance(at - elapsed());
    teardown.heard();
  }
  clock.advance(2000);
  expect([clock.pending, teardown.underWay]).toEqual([0, false]);
  return over;
}

test.each<[string, number | undefined, readonly number[], number]>([
  ["given back at once: after a short silence", 0, [], 40],
  ["the system does not say: the same", undefined, [], 40],
  ["more comes: silence counts from there", 0, [30, 60, 90], 130],
  ["held up in the middle: not before the terminal is given back", 300, [], 360],
  ["held up, then the last words", 300, [305], 345],
  ["never given back: before the child comes back", Infinity, [], 720],
])("the teardown, %s", (_, canonicalFrom, heard, over) => {
  expect(overAfter(canonicalFrom, heard)).toBe(over);
});

test("a child that ends meanwhile is not stopped", () => {
  const clock = new FakeClock();
  let stopped = 0;
  const teardown = new Teardown(
    clock,
    () => true,
    () => (stopped += 1),
  );
  teardown.heard();
  teardown[Symbol.dispose]();
  clock.advance(2000);
  expect([stopped, teardown.underWay]).toEqual([0, false]);
});
