import type { Clock } from "../lib/clock.ts";

/** Looks at growing distances, from now on, until told to stop. */
export interface LookSeries extends Disposable {
  /** Begins anew, with a look at once. */
  begin(): void;
}

/** Between the looks, in ms: Codex writes within 150 ms of a key, on a busy machine later. */
const delays = [0, 5, 10, 20, 40, 80, 160, 320, 640, 1280];

/** @param look gets the number of the look in its series; false ends the series */
export function openLookSeries(clock: Clock, look: (step: number) => boolean): LookSeries {
  let next: Disposable | undefined;
  const schedule = (step: number): void => {
    next?.[Symbol.dispose]();
    const delay = delays[step];
    next =
      delay === undefined
        ? undefined
        : clock.after(delay, () => {
            if (look(step)) schedule(step + 1);
          });
  };
  return { begin: () => schedule(0), [Symbol.dispose]: () => next?.[Symbol.dispose]() };
}
