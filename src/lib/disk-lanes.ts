import type { Clock } from "./clock.ts";
import type { Disk } from "./mounts.ts";

/** What the lanes need to know of a disk. */
export type LaneDisk = Pick<Disk, "name" | "isLocal">;

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
  readonly disk: LaneDisk;
  readonly waiting: Set<Waiting>;
  isBusy: boolean;
  /** The operation that runs has been running for longer than `lateMs`. */
  isLate: boolean;
}

/**
 * Runs operations on disks: one at a time on each, so that a disk that does not answer keeps one
 * thread of the runtime's pool and no more. What waits behind such an operation is answered "late",
 * and so is what is asked of that disk until it answers. Disks that may hang leave one place to
 * those of this machine, where there are two.
 */
export class DiskLanes {
  readonly #options: DiskLanesOptions;
  readonly #lanes = new Map<string, Lane>();
  #running = 0;

  constructor(options: DiskLanesOptions) {
    this.#options = options;
  }

  /** @param operation one call of the file system; when it rejects, so does the result */
  run<Value>(disk: LaneDisk, operation: () => Promise<Value>): Promise<Answer<Value>> {
    const lane = this.#laneOf(disk);
    if (lane.isLate) return Promise.resolve(late);
    return new Promise((resolve, reject) => {
      const timer = this.#afterLate(() => {
        if (!lane.waiting.delete(entry)) this.#isLate(lane);
        resolve(late);
      });
      const entry: Waiting = {
        giveUp: () => {
          lane.waiting.delete(entry);
          timer[Symbol.dispose]();
          resolve(late);
        },
        start: () => {
          void operation()
            .finally(() => this.#ended(lane, timer))
            .then((value) => resolve({ kind: "done", value }), reject);
        },
      };
      lane.waiting.add(entry);
      this.#next();
    });
  }

  /** As `run`, for what has to wait for the disk's answer, however long that takes. */
  wait<Value>(disk: LaneDisk, operation: () => Promise<Value>): Promise<Value> {
    const lane = this.#laneOf(disk);
    return new Promise((resolve, reject) => {
      const start = (): void => {
        const timer = this.#afterLate(() => this.#isLate(lane));
        void operation()
          .finally(() => this.#ended(lane, timer))
          .then(resolve, reject);
      };
      lane.waiting.add({ start, giveUp: () => undefined });
      this.#next();
    });
  }

  #afterLate(run: () => void): Disposable {
    const { clock, lateMs = defaultLateMs } = this.#options;
    return clock.after(lateMs, run);
  }

  #laneOf(disk: LaneDisk): Lane {
    const lane = this.#lanes.get(disk.name) ?? {
      disk,
      waiting: new Set(),
      isBusy: false,
      isLate: false,
    };
    this.#lanes.set(disk.name, lane);
    return lane;
  }

  #isLate(lane: Lane): void {
    lane.isLate = true;
    for (const other of lane.waiting) other.giveUp();
  }

  #ended(lane: Lane, timer: Disposable): void {
    const { name } = lane.disk;
    timer[Symbol.dispose]();
    this.#running -= 1;
    lane.isBusy = false;
    lane.isLate = false;
    // Behind the other lanes: each disk has its turn.
    this.#lanes.delete(name);
    if (lane.waiting.size > 0) this.#lanes.set(name, lane);
    this.#next();
  }

  #next(): void {
    const { places } = this.#options;
    for (const lane of this.#lanes.values()) {
      const [first] = lane.waiting;
      if (lane.isBusy || first === undefined) continue;
      const free = lane.disk.isLocal ? places : Math.max(1, places - 1);
      if (this.#running >= free) continue;
      lane.waiting.delete(first);
      lane.isBusy = true;
      this.#running += 1;
      first.start();
    }
  }
}
