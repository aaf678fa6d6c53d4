import { lstat, lstatSync, readdir, readlink, type Stats } from "node:fs";
import type { DiskLanes } from "../lib/disk-lanes.ts";
import { diskLanes } from "../lib/disk-pool.ts";
import { codeOf } from "../lib/errors.ts";
import { mayHaveAcl } from "../lib/file-user.ts";
import { diskAt } from "../lib/local-disk.ts";
import type { Disk } from "../lib/mounts.ts";
import { doesAclCount } from "../lib/ownership.ts";
import type { Entry, SocketDisk } from "./trust.ts";

/** The calls that may never return, where a disk does not answer. */
export interface DiskCalls {
  lstat(path: string): Promise<Stats>;
  readlink(path: string): Promise<string>;
  readdir(path: string): Promise<readonly string[]>;
  /** The disk that a path without links is on. */
  diskAt(path: string): Disk;
}

/**
 * Nearly all places are in memory or on the machine's own disk, and are looked at every few seconds:
 * to ask for them by the runtime's threads costs thirty times as much.
 */
const systemCalls: DiskCalls = {
  lstat: (path) =>
    diskAt(path).isSure
      ? Promise.try(() => lstatSync(path))
      : promised((done) => lstat(path, done)),
  readlink: (path) => promised((done) => readlink(path, done)),
  readdir: (path) => promised((done) => readdir(path, done)),
  diskAt,
};

/** Asks for socket places in the lanes of all looks: a disk that does not answer is not waited for. */
export function openSocketDisk(
  calls: DiskCalls = systemCalls,
  lanes: DiskLanes = diskLanes(),
): SocketDisk {
  const ask = async <T>(path: string, call: () => Promise<T>): Promise<Answer<T>> => {
    try {
      const answer = await lanes.run(calls.diskAt(path), call);
      return answer.kind === "done" ? answer : { kind: "unanswered" };
    } catch (error) {
      const isAbsent = ["ENOENT", "ENOTDIR"].includes(codeOf(error) ?? "");
      return { kind: isAbsent ? "absent" : "unreadable" };
    }
  };
  return {
    async entry(path) {
      const found = await ask(path, () => calls.lstat(path));
      return found.kind === "done" ? entryOf(found.value, path, calls.diskAt(path)) : found;
    },
    async target(path) {
      const found = await ask(path, () => calls.readlink(path));
      return found.kind === "done" ? found.value : undefined;
    },
    async names(folder) {
      const found = await ask(folder, () => calls.readdir(folder));
      return found.kind === "done" ? found.value : [];
    },
  };
}

type Answer<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "absent" | "unreadable" | "unanswered" };

function entryOf(stats: Stats, path: string, { isLocal }: Disk): Entry {
  const { uid, gid, mode, dev, ino, ctimeMs, nlink } = stats;
  const kind = stats.isSymbolicLink()
    ? "link"
    : stats.isDirectory()
      ? "folder"
      : stats.isSocket()
        ? "socket"
        : "other";
  const identity = `${dev}:${ino}:${ctimeMs}`;
  // Asked only where the answer counts; of a disk that may hang it is not, so there may be one.
  const isAsked = kind !== "link" && doesAclCount(mode);
  const acl = isAsked && (!isLocal || mayHaveAcl(path));
  return { kind, uid, gid, mode, dev, acl, nlink, identity, changedAt: ctimeMs };
}

function promised<T>(call: (done: (error: Error | null, value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, value) => (error === null ? resolve(value) : reject(error)));
  });
}
