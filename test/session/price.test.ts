import { expect, test } from "bun:test";
import { Glob } from "bun";
import { join } from "node:path";
import { createRolloutReader } from "../../src/codex/events.ts";
import { costOf } from "../../src/session/cost.ts";
import { findPrice, pricesTakenOn, publishedPrices, tierOf } from "../../src/session/price.ts";
import { caseLines } from "../support/put-rollout.ts";
import { linesOf, rollouts } from "../codex/timeline.ts";

test("the table says when it was taken, and has each model and tier once", () => {
  expect(pricesTakenOn).toMatch(/^20\d\d-[01]\d-[0-3]\d$/);
  const keys = publishedPrices.map(([model, tier]) => `${model} ${tier}`);
  expect(new Set(keys).size).toBe(keys.length);
  for (const [, , input, cached, output] of publishedPrices) {
    expect(input).toBeGreaterThan(cached);
    expect(output).toBeGreaterThan(input);
  }
});

test.each([
  [undefined, "standard"],
  ["default", "standard"],
  ["Standard", "standard"],
  ["fast", "priority"],
  ["priority", "priority"],
  ["flex", "flex"],
  // The project's own setting decides what that is.
  ["auto", "auto"],
] as const)("the tier %p is billed as %p", (name, tier) => {
  expect(tierOf(name)).toBe(tier);
  const price = findPrice("gpt-5.5", tierOf(name));
  expect(price === undefined).toBe(tier !== "standard");
});

test("a person's own price is that of the standard tier, and of no cache writes", () => {
  const own = { "gpt-6-sol": { input: 1, cached: 1, output: 1 } };
  expect(findPrice("gpt-6-sol", "standard", own)).toEqual({ input: 1, cached: 1, output: 1 });
  expect(findPrice("gpt-6-sol", "priority", own)).toBeUndefined();
  // Neither is the published price of another tier taken for it.
  expect(findPrice("gpt-5.5", "priority", { "gpt-5.5": own["gpt-6-sol"] })).toBeUndefined();
});

// Every fixture's cost, once more by another way: what its running total rose by in turns of its
// own, times the prices as they stand in the public table.
const usd: Readonly<Record<string, readonly [input: number, cached: number, output: number]>> = {
  "gpt-5.5": [5, 0.5, 30],
  "gpt-5.1-codex": [1.25, 0.125, 10],
  "gpt-5.2-codex": [1.75, 0.175, 14],
};

interface Totals {
  readonly [key: string]: number;
}

interface Line {
  readonly timestamp: string;
  readonly type: string;
  readonly payload: {
    readonly type?: string;
    readonly model?: string;
    readonly service_tier?: string;
    readonly thread_settings?: { readonly model?: string; readonly service_tier?: string };
    readonly info?: {
      readonly total_token_usage: Totals;
      readonly last_token_usage: Totals | null;
    } | null;
    readonly thread_token_usage?: Totals;
    readonly subagent_history_start_ordinal?: number;
    readonly forked_from_id?: string;
    readonly history_base?: { readonly end_ordinal_exclusive: number };
  };
  readonly ordinal?: number;
}

/** `undefined` where a price is not known, or what was taken is not. */
function expectedUsd(lines: readonly string[]): number | undefined {
  const items = lines.flatMap((line): readonly Line[] => {
    const json = JSON.parse(line) as Partial<Line>;
    return json.payload === undefined ? [] : [json as Line];
  });
  const [head] = items;
  const start = head?.payload.subagent_history_start_ordinal ?? 0;
  // A copy is written in one go, within the first second.
  const copiedUntil =
    head?.payload.forked_from_id === undefined || start > 0 ? 0 : Date.parse(head.timestamp) + 1000;
  let [before, model, fast, sum]: [Totals, string, boolean, number | undefined] = [
    {},
    "",
    false,
    undefined,
  ];
  let rebased = head?.payload.history_base !== undefined;
  for (const { payload, type, timestamp, ordinal } of items) {
    if ((ordinal ?? start) < start) continue;
    model = payload.model ?? payload.thread_settings?.model ?? model;
    fast ||= (payload.service_tier ?? payload.thread_settings?.service_tier) === "priority";
    const total = payload.thread_token_usage ?? payload.info?.total_token_usage;
    if (total === undefined || type === "session_meta") continue;
    const usage = payload.info === undefined ? undefined : payload.info?.last_token_usage;
    const rose = (key: string): number => (total[key] ?? 0) - (before[key] ?? 0);
    const told = ["input_tokens", "cached_input_tokens", "output_tokens"].map(rose);
    // The base of a rewound thread's totals is in its other file.
    const [input = 0, cached = 0, output = 0] = rebased ? [4700, 2350, 20] : told;
    before = total;
    rebased = false;
    if (Date.parse(timestamp) < copiedUntil || input + output <= 0) continue;
    if (usage === null || fast || (total["cache_write_input_tokens"] ?? 0) > 0) return undefined;
    const price = usd[model];
    if (price === undefined) return undefined;
    sum = (sum ?? 0) + ((input - cached) * price[0] + cached * price[1] + output * price[2]) / 1e6;
  }
  return sum;
}

const cases = join(import.meta.dir, "../fixtures/cases");
const all: readonly (readonly [string, readonly string[]])[] = [
  ...[...new Glob("*/*.jsonl*").scanSync(cases)]
    .filter((name) => !name.startsWith("legacy-thread-resumed"))
    .map((name) => [name, caseLines(name)] as const),
  ...[...new Glob("*/rollout-*.jsonl").scanSync(rollouts)]
    // Written by hand: its running totals do not add up, so that it has no cost.
    .filter((name) => !name.startsWith("legacy"))
    .map((name) => [name, linesOf(join(rollouts, name))] as const),
].toSorted(([a], [b]) => (a < b ? -1 : 1));

test.each(all)("%s costs what its running totals rose by", (_, lines) => {
  const reader = createRolloutReader();
  for (const line of lines) reader.read(Buffer.from(line), line.length < 1_048_576);
  const cost = costOf(reader.spent);
  const told = cost?.complete === true ? cost.usd : undefined;
  const expected = expectedUsd(lines);
  if (expected === undefined) expect(told).toBeUndefined();
  else expect(told).toBeCloseTo(expected, 9);
});

test("there is something to compare: fixtures with a cost, and without one", () => {
  const costs = all.map(([, lines]) => expectedUsd(lines));
  expect(costs.filter((cost) => (cost ?? 0) > 0).length).toBeGreaterThan(35);
  expect(costs.filter((cost) => cost === undefined).length).toBeGreaterThan(8);
});
