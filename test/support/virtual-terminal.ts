import { Terminal as Emulator } from "@xterm/headless";

export interface VirtualTerminalOptions {
  /** The program's absolute path, then its arguments. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly rows?: number;
  readonly cols?: number;
}

/** What the program wrote in one read: monotonic and wall clock in ms with fractions. */
export interface Chunk {
  readonly at: number;
  readonly wallClock: number;
  readonly bytes: Uint8Array;
}

export type Exit = { readonly code: number } | { readonly signal: NodeJS.Signals };

export type Key = keyof typeof keys;

/** A user at a terminal: a program in a real pty, its screen, and hands on the keyboard. */
export interface VirtualTerminal extends AsyncDisposable {
  readonly pid: number;
  /** Everything the program wrote, in order. */
  readonly chunks: readonly Chunk[];
  /** The same as text, escape sequences and all. */
  output(): string;
  /** The rows of the screen, without spaces at their ends. */
  screen(): readonly string[];
  /** Lines that have left the top of the screen and those on it. */
  history(): readonly string[];
  readonly cursor: { readonly row: number; readonly col: number };
  readonly alternateScreen: boolean;
  /** Modes as a program left them: mouse, paste, wrapping, keys … and whether the cursor is shown. */
  readonly modes: Readonly<Record<string, unknown>>;
  /** True while the pty line discipline echoes and collects lines, as a shell leaves it. */
  readonly cooked: boolean;
  type(text: string): void;
  press(...pressed: readonly Key[]): void;
  resize(rows: number, cols: number): void;
  /** Resolves with the screen as soon as one of its rows (joined by line feeds) matches. */
  waitForText(wanted: RegExp, deadlineMs?: number): Promise<string>;
  /** Resolves as soon as `condition` holds; it is asked after each output and every 20 ms. */
  waitUntil(what: string, condition: () => boolean, deadlineMs?: number): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** Hangs up: closes the terminal under the program. */
  hangUp(): void;
  /** How the program ended, after all its output has been read. */
  readonly exited: Promise<Exit>;
}

const keys = {
  enter: "\r",
  escape: "\x1b",
  tab: "\t",
  up: "\x1b[A",
  down: "\x1b[B",
  backspace: "\x7f",
  "ctrl+c": "\x03",
  "ctrl+d": "\x04",
  "ctrl+z": "\x1a",
} as const;

/** Runs a program in a pty of its own and answers its queries as a terminal does. */
export function openVirtualTerminal(options: VirtualTerminalOptions): VirtualTerminal {
  const rows = options.rows ?? 30;
  const cols = options.cols ?? 100;
  const emulator = new Emulator({ rows, cols, scrollback: 5000, allowProposedApi: true });
  const chunks: Chunk[] = [];
  const ended = Promise.withResolvers<void>();
  const checks = new Set<() => void>();
  const checkAll = (): void => {
    for (const check of checks) check();
  };

  const program = Bun.spawn([...options.command], {
    cwd: options.cwd,
    env: { ...options.env },
    terminal: {
      rows,
      cols,
      data(_, bytes) {
        const at = performance.now();
        const chunk = { at, wallClock: performance.timeOrigin + at, bytes: bytes.slice() };
        chunks.push(chunk);
        emulator.write(chunk.bytes, checkAll);
      },
      exit: () => ended.resolve(),
    },
  });
  const pty = program.terminal!;
  const send = (text: string): void => {
    if (!pty.closed) pty.write(text);
  };
  answerQueries(emulator, send);

  const waitUntil = (what: string, condition: () => boolean, deadlineMs = 10_000) =>
    new Promise<void>((resolve, reject) => {
      const settle = (finish: () => void): void => {
        checks.delete(check);
        clearInterval(poll);
        clearTimeout(deadline);
        finish();
      };
      const check = (): void => {
        if (condition()) settle(resolve);
      };
      const late = new Error(`waited ${deadlineMs} ms for ${what}`);
      const deadline = setTimeout(() => {
        late.message += `; the screen:\n${screenOf(emulator).join("\n")}`;
        settle(() => reject(late));
      }, deadlineMs);
      const poll = setInterval(check, 20);
      checks.add(check);
      check();
    });

  const exited = program.exited.then(async (): Promise<Exit> => {
    await Promise.race([ended.promise, Bun.sleep(1000)]); // A grandchild may keep the pty open.
    await new Promise<void>((drained) => emulator.write("", drained));
    const signal = program.signalCode;
    return typeof signal === "string" ? { signal } : { code: program.exitCode ?? -1 };
  });

  return {
    pid: program.pid,
    chunks,
    output: () => Buffer.concat(chunks.map((chunk) => chunk.bytes)).toString(),
    screen: () => screenOf(emulator),
    history: () => linesOf(emulator, 0, emulator.buffer.active.length),
    get cursor() {
      return { row: emulator.buffer.active.cursorY + 1, col: emulator.buffer.active.cursorX + 1 };
    },
    get alternateScreen() {
      return emulator.buffer.active.type === "alternate";
    },
    get modes() {
      const { modes } = emulator;
      const text = Buffer.concat(chunks.map(({ bytes }) => bytes)).toString("latin1");
      const cursorShown = text.lastIndexOf("\x1b[?25l") <= text.lastIndexOf("\x1b[?25h");
      const synchronized = text.lastIndexOf("\x1b[?2026h") > text.lastIndexOf("\x1b[?2026l");
      return {
        mouse: modes.mouseTrackingMode,
        paste: modes.bracketedPasteMode,
        wraparound: modes.wraparoundMode,
        cursorKeys: modes.applicationCursorKeysMode,
        focus: modes.sendFocusMode,
        origin: modes.originMode,
        insert: modes.insertMode,
        cursorShown,
        synchronized,
      };
    },
    get cooked() {
      return (pty.localFlags & (ICANON | ECHO)) === (ICANON | ECHO);
    },
    type: send,
    press: (...pressed) => pressed.forEach((key) => send(keys[key])),
    resize(newRows, newCols) {
      emulator.resize(newCols, newRows);
      pty.resize(newCols, newRows);
    },
    async waitForText(wanted, deadlineMs) {
      const text = (): string => screenOf(emulator).join("\n");
      await waitUntil(String(wanted), () => wanted.test(text()), deadlineMs);
      return text();
    },
    waitUntil,
    signal: (name) => program.kill(name),
    hangUp: () => pty.close(),
    exited,
    async [Symbol.asyncDispose]() {
      if (program.exitCode === null && program.signalCode === null) program.kill("SIGKILL");
      await exited;
      pty.close();
      emulator.dispose();
    },
  };
}

// Bits of `c_lflag` on Linux (asm-generic/termbits.h).
const ICANON = 0o2;
const ECHO = 0o10;

/** What a terminal answers by itself: the emulator knows most, colours and key modes are ours. */
function answerQueries(emulator: Emulator, send: (text: string) => void): void {
  emulator.onData(send);
  for (const [code, colour] of [
    [10, "eeee/eeee/eeee"],
    [11, "1111/1111/1111"],
  ] as const) {
    emulator.parser.registerOscHandler(code, (data) => {
      if (data !== "?") return false;
      send(`\x1b]${code};rgb:${colour}\x1b\\`);
      return true;
    });
  }
  emulator.parser.registerCsiHandler({ prefix: "?", final: "u" }, () => {
    send("\x1b[?0u");
    return true;
  });
}

function screenOf(emulator: Emulator): string[] {
  return linesOf(emulator, emulator.buffer.active.baseY, emulator.rows);
}

function linesOf(emulator: Emulator, from: number, count: number): string[] {
  const line = (_: unknown, i: number): string =>
    emulator.buffer.active
      .getLine(from + i)
      ?.translateToString(true)
      .trimEnd() ?? "";
  return Array.from({ length: count }, line);
}
