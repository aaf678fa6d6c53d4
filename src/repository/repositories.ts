import type { Clock } from "../lib/clock.ts";
import { readGitConfig, remoteAddress, remoteAddresses } from "./git-config.ts";
import type { GitFiles } from "./git-files.ts";
import { type Branch, readHead, readHeadLink } from "./head.ts";
import { locate, type Location } from "./locate.ts";
import { resolvePath } from "./paths.ts";
import { parseRemote, type Remote } from "./remote.ts";

/** What is known of the repository a folder is in. */
export interface Repository {
  /** The worktree's root folder, and that of the main worktree; absolute, links followed. */
  readonly root: string;
  readonly main: string;
  /** The project's name: that of the main folder. At most 100 characters, nothing invisible. */
  readonly name: string;
  /** Absent when the repository does not tell. */
  readonly branch?: Branch;
  /** Absent when there is none on another machine. */
  readonly remote?: Remote;
  /** All that there are on other machines, that one included. */
  readonly remotes: readonly Remote[];
  /** False when its config could not be read (too big, not ours), so there may be a remote. */
  readonly remoteKnown: boolean;
}

/**
 * What a look at a folder came to. `path` is the folder with links followed; without one it is not
 * there, or no place to look at. "unknown": the disk has not answered yet.
 */
export type Look =
  | { readonly kind: "repository"; readonly path: string; readonly repository: Repository }
  | { readonly kind: "none"; readonly path: string | undefined }
  | { readonly kind: "unknown" };

export interface Repositories {
  /**
   * Looks which repository a folder is in. Never rejects and never takes longer than the deadline:
   * then the answer is that of the last time, and the next one may be newer. The same object as
   * last time unless something changed.
   */
  look(folder: string): Promise<Look>;
}

export interface RepositoriesOptions {
  /** How long one look may take, in ms. */
  readonly deadlineMs?: number;
  /** How many folders are remembered; those asked for last. */
  readonly maxFolders?: number;
}

/** How long a folder is taken to be in the same repository, or in none; ms. */
const movedMs = 30_000;
const createdMs = 5_000;
/** A network disk that does not answer holds a thread for each look: no more than these. */
const maxRunning = 4;

const unknown: Look = { kind: "unknown" };

/** Where a folder is, as of a moment on the monotonic clock. */
interface Place {
  /** Links followed. */
  readonly path: string | undefined;
  readonly location: Location | undefined;
  readonly at: number;
}

/** What one folder came to, and a key that is the same as long as that holds. */
interface Known {
  readonly place: Place;
  readonly key: string;
  readonly look: Look;
}

interface Folder {
  known: Known | undefined;
  running: Promise<Known | undefined> | undefined;
}

/**
 * Answers for folders, each looked up once and then only compared: two stats where nothing changed.
 * Starts no git, watches nothing.
 */
export function openRepositories(
  files: GitFiles,
  clock: Clock,
  options: RepositoriesOptions = {},
): Repositories {
  const { deadlineMs = 250, maxFolders = 64 } = options;
  const folders = new Map<string, Folder>();
  let running = 0;

  const start = (path: string, folder: Folder): Promise<Known | undefined> => {
    running += 1;
    const work = refresh(path, folder.known, files, clock)
      .catch(() => undefined) // Lost: why; the files' own errors are answers already.
      .then((known) => {
        running -= 1;
        folder.running = undefined;
        folder.known = known;
        return known;
      });
    folder.running = work;
    return work;
  };
  return {
    async look(path) {
      const folder = folders.get(path) ?? { known: undefined, running: undefined };
      // The newest last; the oldest goes.
      folders.delete(path);
      folders.set(path, folder);
      const [oldest] = folders.keys();
      if (folders.size > maxFolders && oldest !== undefined) folders.delete(oldest);
      const before = folder.known?.look ?? unknown;
      const work = folder.running ?? (running < maxRunning ? start(path, folder) : undefined);
      if (work === undefined) return before;
      return within(
        deadlineMs,
        work.then((known) => known?.look ?? unknown),
        before,
        clock,
      );
    },
  };
}

async function refresh(
  folder: string,
  known: Known | undefined,
  files: GitFiles,
  clock: Clock,
): Promise<Known> {
  const now = clock.monotonic();
  const place = known !== undefined && isFresh(known.place, now) ? known.place : undefined;
  const { path, location, at } = place ?? (await find(folder, now, files));
  const [head, config] = location === undefined ? [] : await stampsOf(location, files);
  // The repository is gone, or is another one by now.
  if (place?.location !== undefined && head === undefined) {
    return refresh(folder, undefined, files, clock);
  }
  const { root, main, gitFolder, commonFolder } = location ?? {};
  const key = [path, root, main, gitFolder, commonFolder, head, config].join("\0");
  if (key === known?.key) return { ...known, place: { path, location, at } };
  const look: Look =
    path === undefined || location === undefined
      ? { kind: "none", path }
      : { kind: "repository", path, repository: await read(location, config, files) };
  return { place: { path, location, at }, key, look };
}

function isFresh({ location, at }: Place, now: number): boolean {
  return now - at < (location === undefined ? createdMs : movedMs);
}

async function find(folder: string, at: number, files: GitFiles): Promise<Place> {
  const path = await files.real(folder);
  const location = path === undefined ? undefined : await locate(path, files);
  return { path, location, at };
}

/** Of `HEAD` and `config`. */
async function stampsOf(
  location: Location,
  files: GitFiles,
): Promise<readonly (string | undefined)[]> {
  const [head, config] = await Promise.all([
    files.entry(resolvePath(location.gitFolder, "HEAD")),
    files.entry(resolvePath(location.commonFolder, "config")),
  ]);
  return [head?.stamp, config?.stamp];
}

async function read(
  location: Location,
  configStamp: string | undefined,
  files: GitFiles,
): Promise<Repository> {
  const [branch, config] = await Promise.all([
    branchAt(resolvePath(location.gitFolder, "HEAD"), files),
    files.text(resolvePath(location.commonFolder, "config")),
  ]);
  const onBranch = branch?.detached === false ? branch.name : undefined;
  const values = readGitConfig(config ?? "");
  const address = remoteAddress(values, onBranch);
  const remote = address === undefined ? undefined : parseRemote(address);
  const { root, main, name } = location;
  return {
    root,
    main,
    name,
    ...(branch === undefined ? {} : { branch }),
    ...(remote === undefined ? {} : { remote }),
    remotes: remoteAddresses(values).flatMap((each) => parseRemote(each) ?? []),
    remoteKnown: config !== undefined || configStamp === undefined,
  };
}

async function branchAt(path: string, files: GitFiles): Promise<Branch | undefined> {
  const entry = await files.entry(path);
  const link = entry?.kind === "link" ? await files.link(path) : undefined;
  const linked = link === undefined ? undefined : readHeadLink(link);
  if (linked !== undefined) return linked;
  const text = await files.text(path);
  return text === undefined ? undefined : readHead(text);
}

/** `work`, or `late` when it takes longer than `ms`; it goes on nevertheless. */
function within<T>(ms: number, work: Promise<T>, late: T, clock: Clock): Promise<T> {
  return new Promise((resolve) => {
    const timer = clock.after(ms, () => resolve(late));
    void work.then((value) => {
      timer[Symbol.dispose]();
      resolve(value);
    });
  });
}
