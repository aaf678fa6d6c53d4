import type { Mount } from "./mounts.ts";

/** Who owns and who may write what is at a path, as `lstat(2)` says it. */
export interface Owned {
  readonly uid: number;
  readonly gid: number;
  /** Permission bits, the sticky bit included. */
  readonly mode: number;
  readonly nlink: number;
  readonly dev: number;
  /** An access control list may let further users write; its mask stands in the group's bits. */
  readonly acl: boolean;
}

/** What `lstat(2)` says of a path, as far as trust in it depends on that. */
export interface Entry extends Owned {
  readonly kind: "file" | "folder" | "link" | "other";
  /** Of a link: where it leads. */
  readonly target: string | undefined;
}

/** The user as whom this process works, and what the system knows of groups and mounts. */
export interface FileUser {
  readonly uid: number;
  /** Root, who can change everything anyway. */
  readonly isRoot: (uid: number) => boolean;
  /** Whether this number is certainly one user's: in a user namespace all outsiders share one. */
  readonly isCertain: (uid: number) => boolean;
  /** Whether the user is the only member of this group. */
  readonly ownsGroup: (gid: number) => boolean;
  /** Owner of everything on a device whose files all have one owner and mode (`mountOwners`). */
  readonly mountOwner: (dev: number) => number | undefined;
}

const GROUP_WRITE = 0o020;
const OTHER_WRITE = 0o002;
const STICKY = 0o1000;

/**
 * Who could replace what is in this folder: `undefined` only its owner, who is the user or root;
 * `foreign` another user, who owns it; `writable` others, who may write to it; `sticky` others may
 * add to it, but not touch what is not theirs (as in /tmp).
 */
export function folderRisk(
  entry: Owned,
  user: FileUser,
): "foreign" | "writable" | "sticky" | undefined {
  // @guard folder-open
  if (isTrustedOwner(entry, user) && !isOpen(entry, user)) return undefined;
  if (onOwnMount(entry, user)) return undefined;
  // @guard folder-owner
  if (!isTrustedOwner(entry, user)) return "foreign";
  // @guard folder-not-sticky
  return (entry.mode & STICKY) === 0 ? "writable" : "sticky";
}

/** The user's, by the file's own owner or by that of its mount. */
export function isOwned(entry: Owned, user: FileUser): boolean {
  return entry.uid === user.uid || onOwnMount(entry, user);
}

/** The user's or root's. */
export function isTrustedOwner(entry: Owned, user: FileUser): boolean {
  return user.isRoot(entry.uid) || isOwned(entry, user);
}

/**
 * Whether it counts who an access control list names: its mask stands in the group's bits, and where
 * everybody may write it adds no one.
 */
export function doesAclCount(mode: number): boolean {
  return (mode & (GROUP_WRITE | OTHER_WRITE)) === GROUP_WRITE;
}

/**
 * Why a link is not followed; what follows its path in a sentence. Another user may have put it there
 * only in a folder to which others may add; there they can also give the user's own link a second
 * name (where `protected_hardlinks` is 0).
 *
 * @param isShared others may add to the folder that it is in
 */
export function linkProblem(link: Owned, user: FileUser, isShared: boolean): string | undefined {
  // @guard link-owner
  if (!isTrustedOwner(link, user)) return "is a link of another user";
  if (!isShared) return undefined;
  // @guard link-owner-certain
  if (!user.isCertain(link.uid)) return "is a link that may be another user's";
  // @guard link-names
  return link.nlink > 1 ? "is a link with more than one name" : undefined;
}

/** Whether users besides its owner and root may write to it. */
export function isOpen(entry: Owned, user: FileUser): boolean {
  // @guard open-to-group
  if ((entry.mode & (GROUP_WRITE | OTHER_WRITE)) === 0) return false;
  if (onOwnMount(entry, user)) return false;
  // @guard open-to-others
  if ((entry.mode & OTHER_WRITE) !== 0) return true;
  // @guard open-to-shared-group
  // @guard open-by-acl
  return entry.acl || !user.ownsGroup(entry.gid);
}

/**
 * Why a file is not used as the user's own; what follows its path in a sentence. `user` is
 * `undefined` where users have no numbers.
 */
export function ownFileProblem(entry: Entry, user: FileUser | undefined): string | undefined {
  // @guard own-file-regular
  if (entry.kind !== "file") return "is not a regular file";
  if (user === undefined) return undefined;
  // @guard own-file-owner
  if (!isOwned(entry, user)) return "belongs to another user";
  return namesProblem(entry);
}

/**
 * Why a file is not read as what the user or root wrote, in the same words.
 *
 * @param isShared in a folder like /tmp, where another user can give it a second name
 */
export function readFileProblem(
  entry: Entry,
  isShared: boolean,
  user: FileUser | undefined,
): string | undefined {
  // @guard read-file-regular
  if (entry.kind !== "file") return "is not a regular file";
  if (user === undefined) return undefined;
  // @guard read-file-uncertain
  const isAnyones = isShared && !user.isCertain(entry.uid);
  // @guard read-file-owner
  if (isAnyones || !isTrustedOwner(entry, user)) return "belongs to another user";
  // @guard read-file-open
  if (isOpen(entry, user)) return "can be written by other users";
  // @guard read-file-shared
  return isShared ? namesProblem(entry) : undefined;
}

/** A file without any name was deleted since it was opened; that is no other user's doing. */
function namesProblem({ nlink }: Entry): string | undefined {
  // @guard file-names
  return nlink > 1 ? `has ${nlink} names (hard links)` : undefined;
}

function onOwnMount({ dev }: Owned, user: FileUser): boolean {
  // @guard mount-owner
  return user.mountOwner(dev) === user.uid;
}

/** The texts of /etc/passwd and /etc/group; see passwd(5), group(5). */
export interface Accounts {
  readonly passwd: string;
  readonly group: string;
}

/**
 * Whether a group is a user's own private one: their primary group, named like them, without another
 * member. A group or user that is not listed (a directory service has it) is not known to be.
 */
export function isPrivateGroup(gid: number, uid: number, { passwd, group }: Accounts): boolean {
  const users = rowsOf(passwd);
  const logins = users.filter(([, , id]) => Number(id) === uid).map(([login]) => login);
  const primary = users.filter(([, , , id]) => Number(id) === gid).map(([login]) => login);
  const listed = rowsOf(group).filter(([, , id]) => Number(id) === gid);
  const [only] = listed;
  // @guard private-group-listed-once
  if (only === undefined || listed.length > 1) return false;
  const [name, , , members = ""] = only;
  // @guard private-group-primary
  if (name !== logins[0] || !primary.includes(name)) return false;
  const all = [...members.split(","), ...primary].filter((member) => member !== "");
  // @guard private-group-members
  return all.every((member) => logins.includes(member));
}

function rowsOf(table: string): readonly (readonly string[])[] {
  return table
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => line.trim().split(":"));
}

/**
 * Devices of Windows folders in WSL, whose files all seem to be open to everybody (mode 0777), with
 * the user that their mount names: WSL 1 has `drvfs`, WSL 2 `9p` with the option inside `aname`.
 */
export function mountOwners(mounts: readonly Mount[]): ReadonlyMap<number, number> {
  const owners = new Map<number, number>();
  for (const { kind, options, device } of mounts) {
    // @guard mount-kind
    if (kind !== "drvfs" && kind !== "9p") continue;
    const uid = /(?:^|[,;])uid=(\d+)(?:[,;]|$)/.exec(options)?.[1];
    if (uid !== undefined) owners.set(device, Number(uid));
  }
  return owners;
}

/**
 * The user whose program answers for a file system in user space (FUSE): what such a one says of
 * owners and modes is that program's word, and another user's may call all of it ours. `undefined`:
 * the kernel answers for it. The kernel itself writes `user_id` (fuse(4)).
 */
export function serverOf({ kind, options }: Mount): number | undefined {
  if (!/^fuse(?:blk)?(?:\.|$)/.test(kind)) return undefined;
  // Without a number nothing is known of who it is: no user has this one.
  return Number(/(?:^|,)user_id=(\d+)(?:,|$)/.exec(options)?.[1] ?? -1);
}
