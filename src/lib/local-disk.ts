// edge
import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Disk, diskOf, type Disks, disksOf, type Mount, parseMounts } from "./mounts.ts";

const maxLinks = 40;

/**
 * Questions come in bursts, at the start above all, ms. No longer: what is asked of a disk that has
 * just been mounted would count as asked of the disk below it, which then waits with it for ever.
 */
const mountsMs = 20;
interface Table {
  readonly mounts: readonly Mount[];
  readonly disks: Disks;
  /** When it was read, monotonic ms. */
  readonly at: number;
  /** Devices that were looked for in vain: parts of a btrfs are in no table. */
  readonly unlisted: Set<number>;
}

let known: Table | undefined;

/** All that is mounted now; none on a system that does not tell. */
export function mountsNow(): readonly Mount[] {
  return tableNow().mounts;
}

/** The same, read again where this device is not among them: it may have been mounted since. */
export function mountsWith(device: number): readonly Mount[] {
  const { mounts, unlisted } = tableNow();
  if (unlisted.has(device) || mounts.some((mount) => mount.device === device)) return mounts;
  known = { ...readTable(), at: performance.now(), unlisted: unlisted.add(device) };
  return known.mounts;
}

/** The disk of a path, by the mounts of now. @param path absolute, with no link in it */
export function diskAt(path: string): Disk {
  return diskOf(path, tableNow().disks);
}

/**
 * Whether an absolute path and each of its links lie on disks of this machine, so that asking for
 * it cannot take forever. Asks no other disk. On a system that does not tell its mounts every path
 * counts as local.
 */
export function isLocal(path: string, disks: Disks = tableNow().disks): boolean {
  if (disks === undefined) return true;
  let at = "/";
  let rest = namesIn(path);
  for (let links = 0; links <= maxLinks;) {
    if (!diskOf(at, disks).isLocal) return false;
    const [name, ...below] = rest;
    if (name === undefined) return true;
    const next = name === ".." ? dirname(at) : join(at, name);
    if (!diskOf(next, disks).isLocal) return false;
    const target = linkTarget(next);
    if (target !== undefined) links += 1;
    rest = target === undefined ? below : [...namesIn(target), ...below];
    at = target === undefined ? next : target.startsWith("/") ? "/" : at;
  }
  return true; // A circle: the system says so at once.
}

function tableNow(): Table {
  const at = performance.now();
  if (known !== undefined && at - known.at < mountsMs) return known;
  known = { ...readTable(), at, unlisted: new Set() };
  return known;
}

function readTable(): Omit<Table, "at" | "unlisted"> {
  if (process.platform !== "linux") return { mounts: [], disks: undefined };
  try {
    const mounts = parseMounts(readFileSync("/proc/self/mountinfo", "utf8"));
    return { mounts, disks: disksOf(mounts, process.execPath) };
  } catch {
    return { mounts: [], disks: undefined }; // No /proc: Lost: which disks may hang.
  }
}

function linkTarget(path: string): string | undefined {
  try {
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    return isLink ? readlinkSync(path) : undefined;
  } catch {
    return undefined; // Not ours to enter: the system says so at once, to every caller.
  }
}

const namesIn = (path: string): readonly string[] =>
  path.split("/").filter((name) => name !== "" && name !== ".");
