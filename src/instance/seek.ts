import type { Clock } from "../lib/clock.ts";
import type { InspectedPlace } from "./inspect.ts";
import type { Lock, LockAttempt } from "./lock.ts";
import type { Mode } from "./metadata.ts";
import type { Legacy, Self } from "./self.ts";

/** What an instance is among the others of its home. */
export type RoleState =
  | { readonly kind: "seeking" }
  /** It is the one publisher. `problem`: why others cannot find it, if so. */
  | { readonly kind: "publishing"; readonly problem: string | undefined }
  /** A wrapper behind a publisher, which shows its session. */
  | { readonly kind: "following"; readonly pid: number; readonly mode: Mode | undefined }
  /** Somebody holds the role and cannot give it up now; it is taken as soon as that is over. */
  | { readonly kind: "waiting"; readonly pid: number | undefined; readonly why: string }
  /** Given up for the time being, by `handOver`. */
  | { readonly kind: "resting" }
  /** There can be no publisher here now: presence is off, and tried again every 10 s. */
  | { readonly kind: "off"; readonly reason: string }
  /** A dashboard's end: process `by` has taken over. */
  | { readonly kind: "takenOver"; readonly by: number }
  /** A dashboard's end: the role could not be had. `reason` says what to do. */
  | { readonly kind: "failed"; readonly pid: number | undefined; readonly reason: string };

/** The role, with what the one before left. */
export interface Taken {
  readonly lock: Lock;
  readonly legacy: Legacy | undefined;
}

/** An instance on its way to the role. */
export interface Seeker {
  readonly self: Self;
  readonly place: InspectedPlace;
  readonly tryLock: () => LockAttempt;
  readonly clock: Clock;
  /** True as soon as this instance wants nothing any more. */
  readonly isLeaving: () => boolean;
  /** Waits so long (ms; for ever where undefined), or until something happens. */
  readonly pause: (ms: number | undefined) => Promise<void>;
  /** Ends the wait that is under way. */
  readonly wake: () => void;
  readonly say: (state: RoleState) => void;
}

/**
 * How often to look, ms: in a change of publishers, before it is our turn, beside a silent one, and
 * where there can be no publisher at all.
 */
export const pace = { changing: 5, early: 25, beside: 200, off: 10_000 } as const;

/** A wait that can be cut short, by one waiter at a time. */
export class Wakeup {
  readonly #clock: Clock;
  #stir: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ends the wait that is under way, if any. */
  wake(): void {
    this.#stir();
  }

  async pause(ms: number | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#stir = resolve;
    const timer = ms === undefined ? undefined : this.#clock.after(ms, resolve);
    await promise;
    timer?.[Symbol.dispose]();
  }
}
