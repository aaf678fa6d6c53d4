import { expect, test } from "bun:test";
import { lastTurns } from "../../src/codex/last-turns.ts";

const line = (type: string, more = ""): string =>
  `{"timestamp":"t","type":"event_msg","payload":{"type":"${type}"${more}}}\n`;
const start = line("task_started");
const count = line("token_count");
const end = line("task_complete");
const said = line("agent_message", String.raw`,"text":"\"type\":\"task_started\""`);

test.each([
  ["the last turn, when its tokens were counted", [start, count, end, "|", start, count, end]],
  ["the running turn", [start, count, end, "|", start, count]],
  ["back to the turn that was counted last", [start, count, end, "|", start, count, end, start]],
  ["what a message says is no turn", ["|", start, count, said]],
])("%s", (_, lines) => {
  const text = `rest of a line\n${lines.join("").replace("|", "")}`;
  const wanted = lines.slice(lines.indexOf("|") + 1).join("");
  expect(lastTurns(Buffer.from(text), false)).toBe(wanted.length);
});

test("a release that writes no turn's start has its prompts", () => {
  const prompt = line("user_message");
  const text = `${prompt}${count}${prompt}${count}${said}`;
  const wanted = `${prompt}${count}${said}`;
  expect(lastTurns(Buffer.from(text), false)).toBe(wanted.length);
  const newer = `${prompt}${line("turn_started")}${prompt}${count}`;
  expect(lastTurns(Buffer.from(newer), false)).toBe(newer.length - prompt.length);
});

test("further up is looked where the turn, its line or a count of tokens is missing", () => {
  expect(lastTurns(Buffer.from(count + end), false)).toBeUndefined();
  expect(lastTurns(Buffer.from(start + count), false)).toBeUndefined();
  expect(lastTurns(Buffer.from(`\n${start}`), false)).toBeUndefined();
  expect(lastTurns(Buffer.from(`\n${start}`), true)).toBe(start.length);
  expect(lastTurns(Buffer.alloc(0), true)).toBeUndefined();
});
