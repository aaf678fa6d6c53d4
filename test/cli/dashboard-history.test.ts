import { expect, test } from "bun:test";
import { HistoryLog } from "../../src/cli/dashboard-history.ts";
import type { SessionView } from "../../src/session/session-view.ts";
import type { ActivityKind } from "../../src/session/activity.ts";

const start = Date.UTC(2026, 10, 22, 12, 0, 0);
const minute = 60_000;
const utc = () => 0;
const count = (total: number) => ({ input: 0, cached: 0, output: 0, reasoning: 0, total });

function session(kind: ActivityKind, total?: number, startedAt = start - minute): SessionView {
  return {
    id: "one",
    parent: undefined,
    own: false,
    surface: "cli",
    activity: { kind, since: startedAt },
    open: false,
    agents: 0,
    turn: undefined,
    projectKey: undefined,
    project: undefined,
    branch: undefined,
    repository: undefined,
    title: undefined,
    model: undefined,
    effort: undefined,
    serviceTier: undefined,
    evidence: "rollout",
    tokens: total === undefined ? undefined : { total: count(total), last: count(1) },
    context: undefined,
    costUsd: undefined,
    startedAt,
    updatedAt: startedAt,
    places: undefined,
  };
}

test("tokens fall into their minutes, what was there before does not count again", () => {
  const log = new HistoryLog(start, utc);
  log.observe([session("thinking", 1000)], start);
  log.observe([session("thinking", 1400)], start + 2 * minute);
  log.observe([session("thinking", 1500)], start + 3 * minute);
  const { tokensPerMinute } = log.view(start + 3 * minute);
  expect(tokensPerMinute.length).toBe(60);
  expect(tokensPerMinute.slice(-4)).toEqual([0, 0, 400, 100]);
  expect(log.view(start + 63 * minute).tokensPerMinute.every((n) => n === 0)).toBe(true);
});

test("of a session that begins while it runs every token counts", () => {
  const log = new HistoryLog(start, utc);
  log.observe([session("starting", undefined, start + 1)], start + 1);
  log.observe([session("thinking", 700, start + 1)], start + 1000);
  expect(log.view(start + 1000).tokensPerMinute.at(-1)).toBe(700);
});

test("the day moves on with the minute, as the ages beside it do", () => {
  const log = new HistoryLog(start, utc);
  const seconds = (at: number) => log.view(at).activitySeconds;
  log.observe([session("editing")], start);
  const first = seconds(start);
  log.observe([session("editing")], start + 50_000);
  expect(seconds(start + 50_000)).toBe(first);
  expect(seconds(start + minute)).toEqual({ editing: 50 });
});

test("time goes to what was done in it, and no further than today", () => {
  const log = new HistoryLog(start, utc);
  log.observe([session("editing")], start);
  log.observe([session("running")], start + minute);
  log.observe([session("idle")], start + 3 * minute);
  expect(log.view(start + 3 * minute).activitySeconds).toEqual({ editing: 60, running: 120 });
  const midnight = Date.UTC(2026, 10, 23);
  expect(log.view(midnight).activitySeconds).toEqual({});
});

test("a silence that lasts for hours counts as a quarter of one", () => {
  const log = new HistoryLog(start, utc);
  log.observe([session("thinking")], start);
  log.observe([session("idle")], start + 300 * minute);
  expect(log.view(start + 300 * minute).activitySeconds).toEqual({ thinking: 900 });
});

const line = (at: number, type: string, payload: object) =>
  `${JSON.stringify({ timestamp: new Date(at).toISOString(), type, payload })}\n`;
const used = (at: number, total: number, last: number) =>
  line(at, "event_msg", {
    type: "token_count",
    info: {
      total_token_usage: usage(total),
      last_token_usage: usage(last),
      model_context_window: 1000,
    },
  });
const usage = (n: number) => ({
  input_tokens: n,
  cached_input_tokens: 0,
  output_tokens: 0,
  reasoning_output_tokens: 0,
  total_tokens: n,
});

test("a rollout tells of the time before", () => {
  const log = new HistoryLog(start, utc);
  const text = [
    "half a line\n",
    line(start - 10 * minute, "event_msg", { type: "task_started", turn_id: "t" }),
    used(start - 9 * minute, 5000, 300),
    used(start - 7 * minute, 5200, 200),
    line(start - 6 * minute, "event_msg", { type: "task_complete", turn_id: "t" }),
    used(start + minute, 9999, 4799),
  ].join("");
  log.addRollout(new TextEncoder().encode(text));
  const { tokensPerMinute, activitySeconds } = log.view(start);
  expect(tokensPerMinute.slice(-10)).toEqual([300, 0, 200, 0, 0, 0, 0, 0, 0, 0]);
  expect(activitySeconds).toEqual({ thinking: 240 });
});

test("bytes that are no rollout change nothing", () => {
  const log = new HistoryLog(start, utc);
  log.addRollout(crypto.getRandomValues(new Uint8Array(20_000)));
  expect(log.view(start).activitySeconds).toEqual({});
});
