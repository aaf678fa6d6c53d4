import { expect, test } from "bun:test";
import { openWalks } from "../../src/codex/walks.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { FakeClock } from "../support/fake-clock.ts";

async function walksWithin(ms: number, locks: boolean, tookMs = 0): Promise<number> {
  const clock = new FakeClock({ wall: 0 });
  let walks = 0;
  let spentMs = 0;
  const slow: Clock = {
    now: () => clock.now(),
    monotonic: () => clock.monotonic() + spentMs,
    after: (wait, run) => clock.after(wait, run),
  };
  const walk = async (): Promise<void> => {
    walks += 1;
    spentMs += tookMs;
    return Promise.resolve();
  };
  using _walks = openWalks(slow, () => locks, walk);
  for (let passed = 0; passed < ms; passed += 1000) {
    clock.advance(1000);
    // oxlint-disable-next-line no-await-in-loop -- what a walk does when it has ended
    await new Promise((done) => setImmediate(done));
  }
  return walks;
}

test.each([
  ["every minute where no lock tells", 600_000, false, 0, 10],
  ["twice an hour where locks tell", 3_600_000, true, 0, 2],
  ["seldom where it takes long", 600_000, false, 200, 3],
] as const)("a home is walked through %s", async (_, ms, locks, tookMs, times) => {
  expect(await walksWithin(ms, locks, tookMs)).toBe(times);
});
