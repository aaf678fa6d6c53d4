/** A file system that is mounted somewhere. */
export interface Mount {
  /** Where, absolute. */
  readonly point: string;
  /** As `stat(2)` says it of what is on it (`st_dev`). */
  readonly device: number;
  /** `ext4`, `nfs4`, `fuse.sshfs` … */
  readonly kind: string;
  /** Options of the file system and of the mount, with commas between them. */
  readonly options: string;
}

/** What answers for a path, or does not. */
export interface Disk {
  /** Tells it from other disks: its mount point. */
  readonly name: string;
  /** A disk of this machine, which answers soon or fails. Any other may hang. */
  readonly isLocal: boolean;
  /** In memory, or the machine's own disk, without whose answers no program goes on at all. */
  readonly isSure: boolean;
}

/** The disks of this machine by mount point; `undefined` on a system that does not tell them. */
export type Disks = ReadonlyMap<string, Disk> | undefined;

/** Kinds of file system without a network or a program behind them. What is not here may hang. */
const localKinds: ReadonlySet<string> = new Set(
  [
    "ext2 ext3 ext4 xfs btrfs zfs f2fs bcachefs jfs reiserfs nilfs2 udf vfat exfat ntfs3 iso9660",
    "tmpfs ramfs rootfs devtmpfs overlay squashfs erofs proc sysfs devpts cgroup cgroup2 mqueue",
  ].flatMap((line) => line.split(" ")),
);

const inMemory: ReadonlySet<string> = new Set(["tmpfs", "ramfs", "rootfs", "devtmpfs"]);

/** Reads Linux's `/proc/PID/mountinfo` (proc_pid_mountinfo(5)); in the order of mounting. */
export function parseMounts(mountinfo: string): readonly Mount[] {
  return mountinfo.split("\n").flatMap((line) => {
    const [before = "", after] = line.split(" - ");
    const [, , device = "", , point, options = ""] = before.split(" ");
    if (point === undefined || after === undefined) return [];
    const [kind = "", , ofKind = ""] = after.split(" ");
    const [major = 0, minor = 0] = device.split(":").map(Number);
    const both = `${ofKind},${options}`;
    return [{ point: unescaped(point), device: deviceNumber(major, minor), kind, options: both }];
  });
}

/**
 * Of several mounts on one folder the last one counts. The disk that this program runs from counts
 * as local: nothing works without it.
 *
 * @param exe our own executable
 */
export function disksOf(mounts: readonly Mount[], exe: string): ReadonlyMap<string, Disk> {
  const disks = new Map<string, Disk>();
  for (const { point: name, kind } of mounts) {
    const isLocal = localKinds.has(kind);
    disks.set(name, { name, isLocal, isSure: inMemory.has(kind) || (isLocal && name === "/") });
  }
  const own = diskOf(exe, disks);
  return disks.set(own.name, { ...own, isLocal: true });
}

/**
 * The disk that a path is on. Where mounts are not known, the first two names of the path tell it
 * from others (`/Volumes/backup`, `/Users/ann`, `C:`), and each counts as local.
 *
 * @param path absolute, with no link in it
 */
export function diskOf(path: string, disks: Disks): Disk {
  if (disks === undefined) {
    const name = path.startsWith("/") ? path.split("/", 3).join("/") : path.slice(0, 2);
    return { name: path.startsWith("/") ? name : name.toLowerCase(), isLocal: true, isSure: false };
  }
  for (let at = path; at !== ""; at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
    const disk = disks.get(at);
    if (disk !== undefined) return disk;
  }
  return disks.get("/") ?? { name: "/", isLocal: false, isSure: false };
}

/** Space, tab, newline and backslash are written as \ and three octal digits. */
function unescaped(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCodePoint(Number.parseInt(digits, 8)),
  );
}

/** `makedev(3)` of glibc, for numbers below 2^53: minors have 20 bits in Linux, majors 12. */
function deviceNumber(major: number, minor: number): number {
  return (minor & 0xff) + (major & 0xfff) * 0x100 + (minor >>> 8) * 0x100000;
}
