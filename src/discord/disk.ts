import { lstat, readdir, readFileSync, readlink, type Stats } from "node:fs";
import type { Entry, SocketDisk } from "./trust.ts";

/** The calls that may never return, where a disk does not answer. */
export interface DiskCalls {
  lstat(path: string): Promise<Stats>;
  readlink(path: string): Promise<string>;
  readdir(path: string): Promise<readonly string[]>;
  /** `/proc/self/mountinfo`, which always answers; "" where there is none. */
  mounts(): string;
}

/** A disk of this machine answers in microseconds; on a busy one, threads may be long in coming. */
const answerMs = 1000;
/**
 * The runtime has a thread for each core, two at least, and everything that reads files needs one.
 * While one waits for a disk, only disks of this machine are asked; while two wait, none is.
 */
const maxWaiting = 2;
/** Kinds of file systems that need no other machine and no other process. */
const localKinds =
  /^(?:ext[234]|xfs|btrfs|zfs|f2fs|bcachefs|tmpfs|ramfs|devtmpfs|overlay|squashfs|erofs|vfat|exfat)$/;

const systemCalls: DiskCalls = {
  lstat: (path) => promised((done) => lstat(path, done)),
  readlink: (path) => promised((done) => readlink(path, done)),
  readdir: (path) => promised((done) => readdir(path, done)),
  mounts: () => {
    try {
      return readFileSync("/proc/self/mountinfo", "latin1");
    } catch {
      return ""; // No Linux: every disk may be another machine's.
    }
  },
};

/**
 * Asks for socket places without waiting for a disk that does not answer: one call at a time for
 * each search, each with a limit, and none of a disk that has not answered an earlier one yet.
 */
export class PatientDisk implements SocketDisk {
  readonly #calls: DiskCalls;
  readonly #answerMs: number;
  /** Calls that are waited for no longer, by the mount that they are about. */
  readonly #waiting = new Map<Promise<unknown>, string>();

  constructor(calls: DiskCalls = systemCalls, limitMs = answerMs) {
    this.#calls = calls;
    this.#answerMs = limitMs;
  }

  async entry(path: string): Promise<Entry> {
    const found = await this.#ask(path, () => this.#calls.lstat(path));
    return found.kind === "answered" ? entryOf(found.value) : found;
  }

  async target(path: string): Promise<string | undefined> {
    const found = await this.#ask(path, () => this.#calls.readlink(path));
    return found.kind === "answered" ? found.value : undefined;
  }

  async names(folder: string): Promise<readonly string[]> {
    const found = await this.#ask(folder, () => this.#calls.readdir(folder));
    return found.kind === "answered" ? found.value : [];
  }

  async #ask<T>(path: string, call: () => Promise<T>): Promise<Answer<T>> {
    if (!this.#mayAsk(path)) return { kind: "unanswered" };
    const asked = call().then(
      (value): Answer<T> => ({ kind: "answered", value }),
      (error: unknown): Answer<T> => ({ kind: isAbsence(error) ? "absent" : "unreadable" }),
    );
    const { promise, resolve } = Promise.withResolvers<Answer<T>>();
    const timer = setTimeout(() => {
      this.#waiting.set(asked, mountOf(path, this.#calls.mounts()).path);
      resolve({ kind: "unanswered" });
    }, this.#answerMs);
    void asked.then((answer) => {
      clearTimeout(timer);
      this.#waiting.delete(asked);
      return resolve(answer);
    });
    return await promise;
  }

  #mayAsk(path: string): boolean {
    const { size } = this.#waiting;
    if (size === 0) return true;
    const mount = mountOf(path, this.#calls.mounts());
    if ([...this.#waiting.values()].includes(mount.path)) return false;
    return size < maxWaiting && (mount.kind === undefined || localKinds.test(mount.kind));
  }
}

type Answer<T> =
  | { readonly kind: "answered"; readonly value: T }
  | { readonly kind: "absent" | "unreadable" | "unanswered" };

/** The mount on which a path without links lies; without a list of mounts, its folder. */
function mountOf(path: string, mounts: string): { readonly path: string; readonly kind?: string } {
  const found = mounts
    .split("\n")
    .map((line) => {
      const [before = "", after = ""] = line.split(" - ");
      const point = (before.split(" ")[4] ?? "").replace(/\\(\d{3})/g, (_, octal: string) =>
        String.fromCharCode(Number.parseInt(octal, 8)),
      );
      return { path: point, kind: after.split(" ")[0] ?? "" };
    })
    .filter((mount) => mount.path !== "" && isWithin(path, mount.path));
  // Of two mounts on one folder the later one is on top.
  return (
    found.findLast((mount) => found.every((other) => other.path.length <= mount.path.length)) ?? {
      path: path.slice(0, path.lastIndexOf("/")),
    }
  );
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

function entryOf(stats: Stats): Entry {
  const { uid, gid, mode, dev, ino, ctimeMs, nlink } = stats;
  const kind = stats.isSymbolicLink()
    ? "link"
    : stats.isDirectory()
      ? "folder"
      : stats.isSocket()
        ? "socket"
        : "other";
  const identity = `${dev}:${ino}:${ctimeMs}`;
  return { kind, uid, gid, mode, identity, changedAt: ctimeMs, nlink };
}

function isAbsence(error: unknown): boolean {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : "";
  return code === "ENOENT" || code === "ENOTDIR";
}

function promised<T>(call: (done: (error: Error | null, value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, value) => (error === null ? resolve(value) : reject(error)));
  });
}
