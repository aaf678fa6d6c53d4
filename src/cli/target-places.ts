import type { Clock } from "../lib/clock.ts";
import { type Knowledge, known, unknown } from "../lib/knowledge.ts";
import type { FilePlace } from "../presence/facts.ts";
import type { RepositoryCaps } from "../presence/repository-caps.ts";
import type { GitFiles } from "../repository/git-files.ts";
import { parentOf, resolvePath } from "../repository/paths.ts";
import type { Repositories } from "../repository/repositories.ts";
import { placesIn } from "../session/places.ts";
import { folderOf } from "./session-view.ts";

/** A file as a session names it. */
export interface NamedFile {
  /** The session's folder, absolute. */
  readonly cwd: string;
  /** Absolute, or from that folder. */
  readonly path: string;
}

export interface TargetPlacesOptions {
  readonly folders: GitFiles;
  /** For the files' folders. */
  readonly repositories: Repositories;
  readonly caps: Pick<RepositoryCaps, "of" | "freshen" | "keep">;
  readonly clock: Clock;
  /** A look came to something else than the one before. */
  readonly onChange: () => void;
}

interface Entry {
  place: Knowledge<FilePlace>;
  /** When the last answered look began, monotonic ms. */
  at: number;
  running: Promise<void> | undefined;
}

/** How long `freshen` waits, ms. */
const deadlineMs = 250;
const notYet = unknown("it was not looked at yet");

/**
 * Where the files are that sessions work on, and what their own folders ask for: a link may lead out
 * of the repository, another repository may lie inside it, and a folder of a monorepo may hide more
 * than its top does. `of` never waits.
 */
export class TargetPlaces {
  readonly #options: TargetPlacesOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: TargetPlacesOptions) {
    this.#options = options;
  }

  /**
   * By the last look; begins another one where that is older.
   *
   * @param notBefore monotonic ms
   */
  of(file: NamedFile, notBefore: number): Knowledge<FilePlace> {
    const entry = this.#entryOf(file);
    if (entry.at >= notBefore) return entry.place;
    void this.#look(entry, file);
    return notYet;
  }

  /** When the last answered look at a file began, monotonic ms. */
  checkedAt(file: NamedFile): number {
    return this.#entries.get(keyOf(file))?.at ?? -Infinity;
  }

  /** Looks again where the last look is older; resolves when it is answered, or late. Never rejects. */
  async freshen(file: NamedFile, notBefore: number): Promise<void> {
    const entry = this.#entryOf(file);
    const { promise: late, resolve } = Promise.withResolvers<void>();
    using _ = this.#options.clock.after(deadlineMs, resolve);
    const looked = async (): Promise<void> => {
      // The second time where it joined one that began too early.
      if (entry.at < notBefore) await this.#look(entry, file);
      if (entry.at < notBefore) await this.#look(entry, file);
    };
    await Promise.race([looked(), late]);
  }

  /** Forgets all other files. */
  keep(files: readonly NamedFile[]): void {
    const keys = new Set(files.map(keyOf));
    for (const key of this.#entries.keys()) if (!keys.has(key)) this.#entries.delete(key);
    const folders = new Set(
      [...this.#entries.values()].flatMap(({ place }) =>
        place.kind === "known" ? placesIn(place.value.folder).map(({ realPath }) => realPath) : [],
      ),
    );
    this.#options.repositories.keep(folders);
    this.#options.caps.keep(folders);
  }

  #entryOf(file: NamedFile): Entry {
    const key = keyOf(file);
    const entry = this.#entries.get(key) ?? { place: notYet, at: -Infinity, running: undefined };
    this.#entries.set(key, entry);
    return entry;
  }

  #look(entry: Entry, file: NamedFile): Promise<void> {
    entry.running ??= this.#lookNow(entry, file).finally(() => (entry.running = undefined));
    return entry.running;
  }

  async #lookNow(entry: Entry, file: NamedFile): Promise<void> {
    const at = this.#options.clock.monotonic();
    const place = await this.#find(file, at).catch(() => unknown("it cannot be looked at"));
    const isSame = Bun.deepEquals(place, entry.place);
    const isFirst = entry.at === -Infinity;
    if (!isSame) entry.place = place;
    entry.at = at;
    if (!isSame || isFirst) this.#options.onChange();
  }

  async #find({ cwd, path }: NamedFile, at: number): Promise<Knowledge<FilePlace>> {
    const { folders, repositories, caps } = this.#options;
    // `C:\x` in a session of WSL: a program of Windows is given it.
    if (cwd.startsWith("/") && isWindowsPath(path)) return unknown("it is a path of Windows");
    const named = resolvePath(cwd, path);
    const followed = await folders.follow(named);
    if (followed.kind !== "known") return unknown("where it is cannot be told");
    const folder = await this.#existingAbove(followed.value.path);
    if (folder.kind !== "known") return folder;
    const answer = await repositories.look(folder.value);
    if (answer === undefined) return unknown("its disk does not answer");
    const view = {
      cwd: folder.value,
      folder: folderOf({ look: answer.look, before: [] }, undefined),
    };
    await caps.freshen(view, at);
    const file = caps.of(view, 0);
    if (file === undefined) return unknown("its disk does not answer");
    return known({ named, path: followed.value.path, folder: view.folder, file });
  }

  /** The folder that a file is in; of one that is still to be made, the nearest that exists. */
  async #existingAbove(path: string): Promise<Knowledge<string>> {
    for (let at = parentOf(path); at !== undefined; at = parentOf(at)) {
      // oxlint-disable-next-line no-await-in-loop -- upwards, one after the other
      const entry = await this.#options.folders.entry(at);
      if (entry.kind === "unknown") return entry;
      if (entry.kind === "known") return known(at);
    }
    return unknown("it is in no folder");
  }
}

/** A drive or a backslash, which a name on Unix could have, but has not. */
function isWindowsPath(path: string): boolean {
  return /(?:^|\/)[a-z]:|\\/i.test(path);
}

function keyOf({ cwd, path }: NamedFile): string {
  return `${cwd}\0${path}`;
}
