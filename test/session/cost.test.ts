import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import {
  addResponse,
  costOf,
  inherited,
  nothingSpent,
  skipResponse,
  type ModelResponse,
  type Spent,
} from "../../src/session/cost.ts";
import type { TokenCount } from "../../src/session/event.ts";
import type { PriceMap } from "../../src/session/price.ts";

const count = (input: number, cached: number, output: number): TokenCount => ({
  input,
  cached,
  output,
  reasoning: 0,
  total: input + output,
});

type Step = Omit<ModelResponse, "at" | "total" | "ordinal" | "usage"> & {
  readonly usage: TokenCount;
};
type Told = ModelResponse & { readonly usage: TokenCount };

/** Responses of one thread in order, with the running totals and ordinals Codex would write. */
function thread(steps: readonly Step[], start: TokenCount = count(0, 0, 0)): readonly Told[] {
  let total = start;
  return steps.map((step, index) => {
    total = count(
      total.input + step.usage.input,
      total.cached + step.usage.cached,
      total.output + step.usage.output,
    );
    return { ...step, at: 1000 * (index + 1), total, ordinal: 10 * (index + 1) };
  });
}

const spend = (responses: readonly ModelResponse[], from: Spent = nothingSpent): Spent =>
  responses.reduce(addResponse, from);

const usdOf = (responses: readonly ModelResponse[], prices?: PriceMap): number | undefined =>
  costOf(spend(responses), prices)?.usd;

const million = 1_000_000;
const short = count(100_000, 40_000, 10_000);

const models: readonly (readonly [string | undefined, number | undefined])[] = [
  // 60 000 input, 40 000 cached, 10 000 output
  ["gpt-5.5", 0.3 + 0.02 + 0.3],
  ["GPT-5.5", 0.3 + 0.02 + 0.3],
  ["gpt-5.5-codex", 0.3 + 0.02 + 0.3],
  ["gpt-5.5-2026-07-09", 0.3 + 0.02 + 0.3],
  ["gpt-5.5-codex-20260709", 0.3 + 0.02 + 0.3],
  ["gpt-5.5-pro", 1.8 + 0.12 + 1.8],
  ["gpt-5.5-pro-2026-07-09", 1.8 + 0.12 + 1.8],
  ["gpt-5.6", 0.62],
  ["gpt-5.6-sol", 0.62],
  ["gpt-5.6-terra", 0.31],
  ["gpt-5.6-luna", 0.06 + 0.004 + 0.06],
  ["gpt-5.4", 0.31],
  ["gpt-5.4-mini", 0.045 + 0.003 + 0.045],
  ["gpt-5.3-codex", 0.105 + 0.007 + 0.14],
  ["gpt-5.2", 0.252],
  ["gpt-5.2-codex", 0.252],
  ["gpt-5.1", 0.075 + 0.005 + 0.1],
  ["gpt-5.1-codex", 0.18],
  ["gpt-5.1-codex-max", 0.18],
  ["gpt-5", 0.18],
  ["gpt-5-codex", 0.18],
  ["gpt-5-codex-max", 0.18],
  ["gpt-5.1-codex-mini", 0.015 + 0.001 + 0.02],
  ["gpt-5-mini", 0.036],
  ["gpt-5-nano", 0.003 + 0.0002 + 0.004],
  ["codex-mini-latest", 0.09 + 0.015 + 0.06],
  ["gpt-6.1-sol", undefined],
  ["gpt-6-astra", undefined],
  ["gpt-5.5-turbo", undefined],
  ["gpt-5.3", undefined],
  ["gpt-5.55", undefined],
  ["xgpt-5.5", undefined],
  ["gpt-5.5-codex-codex", undefined],
  ["openai/gpt-5.5", undefined],
  ["constructor", undefined],
  ["__proto__", undefined],
  ["-codex", undefined],
  ["", undefined],
  [undefined, undefined],
];

test.each(models)("a response of %p costs %p USD", (model, usd) => {
  const cost = usdOf(thread([{ usage: short, ...(model === undefined ? {} : { model }) }]));
  if (usd === undefined) expect(cost).toBeUndefined();
  else expect(cost).toBeCloseTo(usd, 9);
});

const long: readonly (readonly [string, number, number])[] = [
  ["gpt-5.5", 272_000, 0.272 * 5],
  ["gpt-5.5", 272_001, 0.272_001 * 10],
  ["gpt-5.4", 272_000, 0.272 * 2.5],
  ["gpt-5.4-2026-03-05", 400_000, 0.4 * 5],
  ["gpt-5.4-mini", 400_000, 0.4 * 0.75],
  ["gpt-5.2", 400_000, 0.4 * 1.75],
];

test.each(long)("a prompt of %p with %p tokens costs %p USD", (model, input, usd) => {
  expect(usdOf(thread([{ model, usage: count(input, 0, 0) }]))).toBeCloseTo(usd, 9);
});

test("a long prompt doubles the cached input too and costs half more output", () => {
  const [usage] = [count(300_000, 300_000, 10_000)];
  expect(usdOf(thread([{ model: "gpt-5.5", usage }]))).toBeCloseTo(0.3 + 0.45, 9);
});

test("only the long prompts of a session cost more", () => {
  const steps = [200_000, 300_000, 100_000].map((input) => ({
    model: "gpt-5.5",
    usage: count(input, 0, 0),
  }));
  expect(usdOf(thread(steps))).toBeCloseTo(0.3 * 5 + 0.3 * 10, 9);
});

test("each response costs what its own model costs", () => {
  const usage = count(million, 0, 0);
  const steps = ["gpt-5.6", "gpt-5.6-luna", "gpt-5.6"].map((model) => ({ model, usage }));
  expect(usdOf(thread(steps))).toBeCloseTo(5 + 1 + 5, 9);
});

test("one response without a price takes the whole cost away", () => {
  const steps = ["gpt-5.6", "gpt-6-sol", "gpt-5.6"].map((model) => ({ model, usage: short }));
  expect(usdOf(thread(steps))).toBeUndefined();
  expect(usdOf(thread(steps), { "gpt-6-sol": { input: 1, cached: 1, output: 1 } })).toBeDefined();
});

test("before its first response a session has no cost, not a cost of nothing", () => {
  expect(costOf(nothingSpent)).toBeUndefined();
  expect(costOf(inherited)).toBeUndefined();
});

const own: readonly (readonly [string, PriceMap, number | undefined])[] = [
  ["gpt-6-sol", { "gpt-6-sol": { input: 10, cached: 1, output: 0 } }, 0.6 + 0.04],
  ["gpt-6-sol-2026-11-01", { "gpt-6-sol": { input: 10, cached: 1, output: 0 } }, 0.64],
  ["gpt-6-sol-codex", { "GPT-6-Sol": { input: 10, cached: 1, output: 0 } }, 0.64],
  ["gpt-5.5", { "gpt-5.5": { input: 0, cached: 0, output: 1 } }, 0.01],
  ["gpt-5.5", { "gpt-5": { input: 0, cached: 0, output: 1 } }, 0.62],
  // A name that fits better decides, whoever gave it.
  ["gpt-5.3-codex", { "gpt-5.3": { input: 0, cached: 0, output: 1 } }, 0.252],
  ["gpt-5.5-codex", { "gpt-5.5-codex": { input: 0, cached: 0, output: 1 } }, 0.01],
  ["gpt-6-sol", {}, undefined],
];

test.each(own)("%p with own prices %j costs %p USD", (model, prices, usd) => {
  const cost = usdOf(thread([{ model, usage: short }]), prices);
  if (usd === undefined) expect(cost).toBeUndefined();
  else expect(cost).toBeCloseTo(usd, 9);
});

test("a person's own price holds for long prompts as it is", () => {
  const prices = { "gpt-5.5": { input: 1, cached: 1, output: 1 } };
  expect(usdOf(thread([{ model: "gpt-5.5", usage: count(million, 0, 0) }]), prices)).toBe(1);
});

test("more cached than input, and less than nothing, are not paid for", () => {
  const usage = { input: 1000, cached: 5000, output: -7, reasoning: 0, total: 1000 };
  const response = { at: 1, model: "gpt-5.6", usage, total: usage };
  expect(usdOf([response])).toBeCloseTo(0.0005, 9);
});

test("a session of more models than anybody uses has no cost and stays small", () => {
  const steps = Array.from({ length: 5000 }, (_, i) => ({ model: `m${i}`, usage: short }));
  const spent = spend(thread(steps));
  expect(spent.bills.length).toBeLessThanOrEqual(64);
  expect(costOf(spent)).toBeUndefined();
});

describe("a response is counted once", () => {
  const model = "gpt-5.6";
  const steps = [1, 2, 3, 4].map((n) => ({ model, usage: count(n * million, 0, 0), id: `r${n}` }));
  const records = thread(steps);
  /** What `token_count` tells: the same without an id, some lines later. */
  const counts = records.map(({ at, usage, total, ordinal }) => ({
    at: at + 1,
    model,
    usage,
    total,
    ordinal: ordinal! + 3,
  }));
  const legacy = counts.map(({ at, usage, total }) => ({ at, model, usage, total }));
  const both = records.flatMap((record, i) => [record, counts[i]!]);

  const stories: readonly (readonly [string, readonly ModelResponse[]])[] = [
    ["told by usage records", records],
    ["told by token counts", counts],
    ["told by both", both],
    ["told by both, the counts late", [...records, ...counts]],
    ["told by both, one late", [records[0]!, records[1]!, counts[0]!, ...both.slice(3)]],
    ["of the legacy dialect", legacy],
    ["repeated at once", both.flatMap((response) => [response, response])],
    ["read again from the start", [...both, ...both]],
    ["read again from the middle", [...both, ...both.slice(3)]],
    ["of the legacy dialect, read again", [...legacy, ...legacy]],
    ["repeated by a later turn", [...both, { ...counts.at(-1)!, at: 9999, ordinal: 9999 }]],
    ["some only by counts", [records[0]!, counts[1]!, records[2]!, counts[2]!, counts[3]!]],
  ];

  test.each(stories)("%s", (_story, responses) => {
    expect(costOf(spend(responses))).toEqual({ usd: 50, complete: true });
  });

  test("what a compaction leaves in the context is no response", () => {
    const left = { ...count(0, 0, 0), total: 8269 };
    const compacted = { at: 9000, model, usage: left, total: records.at(-1)!.total, ordinal: 99 };
    expect(costOf(spend([...both, compacted]))).toEqual({ usd: 50, complete: true });
  });

  test("a file read from its middle costs what was seen, and says so", () => {
    expect(costOf(spend(both.slice(4)))).toEqual({ usd: 35, complete: false });
  });

  test("a lost response makes the cost incomplete", () => {
    const lost = [...both.slice(0, 2), ...both.slice(4)];
    expect(costOf(spend(lost))).toEqual({ usd: 40, complete: false });
  });

  test("a fork pays for its own responses only", () => {
    const forked = thread(steps.slice(0, 2), count(70 * million, 0, 5000));
    expect(costOf(spend(forked, inherited))).toEqual({ usd: 15, complete: true });
  });

  test("what a fork repeats of its parent's counts is not paid for again", () => {
    const parents = { at: 1, model, usage: short, total: count(70 * million, 0, 5000) };
    const forked = thread(steps.slice(0, 2), parents.total);
    const skipped = [parents, parents].reduce(skipResponse, inherited);
    expect(costOf(skipped)).toBeUndefined();
    expect(costOf(spend(forked, skipped))).toEqual({ usd: 15, complete: true });
  });

  test("a fork whose total begins at nothing is complete too", () => {
    expect(costOf(spend(both, inherited))).toEqual({ usd: 50, complete: true });
  });

  test("a running total that begins anew goes on being counted", () => {
    const again = thread(steps.slice(0, 2)).map((response, i) => ({
      ...response,
      at: response.at + 10_000,
      ordinal: response.ordinal! + 1000,
      id: `again${i}`,
    }));
    expect(costOf(spend([...both, ...again]))).toEqual({ usd: 65, complete: true });
  });

  test("the same running total cut anywhere and continued costs the same", () => {
    fc.assert(
      fc.property(fc.nat(both.length), fc.nat(both.length), (cut, back) => {
        const again = both.slice(Math.max(0, cut - back));
        const spent = spend(again, spend(both.slice(0, cut)));
        expect(costOf(spent)).toEqual({ usd: 50, complete: true });
      }),
    );
  });
});

test("any responses in any order never throw nor cost less than nothing", () => {
  const tokens = fc.record({
    input: fc.integer(),
    cached: fc.integer(),
    output: fc.integer(),
    reasoning: fc.integer(),
    total: fc.integer(),
  });
  const response = fc.record(
    {
      at: fc.integer(),
      usage: tokens,
      total: tokens,
      model: fc.constantFrom("gpt-5.5", "gpt-5.6"),
      id: fc.string(),
      ordinal: fc.nat(),
    },
    { requiredKeys: ["at", "usage", "total", "model"] },
  );
  fc.assert(
    fc.property(fc.array(response), (responses) => {
      expect(usdOf(responses) ?? 0).toBeGreaterThanOrEqual(0);
    }),
  );
});
