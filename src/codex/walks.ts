import type { Clock } from "../lib/clock.ts";

/** Between two walks through every folder, and where every running Codex has a lock. */
const walkMs = 60_000;
const rareWalkMs = 1_800_000;
/** A walk takes at most one part in so many: ten thousand stats are not nothing. */
const share = 1000;

/** Walks through every folder again and again, the first time after the first wait. */
export function openWalks(
  clock: Clock,
  locksTell: () => boolean,
  walk: () => Promise<void>,
): Disposable {
  let next: Disposable | undefined;
  let isOpen = true;
  function schedule(tookMs: number): void {
    if (!isOpen) return;
    const wait = Math.max(locksTell() ? rareWalkMs : walkMs, tookMs * share);
    next = clock.after(wait, () => {
      const begun = clock.monotonic();
      void walk().then(() => schedule(clock.monotonic() - begun));
    });
  }
  schedule(0);
  return {
    [Symbol.dispose]() {
      isOpen = false;
      next?.[Symbol.dispose]();
    },
  };
}
