import { close, constants, fstat, open, read, stat, type Stats } from "node:fs";
import { promisify } from "node:util";
import { codeOf, messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import { splitLines, type OnLine } from "./lines.ts";

/**
 * What happened to the file besides growing. `gone`: its name is (deleted, moved to the archive),
 * what is written to it is still read. `truncated`, `replaced`: it starts anew, from its beginning.
 * `refused`: not a regular file, or not readable; the tail has ended.
 */
export type TailChange = "gone" | "truncated" | "replaced" | "refused";

export interface TailOptions {
  /** A path, or the descriptor of an open file, which stays the caller's to close. */
  readonly file: string | number;
  /** Where to begin; `last`: that many bytes before the end, from the next whole line on. */
  readonly from: "start" | "end" | { readonly last: number };
  readonly onLine: OnLine;
  readonly onChange?: (change: TailChange) => void;
  readonly log: Log;
}

/** Follows one file forward: reads what was added, each byte once. */
export interface Tail extends Disposable {
  /** Reads whatever is there now; resolves when it has been read. Calls are joined. Never rejects. */
  look(): Promise<void>;
  /** How far it has been read, in bytes. */
  readonly offset: number;
}

// A regular file ignores O_NONBLOCK; a pipe in its place must not hold us.
const openFlags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
/** One slice; between slices keys and frames get their turn. */
const sliceBytes = 65_536;

const openAsync = promisify(open);
const fstatAsync = promisify(fstat);
const statAsync = promisify(stat);
const closeAsync = promisify(close);

/** Starts to follow a file; nothing is read before the first `look`. */
export function openTail(options: TailOptions): Tail {
  return new FileTail(options);
}

class FileTail implements Tail {
  offset = 0;
  readonly #options: TailOptions;
  readonly #lines;
  #buffer: Uint8Array | undefined;
  #fd: number | undefined;
  #inode: number | undefined;
  #gone = false;
  #ended = false;
  #running: Promise<void> | undefined;
  #again = false;

  constructor(options: TailOptions) {
    this.#options = options;
    this.#lines = splitLines((line, whole) => {
      if (!this.#ended) options.onLine(line, whole);
    });
  }

  look(): Promise<void> {
    if (this.#ended) return Promise.resolve();
    if (this.#running !== undefined) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    if (this.#running === undefined) void this.#close();
  }

  async #run(): Promise<void> {
    try {
      do {
        this.#again = false;
        // oxlint-disable-next-line no-await-in-loop -- one look after the other
        await this.#once();
      } while (this.#again && !this.#ended);
    } catch (thrown) {
      this.#options.log.debug("tail", messageOf(thrown));
    }
    if (this.#buffer !== undefined) spare = this.#buffer;
    this.#buffer = undefined;
    if (this.#ended) await this.#close();
  }

  async #once(): Promise<void> {
    if (this.#fd === undefined && !(await this.#open(this.#options.from))) return;
    const { file } = this.#options;
    // Both at once: each wait for the disk wakes the machine.
    const named = typeof file === "number" ? undefined : statOrNone(file);
    await this.#readOn();
    await this.#compare(await named);
  }

  async #readOn(): Promise<void> {
    const fd = this.#fd;
    if (fd === undefined) return;
    this.#buffer ??= takeBuffer();
    while (!this.#ended) {
      // oxlint-disable-next-line no-await-in-loop -- slices in order
      const count = await readAt(fd, this.#buffer, this.offset);
      if (count === 0) break;
      this.offset += count;
      this.#lines.feed(this.#buffer.subarray(0, count));
      // A short slice is the end for now; only a full one promises more.
      if (count < this.#buffer.length) break;
    }
  }

  /** Finds out whether the file has become shorter, and whether its name still means it. */
  async #compare(named: Stats | undefined): Promise<void> {
    const { file } = this.#options;
    const fd = this.#fd;
    if (fd === undefined || this.#ended) return;
    const isSame = named !== undefined && named.ino === this.#inode;
    // What was asked before the file grew is no proof that it has shrunk.
    const isWhole = isSame && named.size >= this.offset;
    if (!isWhole && (await fstatAsync(fd)).size < this.offset) {
      this.#restart("truncated");
      this.#again = true;
    }
    if (typeof file === "number" || this.#ended) return;
    if (named === undefined) {
      if (!this.#gone) this.#options.onChange?.("gone");
      this.#gone = true;
      return;
    }
    this.#gone = false;
    if (isSame) return;
    await this.#readOn();
    await this.#close();
    this.#restart("replaced");
    if (await this.#open("start")) this.#again = true;
  }

  #restart(change: TailChange): void {
    this.offset = 0;
    this.#lines.reset(false);
    this.#options.onChange?.(change);
  }

  async #open(from: TailOptions["from"]): Promise<boolean> {
    const { file } = this.#options;
    let fd: number;
    try {
      fd = typeof file === "number" ? file : await openAsync(file, openFlags);
    } catch (thrown) {
      if (codeOf(thrown) === "ENOENT") return false;
      this.#refuse(messageOf(thrown));
      return false;
    }
    this.#fd = fd;
    const found = await fstatAsync(fd);
    if (!found.isFile()) {
      this.#refuse("not a regular file");
      await this.#close();
      return false;
    }
    this.#inode = found.ino;
    this.#startAt(from, found.size);
    return true;
  }

  #startAt(from: TailOptions["from"], size: number): void {
    const start = from === "start" ? 0 : from === "end" ? size : Math.max(0, size - from.last);
    // One byte early: when it is a newline, the line after it is whole.
    this.offset = start === 0 ? 0 : start - 1;
    this.#lines.reset(start > 0);
  }

  #refuse(why: string): void {
    this.#ended = true;
    this.#options.log.debug("tail", `refused: ${why}`);
    this.#options.onChange?.("refused");
  }

  async #close(): Promise<void> {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd === undefined || typeof this.#options.file === "number") return;
    await closeAsync(fd);
  }
}

/** Kept from one look to the next, of whichever file: most look at a few hundred bytes. */
let spare: Uint8Array | undefined;

function takeBuffer(): Uint8Array {
  const buffer = spare ?? new Uint8Array(sliceBytes);
  spare = undefined;
  return buffer;
}

async function statOrNone(path: string): Promise<Stats | undefined> {
  try {
    return await statAsync(path);
  } catch {
    return undefined; // Lost: why; gone or unreachable is the same to a reader.
  }
}

function readAt(fd: number, buffer: Uint8Array, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(fd, buffer, 0, buffer.length, position, (error, count) => {
      if (error === null) resolve(count);
      else reject(error);
    });
  });
}
