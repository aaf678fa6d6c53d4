import { expect, test } from "bun:test";
import { join } from "node:path";
import { readSessionLogLine } from "../../src/codex/session-log.ts";
import { linesOf, rollouts } from "./timeline.ts";

const ts = "2026-01-01T00:00:00.000Z";
const at = Date.parse(ts);
const line = (entry: object): string => JSON.stringify({ ts, ...entry });
const op = (payload: unknown): string => line({ dir: "from_tui", kind: "op", payload });
const app = (variant: string): string => line({ dir: "to_tui", kind: "app_event", variant });
const thread = "01a22770-cb56-7463-ba05-523c5953a744";
const codexEvent = (msg: object): string =>
  line({ dir: "to_tui", kind: "codex_event", payload: { id: "", msg } });
const read = (text: string) => readSessionLogLine(new TextEncoder().encode(text));

const table: readonly (readonly [string, object | undefined])[] = [
  [line({ dir: "meta", kind: "session_start", cwd: "/w" }), { type: "started", at }],
  [line({ dir: "meta", kind: "session_end" }), { type: "ended", at }],
  [
    op({ UserTurn: { turn_trigger: "user", client_user_message_id: "m1", items: [] } }),
    { type: "prompted", at, clientId: "m1" },
  ],
  [op({ UserTurn: { items: [] } }), { type: "prompted", at }],
  // Releases up to 0.150 (seen with 0.120).
  [op({ type: "user_turn", items: [] }), { type: "prompted", at }],
  [op({ type: "compact" }), { type: "compacting", at }],
  [op({ type: "add_to_history", text: "user_turn" }), undefined],
  // What somebody writes into a prompt is no id.
  [
    op({ UserTurn: { items: [{ text: "x", client_user_message_id: "forged" }] } }),
    { type: "prompted", at },
  ],
  [op("Compact"), { type: "compacting", at }],
  [op({ Compact: {} }), { type: "compacting", at }],
  [op("Interrupt"), undefined],
  [op({ ListSkills: { cwds: [] } }), undefined],
  [op({ RunUserShellCommand: { command: '"Compact"' } }), undefined],
  // All events of the session, of releases up to about 0.100 (seen with 0.80).
  [
    codexEvent({ type: "session_configured", session_id: thread, model: "m" }),
    { type: "configured", at, thread },
  ],
  [codexEvent({ type: "exec_approval_request", call_id: "c" }), { type: "asking", at }],
  [codexEvent({ type: "apply_patch_approval_request" }), { type: "asking", at }],
  [codexEvent({ type: "agent_message", message: '"type":"exec_approval_request"' }), undefined],
  [op({ type: "exec_approval", id: "c", decision: "approved" }), { type: "answered", at }],
  [op({ type: "interrupt" }), { type: "answered", at }],
  [codexEvent({ type: "agent_message", message: `"session_id":"${thread}"` }), undefined],
  [codexEvent({ type: "session_configured", session_id: "../../etc" }), undefined],
  [app("ResetTranscriptForThreadSwitch"), { type: "reset", at }],
  [app("CommitTick"), undefined],
  [line({ dir: "to_tui", kind: "clear_ui" }), undefined],
  [line({ dir: "to_tui", kind: "insert_history_cell", lines: 3 }), undefined],
  ["", undefined],
  ["rubbish", undefined],
  ['{"ts":"never","dir":"meta","kind":"session_start"}', undefined],
  ['{"dir":"meta","kind":"session_start"}', undefined],
];

test.each(table)("%s", (text, expected) => {
  expect(read(text)).toEqual(expected as never);
});

test("a prompt of megabytes is known by its first bytes", () => {
  const text = "x".repeat(2_000_000);
  const turn = { client_user_message_id: "m1", items: [{ type: "text", text }] };
  expect(read(op({ UserTurn: turn }))).toEqual({ type: "prompted", at, clientId: "m1" });
});

test("the recorded log tells its two prompts and the /clear between them", () => {
  const entries = linesOf(join(rollouts, "record_embedded/tui-session-log.jsonl"))
    .map(read)
    .filter((entry) => entry !== undefined);
  expect(entries.map((entry) => entry.type)).toEqual([
    "started",
    "prompted",
    "reset",
    "prompted",
    "ended",
  ]);
  expect(entries.flatMap((entry) => (entry.type === "prompted" ? [entry.clientId] : []))).toEqual([
    "15e9e9fe-e3ba-4342-a89a-6c7ccd74893d",
    "70e27a4b-1c53-4ff6-9280-200086387875",
  ]);
});
