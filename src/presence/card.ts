/**
 * What others see in Discord, before it is encoded as an activity. Texts are final: scrubbed,
 * clamped and fit for Discord's limits (docs/discord.md).
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
