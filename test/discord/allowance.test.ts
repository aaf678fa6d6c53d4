import { expect, test } from "bun:test";
import { type Allowance, fullAllowance, isSpent, spend } from "../../src/discord/allowance.ts";

/** Seconds until a peer has sent too much; Infinity if it never does in 10 minutes. */
function lasts(perSecond: number, frames: number, bytes: number): number {
  let allowance: Allowance = fullAllowance(0);
  for (let piece = 1; piece <= perSecond * 600; piece += 1) {
    const at = (piece * 1000) / perSecond;
    allowance = spend(allowance, { frames, bytes }, at);
    if (isSpent(allowance)) return at / 1000;
  }
  return Infinity;
}

test.each([
  ["what Discord sends at its busiest", 5, 4, 4000, Infinity, Infinity],
  ["150 small frames a second", 150, 1, 200, Infinity, Infinity],
  ["250 small frames a second", 250, 1, 200, 5, 30],
  ["10 000 small frames a second", 1000, 10, 2000, 0.05, 0.2],
  ["no frame, but 10 MB a second", 160, 0, 65_536, 0, 1],
  ["single bytes, 10 000 a second", 10_000, 0, 1, 0.5, 2],
  ["single bytes, 1000 a second", 1000, 0.005, 1, Infinity, Infinity],
  ["thousands of empty frames in each piece", 10, 8192, 65_536, 0, 0.2],
])("%s", (_, perSecond, frames, bytes, from, to) => {
  const seconds = lasts(perSecond, frames, bytes);
  expect(seconds).toBeGreaterThanOrEqual(from);
  expect(seconds).toBeLessThanOrEqual(to);
});

test("a burst of a thousand is forgiven, and the next after some seconds", () => {
  let allowance = fullAllowance(0);
  for (let round = 0; round < 10; round += 1) {
    allowance = spend(allowance, { frames: 950, bytes: 0 }, round * 5000);
    expect(isSpent(allowance)).toBe(false);
  }
  expect(isSpent(spend(allowance, { frames: 950, bytes: 0 }, 46_000))).toBe(true);
});

test("a clock that goes backwards gives nothing", () => {
  const spent = spend(fullAllowance(1000), { frames: 900, bytes: 0 }, 1000);
  expect(isSpent(spend(spent, { frames: 200, bytes: 0 }, 0))).toBe(true);
});
