import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { rollouts, sessionLogEvents, shownThreads, terminalEvents, timeline } from "./timeline.ts";

// What the person at the keyboard would have called it, in order.
const wrapped: Readonly<Record<string, string>> = {
  chat: "idle, thinking, idle",
  long: "idle, thinking, idle",
  resize: "idle, thinking, idle",
  shell: "idle, thinking, reading ls, thinking, idle",
  cm_shell: "idle, thinking, reading ls, thinking, idle",
  read:
    "idle, thinking, reading README.md, thinking, reading README.md, thinking, searching rg, " +
    "thinking, searching rg, thinking, reading ls, thinking, idle",
  patch: "idle, thinking, editing hello.txt, thinking, editing hello.txt, thinking, idle",
  approve_yes: "idle, thinking, approval, running touch, thinking, idle",
  approve_no: "idle, thinking, approval, thinking, idle",
  ask_plan: "idle, thinking, planning, question, planning, idle",
  interrupt_stream: "idle, thinking, idle, thinking, idle",
  compact: "idle, thinking, idle, thinking, compacting, idle, thinking, idle",
  e429usage: "idle, thinking, limited, idle",
  noalt:
    "idle, thinking, reading ls, thinking, idle, thinking, idle, thinking, editing hello.txt, " +
    "thinking, editing hello.txt, thinking, idle",
  spawn_v2: "idle, thinking, delegating, thinking, delegating, thinking, idle",
  record_embedded:
    "idle, thinking, approval, running touch, thinking, idle, thinking, reading ls, thinking, idle",
};

// The same threads seen from outside the wrapper: no status, so no approval.
const unwrapped: Readonly<Record<string, string>> = {
  chat: "starting, thinking, idle",
  long: "starting, thinking, idle",
  resize: "starting, thinking, idle",
  shell: "starting, thinking, reading ls, thinking, idle",
  cm_shell: "starting, thinking, reading ls, thinking, idle",
  read:
    "starting, thinking, reading README.md, thinking, reading README.md, thinking, searching rg, " +
    "thinking, searching rg, thinking, reading ls, thinking, idle",
  patch: "starting, thinking, editing hello.txt, thinking, editing hello.txt, thinking, idle",
  approve_yes: "starting, thinking, running touch, thinking, idle",
  approve_no: "starting, thinking, running touch, thinking, idle",
  ask_plan: "starting, thinking, planning, question, planning, idle",
  interrupt_stream: "starting, thinking, idle, thinking, idle",
  compact: "starting, thinking, idle, thinking, compacting, idle, thinking, idle",
  e429usage: "starting, thinking, limited",
  noalt:
    "starting, thinking, reading ls, thinking, idle, thinking, idle, thinking, " +
    "editing hello.txt, thinking, editing hello.txt, thinking, idle",
  spawn_v2: "starting, thinking, delegating, thinking, delegating, thinking, idle",
  record_embedded:
    "starting, thinking, running touch, thinking, idle, starting, thinking, reading ls, " +
    "thinking, idle",
};

test("every recording has its story", () => {
  const recordings = readdirSync(rollouts).filter((name) => !/^(?:legacy|story_)/.test(name));
  expect(recordings.toSorted()).toEqual(Object.keys(wrapped).toSorted());
  expect(Object.keys(unwrapped).toSorted()).toEqual(Object.keys(wrapped).toSorted());
});

test.each(Object.entries(wrapped))("%s, in the wrapper: %s", (recording, story) => {
  const terminal = [...terminalEvents(recording), ...sessionLogEvents(recording)];
  expect(timeline([terminal, ...shownThreads(recording)]).join(", ")).toBe(story);
});

test.each(Object.entries(unwrapped))("%s, from outside: %s", (recording, story) => {
  expect(timeline([[], ...shownThreads(recording)]).join(", ")).toBe(story);
});
