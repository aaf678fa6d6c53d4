import { type Clock, untilBeat } from "./clock.ts";

/** How often a sleep of the machine is looked for, and how long a gap counts as one, ms. */
const checkMs = 10_000;
const gapMs = 30_000;

/** Calls `woken` when the machine has slept: timers stood still while the wall clock went on. */
export function watchForSleep(clock: Clock, woken: () => void): Disposable {
  let timer: Disposable;
  const wait = (last: number): void => {
    timer = clock.after(untilBeat(clock, checkMs), () => {
      const now = clock.now();
      wait(now);
      if (now - last > checkMs + gapMs) woken();
    });
  };
  wait(clock.now());
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
}
