/** What is at a path, without following a link there. `unanswered`: its disk says nothing. */
export type Entry =
  | {
      readonly kind: "folder" | "socket" | "link" | "other";
      readonly uid: number;
      readonly gid: number;
      /** Permission bits, the sticky bit included. */
      readonly mode: number;
      /** Another one when it is made again and, of a folder, when a name in it comes or goes. */
      readonly identity: string;
      /** When it got this identity, ms since the epoch. */
      readonly changedAt: number;
      readonly nlink: number;
    }
  | { readonly kind: "absent" | "unreadable" | "unanswered" };

/** The disk, as far as socket places need it. Nothing rejects, and nothing is waited for long. */
export interface SocketDisk {
  entry(path: string): Promise<Entry>;
  /** Where a link leads; `undefined`: it cannot be read. */
  target(path: string): Promise<string | undefined>;
  names(folder: string): Promise<readonly string[]>;
}

/** The user as whom this process runs. */
export interface SocketUser {
  readonly uid: number;
  readonly gid: number;
  /** Root, as files show it: in a user namespace without root it is like every outsider. */
  readonly root: { readonly uid: number; readonly isCertain: boolean };
}

/** A way that was walked: without links, and what it says of who could change where it leads. */
export interface Way {
  readonly path: string;
  /** Owners of the folders on the way. */
  readonly owners: readonly number[];
  /** A folder on the way may be written by others, who may then replace what is in it. */
  readonly isOpen: boolean;
  /** The last folder is one to which others may add (as /tmp). */
  readonly isShared: boolean;
  readonly links: number;
}

export type Walked =
  | Arrival
  /** `link`: a link leads there. */
  | { readonly kind: "absent"; readonly link: boolean }
  /** A link that another user could turn. It was not followed. */
  | { readonly kind: "foreign" }
  | { readonly kind: "unreadable" | "unanswered" };

export interface Arrival {
  readonly kind: "found";
  /** Without links. */
  readonly path: string;
  /** To the folder that it is in. */
  readonly way: Way;
  readonly entry: Found;
}

type Found = Extract<Entry, { readonly uid: number }>;

const GROUP_WRITE = 0o020;
const OTHER_WRITE = 0o002;
const STICKY = 0o1000;
const maxLinks = 40;

/** Where every absolute path begins. */
export async function rootWay(disk: SocketDisk, user: SocketUser): Promise<Way> {
  const root = await disk.entry("/");
  const way = { path: "", owners: [], isOpen: !isFound(root), isShared: false, links: 0 };
  return isFound(root) ? entered(way, "", root, user) : way;
}

/**
 * Walks from `way` along a path, each part by itself. A link is followed only if it is the user's
 * or root's and no other user could have put it there, since what is behind it may be a disk that
 * does not answer, or another user's socket.
 */
export async function walk(
  way: Way,
  path: string,
  disk: SocketDisk,
  user: SocketUser,
): Promise<Walked> {
  let at = way;
  let rest = partsOf(path);
  let linked = false;
  for (;;) {
    const [part = ".", ...after] = rest;
    const next = childOf(at.path, part);
    // oxlint-disable-next-line no-await-in-loop -- the next part depends on this one
    const entry = await disk.entry(next === "" ? "/" : next);
    if (!isFound(entry)) {
      return entry.kind === "absent" ? { kind: "absent", link: linked } : { kind: entry.kind };
    }
    if (entry.kind === "link") {
      const { owners, isOpen, links } = at;
      // Another user may give our own link a second name (where protected_hardlinks is 0).
      const isOurName = isCertainlyOurs(entry.uid, user) && !(at.isShared && entry.nlink > 1);
      const isTrusted = isOurName && !isOpen && owners.every((uid) => isOurs(uid, user));
      if (!isTrusted) return { kind: "foreign" };
      // oxlint-disable-next-line no-await-in-loop -- likewise
      const target = await disk.target(next);
      if (target === undefined || links === maxLinks) return { kind: "unreadable" };
      linked ||= after.length === 0;
      rest = [...partsOf(target), ...after];
      at = { ...at, path: target.startsWith("/") ? "" : at.path, links: links + 1 };
      continue;
    }
    if (after.length === 0) return { kind: "found", path: next, way: at, entry };
    if (entry.kind !== "folder") return { kind: "absent", link: linked };
    at = entered(at, next, entry, user);
    rest = after;
  }
}

/** The way into a folder that was found. */
export function enter({ way, path, entry }: Arrival, user: SocketUser): Way {
  return entered(way, path, entry, user);
}

/** A folder into which only the user and root could put something. */
export function isOurFolder(folder: Arrival, user: SocketUser): boolean {
  const { isOpen, owners } = enter(folder, user);
  return folder.entry.kind === "folder" && !isOpen && owners.every((uid) => isOurs(uid, user));
}

/** A user's own socket, on a way that only the user and root could change. */
export function isOurSocket({ way, entry }: Arrival, user: SocketUser): boolean {
  return entry.uid === user.uid && !way.isOpen && way.owners.every((uid) => isOurs(uid, user));
}

/**
 * A socket that the person has named themselves: it may be another user's, on a way that only that
 * user, the person and root could change.
 */
export function isNamedSocket({ way, entry }: Arrival, user: SocketUser): boolean {
  return !way.isOpen && way.owners.every((uid) => uid === entry.uid || isOurs(uid, user));
}

function entered(way: Way, path: string, folder: Found, user: SocketUser): Way {
  return {
    ...way,
    path,
    owners: [...way.owners, folder.uid],
    isOpen: way.isOpen || isOpenFolder(folder, user),
    isShared: (folder.mode & (GROUP_WRITE | OTHER_WRITE)) !== 0,
  };
}

/** Could others replace what is in this folder? Not in one where only owners may (as in /tmp). */
function isOpenFolder({ mode, gid }: Found, user: SocketUser): boolean {
  if ((mode & STICKY) !== 0) return false;
  return (mode & OTHER_WRITE) !== 0 || ((mode & GROUP_WRITE) !== 0 && gid !== user.gid);
}

function isOurs(uid: number, user: SocketUser): boolean {
  return uid === user.uid || uid === user.root.uid;
}

function isCertainlyOurs(uid: number, { uid: own, root }: SocketUser): boolean {
  return uid === own || (root.isCertain && uid === root.uid);
}

function isFound(entry: Entry): entry is Found {
  return "uid" in entry;
}

function partsOf(path: string): readonly string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

function childOf(path: string, name: string): string {
  if (name === ".") return path;
  return name === ".." ? path.slice(0, Math.max(0, path.lastIndexOf("/"))) : `${path}/${name}`;
}
