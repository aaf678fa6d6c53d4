import type { Clock } from "../lib/clock.ts";
import { readGitConfig, remoteAddress } from "./git-config.ts";
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
}

export interface Repositories {
  /**
   * The repository of a folder, `undefined` if it is in none. Never rejects and never takes longer
   * than the deadline: then the answer is that of the last time, and the next one may be newer.
   * The same object as last time unless something changed.
   */
  look(folder: string): Promise<Repository | undefined>;
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

/** What one folder came to, and what must be the same for that to hold. */
interface Known {
  readonly location: Location | undefined;
  readonly locatedAt: number;
  readonly head: string | undefined;
  readonly config: string | undefined;
  readonly repository: Repository | undefined;
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
      const before = folder.known?.repository;
      const work = folder.running ?? (running < maxRunning ? start(path, folder) : undefined);
      if (work === undefined) return before;
      return within(
        deadlineMs,
        work.then((known) => known?.repository),
        before,
        clock,
      );
    },
  };
}

async function refresh(
  path: string,
  known: Known | undefined,
  files: GitFiles,
  clock: Clock,
): Promise<Known> {
  const now = clock.monotonic();
  const age = now - (known?.locatedAt ?? Number.NEGATIVE_INFINITY);
  const fresh = known !== undefined && age < (known.location === undefined ? createdMs : movedMs);
  const location = fresh ? known.location : await locate(path, files);
  const locatedAt = fresh ? known.locatedAt : now;
  if (location === undefined) {
    return { location, locatedAt, head: undefined, config: undefined, repository: undefined };
  }
  const [head, config] = await Promise.all([
    stampOf(resolvePath(location.gitFolder, "HEAD"), files),
    stampOf(resolvePath(location.commonFolder, "config"), files),
  ]);
  // The repository is gone, or is another one by now.
  if (head === undefined && fresh) return refresh(path, undefined, files, clock);
  const same =
    head === known?.head && config === known?.config && isSame(location, known?.location);
  if (same && known !== undefined) return { ...known, location, locatedAt };
  const repository = await read(location, files);
  return { location, locatedAt, head, config, repository };
}

async function stampOf(path: string, files: GitFiles): Promise<string | undefined> {
  return (await files.entry(path))?.stamp;
}

function isSame(one: Location, other: Location | undefined): boolean {
  return (
    one.root === other?.root &&
    one.main === other.main &&
    one.gitFolder === other.gitFolder &&
    one.commonFolder === other.commonFolder
  );
}

async function read(location: Location, files: GitFiles): Promise<Repository> {
  const [branch, config] = await Promise.all([
    branchAt(resolvePath(location.gitFolder, "HEAD"), files),
    files.text(resolvePath(location.commonFolder, "config")),
  ]);
  const born = branch?.detached === false ? branch.name : undefined;
  const address = remoteAddress(readGitConfig(config ?? ""), born);
  const remote = address === undefined ? undefined : parseRemote(address);
  const { root, main, name } = location;
  return {
    root,
    main,
    name,
    ...(branch === undefined ? {} : { branch }),
    ...(remote === undefined ? {} : { remote }),
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
