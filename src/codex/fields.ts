import { anything, flag, moment, number, record, text, textOr, texts } from "./field.ts";

/**
 * Every field that is read from Codex's rollouts, by what a line stands for: where it is in either
 * dialect (legacy `event_msg`, and the items of paginated rollouts), the releases that were observed to write it,
 * and what its absence means. Facts measured on the real binaries.
 */

const all = "0.38 to 0.171";
const paged = "0.153 to 0.171";
const recent = "0.166 to 0.171";
const turnOfItem = "the turn that runs";
const noCall = "nothing begins or ends";

/** What stands around each payload. */
export const line = {
  at: moment("timestamp", all, "that of the line before"),
};

export const head = {
  thread: text("id", all, "the line is unknown"),
  tree: text("session_id", "0.140 to 0.171", "the thread is its own root"),
  parent: text(
    [
      "parent_thread_id",
      "source.subagent.thread_spawn.parent_thread_id",
      "source.sub_agent.thread_spawn.parent_thread_id",
    ],
    "0.128 to 0.171",
    "by the source; else no sub-agent",
  ),
  forkedFrom: text("forked_from_id", all, "no fork"),
  base: text("history_base.thread_id", recent, "its history is in this file, or copied into it"),
  historyStart: number("subagent_history_start_ordinal", recent, "by ids and times"),
  createdAt: moment("timestamp", all, "by the thread's id"),
  cwd: text("cwd", all, "not known"),
  originator: text("originator", all, "not known"),
  version: text("cli_version", all, "not known"),
  source: anything("source", all, "not known", { subagent: "review" }),
  threadSource: anything("thread_source", "0.151 to 0.171", "by the source", "guardian_review"),
  branch: text("git.branch", all, "not known, or no repository"),
  repository: text("git.repository_url", all, "not known, or no repository"),
};

export const settings = {
  cwd: text(["cwd", "thread_settings.cwd"], all, "as before"),
  model: text(["model", "thread_settings.model"], all, "as before"),
  effort: text(
    [
      "effort",
      "reasoning_effort",
      "collaboration_mode.settings.reasoning_effort",
      "thread_settings.effort",
      "thread_settings.reasoning_effort",
      "thread_settings.collaboration_mode.settings.reasoning_effort",
    ],
    all,
    "as before",
  ),
  serviceTier: textOr(
    "default",
    text(
      ["service_tier", "thread_settings.service_tier"],
      "0.153 to 0.171",
      "as before, at first the ordinary one",
    ),
  ),
  mode: text(
    ["collaboration_mode.mode", "thread_settings.collaboration_mode.mode"],
    "0.120 to 0.171",
    "as before",
    "plan",
  ),
};

export const turnStart = {
  turn: text("turn_id", "0.120 to 0.171", "a turn without a name"),
  attribution: record("turn_attribution", recent, "nothing, unless the release writes it", {
    turn_trigger: "user",
  }),
  startedAt: moment("started_at", paged, "when the line was written"),
  contextWindow: number(["model_context_window", "context_window"], all, "as before"),
};

/** Of a turn that has ended. */
export const turnEnd = {
  turn: text("turn_id", "0.120 to 0.171", turnOfItem),
  error: record("error", recent, "it did not fail", { codex_error_info: "other" }),
};

export const turnAbort = { turn: text("turn_id", "0.120 to 0.171", turnOfItem) };

/** A failure that ends a turn, as releases before `task_complete.error` write it. */
export const failure = {
  turn: text("turn_id", "none observed", turnOfItem),
  info: anything(
    ["codex_error_info", "error.codex_error_info"],
    "0.80 to 0.171",
    "it failed for some other reason",
    "usage_limit_exceeded",
  ),
};

export const prompt = {
  turn: text("turn_id", paged, turnOfItem),
  clientId: text(
    ["client_id", "item.client_id"],
    "0.166 to 0.171, in legacy rollouts too",
    "not known",
  ),
  /** What Codex itself puts before the model is no prompt: `environment_context`. */
  kind: text("kind", "0.38 to 0.58", "by its beginning", "environment_context"),
  message: text("message", all, "not known", "<environment_context>"),
};

/** What the model said; `phase` sets a last answer apart from what comes before a call. */
export const reply = {
  turn: text(["turn_id", "internal_chat_message_metadata_passthrough.turn_id"], paged, turnOfItem),
  phase: text(["phase", "item.phase"], "0.100 to 0.171, not always", "not known", "final_answer"),
  endTurn: flag(["end_turn", "item.end_turn"], "0.80 to 0.140, not always", "not known"),
};

export const reasoning = {
  turn: text(["turn_id", "internal_chat_message_metadata_passthrough.turn_id"], paged, turnOfItem),
};

export const message = {
  role: text("role", all, "not the model's", "assistant"),
  content: anything("content", all, "an empty message", [{ text: "<turn_aborted>" }]),
};

/** A call as the model made it. */
export const call = {
  call: text(["call_id", "id"], all, noCall),
  turn: text(
    ["internal_chat_message_metadata_passthrough.turn_id", "turn_id"],
    "0.153 to 0.171",
    turnOfItem,
  ),
  name: text("name", all, "by the type of the line"),
  namespace: text("namespace", "0.120 to 0.171", "none"),
  input: text(["arguments", "input"], all, "none"),
  action: record("action", all, "none", { command: ["ls"] }),
};

export const output = { call: text("call_id", all, noCall) };

const doneCall = text(["call_id", "item.id"], all, noCall);
const doneTurn = text("turn_id", "0.120 to 0.171", turnOfItem);
const done = { call: doneCall, turn: doneTurn };

/** A command that begins or has ended. */
export const command = {
  ...done,
  command: texts(["command", "item.command"], all, "not known"),
  folder: text(["cwd", "item.cwd"], all, "the session's"),
};
export const patch = {
  ...done,
  changes: record(["changes", "item.changes"], all, "not known", { "/a/b.ts": {} }),
};
export const mcp = {
  ...done,
  server: text(["invocation.server", "item.server"], all, "not known"),
  tool: text(["invocation.tool", "item.tool"], all, "not known"),
};
export const image = { ...done, path: text(["path", "item.path"], all, "not known") };
export const agent = { ...done, tool: text(["tool", "item.tool"], recent, "it waits for agents") };
export const search = done;

export const tokens = {
  input: number("input_tokens", all, "none"),
  cached: number("cached_input_tokens", all, "none"),
  cacheWrite: number("cache_write_input_tokens", "0.153 to 0.171", "none"),
  output: number("output_tokens", all, "none"),
  reasoning: number("reasoning_output_tokens", all, "none"),
  total: number("total_tokens", all, "input and output together"),
};

const usageSample = { input_tokens: 70, output_tokens: 7, total_tokens: 77 };

export const count = {
  total: record("info.total_token_usage", all, "no response is counted", usageSample),
  last: record("info.last_token_usage", all, "what the last response took is not known", {
    ...usageSample,
    cached_input_tokens: 5,
  }),
  contextWindow: number("info.model_context_window", all, "as before"),
  serviceTier: text(["service_tier", "info.service_tier"], "0.153", "by the settings", "priority"),
  limits: record("rate_limits", all, "as before", { plan_type: "pro" }),
};

export const usageRecord = {
  id: text("response_id", recent, "by the running total"),
  turn: text("turn_id", recent, turnOfItem),
  usage: record("usage", recent, "no response is counted", usageSample),
  total: record("thread_token_usage", recent, "no response is counted", usageSample),
  serviceTier: text("service_tier", "none observed", "by the settings"),
};

export const limits = {
  id: text("limit_id", "0.100 to 0.171", "the account's own"),
  name: text("limit_name", "0.100 to 0.171", "none"),
  primary: record("primary", all, "not known", { used_percent: 7 }),
  secondary: record("secondary", all, "not known", { used_percent: 8 }),
  credits: record("credits", "0.58 to 0.171", "not known", { has_credits: true }),
  plan: text("plan_type", "0.58 to 0.171", "not known"),
};

export const limitWindow = {
  usedPercent: number("used_percent", all, "no window"),
  minutes: number(["window_minutes", "window_duration_mins"], all, "not known"),
  resetsAt: moment("resets_at", "0.48 to 0.171", "by `resets_in_seconds`"),
  resetsInSeconds: number("resets_in_seconds", "0.38 to 0.47", "not known"),
};

export const credits = {
  has: flag("has_credits", "0.58 to 0.171", "none"),
  unlimited: flag("unlimited", "0.58 to 0.171", "limited"),
  balance: text("balance", "0.58 to 0.171", "not known"),
};
