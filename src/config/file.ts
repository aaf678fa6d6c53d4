import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { codeOf, messageOf, UserError } from "../lib/errors.ts";

export const configName = "discord-presence-config.json";

export const configPath = (codexHome: string): string => join(codexHome, configName);

/** Far more than any config; a link to a device or a wrong file is not read to its end. */
const maxBytes = 1024 * 1024;
const maxLinks = 40;
const maxCopies = 1000;

/**
 * The bytes of a config file, `undefined` where there is none. Throws an error of one line for
 * whatever is not a regular file of at most 1 MB.
 */
export function readBytes(path: string): Uint8Array | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  try {
    const found = fstatSync(fd);
    if (!found.isFile()) throw new Error("is not a regular file");
    if (found.size > maxBytes) throw new Error("is larger than 1 MB");
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Where a write must go: links are followed, also to what does not exist yet. */
export function realPath(path: string): string {
  let at = path;
  for (let links = 0; links < maxLinks; links += 1) {
    const folder = realpathSync(dirname(at));
    at = join(folder, basename(at));
    const target = linkTarget(at);
    if (target === undefined) return at;
    at = resolve(folder, target);
  }
  throw new Error("too many links");
}

/** Folder and name of what `realPath` finds; `undefined` where it leads nowhere. */
export function realPlace(
  path: string,
): { readonly folder: string; readonly name: string } | undefined {
  try {
    const real = realPath(path);
    return { folder: dirname(real), name: basename(real) };
  } catch {
    return undefined; // Lost: why; whoever reads or writes there is told.
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    const code = codeOf(error);
    if (code === "EINVAL" || code === "ENOENT" || code === "UNKNOWN") return undefined;
    throw error;
  }
}

/**
 * Puts `text` in the place of the file at once or not at all, mode 0600: whoever reads sees the
 * old file or the new one. `isCurrent` is asked last; where it says no, nothing is replaced and
 * `false` returned. Throws system errors; leaves nothing behind.
 *
 * @param real as `realPath` gives it
 */
export function replaceFile(real: string, text: string, isCurrent: () => boolean): boolean {
  // Where the person has made the file read-only, a rename would go round it.
  const mode = statSync(real, { throwIfNoEntry: false })?.mode;
  if (mode !== undefined && (mode & 0o200) === 0) throw new Error("the file is read-only");
  // Always the same name, so that a writer that was killed leaves nothing for good.
  const draft = join(dirname(real), `.${basename(real)}.tmp`);
  try {
    rmSync(draft, { force: true });
    writeNew(draft, text);
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
      writeNew(copy, bytes);
      return copy;
    } catch (error) {
      if (codeOf(error) === "EEXIST") continue;
      rmSync(copy, { force: true });
      throw error;
    }
  }
  throw new Error(`${maxCopies} copies of it are already kept`);
}

/** What changes when the file does, links followed; never fails and never blocks. */
export async function fingerprint(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(":");
  } catch (error) {
    return codeOf(error) ?? "unknown";
  }
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

function writeNew(path: string, content: string | Uint8Array): void {
  const fd = openSync(path, "wx", 0o600);
  try {
    if (process.platform !== "win32") fchmodSync(fd, 0o600);
    writeFileSync(fd, content);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

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
