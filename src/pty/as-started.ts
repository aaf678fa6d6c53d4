import { dlopen, ptr } from "bun:ffi";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** What this process was given, as it was given: our runtime changes some of it (Linux only). */
export interface AsStarted {
  /** Arguments and environment in bytes: neither need be UTF-8. */
  readonly args: readonly Uint8Array[];
  readonly env: readonly Uint8Array[];
  /** Descriptors above stderr: `<(…)`, `3>log`. */
  readonly descriptors: readonly number[];
}

const RLIMIT_NOFILE = 7;
/** With fewer open files we could not work ourselves. */
const enoughFiles = 256;

/**
 * Reads it from `/proc`. To be called before anything is opened.
 *
 * @param skip leading arguments that are not wanted (the program's name and the command)
 * @returns `undefined` where there is no `/proc`
 */
export function asStarted(skip: number): AsStarted | undefined {
  try {
    const descriptors = readdirSync("/proc/self/fd").map(Number).filter(wasGiven);
    const args = split(readFileSync("/proc/self/cmdline")).slice(skip);
    return { args, env: split(readFileSync("/proc/self/environ")), descriptors };
  } catch {
    return undefined; // No /proc, or a hidden one: then what the runtime made of it must do.
  }
}

/** Whether an argument or a value of the environment is not UTF-8, so that text cannot carry it. */
export function isBeyondText({ args, env }: AsStarted): boolean {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  return [...args, ...env].some((bytes) => {
    try {
      decoder.decode(bytes);
      return false;
    } catch {
      return true;
    }
  });
}

/**
 * Our runtime raises the soft limit of open files for itself, and children inherit that. Sets it
 * back to the limit of whoever started us, where we can live with it.
 */
export function restoreFileLimit(): void {
  try {
    const limits = readFileSync(`/proc/${process.ppid}/limits`, "latin1");
    const soft = Number(/^Max open files +(\d+)/m.exec(limits)?.[1]);
    if (!(soft >= enoughFiles)) return;
    const { symbols: c } = dlopen("libc.so.6", {
      getrlimit: { args: ["i32", "ptr"], returns: "i32" },
      setrlimit: { args: ["i32", "ptr"], returns: "i32" },
    });
    const limit = new BigUint64Array(2); // rlim_cur, rlim_max
    if (c.getrlimit(RLIMIT_NOFILE, ptr(limit)) !== 0 || BigInt(soft) >= (limit[0] ?? 0n)) return;
    limit[0] = BigInt(soft);
    c.setrlimit(RLIMIT_NOFILE, ptr(limit));
  } catch {
    // The raised limit stays: programs that look at it see another number, and work.
  }
}

/** What our runtime opened for itself has no file behind it. */
function wasGiven(fd: number): boolean {
  if (fd < 3) return false;
  try {
    const target = readlinkSync(`/proc/self/fd/${fd}`);
    return !target.startsWith("anon_inode:") && !target.startsWith("/proc/");
  } catch {
    return false; // The descriptor of this very reading.
  }
}

function split(bytes: Uint8Array): readonly Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(0, from);
    const to = end < 0 ? bytes.length : end;
    parts.push(bytes.slice(from, to));
    from = to + 1;
  }
  return parts;
}
