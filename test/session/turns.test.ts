import { expect, test } from "bun:test";
import { activityDueAt, activityOf } from "../../src/session/activity-of.ts";
import type { SessionEvent } from "../../src/session/event.ts";
import { isOver } from "../../src/session/life.ts";
import { newSession, reduce, type Session } from "../../src/session/session.ts";

const facts = { thread: "t" };
const tokens = { input: 1, cached: 0, output: 1, reasoning: 0, total: 2 };
const steps: Readonly<Record<string, object>> = {
  head: { type: "sessionStarted", facts },
  turn: { type: "turnStarted", turn: "t1" },
  turn2: { type: "turnStarted", turn: "t2" },
  prompt: { type: "userPrompted" },
  prompt1: { type: "userPrompted", turn: "t1" },
  prompt2: { type: "userPrompted", turn: "t2" },
  thinks: { type: "modelReasoned" },
  thinks1: { type: "modelReasoned", turn: "t1" },
  says: { type: "modelReplied" },
  comments: { type: "modelReplied", final: false },
  answers: { type: "modelReplied", final: true },
  counted: { type: "usageReported", total: tokens, last: tokens },
  run: { type: "toolStarted", call: "a", work: { kind: "running", target: "make" } },
  done: { type: "toolEnded", call: "a" },
  end: { type: "turnEnded", turn: "t1" },
  endOther: { type: "turnEnded", turn: "another" },
  busy: { type: "titleReported", hint: "busy" },
  working: { type: "statusReported", state: "working" },
};

/** "0 turn 5 run": what happened at which second. */
function play(story: string): Session {
  const words = story.split(" ");
  let session = newSession;
  for (let i = 0; i < words.length; i += 2) {
    const at = Number(words[i]) * 1000;
    expect(steps[words[i + 1]!]).toBeDefined();
    session = reduce(session, { ...steps[words[i + 1]!], at } as SessionEvent);
  }
  return session;
}

// What happened by the second; when one looks; what one sees, by the rollout alone.
const table: readonly (readonly [string, number, string])[] = [
  // The end of another turn, and of one that has ended already.
  ["0 turn 5 endOther", 6, "idle"],
  ["0 turn 5 run 6 endOther", 7, "idle"],
  ["0 turn 5 end 6 turn2 7 end", 8, "thinking"],
  ["5 turn 3 endOther", 6, "thinking"],
  // The start of another turn ends the one before.
  ["0 turn 5 run 6 turn2 7 end", 8, "thinking"],
  ["0 turn 5 run 6 prompt2", 7, "thinking"],
  ["0 turn 5 run 6 prompt2 7 end", 8, "thinking"],
  // A last answer without an end.
  ["0 turn 4 answers", 5, "thinking"],
  ["0 turn 4 answers", 6, "idle"],
  ["0 turn 4 answers 5 run", 60, "running make"],
  ["0 turn 4 answers 5 run 6 done", 60, "thinking"],
  ["0 turn 4 says 5 counted", 33, "thinking"],
  ["0 turn 4 says 5 counted", 34, "idle"],
  ["0 turn 4 says 5 counted 6 thinks", 90, "thinking"],
  ["0 turn 4 comments 5 counted", 90, "thinking"],
  ["0 turn 4 says 4 comments 5 counted", 90, "thinking"],
  ["0 prompt 3 comments 4 counted", 90, "thinking"],
  ["0 prompt 3 comments 4 counted 9 says 9 counted", 10, "idle"],
  ["0 turn 4 says 5 counted 6 prompt", 90, "thinking"],
  ["0 turn 4 says", 900, "thinking"],
  ["0 busy 0 turn 4 answers", 60, "thinking"],
  ["0 working 0 turn 4 answers", 60, "thinking"],
  // Releases that write no start of a turn, and no end.
  ["0 prompt", 1, "thinking"],
  ["0 prompt 3 thinks 4 run", 5, "running make"],
  ["0 prompt 3 run 5 done 6 counted", 7, "thinking"],
  ["0 prompt 3 says 4 run 5 counted", 60, "running make"],
  ["0 prompt 3 says 4 counted", 5, "idle"],
  ["0 prompt 3 says 3 says 4 counted", 5, "idle"],
  ["0 prompt 3 answers", 4, "idle"],
  ["0 prompt 3 says", 32, "thinking"],
  ["0 prompt 3 says", 33, "idle"],
  ["0 prompt 3 run 9 prompt", 10, "thinking"],
  ["0 prompt 3 says 4 counted 9 prompt", 10, "thinking"],
  ["0 prompt 3 says 4 counted 9 thinks", 10, "thinking"],
  // What is told of a turn that is over opens nothing.
  ["0 turn 3 end 4 prompt1 5 thinks1", 6, "idle"],
  // Starting ends with the first sign of life, and by itself.
  ["0 head", 9, "starting"],
  ["0 head", 10, "idle"],
  ["0 head 1 counted", 2, "idle"],
  ["0 head 1 says", 2, "idle"],
];

test.each(table)("after %p, at %d s: %s", (story, now, expected) => {
  const { kind, target } = activityOf(play(story), now * 1000);
  expect([kind, target].filter((part) => part !== undefined).join(" ")).toBe(expected);
});

test.each(table)(
  "after %p one who waits for each due moment has the same answer",
  (story, until) => {
    const session = play(story);
    let now = session.updatedAt ?? 0;
    let seen = activityOf(session, now).kind;
    for (;;) {
      const due = activityDueAt(session, now);
      if (due === undefined || due > until * 1000) break;
      now = due;
      seen = activityOf(session, now).kind;
    }
    expect(seen).toBe(activityOf(session, until * 1000).kind);
  },
);

test("a session that gave its answer is over as soon as one that rests", () => {
  const silentMs = 700_000;
  expect(isOver(play("0 turn 4 answers"), "unknown", silentMs)).toBe(true);
  expect(isOver(play("0 turn 4 thinks"), "unknown", silentMs)).toBe(false);
});
