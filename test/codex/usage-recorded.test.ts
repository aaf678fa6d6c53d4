import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { createRolloutReader } from "../../src/codex/events.ts";
import { costOf } from "../../src/session/cost.ts";
import { newSession, reduce } from "../../src/session/session.ts";
import { linesOf, rollouts, rolloutsOf } from "./timeline.ts";

// The tokens and the cost of every recording, counted once more in the simplest way there is: each
// response's own usage record, once, times what its model costs.

const files = readdirSync(rollouts)
  // Written by hand: it has no usage records, and its totals do not add up.
  .filter((name) => name !== "legacy")
  .flatMap((name) => [...rolloutsOf(name)]);
/** USD per million: one model as published, one that nobody has published a price for. */
const usd: Readonly<Record<string, readonly [input: number, cached: number, output: number]>> = {
  "gpt-5.5": [5, 0.5, 30],
  "gpt-6.1-sol": [7, 3, 11],
};
const ours = { "gpt-6.1-sol": { input: 7, cached: 3, output: 11 } };

interface Line {
  readonly ordinal: number;
  readonly type: string;
  readonly payload: {
    readonly model?: string;
    readonly response_id?: string;
    readonly usage?: Readonly<Record<string, number>>;
    readonly subagent_history_start_ordinal?: number;
  };
}

function counted(path: string) {
  const lines = linesOf(path).map((line) => JSON.parse(line) as Line);
  const start = lines[0]?.payload.subagent_history_start_ordinal ?? 0;
  const own = lines.filter(({ ordinal }) => ordinal >= start);
  const model = own.findLast(({ type }) => type === "turn_context")?.payload.model ?? "";
  const responses = new Map(
    own
      .filter(({ type }) => type === "token_usage_record")
      .map(({ payload }) => [payload.response_id, payload.usage ?? {}]),
  );
  const sum = (key: string): number =>
    [...responses.values()].reduce((total, usage) => total + (usage[key] ?? 0), 0);
  const [input, cached, output] = [
    sum("input_tokens"),
    sum("cached_input_tokens"),
    sum("output_tokens"),
  ];
  const [perInput, perCached, perOutput] = usd[model] ?? [0, 0, 0];
  const cost = (input - cached) * perInput + cached * perCached + output * perOutput;
  return { responses: responses.size, input, cached, output, cost: cost / 1e6 };
}

test.each(files)("%s", (path) => {
  const reader = createRolloutReader();
  let session = newSession;
  for (const line of linesOf(path)) {
    for (const event of reader.read(Buffer.from(line))) session = reduce(session, event);
  }
  const { responses, input, cached, output, cost } = counted(path);
  const total = session.usage?.total;
  expect([total?.input ?? 0, total?.cached ?? 0, total?.output ?? 0]).toEqual([
    input,
    cached,
    output,
  ]);
  expect(total?.total ?? 0).toBe(input + output);
  const known = costOf(reader.spent, ours);
  expect(known?.usd ?? 0).toBeCloseTo(cost, 9);
  expect(known?.complete).toBe(responses === 0 ? undefined : true);
});

test("there is something to count", () => {
  const all = files.map(counted);
  expect(all.filter(({ cost }) => cost > 0).length).toBeGreaterThan(30);
  expect(all.reduce((sum, { responses }) => sum + responses, 0)).toBeGreaterThan(60);
});
