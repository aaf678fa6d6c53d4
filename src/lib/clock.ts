/** Time as an argument: edge files hand this one to everything that waits or measures. */
export interface Clock {
  /** Wall clock, ms since the epoch. May jump; only for what is shown or compared with files. */
  now(): number;
  /** Monotonic clock, ms since an arbitrary start. For durations, limits and backoff. */
  monotonic(): number;
  /** Calls `run` once after `ms`; disposing the handle cancels it. */
  after(ms: number, run: () => void): Disposable;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};
