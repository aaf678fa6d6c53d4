import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { stories } from "../support/model-stories.ts";
import {
  linesOf,
  pinned,
  recorded,
  rollouts,
  rolloutsOf,
  shownThreads,
  terminalEvents,
  timeline,
} from "./timeline.ts";

// What the real Codex did for each story of the stand-in model (`bun test/support/run-story.ts NAME
// --record`), as the person at the keyboard would have called it.
const wrapped: Readonly<Record<string, string>> = {
  chat: "idle, thinking, idle",
  long: "idle, thinking, idle",
  // Esc in the middle of an answer.
  stream: "idle, thinking, idle",
  shell: "idle, thinking, running echo, thinking, idle",
  build: "idle, thinking, running build.sh, thinking, idle",
  read:
    "idle, thinking, reading README.md, thinking, reading greet.ts, thinking, reading ls, " +
    "thinking, idle",
  search: "idle, thinking, searching grep, thinking, idle",
  patch: "idle, thinking, editing notes.txt, thinking, editing notes.txt, thinking, idle",
  approve: "idle, thinking, approval, running touch, thinking, idle",
  "approve-build": "idle, thinking, approval, running build.sh, thinking, idle",
  question: "idle, thinking, planning, question, planning, idle",
  plan: "idle, thinking, planning, thinking, planning, thinking, planning, thinking, idle",
  web: "idle, thinking, searching, thinking, idle",
  "code-mode": "idle, thinking, running build.sh, thinking, idle",
  // Codex starts slowly with this model, and is idle once it is ready.
  spawn: "starting, idle, thinking, delegating, thinking, delegating, thinking, idle",
  mcp: "idle, thinking, tool standin.echo, thinking, idle",
  limits: "idle, thinking, idle",
  "usage-limit": "idle, thinking, limited, idle",
  "server-error": "idle, thinking, error, idle",
};

// Seen by the rollout alone: nobody tells of an approval, of the keys that end a "done" and an
// error, or of what follows a search, which is written only when all is over.
const unwrapped: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(wrapped).map(([name, story]) => [name, story.replace("idle,", "starting,")]),
  ),
  approve: "starting, thinking, running touch, thinking, idle",
  "approve-build": "starting, thinking, running build.sh, thinking, idle",
  question: "starting, thinking, planning, question, planning, idle",
  web: "starting, thinking, searching, idle",
  spawn: "starting, thinking, delegating, thinking, delegating, thinking, idle",
  "usage-limit": "starting, thinking, limited",
  "server-error": "starting, thinking, error",
};

test("every story is recorded and has its timeline", () => {
  // The child's story is in its parent's; a picture is an answer like any other to a rollout.
  const told = Object.keys(stories).filter(
    (name) => !["child", "picture"].includes(name) && !name.endsWith("-held"),
  );
  const kept = readdirSync(rollouts).filter((name) => name.startsWith("story_"));
  expect(kept.toSorted()).toEqual(told.map((name) => `story_${name}`).toSorted());
  expect(Object.keys(wrapped).toSorted()).toEqual(told.toSorted());
  expect(rolloutsOf("story_spawn")).toHaveLength(2);
});

test.each(Object.entries(wrapped))("%s, in the wrapper: %s", (name, story) => {
  const recording = `story_${name}`;
  const terminal = terminalEvents(recording);
  expect(timeline([terminal, ...shownThreads(recording)]).join(", ")).toBe(story);
});

test.each(Object.entries(unwrapped))("%s, from outside: %s", (name, story) => {
  expect(timeline([[], ...shownThreads(`story_${name}`)]).join(", ")).toBe(story);
});

const reading =
  "starting, thinking, reading README.md, thinking, reading greet.ts, thinking, reading ls, " +
  "thinking, idle";

// The pinned release, by its rollouts alone (`bun test/support/record-terminal.ts`).
const newest: Readonly<Record<string, string>> = {
  chat: "starting, thinking, idle",
  long: "starting, thinking, idle",
  sidebar: "starting, thinking, idle",
  interrupt_stream: "starting, thinking, idle",
  // The stand-in compacts faster than is worth a word.
  compact: "starting, thinking, idle, thinking, idle",
  // Another thread in the same Codex.
  new: "starting, thinking, idle, starting, thinking, running echo, thinking, idle",
  shell: "starting, thinking, running echo, thinking, idle",
  cm_shell: "starting, thinking, running build.sh, thinking, idle",
  read: reading,
  resize: `${reading}, thinking, idle`,
  noalt: `${reading}, thinking, idle`,
  patch: "starting, thinking, editing notes.txt, thinking, editing notes.txt, thinking, idle",
  ask_plan: "starting, thinking, planning, question, planning, idle",
  approve_yes: "starting, thinking, running touch, thinking, idle",
  approve_no: "starting, thinking, running touch, thinking, idle",
  spawn_v2: "starting, thinking, delegating, thinking, delegating, thinking, idle",
  e429usage: "starting, thinking, limited",
};

test("every recording of the pinned release has its timeline, and is of that release", () => {
  const kept = readdirSync(recorded).filter((name) => name.startsWith(pinned.prefix));
  expect(kept.map((name) => name.slice(pinned.prefix.length)).toSorted()).toEqual(
    Object.keys(newest).toSorted(),
  );
  for (const name of kept) {
    const files = rolloutsOf(name);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      expect(linesOf(file)[0]).toContain(`"cli_version":"${pinned.version}"`);
    }
  }
});

test.each(Object.entries(newest))("%s of the pinned release: %s", (name, story) => {
  expect(timeline([[], ...shownThreads(pinned.prefix + name)]).join(", ")).toBe(story);
});
