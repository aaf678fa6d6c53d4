import { cutCall } from "../session/calls.ts";
import { readField, type Field } from "./field.ts";
import * as fields from "./fields.ts";
import { asObject, objectAt, optional, parseObject, textAt, type Json } from "./json.ts";
import { parseObjectPrefix } from "./json-prefix.ts";
import { isFinal, readPayload, type Place, type RolloutItem } from "./rollout-item.ts";

/**
 * What a line of a rollout comes to: an item, or why there is none. `skipped` is known and says
 * nothing of what the session does; `unknown` is a type this program has not heard of.
 */
export type RolloutLine = RolloutItem | "skipped" | "unknown" | "broken";

/** Long enough for envelope, type and ids, which Codex writes before any free text. */
const headBytes = 640;
/** What follows a long text stands within so many bytes of a line's end. */
const footBytes = 400;
/** Parsing takes about 10 ms a megabyte, and keys and frames must not wait that long. */
const maxParsedBytes = 131_072;
/** Of a longer line so much is parsed: ids, names, and the beginning of what a call is given. */
const prefixBytes = 32_768;
const latin1 = new TextDecoder("latin1");
const utf8 = new TextDecoder();

const envelope =
  /^\{"timestamp":"([^"\\]{1,40})",(?:"ordinal":(\d{1,15}),)?"type":"(\w{1,64})","payload":\{(?:"type":"(\w{1,64})")?/;
const completedItem = /"item":\{"type":"(\w{1,64})"/;

/** What counts tokens says nothing where a part of it is cut off. */
const wholeOnly: ReadonlySet<string> = new Set(["event_msg/token_count", "token_usage_record"]);

/** Types that say nothing about what the session does; most of a rollout's bytes. */
const boring: ReadonlySet<string> = new Set([
  "world_state",
  "retained_context",
  "inter_agent_communication_metadata",
  "response_item/web_search_call",
  "response_item/tool_search_output",
  "response_item/additional_tools",
  "response_item/agent_message",
  "response_item/image_generation_call",
  "response_item/compaction",
  "response_item/context_compaction",
  "response_item/ghost_snapshot",
  "event_msg/entered_review_mode",
  "event_msg/exited_review_mode",
  "event_msg/thread_name_updated",
  "event_msg/thread_rolled_back",
  "event_msg/undo_completed",
  "item_completed/Plan",
  "item_completed/Sleep",
  "item_completed/ImageGeneration",
  "item_completed/EnteredReviewMode",
  "item_completed/ExitedReviewMode",
  "item_completed/SubAgentActivity",
]);

/**
 * Reads one line (without its newline) of either dialect: paginated (0.169; every line has an
 * `ordinal`) or legacy (0.120). Lines of no interest are told by their first bytes and never
 * parsed. Invalid UTF-8 becomes replacement characters.
 *
 * @param whole false when the line was too long to keep and `line` is only its beginning: what
 *   stands there is understood all the same
 * @param before when the line before it was written, ms since the epoch: that is when one without a
 *   moment was
 */
export function readRolloutLine(line: Uint8Array, whole = true, before?: number): RolloutLine {
  const read = readOneLine(line, whole, before);
  if (read !== "broken" || !whole) return read;
  const next = lineWithin(line);
  return next === undefined ? read : readOneLine(next, whole, before);
}

/** What every line begins with; inside of a text the quotes would be escaped. */
const begin = '{"timestamp":"';

/**
 * The line that was written behind one that was cut, or behind zeros, when the machine stopped in the
 * middle of writing.
 */
function lineWithin(line: Uint8Array): Uint8Array | undefined {
  const at = latin1.decode(line).lastIndexOf(begin);
  return at > 0 ? line.subarray(at) : undefined;
}

function readOneLine(line: Uint8Array, whole: boolean, before: number | undefined): RolloutLine {
  const head = latin1.decode(line.subarray(0, headBytes));
  const match = envelope.exec(head);
  if (match === null) return whole ? readAnyOrder(line, before) : "skipped";
  const [, timestamp = "", ordinal, type = "", payloadType] = match;
  const at = fields.line.at.read(timestamp) ?? before;
  if (at === undefined) return "broken";
  const item = payloadType === "item_completed" ? completedItem.exec(head)?.[1] : undefined;
  const name = nameOf(type, payloadType, item);
  if (boring.has(name)) return "skipped";
  const place = { at, ...(ordinal === undefined ? {} : { ordinal: Number(ordinal) }) };
  const early = fromEnds(name, head, whole ? line : undefined, place);
  if (early !== undefined) return early;
  if (!whole && wholeOnly.has(name)) return "skipped";
  const payload = payloadOf(name, line, whole);
  if (payload === undefined) return "broken";
  const read = readPayload(name, payload, place);
  return read ?? (whole && !sometimes.has(name) ? "unknown" : "skipped");
}

/** Understood, but saying something only in some of their forms. */
const sometimes: ReadonlySet<string> = new Set([
  "response_item/message",
  "event_msg/user_message",
  "item_completed/UserMessage",
  "event_msg/error",
]);

/** Our name for what a line is: `type`, `type/payload type` or `item_completed/item type`. */
function nameOf(type: string, payloadType: string | undefined, item: string | undefined): string {
  if (payloadType === undefined || (type !== "event_msg" && type !== "response_item")) return type;
  return payloadType === "item_completed" && item !== undefined
    ? `item_completed/${itemName(item)}`
    : `${type}/${payloadType}`;
}

/** `CommandExecution`, as Codex writes it, also of `commandExecution` and `command_execution`. */
function itemName(item: string): string {
  return item.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** What needs nothing but ids and names; such lines may carry megabytes of text. */
function fromEnds(
  name: string,
  head: string,
  line: Uint8Array | undefined,
  place: Place,
): RolloutItem | "skipped" | undefined {
  const valueOf = (field: Field<string>): string | undefined => textIn(head, field);
  switch (name) {
    case "compacted":
      return { ...place, type: "compacted" };
    case "response_item/function_call_output":
    case "response_item/custom_tool_call_output": {
      const call = valueOf(fields.output.call);
      return call === undefined ? undefined : { ...place, type: "toolOutput", call };
    }
    case "item_completed/UserMessage": {
      const clientId = valueOf(fields.prompt.clientId);
      const turn = valueOf(fields.prompt.turn);
      if (clientId === undefined || turn === undefined) return undefined;
      return { ...place, type: "userMessage", clientId, turn };
    }
    case "event_msg/agent_reasoning":
    case "event_msg/agent_reasoning_raw_content":
    case "response_item/reasoning":
    case "item_completed/Reasoning":
      return { ...place, type: "reasoning", ...optional("turn", valueOf(fields.reasoning.turn)) };
    case "response_item/message": {
      const role = valueOf(fields.message.role);
      if (role === "assistant" && line !== undefined) return cutReply(head, line, place);
      if (role === undefined || role === "assistant") return undefined;
      return head.includes("<turn_aborted>") ? undefined : "skipped";
    }
    case "event_msg/agent_message":
    case "item_completed/AgentMessage":
      return line === undefined ? undefined : cutReply(head, line, place);
    default:
      return undefined;
  }
}

/** Of a long answer: whether it is the last, by what stands around the text. */
function cutReply(head: string, line: Uint8Array, place: Place): RolloutItem | undefined {
  if (line.length <= prefixBytes) return undefined;
  const foot = latin1.decode(line.subarray(-footBytes));
  const phase = textIn(head, fields.reply.phase) ?? textIn(foot, fields.reply.phase);
  const turn = textIn(head, fields.reply.turn);
  const final = isFinal(phase);
  return { ...place, type: "reply", ...optional("turn", turn), ...optional("final", final) };
}

const patterns = new WeakMap<Field<string>, RegExp>();

/** A field's short value by the names of its last key, in text before or after any free text. */
function textIn(part: string, field: Field<string>): string | undefined {
  let pattern = patterns.get(field);
  if (pattern === undefined) {
    const keys = new Set(field.steps.flatMap((path) => path.at(-1) ?? []));
    pattern = new RegExp(`"(?:${[...keys].join("|")})":"([^"\\\\]{1,128})"`);
    patterns.set(field, pattern);
  }
  return pattern.exec(part)?.[1];
}

/** The slow way, for a Codex that orders its keys otherwise. */
function readAnyOrder(line: Uint8Array, before: number | undefined): RolloutLine {
  const json = parseObject(utf8.decode(line));
  if (json === undefined) return "broken";
  if (isBare(json)) return "skipped";
  const { ordinal, type, payload } = json;
  const body = asObject(payload);
  if (body === undefined || typeof type !== "string") return "broken";
  const at = readField(fields.line.at, json) ?? readField(fields.head.createdAt, body) ?? before;
  if (at === undefined) return "broken";
  const name = nameOf(type, textAt(body, "type"), textAt(objectAt(body, "item"), "type"));
  if (boring.has(name)) return "skipped";
  const place = { at, ...(typeof ordinal === "number" ? { ordinal } : {}) };
  return readPayload(name, body, place) ?? (sometimes.has(name) ? "skipped" : "unknown");
}

const envelopes: ReadonlySet<string> = new Set([
  "session_meta",
  "turn_context",
  "response_item",
  "event_msg",
  "compacted",
]);

/** A line of before 0.38: what is a payload today, without an envelope. No damage. */
function isBare({ record_type: record, payload, type, id }: Json): boolean {
  if (payload !== undefined) return false;
  if (typeof record === "string") return true;
  return type === undefined
    ? typeof id === "string"
    : typeof type === "string" && !envelopes.has(type);
}

const calls: ReadonlySet<string> = new Set([
  "function_call",
  "custom_tool_call",
  "local_shell_call",
]);

function payloadOf(name: string, line: Uint8Array, whole: boolean): Json | undefined {
  const [kind = "", type = ""] = name.split("/");
  const long = line.length > maxParsedBytes && type !== "" && !wholeOnly.has(name);
  if (whole && !long) return objectAt(parseObject(utf8.decode(line)), "payload");
  const prefix = parseObjectPrefix(utf8.decode(line.subarray(0, prefixBytes)));
  const payload = objectAt(prefix, "payload");
  if (kind !== "response_item" || !calls.has(type) || payload === undefined) return payload;
  // A call's id stands after what it was given.
  const foot = whole ? latin1.decode(line.subarray(-footBytes)) : "";
  return { call_id: textIn(foot, fields.output.call) ?? cutCall, ...payload };
}
