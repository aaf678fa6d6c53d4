import type { Clock } from "../lib/clock.ts";

/** Timers cannot wait longer than some 24 days; nothing here needs to. */
const longestWaitMs = 3_600_000;

/** Runs one thing at a moment of the wall clock, and again an hour later at most where it is later. */
export class DueTimer implements Disposable {
  readonly #clock: Clock;
  readonly #run: () => void;
  #timer: Disposable | undefined;

  constructor(clock: Clock, run: () => void) {
    this.#clock = clock;
    this.#run = run;
  }

  /** @param dueAt ms since the epoch, instead of the moment before; `undefined` for never */
  set(dueAt: number | undefined): void {
    this[Symbol.dispose]();
    if (dueAt === undefined) return;
    const wait = Math.min(longestWaitMs, Math.max(1, dueAt - this.#clock.now()));
    this.#timer = this.#clock.after(wait, this.#run);
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }
}
