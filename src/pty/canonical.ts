import { dlopen, ptr } from "bun:ffi";

/** Where `c_lflag` stands in `struct termios`, in bytes, and its bit ICANON (termios(3)). */
const layout =
  process.platform === "darwin" ? { lflag: 24, icanon: 0x100 } : { lflag: 12, icanon: 0o2 };
/** Larger than any platform's `struct termios` (60 bytes on Linux, 72 on macOS). */
const termiosBytes = 128;

function libc() {
  return dlopen(process.platform === "darwin" ? "libSystem.B.dylib" : "libc.so.6", {
    tcgetattr: { args: ["i32", "ptr"], returns: "i32" },
  }).symbols;
}

let loaded: ReturnType<typeof libc> | undefined;

/**
 * Whether the terminal whose master is `fd` is read line by line (canonical mode), as a shell gives
 * it to a program; `undefined` where the system does not say.
 */
export function isCanonical(fd: number): boolean | undefined {
  const settings = new Uint8Array(termiosBytes);
  try {
    loaded ??= libc();
    if (loaded.tcgetattr(fd, ptr(settings)) !== 0) return undefined;
  } catch {
    return undefined; // No such C library, or none can be called: Windows, forbidden memory.
  }
  return hasCanonical(new DataView(settings.buffer).getUint32(layout.lflag, true));
}

/** Whether `c_lflag` says canonical mode. */
export function hasCanonical(localFlags: number): boolean {
  return (localFlags & layout.icanon) !== 0;
}
