import type { ActivityKind } from "../session/activity.ts";
import { privateWords } from "./words.ts";

/**
 * What others see in Discord, before it is encoded as an activity. Texts are final: scrubbed,
 * clamped and fit for Discord's limits (facts in docs/discord.md).
 */
export interface Card {
  readonly details: string;
  readonly state?: string;
  /** Start of the timer, ms since the epoch. */
  readonly startedAt?: number;
  readonly largeImage?: string;
  readonly largeText?: string;
  readonly smallImage?: string;
  readonly smallText?: string;
  /** Which line the member list shows. */
  readonly statusDisplay?: "name" | "state" | "details";
}

/**
 * The card of the private level, which is the only one so far: what kind of thing Codex does, and
 * for how long it has been in use. Nothing that names a project, file, command, model or account.
 *
 * @param startedAt when this run of the wrapper began, ms since the epoch
 */
export function privateCard(kind: ActivityKind, startedAt: number): Card {
  return {
    details: privateWords[kind],
    state: "Using Codex",
    startedAt,
    largeImage: "codex-logo",
    largeText: "Codex",
    smallImage: "openai",
    smallText: "OpenAI",
    statusDisplay: "details",
  };
}
