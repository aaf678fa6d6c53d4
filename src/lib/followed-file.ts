// edge
import { closeSync, constants, fstatSync, openSync, realpathSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { resolve } from "node:path";
import { codeOf } from "./errors.ts";
import { currentUser } from "./file-user.ts";
import { drive, driveLater, entryOf } from "./look-at.ts";
import { CAREFUL, refuse, UntrustedFile } from "./private-file.ts";
import { type Entry, type FileUser, readFileProblem } from "./ownership.ts";
import { type Place, walk } from "./trusted-path.ts";

/**
 * Where a path leads to, links followed; each link and folder on the way must be the user's or
 * root's. Nothing is opened.
 *
 * @throws UntrustedFile, or the system's error
 */
export function followLinks(path: string, user = currentUser()): FollowedPath {
  if (user === undefined) return unjudged(path);
  return trusted(drive(walk(resolve(path), user, "follow")));
}

/** As `followLinks`, without a synchronous call: the disk may not answer. */
export async function followLinksLater(path: string, user = currentUser()): Promise<FollowedPath> {
  if (user === undefined) return unjudged(path);
  return trusted(await driveLater(walk(resolve(path), user, "follow")));
}

/** Where a path leads to, and what is there; without `entry` nothing is, or it was not looked at. */
export interface FollowedPath {
  readonly path: string;
  readonly exists: boolean;
  /** A folder on the way is not there. */
  readonly isFolderMissing: boolean;
  readonly entry: Entry | undefined;
  readonly isShared: boolean;
}

/**
 * Opens a file to read it, links followed: each link, each folder on the way and the file itself
 * must be the user's or root's, and closed to other users. `undefined`: there is none.
 *
 * @throws UntrustedFile, or the system's error
 */
export function openFollowed(path: string, user = currentUser()): number | undefined {
  const real = followLinks(path, user);
  if (!real.exists) return undefined;
  // @guard followed-judged-before
  judgeRead(path, real.entry, real.isShared, user);
  const fd = openSync(real.path, constants.O_RDONLY | CAREFUL);
  try {
    // @guard followed-judged-open
    judgeRead(path, entryOf(fstatSync(fd), real.path), real.isShared, user);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** As `openFollowed`, without a synchronous call: the disk may not answer. */
export async function openFollowedLater(
  path: string,
  user = currentUser(),
): Promise<FileHandle | undefined> {
  const real = await followLinksLater(path, user);
  if (!real.exists) return undefined;
  // @guard followed-later-judged-before
  judgeRead(path, real.entry, real.isShared, user);
  const file = await open(real.path, constants.O_RDONLY | CAREFUL);
  try {
    // @guard followed-later-judged-open
    judgeRead(path, entryOf(await file.stat(), real.path), real.isShared, user);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Windows: the system follows links by itself, and keeps other users out by lists of its own. */
function unjudged(path: string): FollowedPath {
  const base = { isFolderMissing: false, entry: undefined, isShared: false };
  try {
    return { ...base, path: realpathSync(path), exists: true };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return { ...base, path, exists: false };
    throw error;
  }
}

function judgeRead(
  path: string,
  entry: Entry | undefined,
  isShared: boolean,
  user: FileUser | undefined,
): void {
  const problem = entry === undefined ? undefined : readFileProblem(entry, isShared, user);
  if (problem !== undefined) throw refuse(`${path} ${problem}`);
}

function trusted(place: Place): FollowedPath {
  switch (place.kind) {
    case "refused":
      // @guard followed-refused
      throw new UntrustedFile(place);
    case "absent":
      return {
        path: place.path,
        exists: false,
        isFolderMissing: place.isFolder,
        entry: undefined,
        isShared: false,
      };
    case "found":
    default:
      return { ...place, exists: true, isFolderMissing: false };
  }
}
