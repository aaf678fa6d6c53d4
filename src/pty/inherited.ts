import { dlopen, ptr } from "bun:ffi";
import { basename } from "node:path";
import { constants } from "node:os";
import type { AsStarted } from "./as-started.ts";
import type { PtyExit } from "./pty.ts";

/** A program to be run on our own stdin, stdout and stderr. */
export interface InheritedOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What we were started with; passed on as it is. */
  readonly started: AsStarted | undefined;
}

const F_SETFD = 2;
/** bash gives the highest numbers to `<(…)`, from 63 down. */
const MAX_PASSED = 255;

const encoder = new TextEncoder();
const encoded = (text: string): Uint8Array => encoder.encode(text);

/** Signals that our runtime ignores and a program expects at their default. */
const ignoredByBun = [constants.signals.SIGPIPE, constants.signals.SIGXFSZ];

/**
 * Becomes the program (execve(2)): same process, same descriptors, same signals. Returns only
 * where that is impossible: on Windows, or when the kernel refuses the file.
 */
export function becomeProgram({ file, args, env, started }: InheritedOptions): void {
  const c = process.platform === "win32" ? undefined : libc();
  if (c === undefined) return;
  const path = cString(encoder.encode(file));
  const argv = cStrings([encoder.encode(basename(file)), ...(started?.args ?? args.map(encoded))]);
  const pairs = Object.entries(env).map(([name, value]) => encoded(`${name}=${value}`));
  const envp = cStrings(started?.env ?? pairs);
  for (const signal of ignoredByBun) c.signal(signal, 0);
  for (const fd of started?.descriptors ?? []) c.fcntl(fd, F_SETFD, 0);
  c.execve(ptr(path), ptr(argv.pointers), ptr(envp.pointers));
}

function libc() {
  try {
    return dlopen(process.platform === "darwin" ? "libSystem.B.dylib" : "libc.so.6", {
      execve: { args: ["ptr", "ptr", "ptr"], returns: "i32" },
      signal: { args: ["i32", "usize"], returns: "ptr" },
      fcntl: { args: ["i32", "i32", "i32"], returns: "i32" },
    }).symbols;
  } catch {
    return undefined; // C cannot be called where memory may not be writable and executable.
  }
}

/**
 * Runs the program as a child on our own descriptors, in our own process group, and waits for it.
 * What the terminal sends to the group (^C, ^\) reaches the child by itself and must not end us
 * first; what is sent to us alone is passed on.
 */
export async function runInherited(
  options: InheritedOptions,
  onStart: (pid: number) => void = () => undefined,
): Promise<PtyExit> {
  const child = Bun.spawn([options.file, ...options.args], {
    argv0: basename(options.file),
    env: options.env,
    stdio: ["inherit", "inherit", "inherit", ...given(options.started)],
  });
  using _signals = passSignals(child);
  onStart(child.pid);
  await child.exited;
  const signal = child.signalCode;
  if (typeof signal === "string") return { signal: constants.signals[signal] };
  return { code: child.exitCode ?? 1 };
}

function passSignals(child: Bun.Subprocess): Disposable {
  // Not `process.stdout.isTTY`: that opens the streams, and makes the descriptors non-blocking.
  const fromTerminal = [0, 1, 2].some((fd) => process.getBuiltinModule("node:tty").isatty(fd));
  const listeners = (["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP"] as const).map((name) => {
    const byGroup = fromTerminal && (name === "SIGINT" || name === "SIGQUIT");
    const listener = () => {
      if (!byGroup) child.kill(name);
    };
    process.on(name, listener);
    return () => void process.off(name, listener);
  });
  return { [Symbol.dispose]: () => listeners.forEach((stop) => stop()) };
}

/** The descriptors above stderr, each at its own number; the numbers between stay free. */
function given(started: AsStarted | undefined): readonly (number | null)[] {
  const passed = new Set(started?.descriptors.filter((fd) => fd <= MAX_PASSED));
  const last = Math.max(2, ...passed);
  return Array.from({ length: last - 2 }, (_, i) => (passed.has(i + 3) ? i + 3 : null));
}

function cString(bytes: Uint8Array): Uint8Array {
  return new Uint8Array([...bytes, 0]);
}

/** A NULL-terminated array of C strings; `strings` keeps what the pointers point to alive. */
function cStrings(texts: readonly Uint8Array[]) {
  const strings = texts.map(cString);
  const pointers = new BigUint64Array(texts.length + 1);
  strings.forEach((bytes, i) => (pointers[i] = BigInt(ptr(bytes))));
  return { strings, pointers };
}
