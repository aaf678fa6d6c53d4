// edge
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

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
export function placeVerified(folder: string, file: PrivateFile): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const place = lstatSync(folder);
  if (!place.isDirectory() || !isOurs(place.uid)) throw new Error(`not our folder: ${folder}`);
  if (isOpenToOthers(place.mode)) chmodSync(folder, 0o700);
  const path = join(folder, file.name);
  if (!isExactly(path, file)) replace(path, file);
  return path;
}

function isExactly(path: string, { bytes, mode }: PrivateFile): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || !found.isFile() || !isOurs(found.uid)) return false;
  if (found.size !== bytes.length || isOpenToOthers(found.mode)) return false;
  if (process.platform !== "win32" && (found.mode & 0o700) !== mode) return false;
  return readFileSync(path).equals(bytes);
}

/** By a rename, so that a program that has the old file mapped keeps it. */
function replace(path: string, { bytes, mode }: PrivateFile): void {
  const fresh = `${path}.${process.pid}`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, bytes, { flag: "wx", mode });
  chmodSync(fresh, mode); // whatever the umask took away
  renameSync(fresh, path);
}

function isOurs(uid: number): boolean {
  return process.getuid === undefined || process.getuid() === uid;
}

function isOpenToOthers(mode: number): boolean {
  return process.platform !== "win32" && (mode & 0o077) !== 0;
}
