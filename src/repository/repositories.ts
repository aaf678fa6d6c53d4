import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import { unknown } from "../lib/knowledge.ts";
import { type KnownRemotes, noGit, type RemotesQuestion } from "./ask-remotes.ts";
import type { GitFiles } from "./git-files.ts";
import { type Branch, readHead, readHeadLink } from "./head.ts";
import { locate, type Location } from "./locate.ts";
import { resolvePath } from "./paths.ts";
import { openGitRemotes } from "./git-remotes.ts";
import type { RemoteClaim } from "./remote-claims.ts";
import type { Remote } from "./remote.ts";

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
  /** What is certain of each address that is known, of that one too. */
  readonly remotes: readonly RemoteClaim[];
}

/**
 * What a look at a folder came to. `path` is the folder with links followed, `device` tells its file
 * system from others.
 */
export type Look =
  /** All of it is known: `remotes` are all that there are. */
  | {
      readonly kind: "repository";
      readonly path: string;
      readonly device: number;
      readonly repository: Repository;
    }
  /** The folder and all above it were looked at, and there is none. */
  | { readonly kind: "nothing"; readonly path: string; readonly device: number }
  /** Something was not to be seen, so there may be any repository with any remotes. */
  | {
      readonly kind: "unknown";
      readonly reason: string;
      readonly path: string | undefined;
      /** Its place is known all the same; only its remotes are not. */
      readonly repository: Repository | undefined;
      /** It may be a linked worktree, so its main worktree may be anywhere. */
      readonly mayBeLinked?: true;
    };

/** A look that was answered, and when it began, monotonic ms. */
export interface Inspection {
  readonly look: Look;
  readonly at: number;
}

export interface Repositories {
  /**
   * Looks which repository a folder is in. Never rejects, and never takes longer than the deadline:
   * then it comes to nothing, the look goes on, and the next call waits for the same one. The look
   * is the same object as last time unless something changed.
   *
   * @param onLate gets the answer that came after the deadline
   */
  look(folder: string, onLate?: (answer: Inspection) => void): Promise<Inspection | undefined>;
  /** Forgets all other folders. */
  keep(folders: ReadonlySet<string>): void;
}

export interface RepositoriesOptions {
  /** How long a caller waits for a look, ms. */
  readonly deadlineMs?: number | undefined;
  /** Asks for the remotes of a repository, again at each look; by hand where this is not given. */
  readonly remotes?: ((question: RemotesQuestion) => Promise<KnownRemotes>) | undefined;
}

/** A look, and a key that is the same as long as it holds. */
interface Known {
  readonly key: string;
  readonly look: Look;
  /** Of which it was made. */
  readonly remotes?: KnownRemotes;
  readonly head?: Head;
}

/** What `HEAD` says, and the stamp that it has as long as it says that. */
interface Head {
  readonly path: string;
  readonly stamp: string;
  readonly branch: Branch | undefined;
  /** When it was read first, and last, with this stamp; monotonic ms. */
  readonly firstAt: number;
  readonly readAt: number;
}

/** File systems count in ticks: within one a file may change again and keep its stamp, ms. */
const tickMs = 1000;

interface Folder {
  known: Known | undefined;
  running: Promise<Inspection> | undefined;
}

/**
 * Answers for folders. Each look walks the whole path again (some twenty stats), so that a link that
 * is turned and a repository that appears are seen; files are read only when they changed.
 */
export function openRepositories(
  files: GitFiles,
  clock: Clock,
  { deadlineMs = 250, remotes = byHand(files, clock) }: RepositoriesOptions = {},
): Repositories {
  const folders = new Map<string, Folder>();

  const start = (path: string, folder: Folder): Promise<Inspection> => {
    const at = clock.monotonic();
    folder.running = refresh(path, folder.known, files, remotes, at)
      .catch((error): Known => ({
        key: "",
        look: {
          ...unknown(messageOf(error)),
          path: undefined,
          repository: undefined,
          mayBeLinked: true,
        },
      }))
      .then((known) => {
        folder.running = undefined;
        folder.known = known;
        return { look: known.look, at };
      });
    return folder.running;
  };
  return {
    look(path, onLate) {
      const folder = folders.get(path) ?? { known: undefined, running: undefined };
      folders.set(path, folder);
      return within(deadlineMs, folder.running ?? start(path, folder), clock, onLate);
    },
    keep(wanted) {
      for (const folder of folders.keys()) if (!wanted.has(folder)) folders.delete(folder);
    },
  };
}

type AskRemotes = NonNullable<RepositoriesOptions["remotes"]>;

function byHand(files: GitFiles, clock: Clock): AskRemotes {
  const folders = { home: undefined, xdg: undefined };
  const remotes = openGitRemotes({ git: noGit, files, folders, clock });
  return (question) => remotes.of(question);
}

async function refresh(
  folder: string,
  before: Known | undefined,
  files: GitFiles,
  askRemotes: AskRemotes,
  now: number,
): Promise<Known> {
  const failed = (reason: string, at?: string, mayBeLinked = true): Known => {
    const linked = mayBeLinked ? ({ mayBeLinked } as const) : {};
    const look: Look = { kind: "unknown", reason, path: at, repository: undefined, ...linked };
    const key = JSON.stringify(look);
    return before?.key === key ? before : { key, look };
  };
  const followed = await files.follow(folder);
  if (followed.kind === "unknown") return failed(followed.reason);
  if (followed.kind === "nothing") return failed(notHere, undefined, false);
  const { path, isWhole } = followed.value;
  if (!isWhole) return failed(notHere, path, false);
  const [entry, location] = [await files.entry(path), await locate(path, files)];
  if (entry.kind === "unknown") return failed(entry.reason, path);
  if (entry.kind === "nothing") return failed(notHere, path, false);
  if (entry.value.kind !== "folder") return failed("it is no folder", path, false);
  if (location.kind === "unknown") return failed(location.reason, path, location.mayBeLinked);
  const { device } = entry.value;
  if (location.kind === "nothing") {
    const key = JSON.stringify([path, device]);
    return before?.key === key ? before : { key, look: { kind: "nothing", path, device } };
  }
  const head = await headAt(
    resolvePath(location.value.gitFolder, "HEAD"),
    before?.head,
    files,
    now,
  );
  const branch = head?.branch;
  const onBranch = branch?.detached === false ? branch.name : undefined;
  const { root, gitFolder, commonFolder } = location.value;
  const remotes = await askRemotes({ root, gitFolder, commonFolder, branch: onBranch });
  const key = JSON.stringify([path, device, location.value, branch]);
  if (before?.key === key && before.remotes === remotes && before.head === head) return before;
  const look = lookOf(path, device, repositoryOf(location.value, branch, remotes), remotes);
  const isSame = before !== undefined && JSON.stringify(before.look) === JSON.stringify(look);
  return {
    key,
    remotes,
    look: isSame ? before.look : look,
    ...(head === undefined ? {} : { head }),
  };
}

const notHere = "the folder is not on this machine";

function lookOf(path: string, device: number, repository: Repository, remotes: KnownRemotes): Look {
  return remotes.kind === "known"
    ? { kind: "repository", path, device, repository }
    : { kind: "unknown", reason: remotes.reason, path, repository };
}

function repositoryOf(
  { root, main, name }: Location,
  branch: Branch | undefined,
  remotes: KnownRemotes,
): Repository {
  const known = remotes.kind === "known" ? remotes : { remotes: [], own: undefined };
  return {
    root,
    main,
    name,
    remotes: known.remotes,
    ...(branch === undefined ? {} : { branch }),
    ...(known.own === undefined ? {} : { remote: known.own }),
  };
}

/** Read again where it is another file, or was changed, or may have been within one tick. */
async function headAt(
  path: string,
  before: Head | undefined,
  files: GitFiles,
  now: number,
): Promise<Head | undefined> {
  const entry = await files.entry(path);
  if (entry.kind !== "known") return undefined;
  const { kind, stamp } = entry.value;
  const same = before?.path === path && before.stamp === stamp ? before : undefined;
  const isSettled = same !== undefined && same.readAt - same.firstAt > tickMs;
  if (kind !== "link" && isSettled) return same;
  const branch = await branchAt(path, kind === "link", files);
  return { path, stamp, branch, firstAt: same?.firstAt ?? now, readAt: now };
}

async function branchAt(
  path: string,
  isLink: boolean,
  files: GitFiles,
): Promise<Branch | undefined> {
  const link = isLink ? await files.link(path) : undefined;
  const linked = link?.kind === "known" ? readHeadLink(link.value) : undefined;
  if (linked !== undefined) return linked;
  const text = await files.text(path);
  return text.kind === "known" ? readHead(text.value) : undefined;
}

/** What `work` comes to, or nothing when it takes longer than `ms`; it goes on for `onLate`. */
function within<T>(
  ms: number,
  work: Promise<T>,
  clock: Clock,
  onLate?: (value: T) => void,
): Promise<T | undefined> {
  return new Promise((resolve) => {
    let isLate = false;
    const timer = clock.after(ms, () => {
      isLate = true;
      resolve(undefined);
    });
    void work.then((value) => {
      timer[Symbol.dispose]();
      if (isLate) onLate?.(value);
      resolve(value);
    });
  });
}
