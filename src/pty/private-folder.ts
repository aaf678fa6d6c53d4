// edge
import { closeSync, constants, fstatSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { currentUser } from "../lib/file-user.ts";
import type { FileUser } from "../lib/ownership.ts";
import { createPrivate, makePrivateFolder, openPrivate } from "../lib/private-file.ts";

/** A file as it has to be on disk. */
export interface PrivateFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Permission bits; 0o600 or 0o700. */
  readonly mode: number;
}

/**
 * The user's own cache folder for our native files: never the temp folder, which Codex's sandbox
 * lets a command write to.
 */
export function cacheFolder(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  const name = "codex-discord-presence";
  if (platform === "darwin") return join(home, "Library", "Caches", name);
  if (platform === "win32") {
    return join(env["LOCALAPPDATA"] || join(home, "AppData", "Local"), name);
  }
  return join(env["XDG_CACHE_HOME"] || join(home, ".cache"), name);
}

/**
 * Makes sure that `folder` is ours alone and holds exactly this file, and returns the file's path.
 * A file with any other content is replaced, never used. Throws when the folder cannot be trusted or written.
 */
export function placeVerified(folder: string, file: PrivateFile, user = currentUser()): string {
  // @guard addon-folder
  makePrivateFolder(folder, user);
  const path = join(folder, file.name);
  if (!isExactly(path, file, user)) replace(path, file, user);
  return path;
}

function isExactly(path: string, file: PrivateFile, user: FileUser | undefined): boolean {
  try {
    // @guard addon-owned
    const fd = openPrivate(path, constants.O_RDONLY, user);
    try {
      const { size, mode } = fstatSync(fd);
      // @guard addon-mode
      const isMode = user === undefined || (mode & 0o777) === file.mode;
      // @guard addon-content
      return isMode && size === file.bytes.length && readFileSync(fd).equals(file.bytes);
    } finally {
      closeSync(fd);
    }
  } catch {
    return false; // None there, or something else in its place: it is replaced.
  }
}

/** By a rename, so that a program that has the old file mapped keeps it. */
function replace(path: string, { bytes, mode }: PrivateFile, user: FileUser | undefined): void {
  const fresh = `${path}.${process.pid}`;
  rmSync(fresh, { force: true });
  createPrivate(fresh, bytes, { mode, user });
  renameSync(fresh, path);
}
