import type { Clock } from "../lib/clock.ts";
import type { Knowledge } from "../lib/knowledge.ts";
import { placesIn, type PlacesView } from "../session/places.ts";
import type { FileKnowledge, RepositoryCap } from "./facts.ts";
import { comparable } from "./paths.ts";
import { type FileLook, filesAbove, readCaps, together } from "./repository-file.ts";

export interface RepositoryCapsOptions {
  readonly homes: readonly string[];
  /** @param isReal no link is in the file's folder */
  readonly look: (path: string, isReal: boolean) => Promise<FileLook>;
  /** A folder, links followed, and what tells its disk from others; "nothing" where it is gone. */
  readonly folder: (path: string) => Promise<Knowledge<{ readonly device: number }>>;
  readonly clock: Clock;
  /** A look came to something else than the one before. */
  readonly onChange: () => void;
}

/** `undefined` before the first look was answered. */
export type CapLook = FileKnowledge | undefined;

interface Entry {
  found: CapLook;
  /** Of the places that the last answered look was at. */
  key: string;
  /** By folder, on which disk it was when the last look succeeded. */
  devices: ReadonlyMap<string, number>;
  /** When the last answered look began, monotonic ms. */
  at: number;
  /** What had been written by the last look, as `of` was told. */
  wroteAt: number;
  running: Promise<void> | undefined;
}

/** How long what such a file said may be believed, ms; and where nothing was written since. */
const freshMs = 1000;
const restMs = 8000;
/** How long `freshen` waits, ms. */
const deadlineMs = 250;

/**
 * The `.codex-presence.json` files above the sessions, looked at again when a card asks and the
 * last look is a second old, or eight where the session has done nothing since. `of` never waits: a
 * network disk that is gone must not stop the child's output, and what it said last holds.
 */
export class RepositoryCaps {
  readonly #options: RepositoryCapsOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: RepositoryCapsOptions) {
    this.#options = options;
  }

  /** @param wroteAt when the session last did something, ms since the epoch */
  of(places: PlacesView, wroteAt: number): CapLook {
    const entry = this.#entryOf(places.cwd);
    const age = this.#options.clock.monotonic() - entry.at;
    if (age >= (wroteAt > entry.wroteAt ? freshMs : restMs)) {
      entry.wroteAt = wroteAt;
      void this.#look(entry, places);
    }
    return entry.key === keyOf(places) ? entry.found : carried(entry.found);
  }

  /** When the last answered look at these places began, monotonic ms. */
  checkedAt(places: PlacesView): number {
    const entry = this.#entries.get(places.cwd);
    return entry?.key === keyOf(places) ? entry.at : -Infinity;
  }

  /** Looks again where the last look is older; resolves when it is answered, or late. Never rejects. */
  async freshen(places: PlacesView, notBefore: number): Promise<void> {
    if (this.checkedAt(places) >= notBefore) return;
    const entry = this.#entryOf(places.cwd);
    const { promise, resolve } = Promise.withResolvers<void>();
    using _ = this.#options.clock.after(deadlineMs, resolve);
    const isJoined = entry.running !== undefined;
    const looked = this.#look(entry, places);
    await Promise.race([looked, promise]);
    // It joined one that began too early, or was at other places.
    if (isJoined && entry.running === undefined && this.checkedAt(places) < notBefore) {
      await Promise.race([this.#look(entry, places), promise]);
    }
  }

  /** Forgets all other folders. */
  keep(cwds: ReadonlySet<string>): void {
    for (const cwd of this.#entries.keys()) if (!cwds.has(cwd)) this.#entries.delete(cwd);
  }

  #entryOf(cwd: string): Entry {
    const entry = this.#entries.get(cwd) ?? {
      found: undefined,
      key: "",
      devices: new Map(),
      at: -Infinity,
      wroteAt: -Infinity,
      running: undefined,
    };
    this.#entries.set(cwd, entry);
    return entry;
  }

  #look(entry: Entry, places: PlacesView): Promise<void> {
    entry.running ??= this.#lookNow(entry, places).finally(() => (entry.running = undefined));
    return entry.running;
  }

  async #lookNow(entry: Entry, places: PlacesView): Promise<void> {
    const { clock, onChange } = this.#options;
    const at = clock.monotonic();
    const before = JSON.stringify(entry.found);
    try {
      const found = await this.#find(entry, places);
      if (JSON.stringify(found) !== before) entry.found = found;
      entry.key = keyOf(places);
      entry.at = at;
    } catch {
      // Lost: why. What was known holds; what was not is looked for again.
    }
    if (JSON.stringify(entry.found) !== before) onChange();
  }

  /** A cap that was found holds on until its folders were looked at and have no such file. */
  async #find(entry: Entry, places: PlacesView): Promise<FileKnowledge> {
    const cap = await this.#capAbove(places);
    const starts = startsOf(places);
    const devices = new Map<string, number>();
    // Where it leads is not known, so which folders are above it is not either.
    const { folder: at } = places;
    // @guard main-worktree-unknown
    const isLinked = at.kind === "unknown" && at.mayBeLinked === true;
    let reason =
      starts.length === 0 || isLinked
        ? "where it and its main worktree are is not known"
        : undefined;
    let isGone = false;
    for (const path of starts) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, on one disk mostly
      const folder = await this.#options.folder(path);
      if (folder.kind === "known") devices.set(path, folder.value.device);
      // @guard file-vanished
      else if (folder.kind === "nothing") isGone = true;
      // @guard file-folder-unknown
      else reason ??= folder.reason;
    }
    const isMoved = [...entry.devices].some(
      // @guard file-moved
      ([path, device]) => devices.has(path) && devices.get(path) !== device,
    );
    const earlier = capIn(entry.found);
    if (reason === undefined && !isGone && !(isMoved && earlier !== undefined)) {
      entry.devices = devices;
      return cap === undefined ? { kind: "nothing" } : { kind: "known", cap };
    }
    // @guard file-earlier
    const caps = [cap, earlier].filter((each) => each !== undefined);
    // There may be another file, which asks for less than those that were found.
    // @guard file-look-failed
    if (reason !== undefined && caps.length > 0) caps.push(privateAtMost);
    // A folder that is not here has no such file, unless there was one when it was.
    if (reason === undefined && caps.length === 0) {
      if (entry.devices.size > 0 || !(await this.#mayHaveBeenHere(starts))) {
        return { kind: "nothing" };
      }
    }
    const why = reason ?? (isGone ? "the folder is gone" : "another disk is in its place");
    return { kind: "unknown", reason: why, cap: together(caps) };
  }

  /**
   * A folder that no look has found was deleted before the first one, or is another machine's (a
   * container). Of the latter mostly no folder above it is here but the root.
   */
  async #mayHaveBeenHere(folders: readonly string[]): Promise<boolean> {
    for (const path of folders.flatMap(foldersAbove)) {
      // oxlint-disable-next-line no-await-in-loop -- the first that is here decides
      if ((await this.#options.folder(path)).kind !== "nothing") return true;
    }
    return false;
  }

  async #capAbove(places: PlacesView): Promise<RepositoryCap | undefined> {
    const { homes, look } = this.#options;
    const real = startsOf(places);
    const found = placesIn(places.folder);
    const tops = found.flatMap(({ root, mainWorktree }) => [root, mainWorktree]);
    // A repository that was here once is no reason to look no further up.
    // @guard files-above-lost-repository
    const isCertain = found.every(({ root }) => root !== undefined);
    const stops = [...(isCertain ? tops : []), ...homes].filter((folder) => folder !== undefined);
    // @guard file-named-folder
    const folders = [places.cwd, ...real];
    const isReal = new Set(filesAbove(real, stops).map(comparable));
    const looks = new Map<string, FileLook>();
    for (const path of filesAbove(folders, stops)) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, on one disk mostly
      looks.set(path, await look(path, isReal.has(comparable(path))));
    }
    return readCaps(folders, stops, (path) => looks.get(path) ?? { kind: "absent" });
  }
}

/** Where the walks upwards begin, links followed. */
function startsOf({ folder }: PlacesView): readonly string[] {
  // @guard file-main-worktree
  const places = placesIn(folder).flatMap(({ realPath, mainWorktree }) => [realPath, mainWorktree]);
  return [...new Set(places.filter((path) => path !== undefined))];
}

/** Nearest first, without the root. */
function foldersAbove(path: string): readonly string[] {
  const above = path.replace(/[/\\]+[^/\\]*[/\\]*$/, "");
  return above === path || /^(?:[A-Za-z]:)?$/.test(above) ? [] : [above, ...foldersAbove(above)];
}

function keyOf(places: PlacesView): string {
  return JSON.stringify([places.cwd, placesIn(places.folder)]);
}

/** What a look at other places says of these: a cap that was found holds until they are looked at. */
function carried(found: CapLook): CapLook {
  if (found === undefined) return undefined;
  const cap = capIn(found);
  const reason = "it was not looked at yet";
  // @guard file-carried
  return { kind: "unknown", reason, cap: cap && together([cap, privateAtMost]) };
}

/** As for a folder that cannot be looked at. */
const privateAtMost: RepositoryCap = { level: "private", off: [], sources: [], problems: [] };

function capIn(found: CapLook): RepositoryCap | undefined {
  return found === undefined || found.kind === "nothing" ? undefined : found.cap;
}
