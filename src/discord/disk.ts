import {
  close,
  constants,
  existsSync,
  fstat,
  lstat,
  lstatSync,
  open,
  readdir,
  readlink,
  type Stats,
} from "node:fs";
import type { DiskLanes } from "../lib/disk-lanes.ts";
import { diskLanes } from "../lib/disk-pool.ts";
import { codeOf } from "../lib/errors.ts";
import { mayHaveAcl, strangerServing } from "../lib/file-user.ts";
import { diskAt } from "../lib/local-disk.ts";
import type { Disk } from "../lib/mounts.ts";
import { doesAclCount } from "../lib/ownership.ts";
import type { Entry, SocketDisk } from "./trust.ts";

/** The calls that may never return, where a disk does not answer. */
export interface DiskCalls {
  lstat(path: string): Promise<Stats>;
  readlink(path: string): Promise<string>;
  readdir(path: string): Promise<readonly string[]>;
  /** Keeps what is at a path, a link not followed: it stays the same whatever takes its name. */
  hold(path: string): Promise<HeldEntry>;
  /** The disk that a path without links is on. */
  diskAt(path: string): Disk;
}

interface HeldEntry {
  readonly stats: Stats;
  /** A path that leads to it. */
  readonly address: string;
  readonly release: () => void;
}

/** A socket that was found and stays the same until this is disposed. */
export interface HeldSocket extends Disposable {
  /** Where to connect to. */
  readonly address: string;
}

/** The disk, which can also hold a socket that was found on it. */
export interface HoldingDisk extends SocketDisk {
  /**
   * Holds the socket that was found at a path without links: what took its place since, a link of
   * another user among it, is never connected to. `undefined`: it is not there any more, or its
   * disk does not answer.
   *
   * @param identity as `entry` gave it
   */
  hold(path: string, identity: string): Promise<HeldSocket | undefined>;
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
  hold: process.platform === "linux" ? holdByDescriptor : holdByName,
  diskAt,
};

/** Asks for socket places in the lanes of all looks: a disk that does not answer is not waited for. */
export function openSocketDisk(
  calls: DiskCalls = systemCalls,
  lanes: DiskLanes = diskLanes(),
): HoldingDisk {
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
      const stranger = strangerServing({ path });
      // Its program may answer anything, or never.
      if (stranger !== undefined) return foreignFolder(stranger);
      const found = await ask(path, () => calls.lstat(path));
      return found.kind === "done" ? entryOf(found.value, path, calls.diskAt(path)) : found;
    },
    async target(path) {
      const found = await ask(path, () => calls.readlink(path));
      return found.kind === "done" ? found.value : undefined;
    },
    async hold(path, identity) {
      let held: Promise<HeldEntry> | undefined;
      const found = await ask(path, () => (held = calls.hold(path)));
      if (found.kind !== "done") {
        void held?.then(({ release }) => release()).catch(() => undefined);
        return undefined;
      }
      const { stats, address, release } = found.value;
      // @guard socket-held
      if (stats.isSocket() && identityOf(stats) === identity) {
        return { address, [Symbol.dispose]: release };
      }
      release();
      return undefined;
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

/** Only names the file (open(2)): a link is not followed, and no permission is asked for. */
const O_PATH = 0o10_000_000;
const O_CLOEXEC = 0o2_000_000;

/** By a descriptor: through `/proc` it leads to the very file that was judged. */
async function holdByDescriptor(path: string): Promise<HeldEntry> {
  const flags = O_PATH | constants.O_NOFOLLOW | O_CLOEXEC;
  const fd = await promised<number>((done) => open(path, flags, done));
  let isOpen = true;
  const release = (): void => {
    // Its number may be another file's by the second time.
    if (isOpen) close(fd, () => undefined);
    isOpen = false;
  };
  const address = `/proc/self/fd/${fd}`;
  try {
    const stats = await promised<Stats>((done) => fstat(fd, done));
    return { stats, address: existsSync(address) ? address : path, release };
  } catch (error) {
    release();
    throw error;
  }
}

/** Other systems have no such descriptors: what happens after this look is not seen. */
async function holdByName(path: string): Promise<HeldEntry> {
  const stats = await promised<Stats>((done) => lstat(path, done));
  return { stats, address: path, release: () => undefined };
}

const identityOf = ({ dev, ino, ctimeMs }: Stats): string => `${dev}:${ino}:${ctimeMs}`;

function entryOf(stats: Stats, path: string, { isLocal }: Disk): Entry {
  const { gid, mode, dev, ctimeMs, nlink } = stats;
  const uid = strangerServing({ dev }) ?? stats.uid;
  const kind = stats.isSymbolicLink()
    ? "link"
    : stats.isDirectory()
      ? "folder"
      : stats.isSocket()
        ? "socket"
        : "other";
  const identity = identityOf(stats);
  // Asked only where the answer counts; of a disk that may hang it is not, so there may be one.
  const isAsked = kind !== "link" && doesAclCount(mode);
  const acl = isAsked && (!isLocal || mayHaveAcl(path));
  return { kind, uid, gid, mode, dev, acl, nlink, identity, changedAt: ctimeMs };
}

function foreignFolder(uid: number): Entry {
  const rest = { gid: -1, mode: 0o700, dev: -1, acl: false, nlink: 1, changedAt: 0 };
  return { kind: "folder", uid, identity: `served by ${uid}`, ...rest };
}

function promised<T>(call: (done: (error: Error | null, value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, value) => (error === null ? resolve(value) : reject(error)));
  });
}
