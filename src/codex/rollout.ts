import { asObject, objectAt, optional, parseObject, textAt, type Json } from "./json.ts";
import { readPayload, type Place, type RolloutItem } from "./rollout-item.ts";

/**
 * What a line of a rollout comes to: an item, or why there is none. `skipped` is known and says
 * nothing of what the session does; `unknown` is a type this program has not heard of.
 */
export type RolloutLine = RolloutItem | "skipped" | "unknown" | "broken";

/** Long enough for envelope, type and ids, which Codex writes before any free text. */
const headBytes = 640;
/** Parsing takes about 10 ms a megabyte, and keys and frames must not wait that long. */
const maxParsedBytes = 131_072;
const latin1 = new TextDecoder("latin1");
const utf8 = new TextDecoder();

const envelope =
  /^\{"timestamp":"([^"\\]{1,40})",(?:"ordinal":(\d{1,15}),)?"type":"(\w{1,64})","payload":\{(?:"type":"(\w{1,64})")?/;
const completedItem = /"item":\{"type":"(\w{1,64})"/;

/** Types that say nothing about what the session does; most of a rollout's bytes. */
const boring: ReadonlySet<string> = new Set([
  "world_state",
  "retained_context",
  "inter_agent_communication_metadata",
  "response_item/message",
  "response_item/reasoning",
  "response_item/web_search_call",
  "response_item/tool_search_output",
  "response_item/additional_tools",
  "response_item/agent_message",
  "response_item/image_generation_call",
  "response_item/compaction",
  "response_item/context_compaction",
  "response_item/ghost_snapshot",
  "event_msg/agent_message",
  "event_msg/agent_reasoning",
  "event_msg/agent_reasoning_raw_content",
  "event_msg/entered_review_mode",
  "event_msg/exited_review_mode",
  "event_msg/thread_name_updated",
  "event_msg/thread_rolled_back",
  "event_msg/undo_completed",
  "item_completed/Reasoning",
  "item_completed/AgentMessage",
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
 *   ends a turn or a call is still understood
 */
export function readRolloutLine(line: Uint8Array, whole = true): RolloutLine {
  const head = latin1.decode(line.subarray(0, headBytes));
  const match = envelope.exec(head);
  if (match === null) return whole ? readAnyOrder(line) : "skipped";
  const [, timestamp = "", ordinal, type = "", payloadType] = match;
  const at = Date.parse(timestamp);
  if (Number.isNaN(at)) return "broken";
  const item = payloadType === "item_completed" ? completedItem.exec(head)?.[1] : undefined;
  const name = nameOf(type, payloadType, item);
  if (boring.has(name)) return "skipped";
  const place = { at, ...(ordinal === undefined ? {} : { ordinal: Number(ordinal) }) };
  const early = fromHead(name, head, place);
  if (early !== undefined) return early;
  if (!whole || line.length > maxParsedBytes) {
    const found = endFromHead(name, head, place) ?? startFromHead(name, head, place);
    if (found !== undefined || !whole) return found ?? "skipped";
  }
  const payload = payloadOf(line);
  if (payload === undefined) return "broken";
  return readPayload(name, payload, place) ?? "unknown";
}

/** Our name for what a line is: `type`, `type/payload type` or `item_completed/item type`. */
function nameOf(type: string, payloadType: string | undefined, item: string | undefined): string {
  if (payloadType === undefined || (type !== "event_msg" && type !== "response_item")) return type;
  return payloadType === "item_completed" && item !== undefined
    ? `item_completed/${item}`
    : `${type}/${payloadType}`;
}

/** What needs nothing but ids; such lines may carry megabytes of output after them. */
function fromHead(name: string, head: string, place: Place): RolloutItem | undefined {
  switch (name) {
    case "compacted":
      return { ...place, type: "compacted" };
    case "response_item/function_call_output":
    case "response_item/custom_tool_call_output": {
      const call = field(head, "call_id");
      return call === undefined ? undefined : { ...place, type: "toolOutput", call };
    }
    case "item_completed/UserMessage": {
      const clientId = field(head, "client_id");
      const turn = field(head, "turn_id");
      if (clientId === undefined || turn === undefined) return undefined;
      return { ...place, type: "userMessage", clientId, turn };
    }
    default:
      return undefined;
  }
}

/** Of a long line: that a turn or a call is over, so that neither stays open. */
function endFromHead(name: string, head: string, place: Place): RolloutItem | undefined {
  const turn = field(head, "turn_id");
  if (name === "event_msg/task_complete") {
    return { ...place, type: "taskComplete", ...optional("turn", turn) };
  }
  const call = name.startsWith("item_completed/") ? field(head, "id") : field(head, "call_id");
  const ends = name.startsWith("item_completed/") || name.endsWith("_end");
  return ends && call !== undefined ? { ...place, type: "toolOutput", call } : undefined;
}

/** Of a long line: the program or patch that begins, by its first few hundred bytes. */
function startFromHead(name: string, head: string, place: Place): RolloutItem | undefined {
  const call = field(head, "call_id");
  const tool = field(head, "name");
  if (name !== "response_item/custom_tool_call" || call === undefined) return undefined;
  if (tool === undefined) return undefined;
  const [, input = ""] = head.split('"input":"', 2);
  return { ...place, type: "toolCall", call, name: tool, input: unescaped(input) };
}

/** The beginning of a JSON string, as far as patches and programs need it. */
function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, char: string) =>
    char === "n" ? "\n" : char === "t" ? "\t" : char,
  );
}

/** Keys are ours, and few. */
const fieldPatterns = new Map<string, RegExp>();

/** A short string value by its key, of a part of JSON before any nested free text. */
function field(head: string, key: string): string | undefined {
  let pattern = fieldPatterns.get(key);
  if (pattern === undefined) {
    pattern = new RegExp(`"${key}":"([^"\\\\]{1,128})"`);
    fieldPatterns.set(key, pattern);
  }
  return pattern.exec(head)?.[1];
}

/** The slow way, for a Codex that orders its keys otherwise. */
function readAnyOrder(line: Uint8Array): RolloutLine {
  const json = parseObject(utf8.decode(line));
  if (json === undefined) return "broken";
  const { timestamp, ordinal, type, payload } = json;
  const at = typeof timestamp === "string" ? Date.parse(timestamp) : Number.NaN;
  if (Number.isNaN(at) || typeof type !== "string") return "broken";
  const body = asObject(payload);
  if (body === undefined) return "broken";
  const name = nameOf(type, textAt(body, "type"), textAt(objectAt(body, "item"), "type"));
  if (boring.has(name)) return "skipped";
  const place = { at, ...(typeof ordinal === "number" ? { ordinal } : {}) };
  return readPayload(name, body, place) ?? "unknown";
}

function payloadOf(line: Uint8Array): Json | undefined {
  return objectAt(parseObject(utf8.decode(line)), "payload");
}
