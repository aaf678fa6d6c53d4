import { open, readdir, stat } from "node:fs/promises";
import { constants } from "node:fs";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { OnLine } from "./lines.ts";
import { openTail, type Tail, type TailChange, type TailOptions } from "./tail.ts";
import { openWatcher, type WatchState } from "./watch.ts";

export interface FileState {
  readonly inode: number;
  readonly size: number;
  /** ms since the epoch. */
  readonly modifiedAt: number;
}

/** The disk, as a reader of other programs' files needs it: nothing here throws or writes. */
export interface Files extends Disposable {
  /** The names in a folder; none when it cannot be read. */
  list(folder: string): Promise<readonly string[]>;
  stat(path: string): Promise<FileState | undefined>;
  /** The first `maxBytes` of a regular file (or of one in /proc); `undefined` if unreadable. */
  head(path: string, maxBytes: number): Promise<Uint8Array | undefined>;
  /** The last `maxBytes` of a regular file. */
  foot(path: string, maxBytes: number): Promise<Buffer | undefined>;
  /** Follows a file from `from` on, looking at every notice, poll and call of `look`. */
  follow(
    file: string | number,
    from: TailOptions["from"],
    onLine: OnLine,
    onChange?: (change: TailChange) => void,
  ): Tail;
  /** As `Watcher.watch`. */
  watch(path: string, onChange: (name: string | undefined) => void): Disposable;
  readonly watchState: WatchState;
}

/** A pipe in a file's place must not hold us. */
const openFlags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/** The real disk. Disposing ends all watching; tails are disposed by whoever opened them. */
export function openFiles(clock: Clock, log: Log): Files {
  const watcher = openWatcher({ clock, log });
  return {
    watch: (path, onChange) => watcher.watch(path, onChange),
    get watchState() {
      return watcher.state;
    },
    list: (folder) => readdir(folder).catch(() => []),
    stat: (path) =>
      stat(path).then(
        (found) => ({ inode: found.ino, size: found.size, modifiedAt: found.mtimeMs }),
        () => undefined,
      ),
    head: (path, maxBytes) => readHead(path, maxBytes).catch(() => undefined),
    foot: (path, maxBytes) => readFoot(path, maxBytes).catch(() => undefined),
    follow(file, from, onLine, onChange) {
      const tail = openTail({ file, from, onLine, log, ...(onChange ? { onChange } : {}) });
      // An open descriptor may have lost its name already; this one never does.
      const path = typeof file === "number" ? `/proc/self/fd/${file}` : file;
      const watching = watcher.watchFile(path, () => void tail.look());
      return {
        look: () => tail.look(),
        get offset() {
          return tail.offset;
        },
        [Symbol.dispose]: () => {
          watching[Symbol.dispose]();
          tail[Symbol.dispose]();
        },
      };
    },
    [Symbol.dispose]: () => watcher[Symbol.dispose](),
  };
}

async function readHead(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  await using handle = await open(path, openFlags);
  if (!(await handle.stat()).isFile()) return undefined;
  const buffer = new Uint8Array(maxBytes);
  let length = 0;
  while (length < maxBytes) {
    // Files in /proc give a page at a time, however much is asked for.
    // oxlint-disable-next-line no-await-in-loop -- in order
    const { bytesRead } = await handle.read(buffer, length, maxBytes - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

async function readFoot(path: string, maxBytes: number): Promise<Buffer | undefined> {
  await using handle = await open(path, openFlags);
  const stats = await handle.stat();
  if (!stats.isFile()) return undefined;
  const buffer = Buffer.alloc(Math.min(maxBytes, stats.size));
  const start = stats.size - buffer.length;
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
  return buffer.subarray(0, bytesRead);
}
