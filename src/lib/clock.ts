/** Time as an argument: edge files hand this one to everything that waits or measures. */
export interface Clock {
  /** Wall clock, ms since the epoch. May jump; only for what is shown or compared with files. */
  now(): number;
  /** Monotonic clock, ms since an arbitrary start. For durations, limits and backoff. */
  monotonic(): number;
  /** Calls `run` once after `ms`; disposing the handle cancels it. */
  after(ms: number, run: () => void): Disposable;
}

/** Timers may be a little early; a beat that near has been kept. */
const earlyMs = 50;

/**
 * Whole ms until the next multiple of a period, at most the period and 50 ms. Who looks at something
 * every ten seconds waits so: all of them then look at one moment, and the machine is woken once.
 */
export function untilBeat(clock: Clock, periodMs: number): number {
  const left = Math.ceil(periodMs - (clock.monotonic() % periodMs));
  return left > earlyMs ? left : left + periodMs;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};
