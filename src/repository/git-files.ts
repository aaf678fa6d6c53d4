import { constants, type Stats } from "node:fs";
import { lstat, open, readlink, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { isLocalPath } from "./paths.ts";

export interface Entry {
  readonly kind: "file" | "folder" | "link" | "other";
  /** It belongs to the person who runs this program. */
  readonly ours: boolean;
  /** Differs once the entry was changed or replaced. */
  readonly stamp: string;
}

/**
 * The disk, for paths that somebody else named. Nothing throws, waits for another program, or opens
 * what is not a regular file; devices and network shares do not exist.
 */
export interface GitFiles {
  /** The person's home folders, links followed. */
  homes(): Promise<readonly string[]>;
  /** Where a path really leads; `undefined` when nowhere, or in a circle. */
  real(path: string): Promise<string | undefined>;
  /** What is at a path, a link being a link. */
  entry(path: string): Promise<Entry | undefined>;
  /** What a link says. */
  link(path: string): Promise<string | undefined>;
  /** A regular file of at most 64 KB. */
  text(path: string): Promise<string | undefined>;
}

const maxBytes = 64 * 1024;

/** The real disk. `uid` and `homes` are those of this process unless a test says otherwise. */
export function openGitFiles(
  options: { readonly uid?: number; readonly homes?: readonly string[] } = {},
): GitFiles {
  const windows = process.platform === "win32";
  const uid = options.uid ?? process.getuid?.();
  const named = options.homes ?? [homedir(), process.env["HOME"] ?? ""];
  let homes: Promise<readonly string[]> | undefined;

  const real = async (path: string): Promise<string | undefined> => {
    if (!isLocalPath(path, windows)) return undefined;
    const found = await realpath(path).catch(() => undefined);
    return found !== undefined && isLocalPath(found, windows) ? found : undefined;
  };
  return {
    homes: () =>
      (homes ??= Promise.all(named.map(real)).then((found) => [
        ...named,
        ...found.filter((home) => home !== undefined),
      ])),
    real,
    entry: async (path) => {
      if (!isLocalPath(path, windows)) return undefined;
      const stats = await lstat(path).catch(() => undefined);
      return stats === undefined ? undefined : entryOf(stats, uid);
    },
    link: async (path) =>
      isLocalPath(path, windows) ? readlink(path).catch(() => undefined) : undefined,
    text: async (path) => {
      const place = await real(path);
      return place === undefined ? undefined : readText(place).catch(() => undefined);
    },
  };
}

function entryOf(stats: Stats, uid: number | undefined): Entry {
  const { ino, size, mtimeMs, ctimeMs } = stats;
  return {
    kind: kindOf(stats),
    // Windows has no numbers for users.
    ours: uid === undefined || stats.uid === uid,
    stamp: `${ino} ${size} ${mtimeMs} ${ctimeMs}`,
  };
}

function kindOf(stats: Stats): Entry["kind"] {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "folder";
  return stats.isSymbolicLink() ? "link" : "other";
}

/** Looked at before it is opened: opening some devices does something. And after: it may change. */
async function readText(path: string): Promise<string | undefined> {
  if (!isSmallFile(await lstat(path))) return undefined;
  // A pipe that took the file's place answers at once; a terminal does not become ours.
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);
  await using file = await open(path, flags);
  if (!isSmallFile(await file.stat())) return undefined;
  const buffer = new Uint8Array(maxBytes + 1);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
  return bytesRead > maxBytes ? undefined : new TextDecoder().decode(buffer.subarray(0, bytesRead));
}

function isSmallFile(stats: Stats): boolean {
  return stats.isFile() && stats.size <= maxBytes;
}
