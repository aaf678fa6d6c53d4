// edge
import { dlopen, ptr } from "bun:ffi";
import { readFileSync } from "node:fs";
import { type FileUser, isPrivateGroup, mountOwners } from "./ownership.ts";

/**
 * The user of this process, with what the system knows of groups and mounts: read when the first
 * file comes for whose judgement it counts. `undefined` where users have no numbers (Windows).
 */
export function currentUser(): FileUser | undefined {
  const uid = process.getuid?.();
  if (uid === undefined) return undefined;
  if (known?.uid !== uid) known = describe(uid);
  return known;
}

let known: FileUser | undefined;

function describe(uid: number): FileUser {
  const groups = new Map<number, boolean>();
  let root: ((uid: number) => boolean) | undefined;
  let mounts: ReadonlyMap<number, number> | undefined;
  return {
    uid,
    isRoot: (other) => other === 0 || (other !== uid && (root ??= unmappedRoot())(other)),
    ownsGroup(gid) {
      const owned = groups.get(gid) ?? ownsGroup(gid, uid);
      groups.set(gid, owned);
      return owned;
    },
    mountOwner: (dev) => (mounts ??= mountOwners(textOf("/proc/self/mountinfo"))).get(dev),
  };
}

/** By the tables themselves: what Bun's `userInfo` says of name and group is the environment's. */
function ownsGroup(gid: number, uid: number): boolean {
  const [passwd, group] = [textOf("/etc/passwd"), textOf("/etc/group")];
  return isPrivateGroup(gid, uid, { passwd, group });
}

/**
 * In a user namespace without root (a container that keeps the user's id, a Flatpak) the system's
 * own folders seem to belong to the overflow user, whom no process in it can be.
 *
 * @see user_namespaces(7)
 */
function unmappedRoot(): (uid: number) => boolean {
  const overflow = Number(textOf("/proc/sys/kernel/overflowuid"));
  const ranges = textOf("/proc/self/uid_map")
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter((range) => range.length === 3);
  const isMapped = (uid: number) =>
    ranges.some(([first = 0, , length = 0]) => uid >= first && uid < first + length);
  const isCut = ranges.length > 0 && !isMapped(0) && !isMapped(overflow);
  return (uid) => isCut && uid === overflow;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // Another system: it has none of this.
  }
}

/** Whether an access control list may name further users. Unknown counts as yes. */
export function mayHaveAcl(path: string): boolean {
  if (process.platform !== "linux") return false;
  try {
    lgetxattr ??= dlopen("libc.so.6", {
      lgetxattr: { args: ["ptr", "ptr", "ptr", "u64"], returns: "i64" },
    }).symbols.lgetxattr;
    const name = ptr(encoder.encode("system.posix_acl_access\0"));
    return lgetxattr(ptr(encoder.encode(`${path}\0`)), name, null, 0) > 0;
  } catch {
    return true; // Another C library.
  }
}

const encoder = new TextEncoder();
let lgetxattr:
  | ((path: number, name: number, value: null, size: number) => number | bigint)
  | undefined;
