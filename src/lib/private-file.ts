// edge
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  writeFileSync,
} from "node:fs";
import { resolve } from "node:path";
import { messageOf } from "./errors.ts";
import { currentUser } from "./file-user.ts";
import { drive, entryOf } from "./look-at.ts";
import {
  type Entry,
  type FileUser,
  folderRisk,
  isOpen,
  isOwned,
  ownFileProblem,
} from "./ownership.ts";
import { type Place, type Refusal, refusedFolder, walk } from "./trusted-path.ts";

/** A file or folder that is not used, since another user could have a hand in it. */
export class UntrustedFile extends Error {
  readonly code = "UNTRUSTED";
  /** The folder that is the reason. */
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.why);
    this.name = "UntrustedFile";
    this.refusal = refusal;
  }
}

const { O_CREAT, O_EXCL, O_WRONLY, O_RDWR, O_NONBLOCK, O_NOCTTY, O_NOFOLLOW } = constants;
const closedInChildren: Partial<Record<NodeJS.Platform, number>> = {
  linux: 0o2000000,
  darwin: 0x1000000,
};
// @guard private-no-follow
const careful = O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | (closedInChildren[process.platform] ?? 0);
/**
 * Flags for every file that is judged: no link is followed, no child inherits it, and a pipe in its
 * place does not wait for its other end. Windows knows none of them.
 */
export const CAREFUL = process.platform === "win32" ? 0 : careful;

/**
 * Opens a file of the user's own to write to it, to lock it or to read what this program wrote: no
 * link, a regular file with one name, in a folder that only the user and root can change (or a
 * sticky one, as /tmp). One that others may write to is closed to them first, or, where it is only
 * to be read, refused.
 *
 * @param flags as of open(2); with `O_CREAT` it is made with mode 0600
 * @throws UntrustedFile, or the system's error
 */
export function openPrivate(path: string, flags: number, user = currentUser()): number {
  const place = placeOf(path, user);
  // @guard private-judged-before
  if (place?.kind === "found") judgeOwn(path, place.entry, user);
  // @guard private-new-mode
  const fd = openSync(place?.path ?? path, flags | CAREFUL, 0o600);
  try {
    const entry = entryOf(fstatSync(fd), path);
    // @guard private-judged-open
    judgeOwn(path, entry, user);
    if (user === undefined || !isOpen(entry, user)) return fd;
    // @guard private-open-read
    if ((flags & (O_WRONLY | O_RDWR)) === 0) throw refuse(`${path} can be written by other users`);
    // @guard private-open-closed
    fchmodSync(fd, entry.mode & 0o755);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/**
 * Makes a new file with this content where there is none, its mode as given whatever the umask is.
 *
 * @param lasting on the disk when this returns, through a power cut
 * @throws UntrustedFile, or the system's error (`EEXIST`)
 */
export function createPrivate(
  path: string,
  content: string | Uint8Array,
  // @guard create-mode
  { mode = 0o600, lasting = false, user = currentUser() }: NewFile = {},
): void {
  const place = placeOf(path, user);
  // @guard create-only-new
  const fd = openSync(place?.path ?? path, O_WRONLY | O_CREAT | O_EXCL | CAREFUL, mode);
  try {
    widen(fd, mode);
    writeFileSync(fd, content);
    if (lasting) fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

interface NewFile {
  readonly mode?: number;
  readonly lasting?: boolean;
  readonly user?: FileUser | undefined;
}

/**
 * Makes the folder with all above it, or makes sure that it is the user's own and no link; closed
 * to everybody else (0700) in either case.
 *
 * @throws UntrustedFile, or the system's error
 */
export function makePrivateFolder(path: string, user = currentUser()): void {
  mkdirSync(placeOf(path, user)?.path ?? path, { recursive: true, mode: 0o700 });
  const place = placeOf(path, user);
  if (place === undefined || user === undefined) return;
  if (place.kind !== "found" || place.entry.kind !== "folder") {
    throw refuse(`${path} is not a folder`);
  }
  // @guard private-folder-owner
  if (!isOwned(place.entry, user)) throw new UntrustedFile(refusedFolder(place.path, "foreign"));
  // @guard private-folder-closed
  if ((place.entry.mode & 0o077) === 0) return;
  try {
    chmodSync(place.path, 0o700);
  } catch (error) {
    // A mount without modes (WSL); others who may only read do no harm.
    if (isOpen(place.entry, user)) throw error;
  }
}

/** Gives a new file what the umask took away: it has no more than `mode` before. */
function widen(fd: number, mode: number): void {
  if ((fstatSync(fd).mode & 0o777) === mode) return;
  try {
    fchmodSync(fd, mode);
  } catch {
    // A mount without modes (WSL, Windows): its files are the user's all the same.
  }
}

/** A folder as found by `folderAt`. */
export type FoundFolder =
  | {
      readonly uid: number;
      readonly isFolder: boolean;
      /** Why other users could change what is in it. */
      readonly risk: Refusal | undefined;
    }
  | { readonly error: "ENOENT" | "ENOTDIR" };

/**
 * What is at a path, links followed, and whether other users could change what is in it. Where they
 * could have made a part of the way, nothing behind that is asked for. `undefined` where users have
 * no numbers.
 *
 * @throws the system's error where it cannot be looked at
 */
export function folderAt(path: string, user = currentUser()): FoundFolder | undefined {
  if (user === undefined) return undefined;
  const place = drive(walk(resolve(path), user, "follow"));
  // @guard folder-problem-way
  if (place.kind === "refused") return { uid: user.uid, isFolder: true, risk: place };
  if (place.kind === "absent") return { error: place.code };
  const risk = folderRisk(place.entry, user);
  return {
    uid: isOwned(place.entry, user) ? user.uid : place.entry.uid,
    isFolder: place.entry.kind === "folder",
    risk: risk === undefined ? undefined : refusedFolder(place.path, risk),
  };
}

/** Why other users could change what is in this folder, whose links are followed; in one line. */
export function folderProblem(path: string, user = currentUser()): string | undefined {
  try {
    const found = folderAt(path, user);
    if (found === undefined) return undefined;
    if ("error" in found) return `${path} is not there (${found.error})`;
    return found.isFolder ? found.risk?.why : `${path} is not a folder`;
  } catch (error) {
    return messageOf(error);
  }
}

/** Where a file of the user's own is to be; `undefined` where users have no numbers. */
function placeOf(path: string, user: FileUser | undefined): Exclude<Place, Refusal> | undefined {
  if (user === undefined) return undefined;
  const place = drive(walk(resolve(path), user, "refuse"));
  if (place.kind === "refused") throw new UntrustedFile(place);
  return place;
}

function judgeOwn(path: string, entry: Entry, user: FileUser | undefined): void {
  const problem = ownFileProblem(entry, user);
  if (problem !== undefined) throw refuse(`${path} ${problem}`);
}

/** An error with this line. */
export const refuse = (why: string) => new UntrustedFile({ kind: "refused", why });
