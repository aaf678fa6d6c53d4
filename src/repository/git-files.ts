import { constants, type Stats } from "node:fs";
import { lstat, open, opendir, readlink, realpath } from "node:fs/promises";
import type { DiskLanes } from "../lib/disk-lanes.ts";
import { diskLanes } from "../lib/disk-pool.ts";
import { codeOf, messageOf } from "../lib/errors.ts";
import { strangerServing } from "../lib/file-user.ts";
import { known, type Knowledge, nothing, unknown } from "../lib/knowledge.ts";
import { diskAt } from "../lib/local-disk.ts";
import { type Followed, follow } from "./follow.ts";
import { isLocalPath } from "./paths.ts";

export interface Entry {
  readonly kind: "file" | "folder" | "link" | "other";
  /** It belongs to the person who runs this program. */
  readonly ours: boolean;
  /** Differs once the entry was changed or replaced. */
  readonly stamp: string;
  /** Tells its file system from others that are mounted. */
  readonly device: number;
}

/**
 * The disk, for paths that somebody else named. Nothing throws, waits for another program, or opens
 * what is not a regular file; devices and network shares are not looked at. "nothing" is an answer of
 * the disk; what it did not answer, or would not, is "unknown".
 */
export interface GitFiles {
  /** The person's home folders, as named and with links followed. */
  homes(): Promise<readonly string[]>;
  /** Where a path really leads. */
  real(path: string): Promise<Knowledge<string>>;
  /** The same as far as the path exists; what is missing stays as it is called. */
  follow(path: string): Promise<Knowledge<Followed>>;
  /** What is at a path, a link being a link. There are no links above it. */
  entry(path: string): Promise<Knowledge<Entry>>;
  /** What a link says. There are no links above it. */
  link(path: string): Promise<Knowledge<string>>;
  /** A regular file of at most 64 KB. */
  text(path: string): Promise<Knowledge<string>>;
  /** The names in a folder, of which there are at most 1024. */
  names(path: string): Promise<Knowledge<readonly string[]>>;
}

export interface GitFilesOptions {
  /** The process's own unless a test says otherwise. */
  readonly lanes?: DiskLanes;
  /** Home folders, as named. */
  readonly homes: readonly string[];
  /** That of this process unless a test says otherwise. */
  readonly uid?: number;
}

const maxBytes = 64 * 1024;
const maxNames = 1024;

/** The real disk. */
export function openGitFiles({
  lanes = diskLanes(),
  homes: named,
  ...options
}: GitFilesOptions): GitFiles {
  const windows = process.platform === "win32";
  const uid = options.uid ?? process.getuid?.();

  const on = async <Value>(
    path: string,
    operation: () => Promise<Value>,
  ): Promise<Knowledge<Value>> => {
    if (!isLocalPath(path, windows)) return unknown("it is no place to look at");
    try {
      const answer = await lanes.run(diskAt(path), operation);
      return answer.kind === "done" ? known(answer.value) : unknown("its disk does not answer");
    } catch (error) {
      return isAbsent(error) ? nothing : unknown(messageOf(error));
    }
  };
  const entry: GitFiles["entry"] = async (path) => {
    const stats = await on(path, () => lstat(path));
    return stats.kind === "known" ? known(entryOf(stats.value, uid)) : stats;
  };
  const link: GitFiles["link"] = (path) => on(path, () => readlink(path));
  const followed: GitFiles["follow"] = async (path) => {
    if (!isLocalPath(path, windows)) return unknown("it is no place to look at");
    if (!windows) return follow(path, { entry, link });
    const found = await on(path, () => realpath(path));
    return found.kind === "known" ? known({ path: found.value, isWhole: true }) : found;
  };
  const real: GitFiles["real"] = async (path) => {
    const found = await followed(path);
    if (found.kind !== "known") return found;
    if (!isLocalPath(found.value.path, windows)) return unknown("it leads to no place to look at");
    return found.value.isWhole ? known(found.value.path) : nothing;
  };
  const small = async <Value>(
    path: string,
    read: (place: string) => Promise<Value | undefined>,
    otherwise: string,
  ): Promise<Knowledge<Value>> => {
    const place = await real(path);
    if (place.kind !== "known") return place;
    const found = await on(place.value, () => read(place.value));
    if (found.kind !== "known") return found;
    return found.value === undefined ? unknown(otherwise) : known(found.value);
  };
  return {
    homes: openHomes(named, real),
    real,
    follow: followed,
    entry,
    link,
    text: (path) => small(path, readText, "it is no small regular file"),
    names: (path) => small(path, readNames, "it is no small folder"),
  };
}

function openHomes(named: readonly string[], real: GitFiles["real"]): GitFiles["homes"] {
  let homes: Promise<readonly string[]> | undefined;
  const find = async (): Promise<readonly string[]> => {
    const found = await Promise.all(named.map(real));
    // A home whose disk does not answer is asked for again.
    if (found.some(({ kind }) => kind === "unknown")) homes = undefined;
    return [...named, ...found.flatMap((each) => (each.kind === "known" ? [each.value] : []))];
  };
  return () => (homes ??= find());
}

/** Neither the file nor a folder of that name above it. */
function isAbsent(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes(codeOf(error) ?? "");
}

function entryOf(stats: Stats, uid: number | undefined): Entry {
  const { ino, size, mtimeMs, ctimeMs, dev } = stats;
  return {
    kind: kindOf(stats),
    // Windows has no numbers for users.
    ours: uid === undefined || (stats.uid === uid && strangerServing({ dev }) === undefined),
    stamp: `${dev} ${ino} ${size} ${mtimeMs} ${ctimeMs}`,
    device: dev,
  };
}

function kindOf(stats: Stats): Entry["kind"] {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "folder";
  return stats.isSymbolicLink() ? "link" : "other";
}

/** `undefined` for what is no folder, or one with too much in it. */
async function readNames(path: string): Promise<readonly string[] | undefined> {
  if (!(await lstat(path)).isDirectory()) return undefined;
  const names: string[] = [];
  for await (const { name } of await opendir(path)) {
    if (names.push(name) > maxNames) return undefined;
  }
  return names;
}

/** Looked at before it is opened: opening some devices does something. And after: it may change. */
async function readText(path: string): Promise<string | undefined> {
  if (!isSmallFile(await lstat(path))) return undefined;
  // A pipe that took the file's place answers at once; a terminal does not become ours.
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);
  await using file = await open(path, flags);
  if (!isSmallFile(await file.stat())) return undefined;
  const buffer = new Uint8Array(maxBytes + 1);
  let length = 0;
  while (length < buffer.length) {
    // oxlint-disable-next-line no-await-in-loop -- a piece comes after the piece before
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length > maxBytes ? undefined : new TextDecoder().decode(buffer.subarray(0, length));
}

function isSmallFile(stats: Stats): boolean {
  return stats.isFile() && stats.size <= maxBytes;
}
