import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";
import { expect, test } from "bun:test";
import { addResponse, costOf, nothingSpent, type ModelResponse } from "../../src/session/cost.ts";
import type { TokenCount } from "../../src/session/event.ts";

/** The responses a recorded rollout tells of, both ways, as its reader would deliver them. */
function recorded(path: string): readonly ModelResponse[] {
  const lines = readFileSync(path, "utf8").trim().split("\n");
  const items = lines.map((line) => JSON.parse(line));
  const start: number = items[0].payload.subagent_history_start_ordinal ?? 0;
  return items.flatMap(({ type, timestamp, ordinal, payload }): ModelResponse[] => {
    const info = type === "token_usage_record" ? payload : payload.info;
    const usage = info?.usage ?? info?.last_token_usage;
    const total = info?.thread_token_usage ?? info?.total_token_usage;
    if (ordinal < start || usage === undefined || total === undefined) return [];
    const id = payload.response_id === undefined ? {} : { id: payload.response_id };
    const told = { usage: countOf(usage), total: countOf(total), ordinal, ...id };
    return [{ at: Date.parse(timestamp), model: "gpt-5.2", ...told }];
  });
}

const countOf = (usage: Record<string, number>): TokenCount => ({
  input: usage["input_tokens"] ?? 0,
  cached: usage["cached_input_tokens"] ?? 0,
  output: usage["output_tokens"] ?? 0,
  reasoning: usage["reasoning_output_tokens"] ?? 0,
  total: usage["total_tokens"] ?? 0,
});

const folder = join(import.meta.dir, "../fixtures/rollouts");
const rollouts = [...new Glob("*/rollout-*.jsonl").scanSync(folder)]
  // Written by hand: its running totals do not add up.
  .filter((name) => !name.startsWith("legacy"))
  .toSorted();

test("there are recorded rollouts to judge by", () => {
  expect(rollouts.length).toBeGreaterThan(10);
});

test.each(rollouts)("the recorded %s costs what its last running total says", (name) => {
  const responses = recorded(join(folder, name));
  const cost = costOf(responses.reduce(addResponse, nothingSpent));
  const total = responses.at(-1)?.total ?? countOf({});
  const usd = (total.input - total.cached) * 1.75 + total.cached * 0.175 + total.output * 14;
  expect(cost?.complete ?? true).toBe(true);
  expect(cost?.usd ?? 0).toBeCloseTo(usd / 1_000_000, 9);
});
