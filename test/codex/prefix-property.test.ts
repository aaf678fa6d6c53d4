import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { createRolloutReader } from "../../src/codex/events.ts";
import { activityOf } from "../../src/session/activity-of.ts";
import { costOf } from "../../src/session/cost.ts";
import type { SessionEvent } from "../../src/session/event.ts";
import { newSession, reduce } from "../../src/session/session.ts";
import { fixtureFiles } from "./fixture-files.ts";

// Any prefix of any rollout, with any line dropped, doubled or cut.

const ours = { "gpt-6.1-sol": { input: 7, cached: 3, output: 11 } };
const maxLine = 1_048_576;

interface Change {
  readonly kind: "drop" | "double" | "cut";
  readonly line: number;
  readonly at: number;
}

function changed(lines: readonly string[], changes: readonly Change[]): readonly string[] {
  return lines.flatMap((line, index) => {
    const kinds = changes.filter((change) => change.line === index);
    if (kinds.some(({ kind }) => kind === "drop")) return [];
    const cut = kinds.find(({ kind }) => kind === "cut");
    const left = cut === undefined ? line : line.slice(0, Math.floor(line.length * cut.at));
    return kinds.some(({ kind }) => kind === "double") ? [left, left] : [left];
  });
}

function replay(lines: readonly string[], thread: string | undefined) {
  const reader = createRolloutReader(thread);
  let session = newSession;
  const events: SessionEvent[] = [];
  for (const line of lines) {
    const bytes = Buffer.from(line);
    const whole = bytes.length <= maxLine;
    for (const event of reader.read(whole ? bytes : bytes.subarray(0, 1024), whole)) {
      session = reduce(session, event);
      events.push(event);
    }
  }
  return { session, events, cost: costOf(reader.spent, ours) };
}

const begins: ReadonlySet<SessionEvent["type"]> = new Set([
  "turnStarted",
  "userPrompted",
  "modelReasoned",
  "toolStarted",
]);
const ends: ReadonlySet<SessionEvent["type"]> = new Set(["turnEnded", "turnAborted"]);
const atRest: ReadonlySet<string> = new Set(["idle", "error", "limited"]);
const minute = 60_000;

const change = (lines: number): fc.Arbitrary<Change> =>
  fc.record({
    kind: fc.constantFrom("drop", "double", "cut"),
    line: fc.nat(Math.max(0, lines - 1)),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
  });

test.each(fixtureFiles)("$name", ({ lines, thread }) => {
  const whole = replay(lines, thread);
  const most = whole.cost?.complete === true ? whole.cost.usd : Number.POSITIVE_INFINITY;
  fc.assert(
    fc.property(
      fc.nat(lines.length),
      fc.array(change(lines.length), { maxLength: 4 }),
      (length, changes) => {
        const { session, events, cost } = replay(changed(lines, changes).slice(0, length), thread);
        // Nothing is open but in a turn, and nothing once that has ended.
        if (session.turn === undefined) expect(session.calls).toEqual([]);
        const last = events.findLast(({ type }) => begins.has(type) || ends.has(type));
        if (last !== undefined && ends.has(last.type)) {
          expect(session.turn).toBeUndefined();
          expect(atRest).toContain(activityOf(session, last.at + minute).kind);
        }
        if (cost?.complete === true) expect(cost.usd).toBeLessThanOrEqual(most + 1e-9);
      },
    ),
    { numRuns: lines.length > 100 ? 30 : 120 },
  );
});

test("a call is over with its turn, whichever sign ends that", () => {
  const { lines, thread } = fixtureFiles.find(({ name }) => name.startsWith("legacy/"))!;
  const call = lines.findIndex((line) => line.includes('"call-4"'));
  const signs = [
    { type: "event_msg", payload: { type: "task_complete", turn_id: "turn-2" } },
    { type: "event_msg", payload: { type: "task_complete", turn_id: "never met" } },
    { type: "event_msg", payload: { type: "task_complete" } },
    { type: "event_msg", payload: { type: "turn_aborted", reason: "interrupted" } },
    { type: "event_msg", payload: { type: "shutdown_complete" } },
    { type: "event_msg", payload: { type: "error", message: "m" } },
    { type: "event_msg", payload: { type: "task_started", turn_id: "turn-9" } },
  ];
  for (const sign of signs) {
    const line = JSON.stringify({ timestamp: "2026-01-10T10:00:24.000Z", ...sign });
    const before = replay(lines.slice(0, call + 1), thread).session;
    expect(before.calls).toHaveLength(1);
    expect(replay([...lines.slice(0, call + 1), line], thread).session.calls).toEqual([]);
  }
});
