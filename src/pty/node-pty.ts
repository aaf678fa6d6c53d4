// edge
import { closeSync, writeSync } from "node:fs";
import { codeOf } from "../lib/errors.ts";
import type { PtyAddon } from "./addon.ts";
import { isCanonical } from "./canonical.ts";
import { cells, checkSpawnable, pixelsOf, signalGroup } from "./child.ts";
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
    // The addon's `fork` knows cells alone. The child is not through its own start by then.
    if (options.size.pixels !== undefined) resize(addon, child.fd, options.size);
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
  const source = openSource(fd, status, () => close());
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
  const leave = (): Promise<Chunk> => {
    close();
    return Promise.resolve(END);
  };

  return {
    backend: "node-pty",
    pid,
    output: { [Symbol.asyncIterator]: () => ({ next: () => source.next(), return: leave }) },
    exited: Promise.all([status, end.promise]).then(([exit]) => exit),
    write: (bytes) => input.push(bytes),
    get pendingBytes() {
      return input.pendingBytes;
    },
    get canonical() {
      return open ? isCanonical(fd) : undefined;
    },
    resize(size) {
      if (open) resize(addon, fd, size);
    },
    signal: (name) => alive && signalGroup(pid, name),
    close,
  };
}

const END = { done: true, value: undefined } as const;

type Chunk = IteratorResult<Uint8Array, undefined>;

interface Source {
  next(): Promise<Chunk>;
  cancel(): void;
  /** True once the child has written something. */
  readonly heard: boolean;
}

/**
 * Reads the master. Linux answers EIO when everything is read and no process has the slave open: the
 * end, if the child is gone; otherwise it let go of its terminal and may take it again. A grandchild
 * can keep the slave open after the child: then silence is the end.
 *
 * By hand: each generator between the child and the terminal would cost a key some microseconds.
 */
function openSource(fd: number, status: Promise<PtyExit>, ended: () => void): Source {
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

  /** The next bytes, or what `silence` makes of none; `last`: the child was gone before. */
  const read = <T>(silence: (last: boolean) => T | Promise<T>): Promise<Chunk | T> => {
    // Opened late, since Bun's stream works on a duplicate of `fd` that would outlive a close.
    reader ??= openReader(fd);
    reading = true;
    const last = gone;
    const took = (chunk: { readonly value?: Uint8Array | undefined }): Chunk | T | Promise<T> => {
      reading = false;
      reads += 1;
      if (chunk.value !== undefined) return { done: false, value: chunk.value };
      reader = undefined;
      return silence(last);
    };
    return reader.read().then(took, () => took(END)); // EIO
  };
  const waited = async (last: boolean): Promise<Chunk> => {
    let final = last;
    while (!final && !over) {
      // oxlint-disable-next-line no-await-in-loop -- one try after the other
      await settledOr(status, QUIET_MS);
      if (over) break;
      // oxlint-disable-next-line no-await-in-loop -- one try after the other
      const chunk = await read((still) => void (final = still));
      if (chunk !== undefined) return chunk;
    }
    ended();
    return END;
  };

  return {
    cancel,
    get heard() {
      return reads > 0;
    },
    next: () => (over ? Promise.resolve(END) : read(waited)),
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
    const { width, height } = pixelsOf(size);
    addon.native.resize(fd, cells(size.cols), cells(size.rows), width, height);
  } catch {
    // The size of a pty that is just going away: nobody is left to see it.
  }
}
