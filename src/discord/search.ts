import type { FileUser } from "../lib/ownership.ts";
import {
  foldersToList,
  type SocketPlace,
  socketPlaces,
  type SocketSearch,
} from "./socket-paths.ts";
import {
  type Arrival,
  enter,
  type Entry,
  isNamedSocket,
  isOurFolder,
  isOurSocket,
  rootWay,
  type SocketDisk,
  walk,
  type Walked,
  type Way,
} from "./trust.ts";

/** A place that exists. `usable` sockets are ours; `identity` changes when it is made anew. */
export interface FoundSocket {
  readonly place: SocketPlace;
  readonly identity: string;
  readonly verdict: Verdict;
}

/** `foreign`: another user's, or another user could replace it. `unanswered`: the disk is silent. */
export type Verdict = "usable" | "foreign" | "not a socket" | "unreadable" | "unanswered";

export interface Search {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `undefined` on Windows, where pipes have no owner that we could ask for. */
  readonly user: FileUser | undefined;
  /** Where a relative path begins. */
  readonly cwd: string;
  readonly disk: SocketDisk;
  /** Folders that had no place in them, with their identity then: kept from search to search. */
  readonly quiet: Map<string, string>;
  /** Wall clock, ms. */
  readonly now: number;
}

/** File systems count in ticks: a folder that has just changed may change again unseen. */
const tickMs = 2000;

/**
 * Looks at every place where Discord may listen. Any local user can create `/tmp/discord-ipc-0`, so
 * a socket or a link that another user owns or could replace is never used, and such a link is not
 * even followed. A socket that the person has named may be another user's (`place.owner`). One
 * socket under two names (a link to a Flatpak's folder) is listed once, by a name that can be used
 * if there is one. A folder that cannot be looked into stands for all its places. Never rejects.
 */
export async function searchSockets(search: Search): Promise<readonly FoundSocket[]> {
  const { platform, env, user, disk } = search;
  if (user === undefined) {
    const places = await placesOf({ platform, env, uid: undefined }, (path) => disk.names(path));
    return places.map((place) => ({ place, identity: place.path, verdict: "usable" }));
  }
  const look = new Look({ ...search, user });
  const places = await placesOf({ platform, env, uid: user.uid }, (path) => look.names(path));
  const found = await look.at(places);
  const first = (socket: FoundSocket): FoundSocket | undefined => {
    const same = found.filter(({ identity }) => identity === socket.identity);
    return same.find(({ verdict }) => verdict === "usable") ?? same[0];
  };
  return found.filter((socket) => first(socket) === socket);
}

/**
 * Judges one place once more, right before it is connected to: since it was found it may have been
 * replaced. Gives what is there without links, or why it may not be used.
 */
export async function judgeAgain(
  place: SocketPlace,
  { disk, user, cwd }: Pick<Search, "disk" | "cwd"> & { readonly user: FileUser },
): Promise<Arrival | Exclude<Verdict, "usable"> | "absent"> {
  const path = place.path.startsWith("/") ? place.path : `${cwd}/${place.path}`;
  const walked = await walk(await rootWay(disk, user), path, disk, user);
  if (walked.kind !== "found") return walked.kind;
  const verdict = verdictOn(walked, place, user);
  return verdict === "usable" ? walked : verdict;
}

function verdictOn(arrival: Arrival, { client }: SocketPlace, user: FileUser): Verdict {
  if (arrival.entry.kind !== "socket") return "not a socket";
  // @guard socket-verdict
  if (isOurSocket(arrival, user)) return "usable";
  // @guard socket-named-only
  return client !== "named" || !isNamedSocket(arrival) ? "foreign" : "usable";
}

async function placesOf(
  search: Omit<SocketSearch, "list">,
  namesIn: (folder: string) => Promise<readonly string[]>,
): Promise<readonly SocketPlace[]> {
  const names = new Map<string, readonly string[]>();
  for (const folder of foldersToList(search)) {
    // oxlint-disable-next-line no-await-in-loop -- one call at a time (see `SocketDisk`)
    names.set(folder, await namesIn(folder));
  }
  return socketPlaces({ ...search, list: (folder) => names.get(folder) ?? [] });
}

/** One search: nothing is asked for twice. */
class Look {
  readonly #user: FileUser;
  readonly #cwd: string;
  readonly #disk: SocketDisk;
  readonly #quiet: Map<string, string>;
  readonly #now: number;
  readonly #entries = new Map<string, Promise<Entry>>();

  constructor({ user, cwd, disk, quiet, now }: Search & { readonly user: FileUser }) {
    this.#user = user;
    this.#cwd = cwd;
    this.#quiet = quiet;
    this.#now = now;
    this.#disk = {
      entry: (path) => this.#entry(path),
      target: (path) => disk.target(path),
      names: (path) => disk.names(path),
    };
    this.#entry = (path) => {
      const entry = this.#entries.get(path) ?? disk.entry(path);
      this.#entries.set(path, entry);
      return entry;
    };
  }

  readonly #entry: SocketDisk["entry"];

  /** Names in a folder that other users cannot change. */
  async names(folder: string): Promise<readonly string[]> {
    const walked = await this.#walkTo(folder);
    const isSafe = walked.kind === "found" && isOurFolder(walked, this.#user);
    // @guard socket-names-safe
    return isSafe ? await this.#disk.names(walked.path) : [];
  }

  async at(places: readonly SocketPlace[]): Promise<readonly FoundSocket[]> {
    const found: FoundSocket[] = [];
    for (const [folder, inside] of Map.groupBy(places, ({ path }) => folderOf(path))) {
      // oxlint-disable-next-line no-await-in-loop -- one call at a time (see `SocketDisk`)
      found.push(...(await this.#in(folder, inside)));
    }
    return found;
  }

  async #in(folder: string, places: readonly SocketPlace[]): Promise<readonly FoundSocket[]> {
    const walked = await this.#walkTo(folder);
    if (walked.kind === "absent") return [];
    if (walked.kind !== "found") return troubled(folder, places, walked.kind);
    if (walked.entry.kind !== "folder") return [];
    const { identity, changedAt } = walked.entry;
    if (this.#quiet.get(folder) === identity) return [];
    const way = enter(walked, this.#user);
    const found: FoundSocket[] = [];
    for (const place of places) {
      // oxlint-disable-next-line no-await-in-loop -- one call at a time (see `SocketDisk`)
      found.push(...(await this.#judge(way, place)));
    }
    this.#quiet.delete(folder);
    if (found.length === 0 && Math.abs(this.#now - changedAt) > tickMs) {
      this.#quiet.set(folder, identity);
    }
    const isSilent = found.length > 1 && found.every(({ verdict }) => verdict === "unanswered");
    return isSilent ? troubled(folder, places, "unanswered") : found;
  }

  async #walkTo(folder: string): Promise<Walked> {
    const path = folder.startsWith("/") ? folder : `${this.#cwd}/${folder}`;
    const start = await rootWay(this.#disk, this.#user);
    return await walk(start, path, this.#disk, this.#user);
  }

  async #judge(way: Way, place: SocketPlace): Promise<readonly FoundSocket[]> {
    const walked = await walk(way, nameOf(place.path), this.#disk, this.#user);
    if (walked.kind === "absent" && !walked.link) return [];
    if (walked.kind === "found") return [this.#socket(walked, place)];
    const verdict = walked.kind === "absent" ? "unreadable" : walked.kind;
    return [{ place, identity: place.path, verdict }];
  }

  #socket(arrival: Arrival, place: SocketPlace): FoundSocket {
    const { identity, uid } = arrival.entry;
    const verdict = verdictOn(arrival, place, this.#user);
    const isOthers = verdict === "usable" && !isOurSocket(arrival, this.#user);
    return { place: isOthers ? { ...place, owner: uid } : place, identity, verdict };
  }
}

/** The folder itself, instead of ten places in it of which nothing is known. */
function troubled(
  folder: string,
  places: readonly SocketPlace[],
  verdict: Exclude<Walked["kind"], "found" | "absent">,
): readonly FoundSocket[] {
  const [place] = places;
  if (place === undefined) return [];
  const path = places.length === 1 ? place.path : folder.replace(/(?<=.)\/$/, "");
  return [{ place: { ...place, path }, identity: path, verdict }];
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1) || ".";
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
