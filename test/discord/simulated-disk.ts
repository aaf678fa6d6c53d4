import type { Entry, SocketDisk } from "../../src/discord/trust.ts";
import { inventedUser as us } from "../support/file-users.ts";

export { us };
export const other = 1001;

type Kind = "folder" | "socket" | "other" | "unreadable" | "unanswered";

/** What stands at a path: its owner, mode (0700 unless told) and group, or where a link leads. */
export interface Made {
  readonly kind?: Kind;
  readonly link?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly mode?: number;
  readonly nlink?: number;
  readonly acl?: boolean;
}

/** A disk as it would be with other users; folders on the way to a path are root's. */
export class SimulatedDisk implements SocketDisk {
  /** What was asked for, in order. */
  readonly asked: string[] = [];
  /** When its folders changed last, ms since the epoch. */
  changedAt = 0;
  readonly #made = new Map<string, Made>();

  constructor(made: Readonly<Record<string, Made>>) {
    for (const [path, entry] of Object.entries(made)) {
      for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
        const folder = path.slice(0, at);
        if (!this.#made.has(folder)) this.#made.set(folder, { uid: 0, mode: 0o755 });
      }
      this.#made.set(path, entry);
    }
    this.#made.set("/", { uid: 0, mode: 0o755, ...made["/"] });
  }

  make(path: string, made: Made): void {
    this.#made.set(path, made);
  }

  entry(path: string): Promise<Entry> {
    this.asked.push(path);
    const made = this.#made.get(path);
    if (made === undefined) return Promise.resolve({ kind: "absent" });
    const { kind = "folder", link, uid = us.uid, gid = us.uid, mode = 0o700, nlink = 1 } = made;
    const { acl = false } = made;
    if (kind === "unreadable" || kind === "unanswered") return Promise.resolve({ kind });
    const what = link === undefined ? kind : "link";
    const identity = `${path} ${this.changedAt}`;
    const { changedAt } = this;
    const owned = { uid, gid, mode, nlink, dev: 1, acl };
    return Promise.resolve({ kind: what, ...owned, identity, changedAt });
  }

  target(path: string): Promise<string | undefined> {
    this.asked.push(path);
    return Promise.resolve(this.#made.get(path)?.link);
  }

  names(folder: string): Promise<readonly string[]> {
    this.asked.push(`${folder}/*`);
    const inside = [...this.#made.keys()].filter((path) => path.startsWith(`${folder}/`));
    return Promise.resolve([
      ...new Set(inside.map((path) => path.slice(folder.length + 1).split("/")[0] ?? "")),
    ]);
  }
}
