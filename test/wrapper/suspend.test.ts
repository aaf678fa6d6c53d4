import { expect, test } from "bun:test";
import { SuspendWatch } from "../../src/wrapper/suspend.ts";

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
