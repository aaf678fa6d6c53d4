import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
} from "node:fs";
import type { Disk } from "../codex/disk.ts";
import { splitLines } from "../tail/lines.ts";

/** A pipe in a file's place must not hold us. */
const openFlags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
/** Used again for every slice of every file. */
const slice = new Uint8Array(65_536);
const unwatched = { [Symbol.dispose]: () => undefined };

/**
 * The disk for one look by a program that does nothing else meanwhile: without threads and notices
 * a look takes a third of the time. A followed file is read once, when it is first looked at.
 */
export function openDiskOnce(): Disk {
  return {
    list: (folder) => Promise.resolve(attempt(() => readdirSync(folder)) ?? []),
    stat: (path) =>
      Promise.resolve(
        attempt(() => {
          const { ino, size, mtimeMs } = statSync(path);
          return { inode: ino, size, modifiedAt: mtimeMs };
        }),
      ),
    modifiedAt: (folder, names) => Promise.resolve(names.map((name) => writtenAt(folder, name))),
    head: (path, maxBytes) => Promise.resolve(attempt(() => readHead(path, maxBytes))),
    foot: (path, maxBytes) => Promise.resolve(attempt(() => readFoot(path, maxBytes))),
    follow(file, from, onLine, onChange) {
      let looked = false;
      return {
        look: () => {
          if (!looked) {
            const read = attempt(() => readLines(file, from, onLine));
            if (read !== true) onChange?.("refused");
          }
          looked = true;
          return Promise.resolve();
        },
        [Symbol.dispose]: () => undefined,
      };
    },
    watch: () => unwatched,
    watchState: "watching",
  };
}

/** Asked ten thousand times in one look, so without a closure for each. */
function writtenAt(folder: string, name: string): number | undefined {
  try {
    return statSync(`${folder}/${name}`, { throwIfNoEntry: false })?.mtimeMs;
  } catch {
    return undefined; // Lost: why; what cannot be looked at is as good as absent.
  }
}

function attempt<Result>(run: () => Result): Result | undefined {
  try {
    return run();
  } catch {
    return undefined; // Lost: why; what cannot be looked at is as good as absent.
  }
}

function readHead(path: string, maxBytes: number): Uint8Array | undefined {
  return withFile(path, (fd) => {
    const buffer = Buffer.allocUnsafe(maxBytes);
    let length = 0;
    // Files in /proc give a page at a time, however much is asked for.
    while (length < maxBytes) {
      const count = readSync(fd, buffer, length, maxBytes - length, length);
      if (count === 0) break;
      length += count;
    }
    return buffer.subarray(0, length);
  });
}

function readFoot(path: string, maxBytes: number): Buffer | undefined {
  return withFile(path, (fd) => {
    // Not the slice that is used again: others look while this is read.
    const buffer = Buffer.allocUnsafe(maxBytes);
    const start = Math.max(0, fstatSync(fd).size - maxBytes);
    return buffer.subarray(0, readSync(fd, buffer, 0, maxBytes, start));
  });
}

/** True when it is a file and was read. */
function readLines(
  file: string | number,
  from: Parameters<Disk["follow"]>[1],
  onLine: Parameters<Disk["follow"]>[2],
): true | undefined {
  return withFile(file, (fd) => {
    const lines = splitLines(onLine);
    const { size } = fstatSync(fd);
    const start = from === "start" ? 0 : from === "end" ? size : Math.max(0, size - from.last);
    // One byte early: when it is a newline, the line after it is whole.
    let offset = start === 0 ? 0 : start - 1;
    lines.reset(start > 0);
    while (offset < size) {
      const count = readSync(fd, slice, 0, slice.length, offset);
      if (count === 0) break;
      offset += count;
      lines.feed(slice.subarray(0, count));
    }
    return true;
  });
}

function withFile<Result>(file: string | number, use: (fd: number) => Result): Result | undefined {
  const fd = typeof file === "number" ? file : openSync(file, openFlags);
  try {
    return fstatSync(fd).isFile() ? use(fd) : undefined;
  } finally {
    if (typeof file === "string") closeSync(fd);
  }
}
