/** Where the queue's bytes go, and how it asks to be called again. */
export interface WriteTarget {
  /** Writes what the kernel takes now and returns how much; 0 when it is full. Throws when nobody can read it. */
  readonly write: (bytes: Uint8Array) => number;
  /** Calls `run` later, sooner for a small `attempt` (0 after progress, then 1, 2, … without). */
  readonly later: (attempt: number, run: () => void) => void;
}

export interface WriteQueue {
  push(bytes: Uint8Array): void;
  readonly pendingBytes: number;
  /** Forgets what is queued and takes nothing more. */
  stop(): void;
}

/** Bytes written in one go before the event loop gets its turn. */
const TURN = 256 * 1024;

/**
 * Bytes on their way into a non-blocking file, in order. What the kernel does not take at once waits;
 * each call to `target.later` tries again, and one turn never writes more than 256 KiB.
 */
export function createWriteQueue(target: WriteTarget): WriteQueue {
  const queue: Uint8Array[] = [];
  let pending = 0;
  let waiting = false;
  let stopped = false;

  const forget = (): void => {
    queue.length = 0;
    pending = 0;
  };
  const wait = (attempt: number): void => {
    waiting = true;
    target.later(attempt, () => flush(attempt));
  };
  const flush = (attempt: number): void => {
    waiting = false;
    let budget = TURN;
    while (budget > 0) {
      const head = queue[0];
      if (head === undefined) return;
      const written = tryWrite(target, head.subarray(0, budget));
      if (written === undefined) return forget();
      if (written === 0) break;
      budget -= written;
      pending -= written;
      if (written === head.length) queue.shift();
      else queue[0] = head.subarray(written);
    }
    if (queue.length > 0) wait(budget < TURN ? 0 : attempt + 1);
  };

  return {
    get pendingBytes() {
      return pending;
    },
    push(bytes) {
      if (stopped || bytes.length === 0) return;
      let written: number | undefined = 0;
      if (!waiting) {
        written = tryWrite(target, bytes.length > TURN ? bytes.subarray(0, TURN) : bytes);
        if (written === undefined || written === bytes.length) return;
      }
      // A copy: the caller may use its buffer again while these bytes wait.
      const rest = bytes.slice(written);
      queue.push(rest);
      pending += rest.length;
      if (!waiting) wait(written > 0 ? 0 : 1);
    },
    stop() {
      stopped = true;
      forget();
    },
  };
}

function tryWrite(target: WriteTarget, bytes: Uint8Array): number | undefined {
  try {
    return target.write(bytes);
  } catch {
    return undefined; // nobody holds the other side, so nobody can read what is queued
  }
}
