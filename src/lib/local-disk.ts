import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { dirname, join } from "node:path";

/** Whether what is mounted at a path is a disk of this machine, by mount point. */
export type Mounts = ReadonlyMap<string, boolean>;

/** Kinds of file system without a network or a program behind them. What is not here may hang. */
const localKinds: ReadonlySet<string> = new Set(
  [
    "ext2 ext3 ext4 xfs btrfs zfs f2fs bcachefs jfs reiserfs nilfs2 udf vfat exfat ntfs3 iso9660",
    "tmpfs ramfs rootfs devtmpfs overlay squashfs erofs proc sysfs devpts cgroup cgroup2 mqueue",
  ].flatMap((line) => line.split(" ")),
);

const maxLinks = 40;

/**
 * Reads `/proc/self/mountinfo` (proc_pid_mountinfo(5)). Of several mounts on one folder the last
 * one counts. The disk that this program runs from counts as local: nothing works without it.
 *
 * @param exe our own executable
 */
export function parseMounts(mountinfo: string, exe: string): Mounts {
  const mounts = new Map<string, boolean>();
  for (const line of mountinfo.split("\n")) {
    const [before = "", after] = line.split(" - ");
    const point = before.split(" ")[4];
    if (point === undefined || after === undefined) continue;
    mounts.set(unescaped(point), localKinds.has(after.split(" ")[0] ?? ""));
  }
  mounts.set(mountOf(exe, mounts), true);
  return mounts;
}

/** Questions come in bursts, at the start above all; a mount is not made between them. */
const mountsMs = 500;
let known: { readonly mounts: Mounts; readonly at: number } | undefined;

/** The mounts of now; `undefined` on a system that does not tell. */
export function mountsNow(): Mounts | undefined {
  if (process.platform !== "linux") return undefined;
  const at = performance.now();
  if (known !== undefined && at - known.at < mountsMs) return known.mounts;
  try {
    const mounts = parseMounts(readFileSync("/proc/self/mountinfo", "utf8"), process.execPath);
    known = { mounts, at };
    return mounts;
  } catch {
    return undefined; // No /proc: Lost: which disks may hang.
  }
}

/**
 * Whether an absolute path and each of its links lie on disks of this machine, so that asking for
 * it cannot take forever. Asks no other disk. On a system that does not tell its mounts every path
 * counts as local.
 */
export function isLocal(path: string, mounts: Mounts | undefined = mountsNow()): boolean {
  if (mounts === undefined) return true;
  let at = "/";
  let rest = namesIn(path);
  for (let links = 0; links <= maxLinks;) {
    if (!isOnLocal(at, mounts)) return false;
    const [name, ...below] = rest;
    if (name === undefined) return true;
    const next = name === ".." ? dirname(at) : join(at, name);
    if (!isOnLocal(next, mounts)) return false;
    const target = linkTarget(next);
    if (target !== undefined) links += 1;
    rest = target === undefined ? below : [...namesIn(target), ...below];
    at = target === undefined ? next : target.startsWith("/") ? "/" : at;
  }
  return true; // A circle: the system says so at once.
}

function linkTarget(path: string): string | undefined {
  try {
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    return isLink ? readlinkSync(path) : undefined;
  } catch {
    return undefined; // Not ours to enter: the system says so at once, to whoever asks.
  }
}

function isOnLocal(path: string, mounts: Mounts): boolean {
  return mounts.get(mountOf(path, mounts)) ?? false;
}

/** The nearest folder at or above `path` on which something is mounted. */
function mountOf(path: string, mounts: Mounts): string {
  let at = path;
  while (!mounts.has(at) && at !== "/" && at !== ".") at = dirname(at);
  return at;
}

const namesIn = (path: string): readonly string[] =>
  path.split("/").filter((name) => name !== "" && name !== ".");

/** Space, tab, newline and backslash are written as three octal digits. */
function unescaped(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
