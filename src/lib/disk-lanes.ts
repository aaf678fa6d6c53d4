import type { Clock } from "./clock.ts";

export interface DiskLanesOptions {
  readonly clock: Clock;
  /** Operations at once on all disks together: fewer than the runtime's pool has threads. */
  readonly places: number;
  /** How long an operation may take before its disk counts as one that does not answer, ms. */
  readonly lateMs?: number;
}

/** An operation's result, or that its disk did not answer in time (it may still run). */
export type Answer<Value> =
  | { readonly kind: "done"; readonly value: Value }
  | { readonly kind: "late" };

/** Long enough for a machine under load and a disk that has to spin up. */
const defaultLateMs = 2000;

const late = { kind: "late" } as const;

interface Waiting {
  readonly start: () => void;
  readonly giveUp: () => void;
}

interface Lane {
  readonly waiting: Set<Waiting>;
  isBusy: boolean;
  /** The operation that runs has been running for longer than `lateMs`. */
  isLate: boolean;
}

/**
 * Runs operations on disks: one at a time on each, so that a disk that does not answer keeps one
 * thread of the runtime's pool and no more. What waits behind such an operation is answered "late",
 * and so is what is asked of that disk until it answers.
 */
export class DiskLanes {
  readonly #options: DiskLanesOptions;
  readonly #lanes = new Map<string, Lane>();
  #running = 0;

  constructor(options: DiskLanesOptions) {
    this.#options = options;
  }

  /**
   * @param disk what tells one disk from another, such as its mount point
   * @param operation one call of the file system; when it rejects, so does the result
   */
  run<Value>(disk: string, operation: () => Promise<Value>): Promise<Answer<Value>> {
    const lane = this.#laneOf(disk);
    if (lane.isLate) return Promise.resolve(late);
    return new Promise((resolve, reject) => {
      const { clock, lateMs = defaultLateMs } = this.#options;
      const timer = clock.after(lateMs, () => {
        if (lane.waiting.delete(entry)) return resolve(late);
        lane.isLate = true;
        resolve(late);
        for (const other of lane.waiting) other.giveUp();
      });
      const entry: Waiting = {
        giveUp: () => {
          lane.waiting.delete(entry);
          timer[Symbol.dispose]();
          resolve(late);
        },
        start: () => {
          const ended = (): void => {
            timer[Symbol.dispose]();
            this.#ended(disk, lane);
          };
          void operation()
            .finally(ended)
            .then((value) => resolve({ kind: "done", value }), reject);
        },
      };
      lane.waiting.add(entry);
      this.#next();
    });
  }

  #laneOf(disk: string): Lane {
    const lane = this.#lanes.get(disk) ?? { waiting: new Set(), isBusy: false, isLate: false };
    this.#lanes.set(disk, lane);
    return lane;
  }

  #ended(disk: string, lane: Lane): void {
    this.#running -= 1;
    lane.isBusy = false;
    lane.isLate = false;
    // Behind the other lanes: each disk has its turn.
    this.#lanes.delete(disk);
    if (lane.waiting.size > 0) this.#lanes.set(disk, lane);
    this.#next();
  }

  #next(): void {
    for (const lane of this.#lanes.values()) {
      if (this.#running >= this.#options.places) return;
      const [first] = lane.waiting;
      if (lane.isBusy || first === undefined) continue;
      lane.waiting.delete(first);
      lane.isBusy = true;
      this.#running += 1;
      first.start();
    }
  }
}
