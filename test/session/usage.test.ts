import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { ownLimit, type LimitWindow, type TokenCount } from "../../src/session/event.ts";
import { newSession, reduce } from "../../src/session/session.ts";
import { usageOf, windowName } from "../../src/session/usage.ts";

const minute = 60_000;
const now = 1_800_000_000_000;

const names: readonly (readonly [number, string | undefined])[] = [
  [300, "5h"],
  [299, "5h"],
  [10_080, "7d"],
  [10_079, "7d"],
  [30, "30m"],
  [1, "1m"],
  [59, "59m"],
  [60, "1h"],
  [61, "1h1m"],
  [90, "1h30m"],
  [119, "2h"],
  [1440, "1d"],
  [1439, "1d"],
  [43_200, "30d"],
  [10_000, "6d22h40m"],
  [299.6, "5h"],
  [0, undefined],
  [0.2, undefined],
  [-300, undefined],
  [Number.NaN, undefined],
  [Number.POSITIVE_INFINITY, undefined],
];

test.each(names)("a window of %p minutes is named %p", (minutes, name) => {
  expect(windowName(minutes)).toBe(name as string);
});

test("a session that has told nothing shows nothing", () => {
  expect(usageOf(newSession, now)).toEqual({});
});

const count = (input: number, cached: number, output: number, total?: number): TokenCount => ({
  input,
  cached,
  output,
  reasoning: 0,
  total: total ?? input + output,
});

test("tokens, cached share and context are those of the newest report", () => {
  const session = reduce(newSession, {
    type: "usageReported",
    at: now - 5000,
    total: count(31_100, 15_550, 49),
    last: count(16_600, 8300, 25),
    contextWindow: 258_400,
  });
  expect(usageOf(session, now)).toEqual({
    tokens: {
      total: count(31_100, 15_550, 49),
      last: count(16_600, 8300, 25),
      cachedShare: 0.5,
    },
    context: { used: 16_625, window: 258_400, percent: 6 },
  });
});

test("after a compaction the context is what is left, though nothing was sent", () => {
  const compacted = { total: count(156_400, 78_200, 69), last: count(0, 0, 0, 8269) };
  const usage = { ...compacted, at: now };
  expect(usageOf({ usage, contextWindow: 258_400, limits: [] }, now).context).toEqual({
    used: 8269,
    window: 258_400,
    percent: 3,
  });
});

test("what was not told is absent, not zero", () => {
  const usage = { total: count(0, 0, 0), last: count(0, 0, 0), at: now };
  const shown = usageOf({ usage, contextWindow: undefined, limits: [] }, now);
  expect(shown.tokens).not.toHaveProperty("cachedShare");
  expect(shown.context).toEqual({ used: 0 });
  expect(shown).not.toHaveProperty("limits");
  expect(usageOf({ usage, contextWindow: 0, limits: [] }, now).context).toEqual({ used: 0 });
});

const limits = (windows: readonly LimitWindow[], at: number) => [{ id: ownLimit, windows, at }];
const quotas = (windows: readonly LimitWindow[], at: number, when: number) =>
  usageOf({ usage: undefined, contextWindow: undefined, limits: limits(windows, at) }, when).limits
    ?.quotas;

test("quotas carry their name, when they were told, plan and credits", () => {
  const observed = {
    id: ownLimit,
    windows: [
      { usedPercent: 37.5, minutes: 300, resetsAt: now + 60 * minute },
      { usedPercent: 12, minutes: 10_080, resetsAt: now + 9000 * minute },
    ],
    plan: "plus",
    credits: { has: true, unlimited: false, balance: "9.99" },
    at: now - 7 * minute,
  };
  const shown = usageOf({ usage: undefined, contextWindow: undefined, limits: [observed] }, now);
  expect(shown).toEqual({
    limits: {
      quotas: [
        { name: "5h", minutes: 300, usedPercent: 37.5, resetsAt: now + 60 * minute },
        { name: "7d", minutes: 10_080, usedPercent: 12, resetsAt: now + 9000 * minute },
      ],
      plan: "plus",
      credits: { has: true, unlimited: false, balance: "9.99" },
      observedAt: now - 7 * minute,
    },
  });
});

const lasting: readonly (readonly [string, LimitWindow, number, boolean])[] = [
  ["before its reset", { usedPercent: 1, minutes: 300, resetsAt: now + 1 }, now - minute, true],
  ["at its reset", { usedPercent: 1, minutes: 300, resetsAt: now }, now - minute, false],
  ["after its reset", { usedPercent: 100, resetsAt: now - 1 }, now - minute, false],
  ["within its length", { usedPercent: 1, minutes: 300 }, now - 299 * minute, true],
  ["past its length", { usedPercent: 1, minutes: 300 }, now - 300 * minute, false],
  ["without length or reset", { usedPercent: 1 }, now - 99_999 * minute, true],
];

test.each(lasting)("a quota %s", (_when, window, observedAt, shown) => {
  expect(quotas([window], observedAt, now)).toHaveLength(shown ? 1 : 0);
});

test("a window without a length has no name; percentages stay between 0 and 100", () => {
  const shown = quotas([{ usedPercent: 130 }, { usedPercent: -2, minutes: 0 }], now, now);
  expect(shown).toEqual([{ usedPercent: 100 }]);
});

test("shares and percentages stay in bounds for any numbers", () => {
  const tokens = fc.record({
    input: fc.integer(),
    cached: fc.integer(),
    output: fc.integer(),
    reasoning: fc.integer(),
    total: fc.integer(),
  });
  fc.assert(
    fc.property(tokens, tokens, fc.integer(), (total, last, contextWindow) => {
      const usage = { total, last, at: now };
      const { tokens: shown, context } = usageOf({ usage, contextWindow, limits: [] }, now);
      expect(shown?.cachedShare ?? 0).toBeWithin(0, 1.000_001);
      expect(context?.percent ?? 0).toBeWithin(0, 100.001);
      expect(context?.used).toBeGreaterThanOrEqual(0);
    }),
  );
});
