// edge
import { dlopen, ptr } from "bun:ffi";
import { readFileSync } from "node:fs";
import { mountsNow, mountsWith } from "./local-disk.ts";
import { type FileUser, isPrivateGroup, mountOwners, serverOf } from "./ownership.ts";

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
  let root: ShownRoot | undefined;
  let mounts: ReadonlyMap<number, number> | undefined;
  const shown = (): ShownRoot => (root ??= rootHere());
  return {
    uid,
    isRoot: (other) => other === 0 || (other !== uid && shown().isRoot(other)),
    isCertain: (other) => shown().isCertain || other !== shown().uid,
    ownsGroup(gid) {
      const owned = groups.get(gid) ?? ownsGroup(gid, uid);
      groups.set(gid, owned);
      return owned;
    },
    mountOwner: (dev) => (mounts ??= mountOwners(mountsNow())).get(dev),
  };
}

/**
 * The other user who answers for the file system on a device, or mounted right at a path without
 * links: its files are that user's, whatever it says. Asks no disk.
 */
export function strangerServing(
  at: { readonly dev: number } | { readonly path: string },
): number | undefined {
  const user = currentUser();
  const mount =
    "dev" in at
      ? mountsWith(at.dev).find(({ device }) => device === at.dev)
      : mountsNow().findLast(({ point }) => point === at.path);
  const uid = mount === undefined ? undefined : serverOf(mount);
  if (user === undefined || uid === undefined) return undefined;
  return uid === user.uid || user.isRoot(uid) ? undefined : uid;
}

/** By the tables themselves: what Bun's `userInfo` says of name and group is the environment's. */
function ownsGroup(gid: number, uid: number): boolean {
  const [passwd, group] = [textOf("/etc/passwd"), textOf("/etc/group")];
  return isPrivateGroup(gid, uid, { passwd, group });
}

interface ShownRoot {
  readonly uid: number;
  readonly isCertain: boolean;
  readonly isRoot: (uid: number) => boolean;
}

/**
 * The machine's root as files show it to a process, and who counts as root: where that is not certain,
 * only an owner that no process inside can be.
 *
 * @param uidMap as `rootIn` has it
 */
export function shownRoot(uidMap: string | undefined, overflow: string): ShownRoot {
  const root = rootIn(uidMap, overflow);
  const isMapped = rangesIn(uidMap ?? "").some(
    ([first = 0, , length = 0]) => root.uid >= first && root.uid < first + length,
  );
  return { ...root, isRoot: (uid) => uid === root.uid && (root.isCertain || !isMapped) };
}

function rootHere(): ShownRoot {
  const map = textOf("/proc/self/uid_map");
  return shownRoot(map === "" ? undefined : map, textOf("/proc/sys/kernel/overflowuid"));
}

/**
 * What files of the machine's root show as their owner. In a user namespace without root (a
 * container that keeps the user's id, a Flatpak) that is the overflow user, and so are those of all
 * other outsiders: it is not certain then. Where no process inside can be that user, the system's own
 * folders count as root's all the same.
 *
 * @param uidMap `/proc/self/uid_map`; `undefined` where there is none
 * @param overflow `/proc/sys/kernel/overflowuid`
 * @see user_namespaces(7)
 */
export function rootIn(
  uidMap: string | undefined,
  overflow = "",
): { readonly uid: number; readonly isCertain: boolean } {
  const mapped = rangesIn(uidMap ?? "0 0 1").find(([, outside]) => outside === 0);
  if (mapped?.[0] !== undefined) return { uid: mapped[0], isCertain: true };
  return { uid: Number(overflow.trim() || defaultOverflow), isCertain: false };
}

const defaultOverflow = 65_534;

/** Rows of first number inside, first number outside, length. */
function rangesIn(uidMap: string): readonly (readonly number[])[] {
  const rows = uidMap.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  return rows.filter((row) => row.length === 3);
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
