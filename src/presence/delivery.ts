import type { Reply } from "../discord/wire.ts";
import type { Frame } from "./frame.ts";

/** What Discord was told, and what it will be told next. Moments are wall clock, ms. */
export interface Delivery {
  /** When the last card or clear was sent, on whichever connection. */
  readonly sentAt: number | undefined;
  /**
   * The card that was sent last; `undefined` after a clear, and on a connection on which nothing was
   * sent: a card goes with its connection.
   */
  readonly card: Shown | undefined;
  /** `false`: refused, or no answer after 5 s. `undefined`: nothing sent, or it may still come. */
  readonly acknowledged: boolean | undefined;
  /** A card, or a clear, that waits; when it will be sent, where that is known. */
  readonly pending: { readonly card: Shown | undefined; readonly dueAt?: number } | undefined;
}

/** A card as Discord gets it. */
export type Shown = Pick<Frame, "activity" | "about">;

/** From then on a send that has no answer counts as not acknowledged. */
const answerMs = 5000;

export const noDelivery: Delivery = {
  sentAt: undefined,
  card: undefined,
  acknowledged: undefined,
  pending: undefined,
};

/** The last send and its answer, as far as it has come. */
export interface LastSend {
  /** Wall clock, ms. */
  readonly at: number;
  /** Since when an answer is awaited, monotonic ms. */
  readonly since: number;
  /** `undefined` is a clear. */
  readonly text: string | undefined;
  readonly reply: Reply | undefined;
}

/** A send; the same once more, it is as unanswered as the first time. */
export function lastSend(
  before: LastSend | undefined,
  {
    at,
    mono,
    text,
  }: { readonly at: number; readonly mono: number; readonly text: string | undefined },
): LastSend {
  const isAgain = before !== undefined && before.reply === undefined && before.text === text;
  return { at, since: isAgain ? before.since : mono, text, reply: undefined };
}

/** Whether the last send was taken: `undefined` while its answer may still come in time. */
export function isTaken({ since, reply }: LastSend, now: number): boolean | undefined {
  if (reply !== undefined) return reply.kind === "accepted";
  return now - since >= answerMs ? false : undefined;
}

/** Without a connection a card waits for one; a card that is not wanted is gone already. */
export function waitsFor(wanted: Frame | undefined): Delivery["pending"] {
  return wanted === undefined ? undefined : { card: wanted };
}
