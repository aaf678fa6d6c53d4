import { openEmulator } from "../../src/terminal/emulator.ts";
import type { Log } from "../../src/lib/log.ts";
import type { Pty, PtyExit, PtySize } from "../../src/pty/pty.ts";
import { Replies } from "../../src/terminal/replies.ts";
import { Split } from "../../src/terminal/split.ts";
import type { Terminal, TerminalSize } from "../../src/terminal/terminal.ts";
import type { WrapperParts } from "../../src/wrapper/wrapper.ts";
import { FakeClock } from "./fake-clock.ts";

/** Bytes that come when the test says so. */
export class Feed implements AsyncIterable<Uint8Array> {
  readonly #chunks: Uint8Array[] = [];
  #ended = false;
  #wake: (() => void) | undefined;

  push(text: string): void {
    this.#chunks.push(new TextEncoder().encode(text));
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) yield chunk;
      else if (this.#ended) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

/** A child that writes what the test says, and the terminal of a user who types what it says. */
export class FakeEnds {
  readonly output = new Feed();
  readonly input = new Feed();
  readonly clock = new FakeClock();
  readonly logged: string[] = [];
  readonly sizes: PtySize[] = [];
  readonly raw: boolean[] = [];
  written = "";
  typed = "";
  last = "";
  closed = false;
  size: TerminalSize = { rows: 20, cols: 60 };
  /** What the terminal does with bytes instead of showing them. */
  onWrite: ((bytes: Uint8Array) => Promise<void> | undefined) | undefined;
  #resized: ((size: TerminalSize) => void) | undefined;
  readonly #exit = Promise.withResolvers<PtyExit>();

  readonly log: Log = { debug: (part, message) => void this.logged.push(`${part}: ${message}`) };

  /** The child ends, after all it wrote. */
  exit(exit: PtyExit): void {
    this.output.end();
    this.#exit.resolve(exit);
  }

  resize(size: TerminalSize): void {
    this.size = size;
    this.#resized?.(size);
  }

  readonly pty: Pty = {
    backend: "node-pty",
    pid: 4242,
    output: this.output,
    exited: this.#exit.promise,
    write: (bytes) => void (this.typed += new TextDecoder().decode(bytes)),
    pendingBytes: 0,
    canonical: undefined,
    resize: (size) => void this.sizes.push(size),
    signal: () => true,
    close: () => void (this.closed = true),
  };

  terminal(): Terminal {
    const size = () => this.size;
    return {
      get size() {
        return size();
      },
      input: this.input,
      write: (bytes) => {
        if (this.onWrite !== undefined) return this.onWrite(bytes);
        this.written += new TextDecoder().decode(bytes);
        return undefined;
      },
      inForeground: true,
      setRaw: (raw) => void this.raw.push(raw),
      onResize: (listener) => {
        this.#resized = listener;
        return { [Symbol.dispose]: () => (this.#resized = undefined) };
      },
      writeLast: (bytes) => void (this.last += new TextDecoder().decode(bytes)),
      [Symbol.dispose]: () => undefined,
    };
  }

  /** Everything `Wrapper` needs, with a pane of two plain rows. */
  parts(change: Partial<WrapperParts> = {}): WrapperParts {
    const emulator = openEmulator;
    const split = new Split({ size: this.size, paneRows: 2, emulator });
    return {
      pty: this.pty,
      terminal: this.terminal(),
      startSize: this.size,
      split,
      replies: new Replies(split),
      view: { height: () => 2, rows: () => ["top", "below"], nextChange: () => undefined },
      clock: this.clock,
      log: this.log,
      ...change,
    };
  }
}
