import type { Settings, SessionFacts } from "../session/event.ts";
import { asObject, listAt, numberAt, objectAt, optional, textAt, type Json } from "./json.ts";
import {
  readTokenCount,
  readUsageRecord,
  type ResponseReport,
  type TokenReport,
} from "./token-count.ts";

/** A rollout item that says something about the session; facts of Codex's format, both dialects. */
export type RolloutItem = Place &
  (
    | {
        readonly type: "sessionMeta";
        readonly facts: SessionFacts;
        readonly historyStart?: number;
        /** It goes on from another thread's history, whose tokens are counted there. */
        readonly continues?: boolean;
      }
    | { readonly type: "settings"; readonly settings: Settings }
    | {
        readonly type: "taskStarted";
        readonly turn: string;
        readonly attributed: boolean;
        readonly contextWindow?: number;
      }
    | { readonly type: "taskComplete"; readonly turn?: string; readonly error?: TurnError }
    | { readonly type: "turnAborted"; readonly turn?: string }
    | { readonly type: "userMessage"; readonly turn?: string; readonly clientId?: string }
    | ({ readonly type: "toolCall"; readonly call: string; readonly turn?: string } & ToolCall)
    | { readonly type: "toolOutput"; readonly call: string }
    | {
        readonly type: "commandDone";
        readonly call: string;
        readonly turn?: string;
        readonly command: readonly string[];
      }
    | {
        readonly type: "filesChanged";
        readonly call: string;
        readonly turn?: string;
        readonly paths: readonly string[];
      }
    | {
        readonly type: "toolDone";
        readonly call: string;
        readonly turn?: string;
        readonly tool: ToolCall;
      }
    | { readonly type: "compacted" }
    | ({ readonly type: "tokenCount" } & TokenReport)
    | ({ readonly type: "response" } & ResponseReport)
  );

/** A call as the model made it: `input` is JSON of its arguments, or free text. */
export interface ToolCall {
  readonly name: string;
  readonly namespace?: string;
  readonly input: string;
}

export interface TurnError {
  readonly info: string;
  readonly httpStatus?: number;
}

export interface Place {
  readonly at: number;
  /** Position in the thread's history; only in the paginated dialect. */
  readonly ordinal?: number;
}

/** The item of a parsed payload, or `undefined` when `name` is unknown or what it needs is absent. */
export function readPayload(name: string, payload: Json, place: Place): RolloutItem | undefined {
  const turn = optional("turn", textAt(payload, "turn_id"));
  switch (name) {
    case "session_meta":
      return sessionMeta(payload, place);
    case "turn_context":
      return { ...place, type: "settings", settings: settingsOf(payload) };
    case "event_msg/thread_settings_applied":
      return {
        ...place,
        type: "settings",
        settings: settingsOf(objectAt(payload, "thread_settings")),
      };
    case "event_msg/task_started":
    case "event_msg/turn_started":
      return {
        ...place,
        type: "taskStarted",
        turn: textAt(payload, "turn_id") ?? "",
        attributed: objectAt(payload, "turn_attribution") !== undefined,
        ...optional("contextWindow", numberAt(payload, "model_context_window")),
      };
    case "event_msg/task_complete":
    case "event_msg/turn_complete":
      return { ...place, type: "taskComplete", ...turn, ...optional("error", errorOf(payload)) };
    case "event_msg/turn_aborted":
      return { ...place, type: "turnAborted", ...turn };
    case "event_msg/token_count":
      return { ...place, type: "tokenCount", ...readTokenCount(payload) };
    case "token_usage_record": {
      const report = readUsageRecord(payload);
      return report === undefined ? undefined : { ...place, type: "response", ...report };
    }
    case "event_msg/user_message":
      return { ...place, type: "userMessage", ...turn };
    case "event_msg/context_compacted":
    case "compacted":
      return { ...place, type: "compacted" };
    default:
      return callItem(name, payload, place) ?? completedItem(name, payload, place);
  }
}

function sessionMeta(payload: Json, place: Place): RolloutItem | undefined {
  const thread = textAt(payload, "id");
  if (thread === undefined) return undefined;
  const created = Date.parse(textAt(payload, "timestamp") ?? "");
  const git = objectAt(payload, "git");
  const facts: SessionFacts = {
    thread,
    ...optional("parent", textAt(payload, "parent_thread_id")),
    ...(Number.isNaN(created) ? {} : { createdAt: created }),
    ...optional("cwd", textAt(payload, "cwd")),
    ...optional("originator", textAt(payload, "originator")),
    ...optional("source", sourceOf(payload["source"])),
    ...optional("version", textAt(payload, "cli_version")),
    ...optional("branch", textAt(git, "branch")),
    ...optional("repository", textAt(git, "repository_url")),
  };
  const start = numberAt(payload, "subagent_history_start_ordinal");
  const continues = start !== undefined || textAt(payload, "forked_from_id") !== undefined;
  return {
    ...place,
    type: "sessionMeta",
    facts,
    ...optional("historyStart", start),
    ...(continues ? { continues } : {}),
  };
}

function sourceOf(source: unknown): string | undefined {
  if (typeof source === "string") return source;
  return Object.keys(asObject(source) ?? {})[0];
}

/** `turn_context` and `thread_settings` name the same things in the same way. */
function settingsOf(payload: Json | undefined): Settings {
  const collaboration = objectAt(payload, "collaboration_mode");
  const mode = textAt(collaboration, "mode");
  const effort =
    textAt(payload, "effort") ?? textAt(objectAt(collaboration, "settings"), "reasoning_effort");
  return {
    ...optional("cwd", textAt(payload, "cwd")),
    ...optional("model", textAt(payload, "model")),
    ...optional("effort", effort),
    ...optional("serviceTier", textAt(payload, "service_tier")),
    ...optional("planMode", mode === undefined ? undefined : mode === "plan"),
  };
}

/** `codex_error_info` is a name, or an object whose one key is the name. */
function errorOf(payload: Json): TurnError | undefined {
  const error = objectAt(payload, "error");
  if (error === undefined) return undefined;
  const info = error["codex_error_info"];
  if (typeof info === "string") return { info };
  const [name] = Object.keys(asObject(info) ?? {});
  if (name === undefined) return { info: "other" };
  const status = numberAt(objectAt(asObject(info), name), "http_status_code");
  return { info: name, ...optional("httpStatus", status) };
}

function callItem(name: string, payload: Json, place: Place): RolloutItem | undefined {
  const call = textAt(payload, "call_id");
  if (call === undefined) return undefined;
  switch (name) {
    case "response_item/function_call":
    case "response_item/custom_tool_call":
    case "response_item/tool_search_call":
    case "response_item/local_shell_call": {
      const passed = objectAt(payload, "internal_chat_message_metadata_passthrough");
      const action = objectAt(payload, "action");
      const input = textAt(payload, "arguments") ?? textAt(payload, "input");
      return {
        ...place,
        type: "toolCall",
        call,
        ...optional("turn", textAt(passed, "turn_id")),
        name: textAt(payload, "name") ?? name.slice("response_item/".length, -"_call".length),
        ...optional("namespace", textAt(payload, "namespace")),
        input: input ?? (action === undefined ? "" : JSON.stringify(action)),
      };
    }
    case "response_item/function_call_output":
    case "response_item/custom_tool_call_output":
    // The legacy dialect's ends.
    case "event_msg/exec_command_end":
    case "event_msg/patch_apply_end":
    case "event_msg/mcp_tool_call_end":
    case "event_msg/view_image_tool_call":
      return { ...place, type: "toolOutput", call };
    case "event_msg/web_search_end":
      return { ...place, type: "toolDone", call, tool: { name: "web_search", input: "" } };
    default:
      return undefined;
  }
}

function completedItem(name: string, payload: Json, place: Place): RolloutItem | undefined {
  const item = objectAt(payload, "item");
  const call = textAt(item, "id") ?? "";
  const turn = optional("turn", textAt(payload, "turn_id"));
  const done = (tool: ToolCall): RolloutItem => ({
    ...place,
    type: "toolDone",
    call,
    ...turn,
    tool,
  });
  switch (name) {
    case "item_completed/UserMessage":
      return {
        ...place,
        type: "userMessage",
        ...turn,
        ...optional("clientId", textAt(item, "client_id")),
      };
    case "item_completed/CommandExecution": {
      const command = listAt(item, "command").filter((part) => typeof part === "string");
      return { ...place, type: "commandDone", call, ...turn, command };
    }
    case "item_completed/FileChange": {
      const paths = Object.keys(objectAt(item, "changes") ?? {});
      return { ...place, type: "filesChanged", call, ...turn, paths };
    }
    case "item_completed/McpToolCall":
      return done({
        name: textAt(item, "tool") ?? "",
        namespace: `mcp__${textAt(item, "server") ?? ""}`,
        input: "",
      });
    case "item_completed/WebSearch":
      return done({ name: "web_search", input: "" });
    case "item_completed/ImageView":
      return done({ name: "view_image", input: JSON.stringify({ path: item?.["path"] }) });
    case "item_completed/CollabAgentToolCall":
      return done({
        name: textAt(item, "tool") ?? "wait_agent",
        namespace: "collaboration",
        input: "",
      });
    case "item_completed/ContextCompaction":
      return { ...place, type: "compacted" };
    default:
      return undefined;
  }
}
