import { expect, test } from "bun:test";
import { event, item, response, timestamp, type Line } from "./lines.ts";
import { told } from "./events-of-line.ts";

const table: readonly (readonly [Line, string])[] = [
  // What the model thinks and says, and whether that is its last word.
  [response("message", { role: "assistant", content: [] }), "modelReplied {}"],
  [response("message", { role: "user", content: [] }), "skipped"],
  [
    response("message", {
      role: "user",
      content: [{ type: "input_text", text: "<turn_aborted>" }],
    }),
    "turnAborted {}",
  ],
  [
    response("message", { role: "assistant", phase: "final_answer", content: [] }),
    'modelReplied {"final":true}',
  ],
  [response("message", { role: "assistant", end_turn: true }), 'modelReplied {"final":true}'],
  [response("message", { role: "assistant", end_turn: false }), 'modelReplied {"final":false}'],
  [response("reasoning"), "modelReasoned {}"],
  [item("AgentMessage"), 'modelReplied {"turn":"t1"}'],
  [item("AgentMessage", { phase: "commentary" }), 'modelReplied {"turn":"t1","final":false}'],
  [item("AgentMessage", { phase: "final_answer" }), 'modelReplied {"turn":"t1","final":true}'],
  [item("Reasoning"), 'modelReasoned {"turn":"t1"}'],
  [event("user_message", { message: "hi" }), "userPrompted {}"],
  [event("user_message", { message: "hi", kind: "plain" }), "userPrompted {}"],
  [event("user_message", { message: "x", kind: "environment_context" }), "skipped"],
  [event("user_message", { message: "x", kind: "user_instructions" }), "skipped"],
  [event("user_message", { message: "<environment_context>\n<cwd>/x</cwd>" }), "skipped"],
  [event("user_message", { message: "<user_instructions>\nBe brief." }), "skipped"],
  [event("user_message", { message: "what is <environment_context>?" }), "userPrompted {}"],
  [event("agent_message", { message: "hi" }), "modelReplied {}"],
  [event("agent_message", { message: "hi", phase: "final_answer" }), 'modelReplied {"final":true}'],
  [event("agent_reasoning", { text: "hm" }), "modelReasoned {}"],
  [
    event("error", { message: "m", codex_error_info: "usage_limit_exceeded" }),
    'turnEnded {"failure":{"reason":"usage_limit_exceeded","limit":true}}',
  ],
  [event("error", { message: "m", codex_error_info: "thread_rollback_failed" }), "skipped"],
  [event("shutdown_complete"), "turnEnded {}"],
];

test.each(table)("%j", ([type, payload], expected) => {
  expect(told(JSON.stringify({ timestamp, ordinal: 3, type, payload }))).toBe(expected);
  expect(told(JSON.stringify({ payload, type, timestamp }))).toBe(expected);
});

test("of an answer of a megabyte the end tells whether it is the last", () => {
  const long = "x".repeat(900_000);
  const line = (more: object) => {
    const content = [{ type: "output_text", text: long }];
    const payload = { type: "message", role: "assistant", content, ...more };
    return JSON.stringify({ timestamp, type: "response_item", payload });
  };
  expect(told(line({}))).toBe("modelReplied {}");
  expect(told(line({ phase: "commentary" }))).toBe('modelReplied {"final":false}');
  expect(told(line({ phase: "final_answer" }))).toBe('modelReplied {"final":true}');
});
