import { type CommandFolder, commandFolder, folderOf, isLong } from "./command-folder.ts";
import type { Settings } from "../session/event.ts";
import { readFields } from "./field.ts";
import * as fields from "./fields.ts";
import { asObject, numberOf, optional, type Json } from "./json.ts";
import { readSessionMeta, type SessionMeta } from "./session-meta.ts";
import {
  readTokenCount,
  readUsageRecord,
  type ResponseReport,
  type TokenReport,
} from "./token-count.ts";

/** A rollout item that says something about the session; facts of Codex's format, both dialects. */
export type RolloutItem = Place &
  (
    | ({ readonly type: "sessionMeta" } & SessionMeta)
    /** `ofTurn`: of the turn that runs; else of the thread, whose running turn keeps its own. */
    | { readonly type: "settings"; readonly settings: Settings; readonly ofTurn: boolean }
    | {
        readonly type: "taskStarted";
        readonly turn: string;
        readonly attributed: boolean;
        /** When it began by its own word, ms since the epoch: a copied line keeps it. */
        readonly startedAt?: number;
        readonly contextWindow?: number;
      }
    | { readonly type: "taskComplete"; readonly turn?: string; readonly error?: TurnError }
    | { readonly type: "turnAborted"; readonly turn?: string }
    | { readonly type: "userMessage"; readonly turn?: string; readonly clientId?: string }
    | { readonly type: "reasoning"; readonly turn?: string }
    /** What the model said; absent where nothing tells whether it is the last of its turn. */
    | { readonly type: "reply"; readonly turn?: string; readonly final?: boolean }
    | ({ readonly type: "toolCall"; readonly call: string; readonly turn?: string } & ToolCall)
    | { readonly type: "toolOutput"; readonly call: string }
    | {
        readonly type: "commandDone";
        readonly call: string;
        readonly turn?: string;
        readonly command: readonly string[];
        /** Where it ran; absent: in the session's folder. */
        readonly folder?: CommandFolder;
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
    | ({ readonly type: "response"; readonly turn?: string } & ResponseReport)
  );

/** A call as the model made it: `input` is JSON of its arguments, or free text. */
export interface ToolCall {
  readonly name: string;
  readonly namespace?: string;
  readonly input: string;
  /** What follows its command may have been cut off, such as in which folder it runs. */
  readonly isCut?: true;
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
  switch (name) {
    case "session_meta": {
      const meta = readSessionMeta(payload);
      return meta === undefined ? undefined : { ...place, type: "sessionMeta", ...meta };
    }
    case "turn_context":
    case "event_msg/thread_settings_applied": {
      const ofTurn = name === "turn_context";
      return { ...place, type: "settings", settings: settingsOf(payload), ofTurn };
    }
    case "event_msg/task_started":
    case "event_msg/turn_started": {
      const { turn = "", attribution, ...times } = readFields(fields.turnStart, payload);
      const attributed = attribution !== undefined;
      return { ...place, type: "taskStarted", turn, attributed, ...times };
    }
    case "event_msg/task_complete":
    case "event_msg/turn_complete": {
      const { turn, error } = readFields(fields.turnEnd, payload);
      const failed = error === undefined ? undefined : errorOf(error["codex_error_info"]);
      return {
        ...place,
        type: "taskComplete",
        ...optional("turn", turn),
        ...optional("error", failed),
      };
    }
    case "event_msg/error": {
      const { turn, info } = readFields(fields.failure, payload);
      if (typeof info === "string" && harmless.has(info)) return undefined;
      return { ...place, type: "taskComplete", ...optional("turn", turn), error: errorOf(info) };
    }
    case "event_msg/shutdown_complete":
    case "event_msg/session_end":
      return { ...place, type: "taskComplete" };
    case "event_msg/turn_aborted":
      return { ...place, type: "turnAborted", ...readFields(fields.turnAbort, payload) };
    case "event_msg/token_count":
      return { ...place, type: "tokenCount", ...readTokenCount(payload, place.at) };
    case "token_usage_record": {
      const report = readUsageRecord(payload);
      return report === undefined ? undefined : { ...place, type: "response", ...report };
    }
    case "event_msg/context_compacted":
    case "item_completed/ContextCompaction":
    case "compacted":
      return { ...place, type: "compacted" };
    default:
      return (
        spoken(name, payload, place) ?? called(name, payload, place) ?? done(name, payload, place)
      );
  }
}

/** Failures of what was asked for meanwhile: the turn goes on. */
const harmless: ReadonlySet<string> = new Set([
  "thread_rollback_failed",
  "active_turn_not_steerable",
]);

/** `turn_context` and `thread_settings` name the same things in the same way. */
function settingsOf(payload: Json): Settings {
  const { mode, ...settings } = readFields(fields.settings, payload);
  return { ...settings, ...optional("planMode", mode === undefined ? undefined : mode === "plan") };
}

/** `codex_error_info` is a name, or an object whose one key is the name. */
function errorOf(info: unknown): TurnError {
  if (typeof info === "string") return { info };
  const [name] = Object.keys(asObject(info) ?? {});
  if (name === undefined) return { info: "other" };
  const more = asObject(asObject(info)?.[name]);
  const status = numberOf(more?.["http_status_code"] ?? more?.["httpStatusCode"]);
  return { info: name, ...optional("httpStatus", status) };
}

/** Prompts, answers and thoughts. */
function spoken(name: string, payload: Json, place: Place): RolloutItem | undefined {
  switch (name) {
    case "event_msg/user_message":
    case "item_completed/UserMessage":
      return promptOf(payload, place);
    case "event_msg/agent_reasoning":
    case "event_msg/agent_reasoning_raw_content":
    case "response_item/reasoning":
    case "item_completed/Reasoning":
      return { ...place, type: "reasoning", ...readFields(fields.reasoning, payload) };
    case "event_msg/agent_message":
    case "item_completed/AgentMessage":
      return replyOf(payload, place);
    case "response_item/message": {
      const { role, content } = readFields(fields.message, payload);
      if (role === "assistant") return replyOf(payload, place);
      return isAbortMark(content) ? { ...place, type: "turnAborted" } : undefined;
    }
    default:
      return undefined;
  }
}

/** A person's prompt, or something that Codex itself put into the conversation. */
function promptOf(payload: Json, place: Place): RolloutItem | undefined {
  const { kind, message = "", ...prompt } = readFields(fields.prompt, payload);
  const isPlain = kind === undefined ? !injected.test(message) : kind.toLowerCase() === "plain";
  return isPlain ? { ...place, type: "userMessage", ...prompt } : undefined;
}

const injected = /^\s*<(?:environment_context|user_instructions)>/i;

/** What Codex puts into the history of a turn that the person interrupted. */
function isAbortMark(content: unknown): boolean {
  const words: unknown = asObject(Array.isArray(content) ? content[0] : undefined)?.["text"];
  return typeof words === "string" && words.startsWith("<turn_aborted>");
}

function replyOf(payload: Json, place: Place): RolloutItem {
  const { turn, phase, endTurn } = readFields(fields.reply, payload);
  const final = endTurn ?? isFinal(phase);
  return { ...place, type: "reply", ...optional("turn", turn), ...optional("final", final) };
}

/** Whether a phase is that of a turn's last answer: `final_answer`, else `commentary`. */
export function isFinal(phase: string | undefined): boolean | undefined {
  return phase === undefined
    ? undefined
    : phase.replaceAll("_", "").toLowerCase() === "finalanswer";
}

/** A call that begins, or the bare end of one. */
function called(name: string, payload: Json, place: Place): RolloutItem | undefined {
  switch (name) {
    case "response_item/function_call":
    case "response_item/custom_tool_call":
    case "response_item/tool_search_call":
    case "response_item/local_shell_call": {
      const values = readFields(fields.call, payload);
      if (values.call === undefined) return undefined;
      const { action } = values;
      return {
        ...place,
        type: "toolCall",
        call: values.call,
        ...optional("turn", values.turn),
        name: values.name ?? name.slice("response_item/".length, -"_call".length),
        ...optional("namespace", values.namespace),
        input: values.input ?? (action === undefined ? "" : JSON.stringify(action)),
        ...(action !== undefined && isLong(action["command"]) ? { isCut: true } : {}),
      };
    }
    case "event_msg/exec_command_begin": {
      const { call, turn, command, folder } = readFields(fields.command, payload);
      if (call === undefined) return undefined;
      const workdir = folder === undefined ? undefined : folderOf(folder);
      const input = JSON.stringify({ command, workdir });
      const isCut = workdir === undefined && (folder !== undefined || isLong(command));
      return {
        ...place,
        type: "toolCall",
        call,
        ...optional("turn", turn),
        name: "shell",
        input,
        ...(isCut ? { isCut } : {}),
      };
    }
    case "response_item/function_call_output":
    case "response_item/custom_tool_call_output": {
      const { call } = readFields(fields.output, payload);
      return call === undefined ? undefined : { ...place, type: "toolOutput", call };
    }
    default:
      return undefined;
  }
}

/** What has ended, with what it was: an event of the legacy dialect, or an item. */
function done(name: string, payload: Json, place: Place): RolloutItem | undefined {
  const { call = "", turn } = readFields(fields.search, payload);
  const ended = { ...place, call, ...optional("turn", turn) };
  const bare: RolloutItem = { ...place, type: "toolOutput", call };
  const tool = (made: ToolCall): RolloutItem => ({ ...ended, type: "toolDone", tool: made });
  switch (name) {
    case "event_msg/exec_command_end":
    case "item_completed/CommandExecution": {
      const { command, folder } = readFields(fields.command, payload);
      if (command === undefined) return bare;
      return { ...ended, type: "commandDone", command, ...commandFolder(folder, command) };
    }
    case "event_msg/patch_apply_end":
    case "item_completed/FileChange": {
      const { changes } = readFields(fields.patch, payload);
      if (changes === undefined) return bare;
      return { ...ended, type: "filesChanged", paths: Object.keys(changes) };
    }
    case "event_msg/mcp_tool_call_end":
    case "item_completed/McpToolCall": {
      const { server = "", tool: made } = readFields(fields.mcp, payload);
      if (made === undefined) return bare;
      return tool({ name: made, namespace: `mcp__${server}`, input: "" });
    }
    case "event_msg/web_search_end":
    case "item_completed/WebSearch":
      return tool({ name: "web_search", input: "" });
    case "event_msg/view_image_tool_call":
    case "item_completed/ImageView": {
      const { path } = readFields(fields.image, payload);
      return tool({ name: "view_image", input: JSON.stringify({ path }) });
    }
    case "item_completed/CollabAgentToolCall": {
      const { tool: made = "wait_agent" } = readFields(fields.agent, payload);
      return tool({ name: made, namespace: "collaboration", input: "" });
    }
    default:
      return undefined;
  }
}
