import type { SessionFacts } from "../session/event.ts";
import { readFields, type FieldValues } from "./field.ts";
import { head } from "./fields.ts";
import { asObject, optional, type Json } from "./json.ts";
import { createdAtOf, isTimed } from "./thread-files.ts";

/** The head of a rollout. */
export interface SessionMeta {
  readonly facts: SessionFacts;
  /** What has a lower ordinal is another thread's history. */
  readonly historyStart?: number;
  /**
   * Its history began elsewhere, in another thread or before a rewind: `copied` where that stands
   * in this file too, `based` where it does not. Its tokens are counted there.
   */
  readonly continues?: "copied" | "based";
}

/** Reads the head; `undefined` where it names no thread. */
export function readSessionMeta(payload: Json): SessionMeta | undefined {
  const values = readFields(head, payload);
  const { thread, historyStart, base } = values;
  if (thread === undefined) return undefined;
  // The head of a rewound thread has the moment of the rewind.
  const rewound = base === thread && isTimed(thread);
  const createdAt = rewound ? createdAtOf(thread) : values.createdAt;
  const parent = parentOf(thread, values);
  const facts: SessionFacts = {
    thread,
    ...optional("parent", parent),
    ...optional("root", parent === undefined ? undefined : values.tree),
    ...(isInternal(values, parent) ? { internal: true } : {}),
    ...optional("createdAt", createdAt),
    ...optional("cwd", values.cwd),
    ...optional("originator", values.originator),
    ...optional("source", sourceOf(values.source)),
    ...optional("version", values.version),
    ...optional("branch", values.branch),
    ...optional("repository", values.repository),
  };
  return {
    facts,
    ...optional("historyStart", historyStart),
    ...optional("continues", continuesOf(values)),
  };
}

type Head = FieldValues<typeof head>;

function continuesOf({ base, historyStart, forkedFrom }: Head): SessionMeta["continues"] {
  if (historyStart !== undefined) return "copied";
  if (base !== undefined) return "based";
  return forkedFrom === undefined ? undefined : "copied";
}

function sourceOf(source: unknown): string | undefined {
  if (typeof source === "string") return source === "" ? undefined : source;
  return Object.keys(asObject(source) ?? {})[0];
}

/** What Codex runs threads for itself for: no person reads them or writes to them. */
const purposes: ReadonlySet<string> = new Set([
  "review",
  "compact",
  "guardian",
  "guardianreview",
  "memoryconsolidation",
  "title",
  "internal",
]);

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]/g, "");
}

/**
 * What a sub-agent is for: `undefined` where its source is no sub-agent's. A source is an object
 * with one key, or a name (`subagent`, `subAgentReview`), which alone says nothing of a purpose.
 */
function subagentOf(source: unknown): unknown {
  if (typeof source === "string") {
    const name = plainName(source);
    if (!name.startsWith("subagent")) return undefined;
    return name === "subagent" ? "thread_spawn" : name.slice("subagent".length);
  }
  const values = asObject(source);
  return values?.["subagent"] ?? values?.["subAgent"] ?? values?.["sub_agent"];
}

/** Whether a person's agent made it, by all that its source says. */
function isSpawned(subagent: unknown): boolean {
  if (typeof subagent === "string") return plainName(subagent) === "threadspawn";
  const values = asObject(subagent);
  if (values === undefined) return false;
  return Object.keys(values).every((key) => plainName(key) === "threadspawn");
}

function isSubagent({ source, threadSource }: Head): boolean {
  return [source, threadSource].some((each) => subagentOf(each) !== undefined);
}

function parentOf(thread: string, values: Head): string | undefined {
  if (values.parent !== undefined) return values.parent;
  if (!isSubagent(values)) return undefined;
  return [values.tree, values.forkedFrom].find((each) => each !== undefined && each !== thread);
}

/** Whether Codex runs it for itself; so is a sub-agent without a known parent. */
function isInternal(values: Head, parent: string | undefined): boolean {
  const sources = [values.source, values.threadSource];
  const subagents = sources.map(subagentOf).filter((each) => each !== undefined);
  if (subagents.some((each) => !isSpawned(each))) return true;
  if (sources.some((each) => asObject(each)?.["internal"] !== undefined)) return true;
  const named = sources.filter((each) => typeof each === "string");
  if (named.some((name) => purposes.has(plainName(name)))) return true;
  return parent === undefined && subagents.length > 0;
}
