// edge
import { constants } from "node:os";
import { hasCanonical } from "./canonical.ts";
import { cells, checkSpawnable, signalGroup } from "./child.ts";
import { createHeldOutput, type HeldOutput, type Tap } from "./held-output.ts";
import type { Pty, PtyExit, PtyOptions, PtySize } from "./pty.ts";
import { setWindowSize, terminalOf } from "./window-size.ts";

/** How long a pty may be silent after the child's end before a grandchild that holds it is left alone, ms. */
const QUIET_MS = 50;

/** After this time without a word from Bun, written bytes count as taken, ms. */
const DRAIN_MS = 100;

/** termios(3), Linux: bits of `c_iflag`, and the character that stops the output where IXON is set. */
const IXON = 0o2000;
const IXANY = 0o4000;
const STOP = Uint8Array.of(0x13);

/**
 * The backend over Bun's own pty. Throws an error with `code` ENOENT, EACCES, ENOTDIR or ENOEXEC when
 * the program or the folder cannot be used.
 */
export function spawnBunPty(options: PtyOptions): Pty {
  checkSpawnable(options);
  const status = Promise.withResolvers<PtyExit>();
  const ended = Promise.withResolvers<void>();
  const taken = new Taken();
  let alive = true;
  let hungUp = false;
  let open = true;

  const output: HeldOutput = createHeldOutput({
    hold: () => flow.hold(),
    release: () => flow.release(),
  });
  const child = start(options, {
    data: (chunk) => output.push(chunk),
    drained: () => taken.forget(),
    hungUp() {
      hungUp = true;
      if (!alive) output.end();
    },
    exited(exit) {
      alive = false;
      status.resolve(exit);
      if (hungUp) output.end();
      else endWhenQuiet(output);
    },
  });
  const { terminal } = child;
  const resize = createResize(child, options.size);
  const flow = createFlow(terminal);
  const close = (): void => {
    if (!open) return;
    open = false;
    output.discard();
    terminal?.close();
    ended.resolve();
  };
  const usable = (): boolean => open && terminal?.closed === false;

  return {
    backend: "bun",
    pid: child.pid,
    output: drain(output, close),
    exited: Promise.all([status.promise, ended.promise]).then(([exit]) => exit),
    write(bytes) {
      if (!usable() || bytes.length === 0) return;
      taken.add(bytes.length);
      // A copy: Bun keeps what the kernel does not take, and the caller may use its buffer again.
      terminal?.write(bytes.slice());
    },
    get pendingBytes() {
      return open ? taken.pending : 0;
    },
    get canonical() {
      return usable() && terminal !== undefined ? hasCanonical(terminal.localFlags) : undefined;
    },
    resize: (size) => void (usable() && resize(size)),
    signal: (name) => alive && signalGroup(child.pid, name),
    close,
  };
}

/** Bun's own call sets cells, and pixels to 0: it serves where the terminal's name is not known. */
function createResize(child: Bun.Subprocess, atStart: PtySize): (size: PtySize) => void {
  const path = terminalOf(child.pid);
  if (path !== undefined && atStart.pixels !== undefined) setWindowSize(path, atStart);
  return (size) => {
    if (path !== undefined && setWindowSize(path, size)) return;
    child.terminal?.resize(cells(size.cols), cells(size.rows));
  };
}

/**
 * How much Bun has taken and not written yet. It tells when it has written everything, but not
 * always: an estimate that ends by itself.
 */
class Taken {
  #bytes = 0;
  #at = 0;

  get pending(): number {
    return performance.now() - this.#at < DRAIN_MS ? this.#bytes : 0;
  }

  add(bytes: number): void {
    this.#bytes = this.pending + bytes;
    this.#at = performance.now();
  }

  forget(): void {
    this.#bytes = 0;
  }
}

interface Events {
  readonly data: (chunk: Uint8Array) => void;
  readonly drained: () => void;
  /** Nobody holds the child's side any more. */
  readonly hungUp: () => void;
  readonly exited: (exit: PtyExit) => void;
}

function start(options: PtyOptions, events: Events) {
  return Bun.spawn([options.file, ...options.args], {
    cwd: options.cwd,
    env: { ...options.env },
    // The options and not a `Bun.Terminal`: with one of those the child gets no session of its own.
    terminal: {
      cols: cells(options.size.cols),
      rows: cells(options.size.rows),
      data: (_terminal, chunk) => events.data(chunk),
      drain: events.drained,
      exit: events.hungUp,
    },
    onExit: (_child, code, signal) => events.exited(toExit(code, signal)),
  });
}

async function* drain(output: HeldOutput, close: () => void): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      const chunk = await output.next();
      if (chunk === undefined) return;
      yield chunk;
    }
  } finally {
    close();
  }
}

/** The pty ends with its last holder, which may be a grandchild: after the child, silence is the end. */
function endWhenQuiet(output: HeldOutput): void {
  let seen = -1;
  const timer = setInterval(() => {
    if (output.over || (output.empty && output.pushes === seen)) {
      output.end();
      clearInterval(timer);
    }
    seen = output.empty ? output.pushes : -1;
  }, QUIET_MS);
}

/**
 * Bun reads a pty as fast as it can and cannot be told to wait, so the line discipline is: with IXON
 * set, the stop character never reaches the child but blocks its writes; clearing IXON starts them
 * again without a byte. IXANY would let any key do so. Other systems differ here: no hold there.
 */
function createFlow(terminal: Bun.Terminal | undefined): Tap {
  let kept = 0;
  return {
    hold() {
      if (!canHold(terminal)) return;
      kept = terminal.inputFlags & (IXON | IXANY);
      terminal.inputFlags = (terminal.inputFlags | IXON) & ~IXANY;
      terminal.write(STOP);
    },
    release() {
      if (!canHold(terminal)) return;
      terminal.inputFlags &= ~(IXON | IXANY);
      terminal.inputFlags |= kept;
    },
  };
}

function canHold(terminal: Bun.Terminal | undefined): terminal is Bun.Terminal {
  return process.platform === "linux" && terminal?.closed === false;
}

/** Bun names the signals it knows and gives the number of the others. */
function toExit(code: number | null, signal: unknown): PtyExit {
  if (typeof signal === "number") return { signal };
  const known = Object.entries(constants.signals).find(([name]) => name === signal);
  return known === undefined ? { code: code ?? 0 } : { signal: known[1] };
}
