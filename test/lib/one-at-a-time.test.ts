import { expect, test } from "bun:test";
import { oneAtATime } from "../../src/lib/one-at-a-time.ts";
import { settle } from "../support/fake-clock.ts";

test("calls during a run are joined into one more, and end with it", async () => {
  const gates: (() => void)[] = [];
  const look = oneAtATime(() => new Promise<void>((resolve) => void gates.push(resolve)));
  let ended = 0;
  const first = look().then(() => (ended += 1));
  await settle();
  expect(gates).toHaveLength(1);
  const joined = [look(), look()].map((call) => call.then(() => (ended += 1)));
  gates[0]?.();
  await settle();
  expect([gates.length, ended]).toEqual([2, 0]);
  gates[1]?.();
  await Promise.all([first, ...joined]);
  const later = look();
  gates[2]?.();
  await later;
  expect(gates).toHaveLength(3);
});
