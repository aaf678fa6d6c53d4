/** Stops and restarts the child's output at its source. */
export interface Tap {
  readonly hold: () => void;
  readonly release: () => void;
}

export interface HeldOutput {
  push(chunk: Uint8Array): void;
  /** No more chunks come; those held are still given out. */
  end(): void;
  /** Gives nothing more out, held or not. */
  discard(): void;
  /** Chunks in order; undefined after the last. One reader at a time. */
  next(): Promise<Uint8Array | undefined>;
  readonly over: boolean;
  /** True when every chunk was taken. */
  readonly empty: boolean;
  /** How many chunks have come so far. */
  readonly pushes: number;
}

const HIGH = 1024 * 1024;
const LOW = 256 * 1024;

/**
 * Chunks between a source that pushes and a reader that pulls. Above 1 MiB the tap is closed, below
 * 256 KiB opened again, so that a slow reader holds the child and not our memory.
 */
export function createHeldOutput(tap: Tap): HeldOutput {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let pushes = 0;
  let held = false;
  let over = false;
  let wake: (() => void) | undefined;

  const stir = (): void => {
    wake?.();
    wake = undefined;
  };
  const take = (): Uint8Array | undefined => {
    const chunk = chunks.shift();
    size -= chunk?.length ?? 0;
    if (held && size < LOW) {
      held = false;
      tap.release();
    }
    return chunk;
  };

  return {
    get over() {
      return over;
    },
    get empty() {
      return chunks.length === 0;
    },
    get pushes() {
      return pushes;
    },
    push(chunk) {
      if (over) return;
      chunks.push(chunk);
      pushes += 1;
      size += chunk.length;
      if (!held && size > HIGH) {
        held = true;
        tap.hold();
      }
      stir();
    },
    end() {
      over = true;
      stir();
    },
    discard() {
      over = true;
      chunks.length = 0;
      size = 0;
      stir();
    },
    async next() {
      while (chunks.length === 0 && !over) {
        await new Promise<void>((resolve) => (wake = resolve));
      }
      return take();
    },
  };
}
