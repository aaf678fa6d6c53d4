import type { Clock } from "../lib/clock.ts";

/** Between two walks through every folder, and where every running Codex has a lock: ten thousand stats. */
const walkMs = 60_000;
const rareWalkMs = 1_800_000;

/** Says, again and again, when every folder is to be looked into. */
export function openWalks(clock: Clock, locksTell: () => boolean, onDue: () => void): Disposable {
  let next: Disposable | undefined;
  function schedule(): void {
    next = clock.after(locksTell() ? rareWalkMs : walkMs, () => {
      schedule();
      onDue();
    });
  }
  schedule();
  return { [Symbol.dispose]: () => next?.[Symbol.dispose]() };
}
