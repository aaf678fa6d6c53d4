import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { codeOf, messageOf, UserError } from "../lib/errors.ts";
import { type FollowedPath, followLinks, openFollowed } from "../lib/followed-file.ts";
import { createPrivate, UntrustedFile } from "../lib/private-file.ts";

export const configName = "discord-presence-config.json";

export const configPath = (codexHome: string): string => join(codexHome, configName);

/** Far more than any config; a link to a device or a wrong file is not read to its end. */
export const maxBytes = 1024 * 1024;
const maxCopies = 1000;

/**
 * The bytes of a config file, `undefined` where there is none. Links are followed where they, all
 * folders on the way and the file belong to the user or root and no other user may write to them.
 * Throws an error of one line for everything else, and for what is not a regular file of at most
 * 1 MB.
 */
export function readBytes(path: string): Uint8Array | undefined {
  return named(path, () => {
    const fd = openFollowed(path);
    if (fd === undefined) return undefined;
    try {
      if (fstatSync(fd).size > maxBytes) throw new Error("is larger than 1 MB");
      return readFileSync(fd);
    } finally {
      closeSync(fd);
    }
  });
}

/** Where a write must go: links are followed, also to what does not exist yet. */
export function realPath(path: string): string {
  return named(path, () => placeOf(followLinks(path)));
}

/** A file by its folder and its name there. */
export interface Place {
  readonly folder: string;
  readonly name: string;
}

/** Folder and name of what `realPath` finds; `undefined` where it leads nowhere. */
export function realPlace(path: string): Place | undefined {
  try {
    const real = realPath(path);
    return { folder: dirname(real), name: basename(real) };
  } catch {
    return undefined; // Lost: why; reading and writing there fail with it.
  }
}

function placeOf(found: FollowedPath): string {
  if (!found.isFolderMissing) return found.path;
  throw Object.assign(new Error("its folder is not there"), { code: "ENOENT" });
}

function named<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw inOneLine(path, error);
  }
}

/** What is wrong with the file itself is said without its path, which the caller puts before it. */
function inOneLine(path: string, error: unknown): unknown {
  if (!(error instanceof UntrustedFile)) return error;
  const { message } = error;
  const isOfFile = message.startsWith(`${path} `);
  return new Error(isOfFile ? message.slice(path.length + 1) : `is not trusted: ${message}`);
}

/**
 * Puts `text` in the place of the file at once or not at all, mode 0600: whoever reads sees the
 * old file or the new one. `isCurrent` is asked last; where it says no, nothing is replaced and
 * `false` returned. Throws system errors; leaves nothing behind.
 *
 * @param real as `realPath` gives it
 */
export function replaceFile(real: string, text: string, isCurrent: () => boolean): boolean {
  // Where the user has made the file read-only, a rename would go round it.
  const mode = statSync(real, { throwIfNoEntry: false })?.mode;
  if (mode !== undefined && (mode & 0o200) === 0) throw new Error("the file is read-only");
  // Always the same name, so that a writer that was killed leaves nothing for good.
  const draft = join(dirname(real), `.${basename(real)}.tmp`);
  try {
    rmSync(draft, { force: true });
    createPrivate(draft, text, { lasting: true });
    if (!isCurrent()) {
      rmSync(draft, { force: true });
      return false;
    }
    renameSync(draft, real);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  syncFolder(dirname(real));
  return true;
}

/** Keeps the content as it was beside the file, under a name that is free. Returns the path. */
export function keepCopy(real: string, bytes: Uint8Array): string {
  for (let number = 1; number <= maxCopies; number += 1) {
    const copy = `${real}.old${number === 1 ? "" : `-${number}`}`;
    try {
      createPrivate(copy, bytes, { lasting: true });
      return copy;
    } catch (error) {
      if (codeOf(error) === "EEXIST") continue;
      rmSync(copy, { force: true });
      throw error;
    }
  }
  throw new Error(`${maxCopies} copies of it are already kept`);
}

/** Takes our lock file away while its lock is still held, so that none is left behind. */
export function removeLockFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Where an open file cannot be deleted (Windows) an empty, unlocked one stays: harmless.
  }
}

/** A system's error as a person's: what could not be done, and what to do about it. */
export function cannotWrite(path: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  const code = codeOf(error) ?? "";
  const why = Object.hasOwn(remedies, code) ? remedies[code] : messageOf(error);
  return new UserError(`${path} was not changed: ${why}`);
}

const readOnly = "it cannot be written; make it and its folder writable";
const remedies: Readonly<Record<string, string>> = {
  EACCES: readOnly,
  EPERM: readOnly,
  EROFS: "the disk is read-only; write it where it comes from",
  ENOSPC: "the disk is full; make room and try again",
  EDQUOT: "your disk quota is used up; make room and try again",
  EFBIG: "the system allows no file of this size (ulimit -f)",
  ENOENT: "its folder is not there",
  ELOOP: "its links lead in a circle",
};

/** Makes the rename last through a power cut. */
function syncFolder(path: string): void {
  try {
    const fd = openSync(path, "r");
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    // Lost: the promise that the new file, not the old one, survives a power cut this second.
  }
}
