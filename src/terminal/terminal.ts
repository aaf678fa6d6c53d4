import { closeSync, constants, openSync, write, writeSync } from "node:fs";
import { codeOf } from "../lib/errors.ts";
import { isForeground, lineSettings, windowSize } from "./termios.ts";

/** Size of the terminal in character cells, and in pixels where it tells them. */
export interface TerminalSize {
  readonly rows: number;
  readonly cols: number;
  /** `ws_xpixel` and `ws_ypixel` of ioctl_tty(2); absent where the terminal says 0, which means unknown. */
  readonly pixels?: { readonly width: number; readonly height: number };
}

/** The one door to the user's terminal. The real one is opened by `openTerminal`. */
export interface Terminal extends Disposable {
  readonly size: TerminalSize;
  /** Bytes the user types and the terminal answers; ends when the terminal is gone. */
  readonly input: AsyncIterable<Uint8Array>;
  /**
   * Writes in order. Returns `undefined` when everything was taken at once, else a promise that
   * resolves when it has been (the caller's backpressure). Rejects when the terminal is gone.
   */
  write(bytes: Uint8Array): Promise<void> | undefined;
  /** Whether this process may change the terminal: a background job that does is stopped. */
  readonly inForeground: boolean;
  /** Switches between raw and the mode found at the start. */
  setRaw(raw: boolean): void;
  /** Calls `listener` with each new size; disposing ends it. */
  onResize(listener: (size: TerminalSize) => void): Disposable;
  /** Last words on the way out: written as far as the terminal takes them within `ms`. */
  writeLast(bytes: Uint8Array, ms: number): void;
}

/**
 * Opens the controlling terminal. It is opened anew, twice: once non-blocking, so that a terminal
 * that has stopped (Ctrl-S, a slow line) never stops the event loop, and once blocking, on which a
 * pool thread waits for it. The descriptors that the shell lent us keep their flags.
 *
 * @returns `undefined` where there is no controlling terminal
 */
export function openTerminal(): Terminal | undefined {
  const opened = openTwice();
  if (opened === undefined) return undefined;
  const { eager, patient } = opened;
  const settings = lineSettings(eager);
  if (settings === undefined) {
    closeSync(eager);
    closeSync(patient);
    return undefined;
  }
  const writer = new Writer(eager, patient);
  const input = new Input(eager);
  // In the background whoever touches the terminal is stopped (SIGTTOU): right for one that wants
  // it, as `cdp codex &` does, not for one that is leaving.
  const set = (raw: boolean): void => {
    if (raw) settings.raw();
    else if (isForeground(eager)) settings.restore();
  };
  return {
    get size() {
      return windowSize(eager);
    },
    input,
    get inForeground() {
      return isForeground(eager);
    },
    write: (bytes) => writer.write(bytes),
    setRaw: (raw) => set(raw),
    onResize(listener) {
      const changed = () => listener(windowSize(eager));
      process.on("SIGWINCH", changed);
      return { [Symbol.dispose]: () => void process.off("SIGWINCH", changed) };
    },
    writeLast(bytes, ms) {
      if (isForeground(eager)) writer.writeLast(bytes, ms);
    },
    [Symbol.dispose]() {
      set(false);
      input.cancel();
    },
  };
}

function openTwice(): { eager: number; patient: number } | undefined {
  const { O_RDWR, O_NOCTTY, O_NONBLOCK } = constants;
  try {
    const eager = openSync("/dev/tty", O_RDWR | O_NOCTTY | O_NONBLOCK);
    return { eager, patient: openSync("/dev/tty", O_RDWR | O_NOCTTY) };
  } catch {
    return undefined; // Lost: why; the caller goes on without a terminal.
  }
}

/**
 * A terminal that hangs up answers EIO: that is its end, not an error, and its errno is lost. An
 * iterator by hand, since each generator between a key and the child costs it some microseconds.
 */
class Input implements AsyncIterable<Uint8Array> {
  readonly #fd: number;
  #reader: ReturnType<typeof openReader> | undefined;

  constructor(fd: number) {
    this.#fd = fd;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    const reader = openReader(this.#fd);
    this.#reader = reader;
    return { next: () => reader.read().then(resultOf, () => END) };
  }

  /** Whoever opens the terminal next gets the keys. */
  cancel(): void {
    this.#reader?.cancel().catch(() => {}); // it has ended before
  }
}

function openReader(fd: number) {
  return Bun.file(fd).stream().getReader();
}

const END = { done: true, value: undefined } as const;

function resultOf({ value }: { readonly value?: Uint8Array | undefined }) {
  return value === undefined ? END : { done: false as const, value };
}
const NOTHING = new Uint8Array(0);

class Writer {
  readonly #eager: number;
  readonly #patient: number;
  #last: Promise<void> | undefined;

  constructor(eager: number, patient: number) {
    this.#eager = eager;
    this.#patient = patient;
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#last === undefined) {
      const rest = this.#now(bytes);
      if (rest.length === 0) return undefined;
      return this.#later(this.#patiently(rest));
    }
    return this.#later(this.#last.then(() => this.#patiently(bytes)));
  }

  writeLast(bytes: Uint8Array, ms: number): void {
    const end = performance.now() + ms;
    let rest = bytes;
    try {
      while (rest.length > 0 && performance.now() < end) {
        rest = this.#now(rest);
        if (rest.length > 0) Bun.sleepSync(2);
      }
    } catch {
      // The terminal is gone; so is what should have been reset.
    }
  }

  /** Writes what the terminal takes at once; the rest comes back. */
  #now(bytes: Uint8Array): Uint8Array {
    let rest = bytes;
    while (rest.length > 0) {
      try {
        const taken = writeSync(this.#eager, rest);
        if (taken === rest.length) return NOTHING;
        rest = rest.subarray(taken);
      } catch (error) {
        const code = codeOf(error);
        if (code === "EAGAIN") return rest;
        if (code !== "EINTR") throw error;
      }
    }
    return rest;
  }

  #later(work: Promise<void>): Promise<void> {
    const last = work.finally(() => {
      if (this.#last === last) this.#last = undefined;
    });
    this.#last = last;
    return last;
  }

  async #patiently(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0) {
      const taken = await new Promise<number>((resolve, reject) => {
        write(this.#patient, rest, (error, count) => (error ? reject(error) : resolve(count)));
      });
      rest = rest.subarray(taken);
    }
  }
}
