/** A home of Codex with as many rollouts as somebody gathers in years, made once and kept. */
import { existsSync, mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { threadOfRollout } from "../../src/codex/thread-files.ts";
import { localPath, uuid7 } from "../../test/codex/simulated-codex.ts";

export interface TreeSize {
  readonly rollouts: number;
  readonly bytes: number;
}

const days = 400;
const dayMs = 86_400_000;

/** Makes the tree in `folder` unless it is there: no sparse files, each its own content. */
export function makeTree(folder: string, { rollouts, bytes }: TreeSize): string {
  const home = join(folder, `${rollouts}-${bytes}-rewound`);
  if (existsSync(join(home, "complete"))) return home;
  rmSync(home, { recursive: true, force: true });
  const each = Math.round(bytes / rollouts);
  for (let i = 0; i < rollouts; i += 1) {
    const age = 2 * dayMs + (i / rollouts) * days * dayMs;
    const at = new Date(Date.now() - age);
    // Every tenth thread was rewound: half of it stands in a later file.
    const parts = i % 10 === 0 ? 2 : 1;
    const path = writeRollout(home, at.getTime(), each / parts);
    utimesSync(path, at, at);
    if (parts === 2) utimesSync(writeLater(path, at.getTime(), each / parts), at, at);
  }
  writeFileSync(join(home, "complete"), "");
  return home;
}

/** Writes one rollout of a thread created at `at`; returns its path. */
export function writeRollout(home: string, at: number, bytes: number): string {
  const thread = uuid7(Math.floor(at));
  const path = localPath(home, thread);
  mkdirSync(dirname(path), { recursive: true });
  const lines = [metaLine(thread, at)];
  let size = lines[0]?.length ?? 0;
  for (let turn = 0; size < bytes; turn += 1) {
    for (const each of turnLines(`${thread}-${turn}`, turn, at + turn * 1000)) {
      lines.push(each);
      size += each.length;
    }
  }
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

/** Writes a thread's next file, as a rewind of its last turn makes it. */
export function writeLater(first: string, at: number, bytes: number): string {
  const later = uuid7(Math.floor(at) + 1000);
  const path = first.replace(/\.jsonl$/, `_${later}.jsonl`);
  const thread = threadOfRollout(basename(first)) ?? "";
  const lines = [metaLine(thread, at, { history_base: { thread_id: thread } })];
  for (let size = 0, turn = 0; size < bytes; turn += 1) {
    const written = turnLines(`${later}-${turn}`, turn, at + turn * 1000);
    lines.push(...written);
    size += written.join("").length;
  }
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

/** One line that begins a command, as Codex would append it. */
export function callLine(command: string): string {
  const call = { name: "exec_command", arguments: JSON.stringify({ cmd: command }) };
  return `${line(Date.now(), 9, "response_item", { type: "function_call", call_id: "c", ...call })}\n`;
}

function metaLine(thread: string, at: number, more: object = {}): string {
  return line(at, 0, "session_meta", {
    ...more,
    id: thread,
    timestamp: new Date(at).toISOString(),
    cwd: "/tmp",
    originator: "codex-tui",
    cli_version: "0.169.0",
    base_instructions: { text: "You are Codex. ".repeat(1500) },
  });
}

/** A turn with a command, as large as they are on average. */
function turnLines(id: string, turn: number, at: number): readonly string[] {
  const total = 9000 * (turn + 1);
  const count = (n: number) => ({ input_tokens: n, output_tokens: 100, total_tokens: n + 100 });
  const usage = { usage: count(9000), thread_token_usage: count(total) };
  const info = { total_token_usage: count(total), last_token_usage: count(9000) };
  const event = (type: string, more: object) =>
    line(at, turn * 8 + 1, "event_msg", { type, turn_id: id, ...more });
  const item = (type: string, more: object) =>
    line(at, turn * 8 + 2, "response_item", { type, call_id: `${id}-c`, ...more });
  return [
    event("task_started", { turn_attribution: { turn_trigger: "user" } }),
    line(at, turn * 8 + 3, "turn_context", { turn_id: id, model: "gpt-5.5", effort: "high" }),
    item("function_call", { name: "exec_command", arguments: '{"cmd":"npm test"}' }),
    line(at, turn * 8 + 4, "token_usage_record", { response_id: `${id}-r`, ...usage }),
    item("function_call_output", { output: "ok 1 - a test that passes\n".repeat(300) }),
    event("token_count", { info, rate_limits: { primary: { used_percent: 12 } } }),
    item("message", { role: "assistant", content: [{ text: "All tests pass. ".repeat(60) }] }),
    event("task_complete", {}),
  ];
}

function line(at: number, ordinal: number, type: string, payload: object): string {
  return JSON.stringify({ timestamp: new Date(at).toISOString(), ordinal, type, payload });
}
