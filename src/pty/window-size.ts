// edge
import { dlopen, ptr } from "bun:ffi";
import { closeSync, constants, openSync, readlinkSync } from "node:fs";
import { cells, pixelsOf } from "./child.ts";
import type { PtySize } from "./pty.ts";

/** Linux's `TIOCSWINSZ`; elsewhere `ioctl` is variadic in ways a plain call cannot make. */
const TIOCSWINSZ = 0x5414n;

/**
 * The terminal that a child was just given as its stdin, by name; `undefined` where it cannot be
 * found. To be asked before the child can have taken another stdin.
 */
export function terminalOf(pid: number): string | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const path = readlinkSync(`/proc/${pid}/fd/0`);
    return /^\/dev\/pts\/\d+$/.test(path) ? path : undefined;
  } catch {
    return undefined; // The child has ended, or /proc is hidden: its size has no pixels then.
  }
}

/**
 * Sets cells and pixels of the pseudo-terminal `path` in one call, for a master whose descriptor is
 * not to be had (Bun's). The kernel tells the foreground group with SIGWINCH where anything changed.
 *
 * @returns false where nothing was set
 */
export function setWindowSize(path: string, size: PtySize): boolean {
  const { width, height } = pixelsOf(size);
  try {
    // Open during the call only: an open descriptor would delay the hangup.
    const fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    try {
      const winsize = Uint16Array.of(cells(size.rows), cells(size.cols), width, height);
      return libc().ioctl(fd, TIOCSWINSZ, ptr(winsize)) === 0;
    } finally {
      closeSync(fd);
    }
  } catch {
    return false; // Gone, or C cannot be called (memory that may not be executable).
  }
}

function open() {
  return dlopen("libc.so.6", {
    ioctl: { args: ["i32", "u64", "ptr"], returns: "i32" },
  }).symbols;
}

let loaded: ReturnType<typeof open> | undefined;
const libc = () => (loaded ??= open());
