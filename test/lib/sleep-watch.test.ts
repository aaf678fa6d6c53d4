import { expect, test } from "bun:test";
import { watchForSleep } from "../../src/lib/sleep-watch.ts";
import { FakeClock } from "../support/fake-clock.ts";

test("a sleep of the machine is told once, a slow moment never; nothing waits after the end", () => {
  const clock = new FakeClock();
  let woken = 0;
  const watch = watchForSleep(clock, () => (woken += 1));
  clock.advance(60_000);
  clock.jumpWall(29_000);
  clock.advance(60_000);
  expect(woken).toBe(0);
  clock.jumpWall(8 * 3_600_000);
  clock.advance(60_000);
  expect(woken).toBe(1);
  watch[Symbol.dispose]();
  expect(clock.pending).toBe(0);
});
