import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import type { Composed } from "../presence/compose.ts";
import type { SessionView } from "../session/session-view.ts";
import type { CardSources } from "./card-sources.ts";

export interface FreshCardOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly sources: Pick<CardSources, "staleIn" | "usedIn" | "freshen">;
  /** The card as it is by what is known now. */
  readonly draft: () => Composed;
  /** A card that may be published, or none. */
  readonly onCard: (composed: Composed) => void;
  /** Something was looked at: the card is to be made again. */
  readonly onChecked: () => void;
}

/** For how many looks a card waits, where news come meanwhile. */
const maxTries = 3;
/** What a card was made from is looked at again so often, and after that where something happens. */
const followUpMs = 1500;
const followUps = 6;

/**
 * A card that says something new is made from looks that are new enough for it (`staleIn`); the card
 * before stands until they are answered. A disk that does not answer holds that up for a moment only;
 * without its answer no file is named.
 */
export class FreshCard implements Disposable {
  readonly #options: FreshCardOptions;
  #composed: Composed | undefined;
  #freshening = false;
  #tries = 0;
  /** Since when there is something new that is not on the card, monotonic ms. */
  #newsAt: number | undefined;
  #check: Disposable | undefined;
  #disposed = false;

  constructor(options: FreshCardOptions) {
    this.#options = options;
  }

  /** Makes the card again; `onCard` gets it now, or after the looks that it takes. */
  make(): void {
    const { clock, sources, draft, onCard } = this.#options;
    const composed = draft();
    const isNews = !Bun.deepEquals(composed.card, this.#composed?.card);
    this.#newsAt ??= clock.monotonic();
    const stale = isNews ? sources.staleIn(composed, this.#newsAt) : undefined;
    if (stale !== undefined && this.#tries < maxTries) return void this.#freshen(stale);
    this.#tries = 0;
    this.#newsAt = undefined;
    this.#composed = composed;
    onCard(composed);
    if (isNews) this.#checkAgain(followUps);
  }

  /** The card could not be made: whatever comes next is new. */
  forget(): void {
    this.#composed = undefined;
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#check?.[Symbol.dispose]();
  }

  async #freshen(sessions: readonly SessionView[]): Promise<void> {
    const { sources, log, onChecked } = this.#options;
    if (this.#freshening || this.#disposed) return;
    this.#freshening = true;
    try {
      await sources.freshen(sessions);
    } catch (error) {
      log.debug("looks", messageOf(error));
    }
    this.#freshening = false;
    this.#tries += 1;
    if (!this.#disposed) onChecked();
  }

  /** A card may wait for its turn with Discord: what it was made from is looked at until it is out. */
  #checkAgain(times: number): void {
    this.#check?.[Symbol.dispose]();
    this.#check = undefined;
    if (times === 0 || this.#composed?.card === undefined || this.#disposed) return;
    this.#check = this.#options.clock.after(followUpMs, () => {
      this.#checkAgain(times - 1);
      if (this.#composed !== undefined) {
        void this.#freshen(this.#options.sources.usedIn(this.#composed));
      }
    });
  }
}
