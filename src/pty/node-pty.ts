// edge
import { closeSync, writeSync } from "node:fs";
import { codeOf } from "../lib/errors.ts";
import type { PtyAddon } from "./addon.ts";
import { cells, checkSpawnable, signalGroup } from "./child.ts";
import type { Pty, PtyExit, PtyOptions, PtySize, SpawnPty } from "./pty.ts";
import { createWriteQueue } from "./write-queue.ts";

/** How long a pty may be silent after the child's end before a grandchild that holds it is left alone, ms. */
const QUIET_MS = 50;

/**
 * The backend over node-pty's native addon. Its JavaScript layer is left out: the streams it builds
 * do not work in Bun. Throws an error with `code` ENOENT, EACCES or ENOTDIR when the program or the
 * folder cannot be used, and an error without one when the system has no pty or process left.
 */
export function nodePty(addon: PtyAddon): SpawnPty {
  return (options) => {
    checkSpawnable(options);
    const status = Promise.withResolvers<PtyExit>();
    const child = fork(addon, options, status.resolve);
    return attach(addon, child, status.promise);
  };
}

function fork(addon: PtyAddon, options: PtyOptions, report: (exit: PtyExit) => void) {
  return addon.native.fork(
    options.file,
    [...options.args],
    Object.entries(options.env).map(([name, value]) => `${name}=${value}`),
    options.cwd,
    cells(options.size.cols),
    cells(options.size.rows),
    -1, // uid and gid: ours
    -1,
    true, // IUTF8: the line discipline erases whole characters
    addon.helper,
    (code, signal) => report(signal > 0 ? { signal } : { code }),
  );
}

function attach(
  addon: PtyAddon,
  { fd, pid }: { readonly fd: number; readonly pid: number },
  status: Promise<PtyExit>,
): Pty {
  const input = createWriteQueue({ write: (bytes) => writeNow(fd, bytes), later });
  const source = openSource(fd, status);
  let open = true;
  let alive = true;
  const end = Promise.withResolvers<void>();
  const close = (): void => {
    if (!open) return;
    open = false;
    input.stop();
    source.cancel();
    closeSync(fd);
    // A child that has said nothing may not have taken the terminal yet: the hangup would miss it.
    if (alive && !source.heard) signalGroup(pid, "SIGHUP");
    end.resolve();
  };
  void status.then(() => (alive = false));

  return {
    backend: "node-pty",
    pid,
    output: drain(source, close),
    exited: Promise.all([status, end.promise]).then(([exit]) => exit),
    write: (bytes) => input.push(bytes),
    get pendingBytes() {
      return input.pendingBytes;
    },
    resize(size) {
      if (open) resize(addon, fd, size);
    },
    signal: (name) => alive && signalGroup(pid, name),
    close,
  };
}

interface Source {
  /** The next bytes; undefined at the end. */
  read(): Promise<Uint8Array | undefined>;
  cancel(): void;
  /** True once the child has written something. */
  readonly heard: boolean;
}

async function* drain(source: Source, close: () => void): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      const chunk = await source.read();
      if (chunk === undefined) return;
      yield chunk;
    }
  } finally {
    close();
  }
}

/**
 * Reads the master. Linux answers EIO when everything is read and no process has the slave open: the
 * end, if the child is gone; otherwise it let go of its terminal and may take it again. A grandchild
 * can keep the slave open after the child: then silence is the end.
 */
function openSource(fd: number, status: Promise<PtyExit>): Source {
  let reader: ReturnType<typeof openReader> | undefined;
  let reading = false;
  let reads = 0;
  let over = false;
  let gone = false;
  let quiet: NodeJS.Timeout | undefined;

  const cancel = (): void => {
    over = true;
    clearInterval(quiet);
    reader?.cancel().catch(() => {}); // the stream failed before: it is as good as cancelled
  };
  const childGone = (): void => {
    gone = true;
    if (over) return;
    let seen = -1;
    quiet = setInterval(() => {
      if (reading && reads === seen) cancel();
      seen = reading ? reads : -1;
    }, QUIET_MS);
  };
  void status.then(childGone);

  const readOnce = async (): Promise<Uint8Array | undefined> => {
    // Opened late, since Bun's stream works on a duplicate of `fd` that would outlive a close.
    reader ??= openReader(fd);
    reading = true;
    try {
      const { value } = await reader.read();
      if (value === undefined) reader = undefined;
      return value;
    } catch {
      reader = undefined; // EIO
      return undefined;
    } finally {
      reading = false;
      reads += 1;
    }
  };

  return {
    cancel,
    get heard() {
      return reads > 0;
    },
    async read() {
      while (!over) {
        const last = gone;
        const chunk = await readOnce();
        if (chunk !== undefined) return chunk;
        if (last || over) return undefined;
        await settledOr(status, QUIET_MS);
      }
      return undefined;
    },
  };
}

/** Waits for the promise, but no longer than `ms`. */
async function settledOr(promise: Promise<unknown>, ms: number): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([promise, late]);
  clearTimeout(timer);
}

function openReader(fd: number) {
  return Bun.file(fd).stream().getReader();
}

function writeNow(fd: number, bytes: Uint8Array): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    if (codeOf(error) === "EAGAIN") return 0;
    throw error;
  }
}

/** Bun cannot wait for a file to become writable: a few quick tries, then every 1 to 32 ms. */
function later(attempt: number, run: () => void): void {
  if (attempt < 4) setImmediate(run);
  else setTimeout(run, Math.min(32, 2 ** (attempt - 4)));
}

function resize(addon: PtyAddon, fd: number, size: PtySize): void {
  try {
    addon.native.resize(fd, cells(size.cols), cells(size.rows), 0, 0);
  } catch {
    // The size of a pty that is just going away: nobody is left to see it.
  }
}
