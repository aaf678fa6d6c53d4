import type { Settings } from "../session/event.ts";
import { tierOf, unknownTier } from "../session/price.ts";
import { optional } from "./json.ts";
import type { RolloutItem } from "./rollout-item.ts";

/** By which model and at which tier a rollout's next response is billed. */
export interface Billing {
  /** Of every item in order, responses included. */
  take(item: RolloutItem): void;
  /** Absent where it is not known, or not told. */
  readonly current: { readonly model?: string; readonly tier?: string };
}

export function trackBilling(): Billing {
  let model: string | undefined;
  let tier: string | undefined;
  /** Where that of the running turn is another. */
  let billedTier: string | undefined;
  /** The model was named since the last response. */
  let named = false;
  /** It was not when the turn began, nor since. */
  let unnamed = false;
  let inTurn = false;
  let underWay = false;
  /** Set while a turn was under way. */
  let next: Settings = {};

  function apply(settings: Settings): void {
    model = settings.model ?? model;
    tier = settings.serviceTier ?? tier;
    named ||= settings.model !== undefined;
    unnamed &&= !named;
  }

  /**
   * What is set while a turn is under way counts from the next one on: a turn names its own model.
   * It names no tier, so whether the rest of it is billed at the old one is not known.
   */
  function setNext(settings: Settings): void {
    next = { ...next, ...settings };
    billedTier = tierOf(next.serviceTier ?? tier) === tierOf(tier) ? billedTier : unknownTier;
  }

  function endTurn(): void {
    inTurn = false;
    underWay = false;
    billedTier = undefined;
    apply(next);
    next = {};
  }

  return {
    get current() {
      return { ...optional("model", model), ...optional("tier", billedTier ?? tier) };
    },
    take(item) {
      if (item.type === "settings") {
        if (underWay && !item.ofTurn) setNext(item.settings);
        else apply(item.settings);
        return;
      }
      if (item.type === "taskStarted") {
        endTurn();
        inTurn = true;
        unnamed = !named;
      }
      if (item.type === "taskComplete" || item.type === "turnAborted") endTurn();
      // A turn that a prompt began names its model; a mere compaction does not.
      if (item.type === "userMessage" && unnamed) model = undefined;
      // Before its prompt Codex writes the settings that hold for a turn.
      if (works.has(item.type)) underWay = inTurn;
      if (responds.has(item.type)) named = false;
    },
  };
}

/** What is done in a turn that has begun. */
const works: ReadonlySet<RolloutItem["type"]> = new Set([
  "userMessage",
  "reasoning",
  "reply",
  "toolCall",
  "toolOutput",
]);
const responds: ReadonlySet<RolloutItem["type"]> = new Set(["tokenCount", "response"]);
