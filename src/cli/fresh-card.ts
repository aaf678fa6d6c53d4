import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import type { Composed } from "../presence/compose.ts";
import type { SessionView } from "../session/session-view.ts";
import type { CardSources } from "./card-sources.ts";

export interface FreshCardOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly sources: Pick<CardSources, "staleIn" | "oldIn" | "usedIn" | "freshen">;
  /** The card as it is by what is known now. */
  readonly draft: () => Composed;
  /** A card that may be published, or none. */
  readonly onCard: (composed: Composed) => void;
  /** Something was looked at: the card is to be made again. */
  readonly onChecked: () => void;
  /** Read them again, whatever notices there were. */
  readonly readConfig: () => Promise<void>;
  readonly readRollouts: () => Promise<void>;
}

/** For how many looks a card waits, where news come meanwhile. */
const maxTries = 3;
/** What a card was made from is looked at again so often, and after that where something happens. */
const followUpMs = 1500;
const followUps = 6;
/** How old a look may be when a card goes out, and how long the config and rollouts may take, ms. */
const sendMs = 1000;
const lateMs = 250;
/** For how many looks a card that goes out waits: after 2 s a disk counts as one that does not answer. */
const maxRechecks = 12;

/**
 * A card that says something new is made from looks that are new enough for it (`staleIn`); the card
 * before stands until they are answered. A disk that does not answer holds that up for a moment only;
 * without its answer no file is named.
 */
export class FreshCard implements Disposable {
  readonly #options: FreshCardOptions;
  #composed: Composed | undefined;
  #freshening: Promise<void> | undefined;
  #confirming: Promise<void> | undefined;
  #tries = 0;
  /** Since when there is something new that is not on the card, monotonic ms. */
  #newsAt: number | undefined;
  /** Since when what is on the card is known, and when the config was read last, monotonic ms. */
  #madeOf = -Infinity;
  #configAt = -Infinity;
  #check: Disposable | undefined;
  #disposed = false;
  /** Between wall clock and monotonic clock when looks began last: a sleep of the machine widens it. */
  #clockGap: number;

  constructor(options: FreshCardOptions) {
    this.#options = options;
    this.#clockGap = gapOf(options.clock);
  }

  /**
   * Asked before a card goes out, which may be long after it was made: it may have waited for its turn
   * or for a connection, or is sent once more. `undefined` where it still holds by looks that are a second
   * old at most, and by the config as it is since its news; else resolves when all was looked at again
   * and `onCard` was told, or a disk is late.
   */
  recheck(): Promise<void> | undefined {
    // @guard recheck-before-send
    if (this.#isCurrent() && this.#configAt >= this.#madeOf) return undefined;
    this.#confirming ??= this.#confirm().finally(() => (this.#confirming = undefined));
    return this.#confirming;
  }

  /** Makes the card again; `onCard` gets it now, or after the looks that it takes. */
  make(): void {
    const { clock, draft, onCard } = this.#options;
    const composed = draft();
    const isNews = !Bun.deepEquals(composed.card, this.#composed?.card);
    this.#newsAt ??= clock.monotonic();
    const stale = isNews ? this.#staleIn(composed, this.#newsAt) : undefined;
    if (stale !== undefined && this.#tries < maxTries) return void this.#freshen(stale);
    this.#tries = 0;
    if (isNews) this.#madeOf = this.#newsAt;
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

  #staleIn(composed: Composed, newsAt: number): readonly SessionView[] | undefined {
    const { sources } = this.#options;
    const isOld = composed.card !== undefined && this.#hasSlept();
    return isOld ? sources.usedIn(composed) : sources.staleIn(composed, newsAt);
  }

  #isCurrent(): boolean {
    const { clock, sources, draft } = this.#options;
    if (this.#composed === undefined || this.#hasSlept()) return false;
    const composed = draft();
    if (!Bun.deepEquals(composed.card, this.#composed.card)) return false;
    return sources.oldIn(composed, clock.monotonic() - sendMs) === undefined;
  }

  /** The monotonic clock stands still while the machine sleeps, and looks seem newer than they are. */
  #hasSlept(): boolean {
    // @guard looks-before-sleep
    return Math.abs(gapOf(this.#options.clock) - this.#clockGap) >= sendMs;
  }

  async #confirm(): Promise<void> {
    const { clock, log, readConfig, readRollouts } = this.#options;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    using _ = clock.after(lateMs, resolve);
    const at = clock.monotonic();
    const rollouts = this.#isCurrent() ? undefined : readRollouts();
    try {
      await Promise.race([Promise.all([readConfig(), rollouts]), late]);
      this.#configAt = at;
      for (let tries = 0; tries < maxRechecks && !this.#isCurrent(); tries += 1) {
        if (this.#composed === undefined || this.#disposed) return;
        // oxlint-disable-next-line no-await-in-loop -- what one look finds may need another one
        await this.#freshen(this.#options.sources.usedIn(this.#composed));
      }
    } catch (error) {
      log.debug("looks", messageOf(error));
    }
  }

  #freshen(sessions: readonly SessionView[]): Promise<void> {
    this.#freshening ??= this.#freshenNow(sessions);
    return this.#freshening;
  }

  async #freshenNow(sessions: readonly SessionView[]): Promise<void> {
    const { sources, log, clock, onChecked } = this.#options;
    if (this.#disposed) return;
    const gap = gapOf(clock);
    try {
      await sources.freshen(sessions);
      this.#clockGap = gap;
    } catch (error) {
      log.debug("looks", messageOf(error));
    }
    this.#freshening = undefined;
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

function gapOf(clock: Clock): number {
  return clock.now() - clock.monotonic();
}
