import {
  addResponse,
  inherited,
  nothingSpent,
  type ModelResponse,
  type Spent,
} from "../session/cost.ts";
import type { Failure, SessionEvent, Work } from "../session/event.ts";
import { readRolloutLine } from "./rollout.ts";
import type { RolloutItem, TurnError } from "./rollout-item.ts";
import { workOfCommand } from "./shell-command.ts";
import { workOfCall, workOfPaths } from "./tool.ts";

/** How many lines came to what; for the log and `doctor`. */
export interface LineCounts {
  readonly items: number;
  readonly skipped: number;
  readonly unknown: number;
  readonly broken: number;
}

/** Turns the lines of one rollout, in order, into session events. */
export interface RolloutReader {
  /** The events of one line; `whole` as for `readRolloutLine`. */
  read(line: Uint8Array, whole?: boolean): readonly SessionEvent[];
  readonly counts: LineCounts;
  /** What the responses told of so far took, by the model of their own turns. */
  readonly spent: Spent;
}

/**
 * A reader for one file, from its first line on or from any later one. What a sub-agent's file
 * repeats of its parent's history (ordinals below its own start) yields nothing.
 */
export function createRolloutReader(): RolloutReader {
  const counts = { items: 0, skipped: 0, unknown: 0, broken: 0 };
  let headed = false;
  let historyStart = 0;
  let model: string | undefined;
  let spent = nothingSpent;

  function takeCost(item: RolloutItem): void {
    if (item.type === "settings") model = item.settings.model ?? model;
    const response = responseOf(item);
    const named = model === undefined ? {} : { model };
    if (response !== undefined) spent = addResponse(spent, { ...response, ...named });
  }

  return {
    counts,
    get spent() {
      return spent;
    },
    read(line, whole) {
      const item = readRolloutLine(line, whole);
      if (typeof item === "string") {
        counts[item] += 1;
        return [];
      }
      counts.items += 1;
      if (item.type === "sessionMeta") {
        if (headed) return [];
        headed = true;
        historyStart = item.historyStart ?? 0;
        if (item.continues === true) spent = inherited;
        return eventsOf(item);
      }
      if ((item.ordinal ?? historyStart) < historyStart) return [];
      takeCost(item);
      return eventsOf(item);
    },
  };
}

function responseOf(item: RolloutItem): ModelResponse | undefined {
  const place = { at: item.at, ...(item.ordinal === undefined ? {} : { ordinal: item.ordinal }) };
  if (item.type === "response") {
    const id = item.id === undefined ? {} : { id: item.id };
    return { ...place, ...id, usage: item.usage, total: item.total };
  }
  if (item.type !== "tokenCount" || item.usage === undefined) return undefined;
  return { ...place, usage: item.usage.last, total: item.usage.total };
}

/** The session events one rollout item stands for. */
export function eventsOf(item: RolloutItem): readonly SessionEvent[] {
  const { at } = item;
  switch (item.type) {
    case "sessionMeta":
      return [{ type: "sessionStarted", at, facts: item.facts }];
    case "settings":
      return [{ type: "settingsApplied", at, settings: item.settings }];
    case "taskStarted":
      return [turnStarted(item)];
    case "taskComplete": {
      const failure = item.error === undefined ? {} : { failure: failureOf(item.error) };
      return [{ type: "turnEnded", at, ...turnOf(item), ...failure }];
    }
    case "turnAborted":
      return [{ type: "turnAborted", at, ...turnOf(item) }];
    case "userMessage": {
      const client = item.clientId === undefined ? {} : { clientId: item.clientId };
      return [{ type: "userPrompted", at, ...turnOf(item), ...client }];
    }
    case "toolCall": {
      const { work, composite, mayAsk } = workOfCall(item);
      const more = { ...(composite ? { composite } : {}), ...(mayAsk ? { mayAsk } : {}) };
      return [{ type: "toolStarted", at, call: item.call, ...turnOf(item), work, ...more }];
    }
    case "toolOutput":
      return [{ type: "toolEnded", at, call: item.call }];
    case "commandDone":
      return ended(item, workOfCommand(item.command));
    case "filesChanged":
      return ended(item, workOfPaths(item.paths));
    case "toolDone": {
      const { work } = workOfCall(item.tool);
      const done = ended(item, work);
      // A search is written only when it is over: this is all that will ever tell of it.
      return work.kind === "searching"
        ? [...done, { type: "workSeen", at, ...turnOf(item), work }]
        : done;
    }
    case "compacted":
      return [{ type: "compacted", at }];
    case "tokenCount":
      return tokenEvents(item);
    case "response":
    default:
      return [];
  }
}

type Of<Type extends RolloutItem["type"]> = Extract<RolloutItem, { readonly type: Type }>;

function turnStarted(item: Of<"taskStarted">): SessionEvent {
  const { at, turn, attributed, ordinal, contextWindow } = item;
  return {
    type: "turnStarted",
    at,
    turn,
    // The legacy dialect names nobody for any turn, so there it means nothing.
    ...(attributed || ordinal === undefined ? {} : { unattributed: true }),
    ...(contextWindow === undefined ? {} : { contextWindow }),
  };
}

/** A call's item has the call's own id; one from inside a program has an id of its own. */
function ended(
  item: Of<"commandDone" | "filesChanged" | "toolDone">,
  work: Work,
): readonly SessionEvent[] {
  return [{ type: "toolEnded", at: item.at, call: item.call, work }];
}

function tokenEvents(item: Of<"tokenCount">): readonly SessionEvent[] {
  const { at, usage, limits, contextWindow } = item;
  const window = contextWindow === undefined ? {} : { contextWindow };
  const events: SessionEvent[] = [];
  if (usage !== undefined) events.push({ type: "usageReported", at, ...usage, ...window });
  if (limits !== undefined) events.push({ type: "limitsReported", at, limits });
  return events;
}

function turnOf(item: { readonly turn?: string }): { readonly turn?: string } {
  return item.turn === undefined ? {} : { turn: item.turn };
}

const limitReasons: ReadonlySet<string> = new Set([
  "usage_limit_exceeded",
  "rate_limit_exceeded",
  "session_budget_exceeded",
]);

function failureOf(error: TurnError): Failure {
  const limit = limitReasons.has(error.info) || error.httpStatus === 429;
  return { reason: error.info, limit };
}
