import { expect, test } from "bun:test";
import { createRolloutReader } from "../../src/codex/events.ts";
import { costOf } from "../../src/session/cost.ts";
import { fixtureFiles } from "./fixture-files.ts";

// What every rollout among the fixtures costs, through the reader, and by a computation of its own
// that shares nothing with it: all distinct running totals of a file, each with what was used last.

/** USD per million tokens of input, cached input and output, as the pages said on the table's day. */
const prices: Readonly<Record<string, readonly [number, number, number]>> = {
  "gpt-5.5": [5, 0.5, 30],
  "gpt-5.1-codex": [1.25, 0.125, 10],
  "gpt-5.2-codex": [1.75, 0.175, 14],
  "gpt-6.1-sol": [7, 3, 11],
};
const ours = { "gpt-6.1-sol": { input: 7, cached: 3, output: 11 } };
/** From here on a prompt costs twice as much, and its answer half as much again. */
const long = 272_000;

interface Usage {
  readonly input_tokens: number;
  readonly cached_input_tokens?: number;
  readonly cache_write_input_tokens?: number;
  readonly output_tokens: number;
}

// oxlint-disable-next-line typescript/no-explicit-any -- Codex's own lines, as they are
type Line = any;

/** The lines that are no copy of another thread's: by ordinals, else those after the first pause. */
function ownLines(lines: readonly Line[]): readonly Line[] {
  const heads = lines.filter(({ type }) => type === "session_meta");
  const start: number | undefined = heads[0]?.payload.subagent_history_start_ordinal;
  if (start !== undefined) return lines.filter(({ ordinal }) => ordinal >= start);
  const isCopy = heads.length > 1 || heads[0]?.payload.forked_from_id !== undefined;
  if (!isCopy || heads[0].payload.history_base !== undefined) return lines;
  const times = lines.map(({ timestamp }) => Date.parse(timestamp));
  const pause = times.findIndex((at, i) => i > 0 && at - times[i - 1]! > 1000);
  return pause < 0 ? [] : lines.slice(pause);
}

const size = (usage: Usage): number => usage.input_tokens + usage.output_tokens;

/** `undefined`: no cost that is known for certain. */
function costByHand(lines: readonly Line[]): number | undefined {
  let model: string | undefined;
  let tier: string | null | undefined;
  let usd = 0;
  const totals = new Set<number>();
  let known = true;
  for (const { type, payload } of ownLines(lines)) {
    const settings = type === "turn_context" ? payload : payload.thread_settings;
    model = settings?.model ?? model;
    tier = settings?.service_tier ?? payload.service_tier ?? tier;
    const total: Usage | undefined = payload.thread_token_usage ?? payload.info?.total_token_usage;
    if (total === undefined || size(total) === 0 || totals.has(size(total))) continue;
    const last: Usage | undefined = payload.usage ?? payload.info?.last_token_usage;
    if (last !== undefined && last !== null && size(last) === 0) continue;
    totals.add(size(total));
    const price = prices[model ?? ""];
    if (price === undefined || !last || (last.cache_write_input_tokens ?? 0) > 0) known = false;
    if (![undefined, null, "default"].includes(tier)) known = false;
    if (price === undefined || !last) continue;
    const cached = last.cached_input_tokens ?? 0;
    const [more, answer] = last.input_tokens > long ? [2, 1.5] : [1, 1];
    usd += (last.input_tokens - cached) * price[0] * more + cached * price[1] * more;
    usd += last.output_tokens * price[2] * answer;
  }
  return known && totals.size > 0 ? usd / 1e6 : undefined;
}

/** Where the reader has none, since what it would be is not known for certain. */
const open: ReadonlySet<string> = new Set([
  // Written by hand: its running totals do not add up.
  "legacy/rollout-2026-01-10T10-00-00-019b0000-1111-7222-8333-444455556666.jsonl",
]);

test.each(fixtureFiles)("$name", ({ name, lines, thread }) => {
  const reader = createRolloutReader(thread);
  for (const line of lines) reader.read(Buffer.from(line));
  const cost = costOf(reader.spent, ours);
  const usd = cost?.complete === true ? cost.usd : undefined;
  const byHand = costByHand(
    lines.flatMap((line): Line[] => {
      const json = JSON.parse(line);
      return json.payload === undefined ? [] : [json];
    }),
  );
  const expected = open.has(name) ? undefined : byHand;
  if (expected === undefined) expect(usd).toBeUndefined();
  else expect(usd).toBeCloseTo(expected, 9);
});

test("most fixtures have a cost to compare", () => {
  const costs = fixtureFiles.filter(({ lines }) =>
    lines.some((line) => line.includes("token_usage")),
  );
  expect(costs.length).toBeGreaterThan(40);
});
