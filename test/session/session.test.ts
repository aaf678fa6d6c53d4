import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { activityDueAt, activityOf } from "../../src/session/activity-of.ts";
import type { SessionEvent } from "../../src/session/event.ts";
import { newSession, reduce, switchThread, type Session } from "../../src/session/session.ts";

type Step = Omit<SessionEvent, "at"> & { readonly type: SessionEvent["type"] };

const steps: Readonly<Record<string, object>> = {
  idle: { type: "statusReported", state: "idle" },
  working: { type: "statusReported", state: "working" },
  permission: { type: "statusReported", state: "blocked", kind: "permission" },
  asked: { type: "statusReported", state: "blocked", kind: "question" },
  blocked: { type: "statusReported", state: "blocked" },
  done: { type: "statusReported", state: "done" },
  failed: { type: "statusReported", state: "error" },
  clear: { type: "statusReported", state: "clear" },
  later: { type: "statusReported", state: "unknown" },
  spinner: { type: "titleReported", hint: "busy" },
  plainTitle: { type: "titleReported", hint: "quiet" },
  attention: { type: "titleReported", hint: "attention" },
  reset: { type: "screenReset" },
  turn: { type: "turnStarted", turn: "t1" },
  turn2: { type: "turnStarted", turn: "t2" },
  bareTurn: { type: "turnStarted", turn: "t1", unattributed: true },
  prompt: { type: "userPrompted", turn: "t1" },
  end: { type: "turnEnded", turn: "t1" },
  end2: { type: "turnEnded", turn: "t2" },
  endUnnamed: { type: "turnEnded" },
  abort: { type: "turnAborted", turn: "t1" },
  limitEnd: { type: "turnEnded", turn: "t1", failure: { reason: "usage", limit: true } },
  errorEnd: { type: "turnEnded", turn: "t1", failure: { reason: "other", limit: false } },
  run: { type: "toolStarted", call: "a", turn: "t1", work: { kind: "running", target: "make" } },
  read: { type: "toolStarted", call: "b", turn: "t1", work: { kind: "reading" } },
  run2: { type: "toolStarted", call: "c", turn: "t2", work: { kind: "running" } },
  runUnnamed: { type: "toolStarted", call: "a", work: { kind: "running", target: "make" } },
  escalated: { type: "toolStarted", call: "a", work: { kind: "running" }, mayAsk: true },
  question: { type: "toolStarted", call: "q", turn: "t1", work: { kind: "question" } },
  program: { type: "toolStarted", call: "p", composite: true, work: { kind: "running" } },
  inProgram: { type: "toolEnded", call: "exec-1", work: { kind: "reading", target: "x" } },
  endRun: { type: "toolEnded", call: "a", work: { kind: "running" } },
  endRead: { type: "toolEnded", call: "b" },
  endQuestion: { type: "toolEnded", call: "q" },
  endProgram: { type: "toolEnded", call: "p" },
  searched: { type: "workSeen", turn: "t1", work: { kind: "searching" } },
  compact: { type: "compactionStarted" },
  compacted: { type: "compacted" },
  plan: { type: "settingsApplied", settings: { planMode: true } },
  died: { type: "childEnded" },
};

/** "0 idle 50 working": at 0 ms idle, at 50 ms working. */
function play(story: string): Session {
  const words = story.split(" ").filter(Boolean);
  let session = newSession;
  for (let i = 0; i < words.length; i += 2) {
    const step = steps[words[i + 1]!] as Step;
    expect(step).toBeDefined();
    session = reduce(session, { ...step, at: Number(words[i]) } as SessionEvent);
  }
  return session;
}

// What happened; when one looks; what one sees (and since when).
const table: readonly (readonly [string, number, string])[] = [
  ["", 5, "starting 5"],
  // The child's own word.
  ["0 idle", 1, "idle 0"],
  ["0 idle 5000 working", 5000, "thinking 5000"],
  ["0 working", 50, "starting 0"],
  ["0 working", 100, "thinking 0"],
  ["0 idle 50 working", 60, "idle 0"],
  ["0 idle 50 working", 150, "thinking 50"],
  ["0 idle 50 working 60 turn", 61, "thinking 60"],
  ["0 idle 50 working 70 idle", 71, "idle 70"],
  ["0 idle 3000 working 3000 turn 4000 end 4005 done 5000 reset 5010 working", 5020, "idle 5000"],
  ["0 permission", 1, "approval 0"],
  ["0 blocked", 1, "approval 0"],
  ["0 asked", 1, "question 0"],
  ["0 done", 1, "idle 0"],
  ["0 done 9000 idle", 9001, "idle 0"],
  ["0 clear", 1, "idle 0"],
  ["0 failed", 1, "error 0"],
  ["0 failed 10 idle", 11, "idle 0"],
  ["0 turn 10 run 20 permission", 21, "approval 20"],
  ["0 turn 10 run 20 permission 30 working", 31, "running make 10"],
  // Within "working", the rollout.
  ["0 working 1 turn 10 run", 11, "running make 10"],
  ["0 working 1 turn 10 run 20 endRun", 21, "thinking 20"],
  ["0 working 1 turn 10 run 12 read", 13, "reading 12"],
  ["0 working 1 turn 10 run 12 read 14 endRead", 15, "running make 10"],
  ["0 working 1 turn 10 run 20 done 3000 working", 3200, "thinking 3000"],
  ["0 working 1 turn 20 done 10 run 3000 working", 3200, "thinking 3000"],
  ["0 working 1 turn 10 escalated", 100, "thinking 1"],
  ["0 working 1 turn 10 escalated", 160, "running 10"],
  ["0 working 1 turn 10 escalated 30 permission 40 working", 41, "running 10"],
  ["0 working 1 turn 10 question", 11, "question 10"],
  ["0 working 1 turn 10 question 20 asked 30 working", 31, "thinking 30"],
  ["0 working 1 turn 10 program", 11, "running 10"],
  ["0 working 1 turn 10 program 20 inProgram", 21, "reading x 10"],
  ["0 working 1 turn 10 program 20 inProgram 30 endProgram", 31, "thinking 30"],
  ["0 working 1 turn 10 run 20 inProgram", 21, "running make 10"],
  ["0 working 1 turn 10 searched", 11, "searching 10"],
  ["0 working 1 turn 10 searched", 2010, "thinking 1"],
  ["0 working 1 turn 10 searched 20 run", 21, "running make 20"],
  ["0 plan 1 working 2 turn 3 prompt", 200, "planning 2"],
  ["1 working 2 turn 10 run 20 end", 21, "thinking 1"],
  // The end of a turn that failed, whichever of the two reports comes first.
  ["0 working 1 turn 500 failed", 510, "thinking 1"],
  ["0 working 1 turn 500 failed", 600, "error 500"],
  ["0 working 1 turn 500 failed 505 limitEnd", 506, "limited 500"],
  ["0 working 1 turn 500 limitEnd 505 failed", 506, "limited 505"],
  ["0 working 1 turn 500 errorEnd 505 failed", 506, "error 505"],
  ["0 working 1 turn 500 limitEnd 505 failed 900 idle", 901, "idle 505"],
  // Compacting.
  ["0 working 1 compact", 2, "starting 0"],
  ["0 idle 5000 compact 5001 working 5010 bareTurn", 5011, "compacting 5000"],
  ["0 idle 5000 working 5010 bareTurn", 5100, "thinking 5010"],
  ["0 idle 5000 working 5010 bareTurn", 5110, "compacting 5010"],
  ["0 idle 5000 working 5010 bareTurn 5040 prompt", 5200, "thinking 5010"],
  ["0 idle 5000 working 5010 bareTurn 5040 run 5050 endRun", 5200, "thinking 5050"],
  ["0 idle 5000 working 5010 bareTurn 9000 compacted 9001 end", 9002, "compacting 5010"],
  ["0 idle 5000 working 5010 bareTurn 9000 compacted 9001 end 9010 done", 9011, "idle 9010"],
  ["0 idle 5000 compact 5001 working 5010 bareTurn 9000 abort 9010 idle", 9011, "idle 9010"],
  ["0 compact 9000 working 9001 turn", 9200, "thinking 9001"],
  // Without the child's word: older releases, exec, other terminals.
  ["0 turn", 1, "thinking 0"],
  ["0 turn 10 run", 11, "running make 10"],
  ["0 turn 10 run 20 end", 21, "idle 20"],
  ["0 turn 10 run 20 abort", 21, "idle 20"],
  ["0 turn 10 run 20 endUnnamed", 21, "idle 20"],
  ["0 turn 10 run 20 died", 21, "idle 20"],
  ["0 turn 20 limitEnd", 21, "limited 20"],
  ["0 turn 20 errorEnd", 21, "error 20"],
  ["0 turn 20 errorEnd 30 turn2", 31, "thinking 30"],
  ["0 plainTitle", 500, "starting 0"],
  ["0 plainTitle", 1000, "idle 0"],
  ["0 spinner", 10, "thinking 0"],
  ["0 spinner 20 plainTitle", 21, "idle 20"],
  ["0 turn 5 run 10 attention", 11, "approval 10"],
  ["0 turn 5 question 10 attention", 11, "question 10"],
  ["0 turn 5 run 10 attention 20 spinner", 21, "running make 5"],
  // Lines that come late, twice, or without their neighbours.
  ["0 runUnnamed", 1, "running make 0"],
  ["0 runUnnamed 5 endUnnamed", 6, "idle 5"],
  ["0 turn 10 end 20 run", 21, "idle 10"],
  ["0 turn 10 end 20 turn", 21, "idle 10"],
  ["0 end 10 turn 20 run", 21, "idle 0"],
  ["0 turn 5 run 10 turn2", 11, "thinking 10"],
  ["0 turn 5 turn2 6 run2 10 end", 11, "running 6"],
  ["0 turn 5 turn2 6 run2 10 end 20 end2", 21, "idle 20"],
  ["0 turn 5 run 6 run 7 endRun", 8, "thinking 7"],
  ["1 turn 5 endRun", 6, "thinking 1"],
  ["0 searched", 1, "idle 0"],
  ["0 turn 10 run 20 died 30 working 40 run", 50, "idle 20"],
  // A state of a later release: the last one is over, and the rollout decides.
  ["0 idle 10 turn 20 permission 30 later", 9000, "thinking 10"],
  ["0 idle 10 turn 15 run 20 permission 30 later", 9000, "running make 15"],
  ["0 idle 10 working 20 turn 30 end 40 later", 9000, "idle 30"],
  ["0 idle 10 working 20 later 25 plainTitle", 9000, "idle 25"],
  ["0 idle 10 permission 20 later 30 idle", 9000, "idle 30"],
  // Two readings of the clock differ a little; the clock is set back by an hour.
  ["0 idle 50 working", 49.5, "idle 0"],
  ["3600000 idle 3600010 done 50 working 60 turn 70 run", 71, "running make 70"],
  ["3600000 working 3600001 turn 3600002 run 50 idle 6000 working", 6200, "thinking 3600001"],
  ["3600000 idle 3600050 working", 50, "thinking 3600050"],
];

test.each(table)("after %p, at %d: %s", (story, now, expected) => {
  const { kind, target, since } = activityOf(play(story), now);
  expect([kind, target, since].filter((part) => part !== undefined).join(" ")).toBe(expected);
});

test("a limit tells when it ends, once the quota that is used up is known, and ends then", () => {
  const limits = {
    windows: [
      { usedPercent: 100, minutes: 300, resetsAt: 9000 },
      { usedPercent: 12, minutes: 10_080, resetsAt: 99_000 },
    ],
  };
  const session = reduce(play("0 turn 10 limitEnd"), { type: "limitsReported", at: 9, limits });
  expect(activityOf(session, 20)).toEqual({ kind: "limited", since: 10, until: 9000 });
  expect(activityDueAt(session, 200)).toBe(9000);
  expect(activityOf(session, 9000)).toEqual({ kind: "idle", since: 9000 });
});

test("a limit that resets in years makes nobody look more often than once an hour", () => {
  const limits = { windows: [{ usedPercent: 100, resetsAt: 4_102_444_800_000 }] };
  const session = reduce(play("0 turn 10 limitEnd"), { type: "limitsReported", at: 9, limits });
  expect(activityDueAt(session, 200)).toBe(3_600_200);
});

test("another thread keeps what the child's terminal said, and nothing of the first", () => {
  const session = switchThread(play("0 idle 5000 working 5001 turn 5002 run"), newSession);
  expect(activityOf(session, 6000)).toEqual({ kind: "thinking", since: 5000 });
  expect(session.calls).toEqual([]);
});

test("a sub-agent's file names its own thread first, then its parent's", () => {
  const started = (thread: string): SessionEvent => ({
    type: "sessionStarted",
    at: 0,
    facts: { thread },
  });
  expect(reduce(reduce(newSession, started("own")), started("parent")).facts?.thread).toBe("own");
});

const anyEvent = fc
  .tuple(fc.integer({ min: 0, max: 10_000 }), fc.constantFrom(...Object.values(steps)))
  .map(([at, step]) => ({ ...step, at }) as SessionEvent);

test("no order of events throws or leaves a call open after its turn has ended", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
      let session = newSession;
      const ended = new Set<string>();
      for (const event of events) {
        session = reduce(session, event);
        const ends = event.type === "turnEnded" || event.type === "turnAborted";
        if (ends && event.turn !== undefined) ended.add(event.turn);
        for (const call of session.calls) {
          if (call.turn !== undefined) expect(ended.has(call.turn)).toBe(false);
        }
        const now = event.at;
        expect(activityOf(session, now).since).toBeLessThanOrEqual(10_000);
        expect(activityDueAt(session, now) ?? now + 1).toBeGreaterThan(now);
      }
      const over = reduce(session, { type: "childEnded", at: 10_001 });
      expect(activityOf(over, 20_000)).toEqual({ kind: "idle", since: 10_001 });
    }),
    { numRuns: 400 },
  );
});

test("between two events the activity changes only when it said it would", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 20 }), (unordered) => {
      const events = unordered.toSorted((one, other) => one.at - other.at);
      let session = newSession;
      for (const event of events) session = reduce(session, event);
      let now = events.at(-1)?.at ?? 0;
      const due = activityDueAt(session, now) ?? now + 100_000;
      const kind = activityOf(session, now).kind;
      for (const moment of [now + 1, (now + due) / 2, due - 0.5].filter((each) => each < due)) {
        now = moment;
        expect(activityOf(session, now).kind).toBe(kind);
      }
    }),
    { numRuns: 400 },
  );
});

test("nothing grows without bound", () => {
  let session = newSession;
  for (let i = 0; i < 5000; i += 1) {
    session = reduce(session, { type: "turnEnded", at: i, turn: `ended-${i}` });
  }
  for (let i = 0; i < 5000; i += 1) {
    const work = { kind: "running" } as const;
    session = reduce(session, { type: "toolStarted", at: i, call: `${i}`, turn: "t", work });
  }
  expect(session.calls.length).toBeLessThanOrEqual(64);
  expect(session.endedTurns.length).toBeLessThanOrEqual(16);
});
