import type { Json } from "../codex/json.ts";

/** What an invented session is, from its first line to its last. */
export interface Character {
  /** The folder it works in is named so. */
  readonly project: string;
  readonly branch: string;
  readonly model: string;
  readonly effort: string;
  /** How Codex names the program that the person uses: `codex-tui`, `codex_vscode`. */
  readonly originator: string;
  readonly source: string;
  /** Tokens of context at its beginning and by now. */
  readonly context: readonly [number, number];
  /** What its newest answer told of the account's limits; one session is enough. */
  readonly limits?: Json;
}

/** Tokens of one response and of all up to it. */
export interface Spending {
  readonly last: number;
  readonly total: number;
}

/** `think`, `$ COMMAND`, `edit FILE`, `ask`, `rest`: what a session does from a moment on. */
export type Act = "think" | "ask" | "rest" | `$ ${string}` | `edit ${string}`;

/** The items at the head of a rollout; placeholders as in a recording. */
export function headItems(character: Character): readonly Json[] {
  const { branch, model, effort, originator, source } = character;
  const meta = {
    session_id: "$thread",
    id: "$thread",
    timestamp: "$created",
    cwd: "$cwd",
    originator,
    cli_version: "0.169.0",
    source,
    thread_source: "user",
    model_provider: "openai",
    git: { branch },
  };
  const context = { cwd: "$cwd", approval_policy: "on-request", model, effort, summary: "none" };
  return [
    { type: "session_meta", payload: meta },
    { type: "turn_context", payload: context },
  ];
}

/** A person has sent a prompt. */
export function turnStarted(turn: string): Json {
  return event("task_started", {
    turn_id: turn,
    root_turn_id: turn,
    turn_attribution: { turn_id: turn, turn_trigger: "user", root_turn_id: turn },
    started_at: "$seconds",
    model_context_window: WINDOW,
    collaboration_mode_kind: "default",
  });
}

export function turnEnded(turn: string): Json {
  const ended = { turn_id: turn, root_turn_id: turn, completed_at: "$seconds" };
  return event("task_complete", { ...ended, last_agent_message: "Done.", duration_ms: 1000 });
}

/** The tool that an act calls; `undefined` when it calls none. */
export function callOf(act: Act, call: string): Json | undefined {
  if (act.startsWith("$ ")) return functionCall(call, "exec_command", { cmd: act.slice(2) });
  if (act.startsWith("edit ")) {
    const file = act.slice(5);
    const input = `*** Begin Patch\n*** Update File: ${file}\n@@\n-old\n+new\n*** End Patch\n`;
    const payload = { type: "custom_tool_call", call_id: call, name: "apply_patch", input };
    return { type: "response_item", payload };
  }
  if (act !== "ask") return undefined;
  const question = { id: "q1", header: "Names", question: "Keep the old names for a release?" };
  return functionCall(call, "request_user_input", { questions: [question] });
}

/** The answer to the call that an act made. */
export function outputOf(act: Act, call: string): Json {
  const type = act.startsWith("edit ") ? "custom_tool_call_output" : "function_call_output";
  return { type: "response_item", payload: { type, call_id: call, output: "Exit code: 0\n" } };
}

/** What the response took, most of it cached. */
export function tokenCount({ last, total }: Spending, limits: Json | undefined): Json {
  return event("token_count", {
    info: {
      total_token_usage: counts(total),
      last_token_usage: counts(last),
      model_context_window: WINDOW,
    },
    rate_limits: limits ?? null,
  });
}

const WINDOW = 258_400;

function counts(tokens: number): Json {
  const output = Math.round(tokens * 0.02);
  const input = tokens - output;
  return {
    input_tokens: input,
    cached_input_tokens: Math.round(input * 0.91),
    output_tokens: output,
    reasoning_output_tokens: Math.round(output / 2),
    total_tokens: tokens,
  };
}

function event(type: string, payload: Json): Json {
  return { type: "event_msg", payload: { type, ...payload } };
}

function functionCall(call: string, name: string, given: Json): Json {
  const payload = { type: "function_call", name, arguments: JSON.stringify(given), call_id: call };
  return { type: "response_item", payload };
}
