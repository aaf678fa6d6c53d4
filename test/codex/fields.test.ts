import { describe, expect, test } from "bun:test";
import { createRolloutReader } from "../../src/codex/events.ts";
import { camelCase, type Field } from "../../src/codex/field.ts";
import * as tables from "../../src/codex/fields.ts";
import type { Json } from "../../src/codex/json.ts";
import { readRolloutLine } from "../../src/codex/rollout.ts";
import { encoder, timestamp } from "./lines.ts";

type Fields = Readonly<Record<string, Field<unknown>>>;

interface Reading {
  /** The lines that are read by a table. */
  readonly lines: readonly string[];
  /** Without these a line says nothing. */
  readonly needs?: Json;
  /** What a field needs besides, to say something. */
  readonly alsoNeeds?: Readonly<Record<string, Json>>;
  /** Where the table's payload stands within the line's. */
  readonly within?: (payload: Json) => Json;
}

const tokens = { input_tokens: 70, output_tokens: 30 };
const inCount = (payload: Json): Json => ({
  info: { total_token_usage: tokens, last_token_usage: payload },
});

/** What stands around a payload is read with it, see below. */
const { line: envelope, ...payloads } = tables;

const readings: Readonly<Record<keyof typeof payloads, Reading>> = {
  head: {
    lines: ["session_meta"],
    needs: { id: "T" },
    alsoNeeds: {
      tree: { source: { subagent: {} } },
      parent: { source: { subagent: {} } },
    },
  },
  settings: { lines: ["turn_context", "event_msg/thread_settings_applied"] },
  turnStart: { lines: ["event_msg/task_started", "event_msg/turn_started"] },
  turnEnd: { lines: ["event_msg/task_complete", "event_msg/turn_complete"] },
  turnAbort: { lines: ["event_msg/turn_aborted"] },
  failure: { lines: ["event_msg/error"] },
  prompt: { lines: ["event_msg/user_message", "item_completed/UserMessage"] },
  reply: {
    lines: ["event_msg/agent_message", "item_completed/AgentMessage", "response_item/message"],
    needs: { role: "assistant" },
  },
  reasoning: {
    lines: ["event_msg/agent_reasoning", "item_completed/Reasoning", "response_item/reasoning"],
  },
  message: { lines: ["response_item/message"], alsoNeeds: { content: { role: "user" } } },
  call: {
    lines: ["response_item/function_call", "response_item/custom_tool_call"],
    needs: { call_id: "c" },
  },
  output: {
    lines: ["response_item/function_call_output", "response_item/custom_tool_call_output"],
  },
  command: {
    lines: ["event_msg/exec_command_end", "item_completed/CommandExecution"],
    alsoNeeds: { turn: { command: ["ls"] }, folder: { command: ["ls"] } },
  },
  patch: {
    lines: ["event_msg/patch_apply_end", "item_completed/FileChange"],
    alsoNeeds: { turn: { changes: {} } },
  },
  mcp: {
    lines: ["event_msg/mcp_tool_call_end", "item_completed/McpToolCall"],
    alsoNeeds: { turn: { item: { tool: "t" } }, server: { item: { tool: "t" } } },
  },
  image: { lines: ["event_msg/view_image_tool_call", "item_completed/ImageView"] },
  agent: { lines: ["item_completed/CollabAgentToolCall"] },
  search: { lines: ["event_msg/web_search_end", "item_completed/WebSearch"] },
  tokens: { lines: ["event_msg/token_count"], needs: tokens, within: inCount },
  count: {
    lines: ["event_msg/token_count"],
    alsoNeeds: { last: { info: { total_token_usage: tokens } } },
  },
  usageRecord: {
    lines: ["token_usage_record"],
    needs: { usage: tokens, thread_token_usage: tokens },
  },
  limits: {
    lines: ["event_msg/token_count"],
    alsoNeeds: { id: { plan_type: "pro" }, name: { plan_type: "pro" } },
    within: (payload) => ({ rate_limits: payload }),
  },
  limitWindow: {
    lines: ["event_msg/token_count"],
    needs: { used_percent: 3 },
    within: (payload) => ({ rate_limits: { primary: payload } }),
  },
  credits: {
    lines: ["event_msg/token_count"],
    within: (payload) => ({ rate_limits: { credits: payload } }),
  },
};

const walked = Object.entries<Fields>(payloads).flatMap(([name, fields]) => {
  const reading = readings[name as keyof typeof payloads];
  return Object.entries(fields).flatMap(([key, field]) =>
    reading.lines.map((line) => [line, name, key, field, reading] as const),
  );
});

test.each(walked)(
  "of %s the field %s.%s is read, in every form",
  (line, _, key, field, reading) => {
    const { needs = {}, alsoNeeds, within = (payload) => payload } = reading;
    const base = merged(needs, alsoNeeds?.[key] ?? {});
    const forms = field.paths.flatMap((path) => [
      path,
      path
        .split(".")
        .map((part) => camelCase(part))
        .join("."),
    ]);
    const read = forms.map((path) => {
      const bare = field.paths.reduce(without, base);
      return itemOf(line, within(merged(bare, at(path, field.sample))));
    });
    const absent = itemOf(line, within(field.paths.reduce(without, base)));
    expect(new Set(read.map((item) => JSON.stringify(item))).size).toBe(1);
    expect(read[0]).not.toEqual(absent);
  },
);

describe("when a line was written", () => {
  const written = Date.parse(timestamp);
  const readAt = (json: object, before?: number): unknown => {
    const read = readRolloutLine(encoder.encode(JSON.stringify(json)), true, before);
    return typeof read === "string" ? read : read.at;
  };
  const rest = { type: "event_msg", payload: { type: "task_started" } };

  test.each([
    ["UTC", timestamp],
    ["an offset", "2026-01-01T02:00:00.000+02:00"],
    ["seconds", written / 1000],
    ["ms", written],
  ])("in %s", (_, moment) => {
    expect(readAt({ timestamp: moment, ...rest }, 7)).toBe(written);
    expect(envelope.at.read(moment)).toBe(written);
  });

  test.each([["absent"], [null], [""], ["soon"], ["2026-13-45T99:00:00.000Z"]])(
    "%p: with the line before",
    (moment) => {
      const json = moment === "absent" ? rest : { timestamp: moment, ...rest };
      expect(readAt(json, 7)).toBe(7);
      expect(readAt(json)).toBe("broken");
    },
  );

  test("which a reader of a whole file remembers", () => {
    const reader = createRolloutReader();
    for (const json of [{ timestamp, ...rest }, rest]) {
      const [read] = reader.read(encoder.encode(JSON.stringify(json)));
      expect(read?.at).toBe(written);
    }
  });

  test("a head without one: with its thread", () => {
    const payload = { id: "T", timestamp };
    expect(readAt({ type: "session_meta", payload })).toBe(written);
  });
});

describe("the table", () => {
  test.each(walked)(
    "%s: %s.%s says which releases write it and what its absence means",
    (...row) => {
      const [, , , field] = row;
      expect(field.releases).toMatch(/^(?:0\.\d+|none observed)/);
      expect(field.absent.length).toBeGreaterThan(3);
      expect(field.paths.length).toBeGreaterThan(0);
      // Null is no value, unless it says which it is.
      expect(field.read(null)).toBe(field.ofNull);
      expect(field.read(field.sample)).toBeDefined();
    },
  );
});

/** The item of a line, with its keys in Codex's order and in another one. */
function itemOf(line: string, payload: Json): unknown {
  const [type = "", of] = line.split("/");
  const body =
    type === "item_completed"
      ? { type, ...payload, item: { type: of, ...(payload["item"] as object | undefined) } }
      : of === undefined
        ? payload
        : { type: of, ...payload };
  const kind = type === "item_completed" ? "event_msg" : type;
  const read = (json: object): unknown => readRolloutLine(encoder.encode(JSON.stringify(json)));
  const item = read({ timestamp, type: kind, payload: body });
  expect(read({ payload: body, type: kind, timestamp })).toEqual(item);
  return item;
}

function at(path: string, value: unknown): Json {
  return path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Json;
}

function merged(one: Json, other: Json): Json {
  const both = (a: unknown, b: unknown): unknown =>
    isPlain(a) && isPlain(b) ? merged(a, b) : (b ?? a);
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(keys.map((key) => [key, both(one[key], other[key])]));
}

function without(json: Json, path: string): Json {
  const [key = "", ...rest] = path.split(".");
  const { [key]: inner, ...others } = json;
  if (rest.length === 0 || !isPlain(inner)) return rest.length === 0 ? others : json;
  return { ...others, [key]: without(inner, rest.join(".")) };
}

function isPlain(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
