import { type Entry, type FileUser, folderRisk, linkProblem } from "./ownership.ts";

/** Where a path leads, if everything on the way is the user's or root's and closed to others. */
export type Place =
  | {
      readonly kind: "found";
      /** Without links. */
      readonly path: string;
      readonly entry: Entry;
      /** It is in a folder like /tmp, to which others may add. */
      readonly isShared: boolean;
    }
  | {
      readonly kind: "absent";
      /** Without links as far as it exists. */
      readonly path: string;
      readonly code: "ENOENT" | "ENOTDIR";
      /** What does not exist is a folder on the way, not the last name alone. */
      readonly isFolder: boolean;
    }
  | Refusal;

/** Another user could have put something else there. */
export interface Refusal {
  readonly kind: "refused";
  /** One line, with the path. */
  readonly why: string;
  /** The folder that is the reason. */
  readonly folder?: string;
  readonly risk?: "foreign" | "writable" | "sticky";
}

/** Asks for what is at a path, without following a link there; `undefined`: nothing. */
export type Walk = Generator<string, Place, Entry | undefined>;

/** A folder on the way, which is trusted. */
interface Level {
  readonly path: string;
  readonly entry: Entry;
  readonly isSticky: boolean;
}

/** As Linux has it. */
const maxLinks = 40;

/**
 * Walks an absolute POSIX path from the root. Each folder must be the user's or root's and closed
 * to other users, or sticky (as /tmp); each link must be the user's or root's, which is asked before
 * it is followed. Where a name may be another user's, nothing behind it is asked for: it may lead to
 * a disk that does not answer.
 *
 * @param last a link at the end is followed, or refused
 */
export function* walk(path: string, user: FileUser, last: "follow" | "refuse"): Walk {
  const levels: Level[] = [];
  let rest = ["", ...partsOf(path)];
  let links = 0;
  for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
    if (name === "..") {
      if (levels.length > 1) levels.pop();
      continue;
    }
    const above = levels.at(-1);
    const here = above === undefined ? "/" : join(above.path, name);
    const entry = yield here;
    if (entry === undefined) {
      const code = "ENOENT" as const;
      return { kind: "absent", path: [here, ...rest].join("/"), code, isFolder: rest.length > 0 };
    }
    if (entry.kind === "link") {
      const why = linkProblem(entry, user, above?.isSticky === true);
      // @guard walk-link-last
      if (rest.length === 0 && last === "refuse") return refused(`${here} is a link`);
      if (why !== undefined) return refused(`${here} ${why}`);
      if (++links > maxLinks) return refused(`${here}: too many links`);
      const target = entry.target ?? "";
      if (target.startsWith("/")) levels.length = 1;
      rest = [...partsOf(target), ...rest];
      continue;
    }
    if (rest.length === 0) {
      return { kind: "found", path: here, entry, isShared: above?.isSticky === true };
    }
    if (entry.kind !== "folder") {
      return { kind: "absent", path: here, code: "ENOTDIR", isFolder: true };
    }
    const risk = folderRisk(entry, user);
    // @guard walk-folder-writable
    // @guard walk-folder-foreign
    if (risk === "foreign" || risk === "writable") return refusedFolder(here, risk);
    levels.push({ path: here, entry, isSticky: risk === "sticky" });
  }
  const end = levels.at(-1);
  return end === undefined
    ? { kind: "absent", path, code: "ENOENT", isFolder: true }
    : { kind: "found", path: end.path, entry: end.entry, isShared: false };
}

/** A folder that other users can change, with what to do about it. */
export function refusedFolder(path: string, risk: "foreign" | "writable" | "sticky"): Refusal {
  return risk === "foreign"
    ? { kind: "refused", why: `the folder ${path} belongs to another user`, folder: path, risk }
    : {
        kind: "refused",
        why: `the folder ${path} can be written by other users`,
        folder: path,
        risk,
      };
}

const refused = (why: string): Refusal => ({ kind: "refused", why });

const join = (folder: string, name: string) => (folder === "/" ? `/${name}` : `${folder}/${name}`);

function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}
