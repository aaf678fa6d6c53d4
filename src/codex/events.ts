import type { Spent } from "../session/cost.ts";
import type { Failure, SessionEvent, Work } from "../session/event.ts";
import { watchCopies, type Origin } from "./copied-history.ts";
import { optional } from "./json.ts";
import { readRolloutLine } from "./rollout.ts";
import type { RolloutItem, TurnError } from "./rollout-item.ts";
import { workOfCommand } from "./shell-command.ts";
import { trackSpending } from "./spending.ts";
import { elsewhere } from "./target.ts";
import { workOfCall, workOfPaths } from "./tool.ts";
import { atLeast } from "./version.ts";

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
  /** The lines up to the next one are left unread. */
  skip(): void;
  readonly counts: LineCounts;
  /** What the responses told of so far took, by the model of their own turns. */
  readonly spent: Spent;
}

/** The first release that is known to name what caused each turn. */
const attributing = { major: 0, minor: 169 } as const;

/**
 * A reader for one file, from its first line on or from any later one. What a fork's or a
 * sub-agent's file repeats of another thread's history is neither done nor paid for here.
 *
 * @param thread whose file it is, by its name
 */
export function createRolloutReader(thread?: string): RolloutReader {
  const counts = { items: 0, skipped: 0, unknown: 0, broken: 0 };
  const copies = watchCopies(thread);
  const spending = trackSpending();
  let headed = false;
  let writtenAt: number | undefined;
  /** A turn without a cause is a statement only where the release writes causes. */
  let attributes = false;

  function takeHead(item: Of<"sessionMeta">): readonly SessionEvent[] {
    copies.originOf(item);
    if (headed) return [];
    headed = true;
    attributes = atLeast(item.facts.version, attributing);
    const foreign = thread !== undefined && item.facts.thread !== thread;
    spending.take(foreign ? { ...item, continues: "copied" } : item, "own");
    return eventsOf(item);
  }

  return {
    counts,
    get spent() {
      return spending.spent;
    },
    skip: () => spending.skip(),
    read(line, whole) {
      const item = readRolloutLine(line, whole, writtenAt);
      if (typeof item === "string") {
        counts[item] += 1;
        return [];
      }
      counts.items += 1;
      writtenAt = item.at;
      if (item.type === "sessionMeta") return takeHead(item);
      const origin = copies.originOf(item);
      if (origin !== "copied") spending.take(item, origin);
      if (item.type === "taskStarted") attributes ||= item.attributed;
      return happened(item, origin) ? eventsOf(item, attributes) : [];
    },
  };
}

function happened(item: RolloutItem, origin: Origin): boolean {
  switch (origin) {
    case "own":
    case "perhaps":
      return true;
    case "repeated":
      return item.type === "settings" || item.type === "tokenCount";
    case "copied":
    default:
      return false;
  }
}

/** The session events one rollout item stands for. */
export function eventsOf(item: RolloutItem, attributes = false): readonly SessionEvent[] {
  const { at } = item;
  switch (item.type) {
    case "sessionMeta":
      return [{ type: "sessionStarted", at, facts: item.facts }];
    case "settings":
      return [{ type: "settingsApplied", at, settings: item.settings }];
    case "taskStarted":
      return [turnStarted(item, attributes)];
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
    case "reasoning":
      return [{ type: "modelReasoned", at, ...turnOf(item) }];
    case "reply":
      return [{ type: "modelReplied", at, ...turnOf(item), ...optional("final", item.final) }];
    case "toolCall": {
      const { work, composite, mayAsk } = workOfCall(item);
      const more = { ...(composite ? { composite } : {}), ...(mayAsk ? { mayAsk } : {}) };
      return [{ type: "toolStarted", at, call: item.call, ...turnOf(item), work, ...more }];
    }
    case "toolOutput":
      return [{ type: "toolEnded", at, call: item.call }];
    case "commandDone":
      return ended(item, commandWork(item));
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
      return [{ type: "usageReported", at, total: item.total, last: item.usage }];
    default:
      return [];
  }
}

type Of<Type extends RolloutItem["type"]> = Extract<RolloutItem, { readonly type: Type }>;

function turnStarted(item: Of<"taskStarted">, attributes: boolean): SessionEvent {
  const { at, turn, attributed, contextWindow } = item;
  return {
    type: "turnStarted",
    at,
    turn,
    ...(attributed || !attributes ? {} : { unattributed: true }),
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

function commandWork({ command, folder }: Of<"commandDone">): Work {
  const work = workOfCommand(command);
  if (folder === undefined) return work;
  return elsewhere(work, folder.kind === "known" ? folder.path : undefined);
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
