import { stat } from "node:fs/promises";
import type { Clock } from "../../src/lib/clock.ts";

/** A clock that stands still until it is told to move; due timers run in order. */
export class FakeClock implements Clock {
  #monotonic: number;
  #wall: number;
  #timers: { readonly at: number; readonly run: () => void }[] = [];

  constructor(start: { readonly monotonic?: number; readonly wall?: number } = {}) {
    this.#monotonic = start.monotonic ?? 1000;
    this.#wall = start.wall ?? Date.parse("2026-01-01T00:00:00Z");
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  after(ms: number, run: () => void): Disposable {
    const timer = { at: this.#monotonic + Math.max(0, ms), run };
    this.#timers.push(timer);
    return {
      [Symbol.dispose]: () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      },
    };
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Moves both clocks on; timers that fall due run at their own moment, also new ones. */
  advance(ms: number): void {
    const end = this.#monotonic + ms;
    for (;;) {
      const next = this.#timers.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.#move(Math.max(next.at, this.#monotonic));
      this.#timers = this.#timers.filter((other) => other !== next);
      next.run();
    }
    this.#move(end);
  }

  /** As `advance`, in steps, with time in between for promises and sockets. */
  async run(ms: number, step = 1000): Promise<void> {
    for (let left = ms; left > 0; left -= step) {
      this.advance(Math.min(step, left));
      await settle();
    }
  }

  /**
   * Moves on in small steps until `condition` holds. After `limitMs` the clock stands still, and what
   * the disk and sockets still have to say is waited for; then fails with `what`.
   */
  async runUntil(
    condition: () => boolean | Promise<boolean>,
    what: string,
    limitMs = 10 * 60_000,
  ): Promise<void> {
    const end = this.#monotonic + limitMs;
    while (!(await condition()) && this.#monotonic <= end) await this.run(100, 100);
    const late = `not in ${limitMs} ms of fake time: ${what}`;
    const realEnd = performance.now() + realMs;
    while (!(await condition())) {
      if (performance.now() > realEnd) throw new Error(late);
      await settle();
    }
  }

  /** The wall clock alone: somebody set it, or the machine slept. */
  jumpWall(ms: number): void {
    this.#wall += ms;
  }

  #move(to: number): void {
    this.#wall += to - this.#monotonic;
    this.#monotonic = to;
  }
}

/** How long real disks and sockets may take beside a clock that stands still, ms. */
const realMs = 10_000;

/**
 * Lets promises and pending I/O have their turn. What was asked of the disk before is answered: it
 * does its work in order, and is asked once more.
 */
export async function settle(turns = 3): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  await stat(".");
  await new Promise((resolve) => setImmediate(resolve));
}

/** Polls until `condition` holds; fails with `what` when it does not in time. */
export async function until(
  condition: () => boolean,
  what: string | (() => string),
  deadlineMs = 20_000,
): Promise<void> {
  const end = performance.now() + deadlineMs;
  for (let turn = 0; turn < 50 && !condition(); turn += 1) await settle(1);
  while (!condition()) {
    if (performance.now() > end) {
      throw new Error(`not in ${deadlineMs} ms: ${typeof what === "string" ? what : what()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
