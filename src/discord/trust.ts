import {
  type FileUser,
  isOpen,
  isTrustedOwner,
  linkProblem,
  type Owned,
} from "../lib/ownership.ts";

/** What is at a path, without following a link there. `unanswered`: its disk says nothing. */
export type Entry = Found | { readonly kind: "absent" | "unreadable" | "unanswered" };

interface Found extends Owned {
  readonly kind: "folder" | "socket" | "link" | "other";
  /** Another one when it is made again and, of a folder, when a name in it comes or goes. */
  readonly identity: string;
  /** When it got this identity, ms since the epoch. */
  readonly changedAt: number;
}

/** The disk, as far as socket places need it. Nothing rejects, and nothing is waited for long. */
export interface SocketDisk {
  entry(path: string): Promise<Entry>;
  /** Where a link leads; `undefined`: it cannot be read. */
  target(path: string): Promise<string | undefined>;
  names(folder: string): Promise<readonly string[]>;
}

/** A way that was walked: without links, and what it says of who could change where it leads. */
export interface Way {
  readonly path: string;
  /** Owners of the folders on the way who are neither the user nor root. */
  readonly strangers: readonly number[];
  /** A folder on the way may be written by others, who may then replace what is in it. */
  readonly isOpen: boolean;
  /** Others may add to the last folder (as to /tmp). */
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

const STICKY = 0o1000;
const maxLinks = 40;

/** Where every absolute path begins. */
export async function rootWay(disk: SocketDisk, user: FileUser): Promise<Way> {
  const root = await disk.entry("/");
  // @guard socket-root-unknown
  const way = { path: "", strangers: [], isOpen: !isFound(root), isShared: false, links: 0 };
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
  user: FileUser,
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
      const isTrusted = isClosed(at) && linkProblem(entry, user, at.isShared) === undefined;
      if (!isTrusted) return { kind: "foreign" };
      // oxlint-disable-next-line no-await-in-loop -- likewise
      const target = await disk.target(next);
      if (target === undefined || at.links === maxLinks) return { kind: "unreadable" };
      linked ||= after.length === 0;
      rest = [...partsOf(target), ...after];
      at = { ...at, path: target.startsWith("/") ? "" : at.path, links: at.links + 1 };
      continue;
    }
    if (after.length === 0) return { kind: "found", path: next, way: at, entry };
    if (entry.kind !== "folder") return { kind: "absent", link: linked };
    at = entered(at, next, entry, user);
    rest = after;
  }
}

/** The way into a folder that was found. */
export function enter({ way, path, entry }: Arrival, user: FileUser): Way {
  return entered(way, path, entry, user);
}

/** A folder into which only the user and root could put something. */
export function isOurFolder(folder: Arrival, user: FileUser): boolean {
  return folder.entry.kind === "folder" && isClosed(enter(folder, user));
}

/** A user's own socket, on a way that only the user and root could change. */
export function isOurSocket({ way, entry }: Arrival, user: FileUser): boolean {
  // @guard socket-way-closed
  // @guard socket-owner
  return entry.uid === user.uid && isClosed(way);
}

/**
 * A socket that the person has named themselves: it may be another user's, on a way that only that
 * user, the person and root could change.
 */
export function isNamedSocket({ way, entry }: Arrival): boolean {
  // @guard named-socket-strangers
  // @guard named-socket-open-way
  return !way.isOpen && way.strangers.every((uid) => uid === entry.uid);
}

/** Only the user and root could change where it leads. */
function isClosed({ isOpen: isOpenWay, strangers }: Way): boolean {
  // @guard socket-closed-strangers
  // @guard socket-closed-open
  return !isOpenWay && strangers.length === 0;
}

function entered(way: Way, path: string, folder: Found, user: FileUser): Way {
  const isShared = isOpen(folder, user);
  const stranger = isTrustedOwner(folder, user) ? [] : [folder.uid];
  return {
    ...way,
    path,
    strangers: [...way.strangers, ...stranger],
    // In a folder where only owners may delete (as in /tmp) others can replace nothing.
    // @guard socket-way-shared
    // @guard socket-way-stays-open
    isOpen: way.isOpen || (isShared && (folder.mode & STICKY) === 0),
    isShared,
  };
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
