import { expect, test } from "bun:test";
import { createRolloutReader } from "../../src/codex/events.ts";
import { cutCall } from "../../src/session/calls.ts";
import { call, custom, encoder, event, item, response, timestamp, type Line } from "./lines.ts";

test("in the legacy dialect nobody is ever named for a turn, so that means nothing", () => {
  const line = JSON.stringify({
    timestamp,
    type: "event_msg",
    payload: { type: "task_started", turn_id: "t1" },
  });
  const [started] = createRolloutReader().read(encoder.encode(line));
  expect(started).toEqual({ type: "turnStarted", at: Date.parse(timestamp), turn: "t1" });
});

test.each(["", "{", "null", "[]", '"text"', "{}", '{"timestamp":"now","type":"x","payload":{}}'])(
  "the line %j is broken, and counted",
  (line) => {
    const reader = createRolloutReader();
    expect(reader.read(encoder.encode(line))).toEqual([]);
    expect(reader.counts).toEqual({ items: 0, skipped: 0, unknown: 0, broken: 1 });
  },
);

const begun = JSON.stringify({ timestamp, type: "event_msg", payload: { type: "task_started" } });

test.each([
  ["zeros", "\0".repeat(512)],
  ["a line that was cut", begun.slice(0, -9)],
  ["a line that was cut in its moment", begun.slice(0, 20)],
  ["two lines that were cut", begun.slice(0, 40) + begun.slice(0, 60)],
  ["a byte order mark", "\ufeff"],
])("a line behind %s is read", (_, before) => {
  const reader = createRolloutReader();
  const events = reader.read(encoder.encode(before + begun));
  expect(events.map(({ type }) => type)).toEqual(["turnStarted"]);
});

test("a line that quotes another one is one line", () => {
  const payload = { type: "agent_message", message: `${begun}${begun}` };
  const line = JSON.stringify({ timestamp, type: "event_msg", payload });
  const types = [...createRolloutReader().read(encoder.encode(line))].map(({ type }) => type);
  expect(types).toEqual(["modelReplied"]);
  expect(createRolloutReader().read(encoder.encode(line.slice(0, -9)))).toEqual([]);
});

test("invalid UTF-8 spoils nothing around it", () => {
  const line = JSON.stringify({
    timestamp,
    type: "response_item",
    payload: {
      type: "function_call",
      name: "exec_command",
      arguments: '{"cmd":"cat ?.md"}',
      call_id: "c1",
    },
  });
  const bytes = encoder.encode(line);
  bytes[line.indexOf("?")] = 0xff;
  const [started] = createRolloutReader().read(bytes);
  expect(started).toMatchObject({ call: "c1", work: { kind: "reading", target: "\ufffd.md" } });
});

test("of a line too long to keep, its beginning still ends the call or names the prompt", () => {
  const long = "x".repeat(5000);
  const head = (line: Line) =>
    encoder
      .encode(JSON.stringify({ timestamp, ordinal: 3, type: line[0], payload: line[1] }))
      .subarray(0, 1024);
  const read = (line: Line) => createRolloutReader().read(head(line), false);
  expect(read(response("function_call_output", { call_id: "c1", output: long }))).toMatchObject([
    { type: "toolEnded", call: "c1" },
  ]);
  expect(read(item("UserMessage", { client_id: "m1", content: long }))).toMatchObject([
    { type: "userPrompted", clientId: "m1" },
  ]);
  expect(read(event("task_complete", { turn_id: "t1", last_agent_message: long }))).toMatchObject([
    { type: "turnEnded", turn: "t1" },
  ]);
  expect(read(item("CommandExecution", { aggregated_output: long }))).toMatchObject([
    { type: "toolEnded", call: "c1" },
  ]);
  // Its id stands after what it was given; the next end of an unknown call is its own.
  expect(read(call("exec_command", { cmd: `make ${long}` }))).toMatchObject([
    { type: "toolStarted", call: cutCall, work: { kind: "running", target: "make" } },
  ]);
});

test("a line of a megabyte that is whole is understood without parsing all of it", () => {
  const long = "x".repeat(900_000);
  const read = ([type, payload]: Line) =>
    createRolloutReader().read(
      encoder.encode(JSON.stringify({ timestamp, ordinal: 3, type, payload })),
    );
  const patch = `*** Begin Patch\n*** Add File: src/a.ts\n+${long}`;
  expect(read(custom("apply_patch", patch))).toMatchObject([
    { type: "toolStarted", call: "c1", work: { kind: "editing", target: "a.ts" } },
  ]);
  expect(read(item("CommandExecution", { aggregated_output: long }))).toMatchObject([
    { type: "toolEnded", call: "c1" },
  ]);
  expect(read(call("exec_command", { cmd: "npm test", justification: long }))).toMatchObject([
    { type: "toolStarted", call: "c1", work: { kind: "running", target: "npm test" } },
  ]);
});

test("what a sub-agent's file repeats of its parent's history yields nothing", () => {
  const reader = createRolloutReader();
  const read = (ordinal: number, [type, payload]: Line) =>
    reader.read(encoder.encode(JSON.stringify({ timestamp, ordinal, type, payload })));
  expect(read(0, ["session_meta", { id: "own", subagent_history_start_ordinal: 4 }])).toHaveLength(
    1,
  );
  expect(read(1, ["session_meta", { id: "parent" }])).toEqual([]);
  expect(read(2, event("task_started", { turn_id: "t0" }))).toEqual([]);
  expect(read(4, event("task_started", { turn_id: "t1" }))).toHaveLength(1);
});
