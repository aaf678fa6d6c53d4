import {
  addResponse,
  inherited,
  nothingSpent,
  skipResponse,
  type ModelResponse,
  type Spent,
} from "../session/cost.ts";
import { trackBilling } from "./billing.ts";
import type { Origin } from "./copied-history.ts";
import type { RolloutItem } from "./rollout-item.ts";

/** What a rollout's responses took, each by the model and the tier of its own turn. */
export interface Spending {
  take(item: RolloutItem, origin: Origin): void;
  /** Lines were left unread: their responses are missing. */
  skip(): void;
  readonly spent: Spent;
}

export function trackSpending(): Spending {
  let spent: Spent = nothingSpent;
  const billing = trackBilling();
  /** Something of this thread's own was done: before that a count repeats another thread's. */
  let begun = false;
  let continues = false;
  let headed = false;

  function takeResponse(response: ModelResponse, origin: Origin): void {
    const repeats = continues && !begun && response.id === undefined;
    spent =
      origin === "own" && !repeats ? addResponse(spent, response) : skipResponse(spent, response);
  }

  return {
    get spent() {
      return spent;
    },
    skip() {
      spent = { ...spent, missed: true };
    },
    take(item, origin) {
      if (item.type === "sessionMeta") {
        headed = true;
        continues = item.continues !== undefined;
        if (continues) spent = inherited;
        return;
      }
      // Without its head it is not known whose responses these are.
      if (!headed) spent = { ...spent, missed: true };
      if (origin === "own" && begins.has(item.type)) begun = true;
      const response = responseOf(item);
      if (response !== undefined) takeResponse({ ...billing.current, ...response }, origin);
      billing.take(item);
    },
  };
}

const begins: ReadonlySet<RolloutItem["type"]> = new Set([
  "taskStarted",
  "userMessage",
  "reasoning",
  "reply",
  "toolCall",
  "toolOutput",
]);

function responseOf(item: RolloutItem): ModelResponse | undefined {
  if (item.type !== "response" && item.type !== "tokenCount") return undefined;
  const { at, ordinal, serviceTier } = item;
  const place = {
    at,
    ...(ordinal === undefined ? {} : { ordinal }),
    ...(serviceTier === undefined ? {} : { tier: serviceTier }),
  };
  if (item.type === "response") {
    const id = item.id === undefined ? {} : { id: item.id };
    return { ...place, ...id, usage: item.usage, total: item.total };
  }
  if (item.usage === undefined) return undefined;
  const { last, total } = item.usage;
  return { ...place, ...(last === undefined ? {} : { usage: last }), total };
}
