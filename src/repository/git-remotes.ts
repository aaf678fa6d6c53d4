import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import { type Knowledge, nothing } from "../lib/knowledge.ts";
import {
  type Answer,
  askRemotes,
  type KnownRemotes,
  type RemotesQuestion,
  type RemotesSources,
} from "./ask-remotes.ts";
import { outerConfigFiles, repositoryFiles } from "./config-places.ts";
import type { Entry, GitFiles } from "./git-files.ts";
import { lastPart, parentOf, resolvePath } from "./paths.ts";

export interface GitRemotes {
  /**
   * Asks git once, and again when one of the files changed that its answer was made of. Never
   * rejects; takes 2 s at most, and while it waits others may ask.
   */
  of(question: RemotesQuestion): Promise<KnownRemotes>;
}

export interface GitRemotesOptions extends RemotesSources {
  readonly clock: Clock;
  /** How many repositories are remembered; those asked for last. */
  readonly maxRepositories?: number;
}

/** An answer that failed is asked for again after so many ms, though nothing changed. */
const againMs = 30_000;

interface Remembered {
  answer: (Answer & { readonly stamp: string; readonly at: number }) | undefined;
  running: Promise<KnownRemotes> | undefined;
}

/** The remotes of repositories, by git where it is there, else by hand and as strictly. */
export function openGitRemotes(options: GitRemotesOptions): GitRemotes {
  const { files: disk, clock, maxRepositories = 64 } = options;
  const stamp = (paths: readonly string[]): Promise<string> => stampOf(paths, disk);
  const remembered = new Map<string, Remembered>();

  const refresh = async (question: RemotesQuestion, one: Remembered): Promise<KnownRemotes> => {
    const before = one.answer;
    const isOver = before?.known.kind === "unknown" && clock.monotonic() - before.at > againMs;
    // @guard git-again
    if (before !== undefined && !isOver && (await stamp(before.files)) === before.stamp) {
      return before.known;
    }
    const watched = new Set([...(before?.files ?? []), ...likelyFiles(question, options.folders)]);
    const stampBefore = await stamp([...watched]);
    const { known, files } = await askRemotes(question, options);
    // A change while git was reading, and a file that was not known before, differ from this stamp,
    // so git is asked once more.
    one.answer = {
      known,
      files: [...new Set([...watched, ...files])],
      stamp: stampBefore,
      at: clock.monotonic(),
    };
    return known;
  };
  return {
    of(question) {
      const key = [question.gitFolder, question.root, question.branch].join("\0");
      const one = remembered.get(key) ?? { answer: undefined, running: undefined };
      // The newest last; the oldest goes.
      remembered.delete(key);
      remembered.set(key, one);
      const [oldest] = remembered.keys();
      if (remembered.size > maxRepositories && oldest !== undefined) remembered.delete(oldest);
      one.running ??= refresh(question, one)
        .catch((error: unknown) => ({ kind: "unknown", reason: messageOf(error) }) as const)
        .finally(() => {
          one.running = undefined;
        });
      return one.running;
    },
  };
}

/** The files that an answer is nearly always made of. */
function likelyFiles(
  question: RemotesQuestion,
  folders: RemotesSources["folders"],
): readonly string[] {
  return [...repositoryFiles(question).all, ...outerConfigFiles(folders)];
}

/**
 * Differs once one of the files was made, changed, replaced or removed; links are followed. The way to
 * a folder with several of them is walked once.
 */
async function stampOf(paths: readonly string[], files: GitFiles): Promise<string> {
  const folders = new Map<string, ReturnType<GitFiles["real"]>>();
  const realFolder = (path: string): ReturnType<GitFiles["real"]> => {
    const folder = folders.get(path) ?? files.real(path);
    folders.set(path, folder);
    return folder;
  };
  const stamps = await Promise.all(
    paths.map(async (path) => {
      const entry = await entryAt(path, realFolder, files);
      return entry.kind === "known" ? entry.value.stamp : entry.kind;
    }),
  );
  return stamps.join("\n");
}

async function entryAt(
  path: string,
  realFolder: GitFiles["real"],
  files: GitFiles,
): Promise<Knowledge<Entry>> {
  const parent = parentOf(path);
  const folder = parent === undefined ? nothing : await realFolder(parent);
  if (folder.kind !== "known") return folder;
  const place = resolvePath(folder.value, lastPart(path));
  const entry = await files.entry(place);
  if (entry.kind !== "known" || entry.value.kind !== "link") return entry;
  const real = await files.real(place);
  return real.kind === "known" ? files.entry(real.value) : real;
}
