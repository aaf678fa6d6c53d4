import { readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { openDiskOnce } from "../../src/cli/disk-once.ts";
import { openSessionWatch, type SessionWatch } from "../../src/cli/session-watch.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import type { SessionList } from "../../src/session/session-view.ts";
import { local, putCase, type Put } from "../support/put-rollout.ts";
import { readRolloutLine } from "../../src/codex/rollout.ts";
import { SimulatedHome } from "./simulated-codex.ts";

// Inputs made from public reports of people who read Codex's rollouts, each with its right value,
// looked at as `cdp status` does.

let home: SimulatedHome;
let watch: SessionWatch;
beforeEach(() => {
  home = new SimulatedHome();
  const disk = openDiskOnce();
  watch = openSessionWatch({ home: home.path, disk, clock: systemClock, log: silentLog });
});
afterEach(() => {
  watch[Symbol.dispose]();
  home[Symbol.dispose]();
});

const put = (file: string, options: Put = {}): string =>
  putCase(home.path, file, Date.now(), options);

async function only(file: string, options: Put = {}) {
  put(file, options);
  const { sessions } = await watch.look();
  expect(sessions).toHaveLength(1);
  return sessions[0]!;
}

const windows = ({ limits }: SessionList): readonly string[] =>
  (limits?.quotas ?? []).map(({ name, usedPercent }) => `${name} ${usedPercent} %`);

test.each([
  ["compacting-without-attribution/in.jsonl", {}, "thinking"],
  ["end-of-another-turn/in.jsonl", { ago: 60 }, "idle"],
  ["final-answer-without-end/in.jsonl", { ago: 60 }, "idle"],
  ["no-task-started/finished.jsonl", { ago: 120 }, "idle"],
  ["no-task-started/prompted.jsonl", { ago: 5 }, "thinking"],
  ["long-call/in.jsonl.gz", {}, "editing x"],
] as const)("%s %j: %s", async (file, options, expected) => {
  const { kind, target } = (await only(file, options)).activity;
  expect([kind, target].filter((part) => part !== undefined).join(" ")).toBe(expected);
});

test.each([
  ["reemitted-first-count/reemit0.jsonl", 0.53],
  ["reemitted-first-count/reemit1.jsonl", 0.53],
  ["legacy-fork-replay/fork.jsonl", 0.0125],
  ["legacy-fork-replay/emptyfork.jsonl", undefined],
  ["fast-tier-cost/std.jsonl", 0.53],
  // These prices are not published.
  ["fast-tier-cost/fast.jsonl", undefined],
  ["cache-write-cost/in.jsonl", undefined],
] as const)("%s costs %p USD", async (file, usd) => {
  const { costUsd } = await only(file);
  if (usd === undefined) expect(costUsd).toBeUndefined();
  else expect(costUsd).toBeCloseTo(usd, 9);
});

describe("reverted-thread", () => {
  const thread = "01a226b6-70f3-74b0-bfba-61021af798fc";
  const first = `rollout-2026-11-29T09-50-20-${thread}.jsonl`;
  const second = `rollout-2026-11-29T09-50-30-${thread}_01a226b6-99f2-7771-8815-24d650f25465.jsonl`;

  test.each([
    ["the later one written last", 20, 2],
    ["both written at one moment", 2, 2],
    ["the earlier one touched since", 2, 9],
  ])("%s: one session, of the file begun last", async (_, ago, laterAgo) => {
    put(`reverted-thread/${first}`, { id: thread, name: first, ago });
    put(`reverted-thread/${second}`, { id: thread, name: second, ago: laterAgo, lines: 9 });
    const { sessions } = await watch.look();
    expect(sessions).toHaveLength(1);
    expect(sessions[0]).toMatchObject({
      id: thread,
      activity: { kind: "running" },
      tokens: { total: { total: 7357 } },
      startedAt: Number.parseInt("01a226b670f3", 16),
    });
    // The one response since the rewind: what was before it is in the other file.
    expect(sessions[0]!.costUsd).toBeCloseTo((2350 * 5 + 2350 * 0.5 + 20 * 30) / 1e6, 9);
  });
});

test("legacy-thread-resumed: the prompt's id is read", () => {
  const line =
    '{"timestamp":"2026-11-29T10:04:01.799Z","type":"event_msg","payload":{"type":"user_message","client_id":"dc19ab5f-9b55-4736-a2af-4e70e0e4dcf3","message":"x","images":[]}}';
  expect(readRolloutLine(Buffer.from(line))).toMatchObject({
    type: "userMessage",
    clientId: "dc19ab5f-9b55-4736-a2af-4e70e0e4dcf3",
  });
});

test("limits-by-id: a model's own limit stands apart from the account's", async () => {
  put("limits-by-id/spark.jsonl");
  expect(windows(await watch.look())).toEqual(["5h 63 %", "7d 98 %"]);
});

test("resets-in-seconds: the window that has ended is gone, the other has its reset", async () => {
  put("resets-in-seconds/in.jsonl", { ago: 900 });
  const list = await watch.look();
  expect(windows(list)).toEqual(["7d 70 %"]);
  const resetsAt = Date.now() - 900_000 + 159_762_000;
  expect(Math.abs((list.limits?.quotas[0]?.resetsAt ?? 0) - resetsAt)).toBeLessThan(5000);
});

test("subagents-without-parent-key: a session with one agent; a review is none", async () => {
  const parent = "019e5117-c673-7660-b218-af0489416e0f";
  put("subagents-without-parent-key/parent.jsonl", { id: parent });
  put("subagents-without-parent-key/child.jsonl", { id: "019e5155-b507-7d83-8c3d-9ecee5f93f12" });
  put("subagents-without-parent-key/review.jsonl");
  const { sessions } = await watch.look();
  expect(sessions.map(({ id, agents }) => [id, agents])).toEqual([[parent, 1]]);
});

test("context-full-and-null: a full context, and a total without its last response", async () => {
  const full = await only("context-full-and-null/full.jsonl");
  expect(full.context).toEqual({ used: 258_400, window: 258_400, percent: 100 });
  const other = put("context-full-and-null/lastnull.jsonl");
  const { sessions } = await watch.look();
  const lastNull = sessions.find(({ id }) => id === other);
  expect(lastNull?.tokens?.total).toMatchObject({ input: 9000, output: 90, total: 9090 });
  expect(lastNull?.tokens?.last).toBeUndefined();
  // What the last one took is not told, so neither is its price.
  expect(lastNull?.costUsd).toBeUndefined();
});

test("resumed-in-old-folder: found by its last write", async () => {
  for (const daysAgo of [0, 1, 2]) {
    put("resumed-in-old-folder/done.jsonl", { daysAgo, ago: daysAgo * 86_400 + 900 });
  }
  const running = put("resumed-in-old-folder/running.jsonl", { daysAgo: 120 });
  const { sessions } = await watch.look();
  expect(sessions.map(({ id }) => id)).toEqual([running]);
});

test("many-newer-names: the session leads, whatever was named after it", async () => {
  const day = local(Date.now()).slice(0, 10);
  const main = "01a22600-0000-7000-8000-00000000aaaa";
  const name = (at: string, id: string): string => `rollout-${day}T${at}-${id}.jsonl`;
  put("many-newer-names/main.jsonl", { id: main, name: name("00-10-00", main), daysAgo: 0 });
  for (let i = 0; i < 70; i += 1) {
    const id = `01a22601-0000-7000-8000-${i.toString(16).padStart(12, "0")}`;
    const at = `01-${(i % 60).toString().padStart(2, "0")}-0${Math.floor(i / 60)}`;
    put("many-newer-names/agent.jsonl", { id, name: name(at, id), daysAgo: 0, ago: 30 + i });
  }
  const { sessions, leader } = await watch.look();
  expect(leader?.id).toBe(main);
  expect(sessions).toHaveLength(1);
});

test("a session whose agents all wrote after it is not left out for them", async () => {
  const main = put("many-newer-names/main.jsonl", { ago: 600 });
  for (let i = 0; i < 70; i += 1) {
    const id = `01a22602-0000-7000-8000-${i.toString(16).padStart(12, "0")}`;
    const parent = { parent: "019e5117-c673-7660-b218-af0489416e0f", main };
    putAgent(id, parent, 2 + i);
  }
  const { sessions, leader } = await watch.look();
  expect(leader?.id).toBe(main);
  expect(sessions).toHaveLength(1);
  expect(leader?.agents).toBeGreaterThan(50);
});

function putAgent(
  id: string,
  ids: { readonly parent: string; readonly main: string },
  ago: number,
) {
  const made = putCase(home.path, "subagents-without-parent-key/child.jsonl", Date.now(), {
    id,
    ago,
  });
  const path = [...new Bun.Glob(`**/*${made}.jsonl`).scanSync(home.path)][0]!;
  const file = `${home.path}/${path}`;
  const { atime, mtime } = statSync(file);
  writeFileSync(file, readFileSync(file, "utf8").replaceAll(ids.parent, ids.main));
  utimesSync(file, atime, mtime);
}

test("bare-era: what old releases wrote is no damage", async () => {
  put("bare-era/in.jsonl");
  expect((await watch.look()).sessions).toEqual([]);
  expect(watch.met).toMatchObject({ broken: 0, unknown: 0, refused: 0 });
});
