import { dlopen, ptr } from "bun:ffi";
import { closeSync, constants, openSync, readFileSync } from "node:fs";

export interface BenchTerminalOptions {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/**
 * The terminal's side of a pty, read by plain blocking calls: no event loop stands between a byte
 * and the clock. What is measured runs in processes of its own. Linux only.
 */
export interface BenchTerminal extends AsyncDisposable {
  readonly pid: number;
  /** When the program was started, in ns (`Bun.nanoseconds`). */
  readonly startedAt: number;
  /** What came within `ms`: empty when nothing did, `undefined` when the program is gone. */
  read(ms: number): Uint8Array | undefined;
  write(bytes: Uint8Array | string): void;
}

export const size = { rows: 30, cols: 100 } as const;

const TIOCSWINSZ = 0x5414n;
const POLLIN = 1;
const bufferBytes = 256 * 1024;
/** How long a program may take to end after its terminal has gone, ms. */
const endMs = 3000;

const { symbols: c } = dlopen("libc.so.6", {
  posix_openpt: { args: ["i32"], returns: "i32" },
  grantpt: { args: ["i32"], returns: "i32" },
  unlockpt: { args: ["i32"], returns: "i32" },
  ptsname_r: { args: ["i32", "ptr", "u64"], returns: "i32" },
  ioctl: { args: ["i32", "u64", "ptr"], returns: "i32" },
  poll: { args: ["ptr", "u64", "i32"], returns: "i32" },
  read: { args: ["i32", "ptr", "u64"], returns: "i64" },
  write: { args: ["i32", "ptr", "u64"], returns: "i64" },
  tcgetattr: { args: ["i32", "ptr"], returns: "i32" },
  tcsetattr: { args: ["i32", "i32", "ptr"], returns: "i32" },
  clock_getcpuclockid: { args: ["i32", "ptr"], returns: "i32" },
  clock_gettime: { args: ["i32", "ptr"], returns: "i32" },
  cfmakeraw: { args: ["ptr"], returns: "void" },
});
const encoder = new TextEncoder();

/** Starts a program on a new pty of 30 rows and 100 columns, as the leader of its session. */
export function openBenchTerminal({ command, env, cwd }: BenchTerminalOptions): BenchTerminal {
  const { master, slave } = openPty();
  const startedAt = Bun.nanoseconds();
  const program = Bun.spawn(["setsid", "--ctty", ...command], {
    cwd,
    env: { ...env },
    stdio: [slave, slave, slave],
  });
  closeSync(slave);
  const buffer = new Uint8Array(bufferBytes);
  const at = ptr(buffer);
  const pollfd = new Int32Array([master, POLLIN]);
  return {
    pid: program.pid,
    startedAt,
    read(ms) {
      pollfd[1] = POLLIN;
      if (c.poll(ptr(pollfd), 1, ms) === 0) return buffer.subarray(0, 0);
      const count = Number(c.read(master, at, bufferBytes));
      return count > 0 ? buffer.subarray(0, count) : undefined;
    },
    write(bytes) {
      let rest = typeof bytes === "string" ? encoder.encode(bytes) : bytes;
      while (rest.length > 0) {
        const taken = Number(c.write(master, ptr(rest), rest.length));
        if (taken <= 0) throw new Error("the terminal took nothing");
        rest = rest.subarray(taken);
      }
    },
    async [Symbol.asyncDispose]() {
      closeSync(master);
      const late = setTimeout(() => program.kill("SIGKILL"), endMs);
      await program.exited;
      clearTimeout(late);
    },
  };
}

function openPty(): { readonly master: number; readonly slave: number } {
  const master = c.posix_openpt(constants.O_RDWR | constants.O_NOCTTY | O_CLOEXEC);
  const name = new Uint8Array(64);
  const failed =
    master < 0 ||
    c.grantpt(master) !== 0 ||
    c.unlockpt(master) !== 0 ||
    c.ptsname_r(master, ptr(name), name.length) !== 0 ||
    c.ioctl(master, TIOCSWINSZ, ptr(new Uint16Array([size.rows, size.cols, 0, 0]))) !== 0;
  if (failed) throw new Error("no pty");
  const path = new TextDecoder().decode(name.subarray(0, name.indexOf(0)));
  return { master, slave: openSync(path, constants.O_RDWR | constants.O_NOCTTY) };
}

/** Switches the terminal behind `fd` to raw (termios(3)), for good. */
export function setRawMode(fd: number): void {
  const settings = new Uint8Array(128);
  if (c.tcgetattr(fd, ptr(settings)) !== 0) throw new Error(`${fd} is no terminal`);
  c.cfmakeraw(ptr(settings));
  c.tcsetattr(fd, 0, ptr(settings));
}

/** CPU time of a process and all its threads, those that have ended too, in ms. */
export function cpuMs(pid: number): number {
  const clock = new Int32Array(1);
  const time = new BigInt64Array(2); // seconds, nanoseconds
  const failed = c.clock_getcpuclockid(pid, ptr(clock)) !== 0;
  if (failed || c.clock_gettime(clock[0] ?? 0, ptr(time)) !== 0)
    throw new Error(`no process ${pid}`);
  return Number(time[0]) * 1000 + Number(time[1]) / 1e6;
}

/** What of a process stands in memory, pages of the program's file too, in MB. */
export function residentMb(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
  return (pages * 4096) / 1024 / 1024;
}

/** Not among node's constants (asm-generic/fcntl.h). */
const O_CLOEXEC = 0o2000000;

/**
 * Reads until the text so far matches, answering the queries that programs wait for.
 *
 * @returns the time of the matching read, in ns (`Bun.nanoseconds`)
 */
export function readUntil(terminal: BenchTerminal, wanted: RegExp, deadlineMs = 20_000): number {
  const end = Bun.nanoseconds() + deadlineMs * 1e6;
  const answer = answerer(terminal);
  let text = "";
  while (Bun.nanoseconds() < end) {
    const chunk = terminal.read(100);
    const now = Bun.nanoseconds();
    if (chunk === undefined) throw new Error(`ended before ${wanted}: ${JSON.stringify(text)}`);
    text += Buffer.from(chunk).toString("latin1");
    answer(text);
    if (wanted.test(text)) return now;
  }
  throw new Error(`waited ${deadlineMs} ms for ${wanted}: ${JSON.stringify(text.slice(-2000))}`);
}

/** Reads and answers for `ms` without holding up this process; returns the bytes that came. */
export async function readFor(terminal: BenchTerminal, ms: number): Promise<number> {
  const end = Bun.nanoseconds() + ms * 1e6;
  const answer = answerer(terminal);
  let text = "";
  while (Bun.nanoseconds() < end) {
    const chunk = terminal.read(0);
    if (chunk === undefined)
      throw new Error(`the program has ended: ${JSON.stringify(text.slice(-1500))}`);
    text += Buffer.from(chunk).toString("latin1");
    answer(text);
    // oxlint-disable-next-line no-await-in-loop -- the loop is the waiting
    if (chunk.length === 0) await Bun.sleep(20);
  }
  return text.length;
}

/** What a plain terminal says when it is asked for attributes, place of the cursor and colours. */
function answerer(terminal: BenchTerminal): (text: string) => void {
  const queries = new RegExp(
    [...answers.keys()].map((query) => query.replace(/[[\]?]/g, "\\$&")).join("|"),
    "g",
  );
  let done = 0;
  return (text) => {
    queries.lastIndex = done;
    for (let match = queries.exec(text); match !== null; match = queries.exec(text)) {
      terminal.write(answers.get(match[0]) ?? "");
      done = queries.lastIndex;
    }
  };
}

const answers: ReadonlyMap<string, string> = new Map([
  ["\x1b[c", "\x1b[?62;22c"],
  ["\x1b[6n", "\x1b[1;1R"],
  ["\x1b[?u", "\x1b[?0u"],
  ["\x1b]10;?", "\x1b]10;rgb:eeee/eeee/eeee\x1b\\"],
  ["\x1b]11;?", "\x1b]11;rgb:1111/1111/1111\x1b\\"],
]);
