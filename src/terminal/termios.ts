import { dlopen, ptr } from "bun:ffi";
import type { TerminalSize } from "./terminal.ts";

/** Larger than any platform's `struct termios` (60 bytes on Linux, 72 on macOS). */
const TERMIOS_BYTES = 128;
const TCSADRAIN = 1;
/** Linux's `TIOCGWINSZ`; elsewhere `ioctl` is variadic in ways a plain call cannot make. */
const TIOCGWINSZ = 0x5413n;

function libc() {
  return dlopen(process.platform === "darwin" ? "libSystem.B.dylib" : "libc.so.6", {
    tcgetattr: { args: ["i32", "ptr"], returns: "i32" },
    tcsetattr: { args: ["i32", "i32", "ptr"], returns: "i32" },
    cfmakeraw: { args: ["ptr"], returns: "void" },
    ioctl: { args: ["i32", "u64", "ptr"], returns: "i32" },
    tcgetpgrp: { args: ["i32"], returns: "i32" },
    getpgrp: { args: [], returns: "i32" },
  }).symbols;
}

let loaded: ReturnType<typeof libc> | undefined;
const c = () => (loaded ??= libc());

/** A terminal's line settings as they were found, to be put back exactly. */
export interface LineSettings {
  /** Raw: every key arrives as it is typed, ^C and ^Z included (`cfmakeraw`, termios(3)). */
  raw(): void;
  /** Puts back what was found when the settings were read. */
  restore(): void;
}

/**
 * Reads the settings of the terminal behind `fd`; `undefined` when it is no terminal, or where C
 * cannot be called at all (a system that forbids memory both writable and executable).
 */
export function lineSettings(fd: number): LineSettings | undefined {
  const found = new Uint8Array(TERMIOS_BYTES);
  try {
    if (c().tcgetattr(fd, ptr(found)) !== 0) return undefined;
  } catch {
    return undefined;
  }
  const raw = found.slice();
  c().cfmakeraw(ptr(raw));
  const set = (settings: Uint8Array) => void c().tcsetattr(fd, TCSADRAIN, ptr(settings));
  return { raw: () => set(raw), restore: () => set(found) };
}

/** Whether the process group of this process is the one in front of the terminal (tcgetpgrp(3)). */
export function isForeground(fd: number): boolean {
  return c().tcgetpgrp(fd) === c().getpgrp();
}

/**
 * The size of the terminal behind `fd`; 80x24 where it does not say (0x0 counts as not said). Pixels
 * are read on Linux alone.
 */
export function windowSize(fd: number): TerminalSize {
  if (process.platform !== "linux") {
    // Loaded here, since Linux need not pay for it at every start.
    const { WriteStream } = process.getBuiltinModule("node:tty");
    const [cols, rows] = new WriteStream(fd).getWindowSize();
    return { rows: rows || 24, cols: cols || 80 };
  }
  const winsize = new Uint16Array(4); // ws_row, ws_col, ws_xpixel, ws_ypixel
  c().ioctl(fd, TIOCGWINSZ, ptr(winsize));
  const [rows, cols, width, height] = winsize;
  const cells = { rows: rows || 24, cols: cols || 80 };
  return width && height ? { ...cells, pixels: { width, height } } : cells;
}
