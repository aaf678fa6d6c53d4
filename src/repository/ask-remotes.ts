import type { Clock } from "../lib/clock.ts";
import type { Ran } from "../lib/run-program.ts";
import { type ConfigText, type ConfigTexts, readByHand } from "./config-by-hand.ts";
import {
  type ConfigFolders,
  outerConfigFiles,
  type RepositoryFolders,
  repositoryFiles,
} from "./config-places.ts";
import {
  gitMs,
  includedFiles,
  isWholeList,
  namedFiles,
  peopleIn,
  readConfigList,
  readFolders,
} from "./git-answers.ts";
import { type ConfigValue, readWholeGitConfig } from "./git-config.ts";
import type { GitFiles } from "./git-files.ts";
import type { GitProgram } from "./git-program.ts";
import { readLegacyRemotes } from "./legacy-remotes.ts";
import { resolvePath } from "./paths.ts";
import { addressesIn } from "./remote-addresses.ts";
import { claimsOf, type RemoteClaim } from "./remote-claims.ts";
import { parseRemote, type Remote } from "./remote.ts";

/** All that is known of a repository's remotes. "unknown": there may be any. */
export type KnownRemotes =
  | {
      readonly kind: "known";
      readonly remotes: readonly RemoteClaim[];
      /** The one that matters, where it is on another machine. */
      readonly own: Remote | undefined;
      /** Names and e-mail addresses by which git knows the person in here. */
      readonly people: readonly string[];
    }
  | { readonly kind: "unknown"; readonly reason: string };

export interface RemotesQuestion extends RepositoryFolders {
  /** The branch that is checked out. */
  readonly branch: string | undefined;
}

/** Where the answer comes from. */
export interface RemotesSources {
  readonly git: GitProgram;
  readonly files: GitFiles;
  readonly folders: ConfigFolders;
  readonly clock: Clock;
}

/** For callers that start no program: the configuration is read by hand. */
export const noGit: GitProgram = {
  state: () => Promise.resolve({ kind: "absent" }),
  run: () => Promise.resolve({ kind: "failed", reason: "there is no git" }),
};

/** An answer with the files it was made of. */
export interface Answer {
  readonly known: KnownRemotes;
  readonly files: readonly string[];
}

/** Asks git, or reads by hand where there is none that answers this. Takes 2 s at most. */
export async function askRemotes(
  question: RemotesQuestion,
  sources: RemotesSources,
): Promise<Answer> {
  const state = await sources.git.state();
  switch (state.kind) {
    case "ready":
      return askGit(state, question, sources);
    case "absent":
    case "tooOld": {
      const byHand = readByHand(await configTexts(question, sources));
      if (byHand.kind === "unknown") return { known: byHand, files: [] };
      return answerFrom(byHand.values, [], question, sources);
    }
    case "broken":
      // @guard git-broken
      return { known: unknown(`git does not answer: ${state.reason}`), files: [] };
    default:
      return state satisfies never;
  }
}

async function askGit(
  git: { readonly path: string },
  question: RemotesQuestion,
  sources: RemotesSources,
): Promise<Answer> {
  const { clock, folders } = sources;
  const { root } = question;
  const from = clock.monotonic();
  const run = (...args: readonly string[]): Promise<Ran> => {
    const left = Math.max(1, Math.ceil(gitMs - (clock.monotonic() - from)));
    return sources.git.run(git, ["-C", root, ...args], left);
  };
  // Of a repository that it does not trust git lists nothing, and ends with status 0.
  const named = await run("rev-parse", "--absolute-git-dir", "--git-common-dir");
  const trouble = await otherRepository(named, question, sources.files);
  // @guard git-not-ours
  if (trouble !== undefined) return { known: unknown(trouble), files: [] };
  const listed = await run("config", "--list", "-z", "--show-scope", "--show-origin");
  // @guard git-list-failed
  if (listed.kind === "failed") return { known: unknown(`git: ${listed.reason}`), files: [] };
  // @guard git-list-status
  const read = listed.status === 0 ? readConfigList(listed.text) : undefined;
  // @guard git-whole-list
  const values = isWholeList(listed.text) ? read : undefined;
  if (values === undefined) {
    return { known: unknown(`git cannot list its configuration (${listed.status})`), files: [] };
  }
  const files = [...namedFiles(values, root), ...includedFiles(values, root, folders.home)];
  return answerFrom(values, files, question, sources);
}

/** Why git's answer is about another repository than ours, or about none. */
async function otherRepository(
  ran: Ran,
  { root, gitFolder, commonFolder }: RepositoryFolders,
  files: Pick<GitFiles, "real">,
): Promise<string | undefined> {
  if (ran.kind === "failed") return `git: ${ran.reason}`;
  const named = ran.status === 0 ? readFolders(ran.text) : undefined;
  if (named === undefined) return `git takes it for no repository, or does not trust it`;
  const pairs = [
    [named.gitFolder, gitFolder],
    [named.commonFolder, commonFolder],
  ] as const;
  for (const [theirs, ours] of pairs) {
    // oxlint-disable-next-line no-await-in-loop -- two of them
    const [a, b] = await Promise.all([files.real(resolvePath(root, theirs)), files.real(ours)]);
    // @guard git-same-folders
    const isSame = a.kind === "known" && b.kind === "known" && a.value === b.value;
    if (!isSame) return "git finds another repository in its place";
  }
  return undefined;
}

async function configTexts(
  question: RemotesQuestion,
  { files, folders }: RemotesSources,
): Promise<ConfigTexts> {
  const { config, worktreeConfig } = repositoryFiles(question);
  const paths = [config, worktreeConfig, ...outerConfigFiles(folders)];
  const [own = absent, worktree = absent, ...outer] = await Promise.all(
    paths.map((path) => configText(path, files)),
  );
  return { own, worktree, outer };
}

const absent: ConfigText = { kind: "absent" };

async function configText(path: string, files: GitFiles): Promise<ConfigText> {
  const text = await files.text(path);
  switch (text.kind) {
    case "known":
      return { kind: "text", text: text.value };
    case "nothing":
      return absent;
    case "unknown":
    default:
      return { kind: "unreadable" };
  }
}

/** @param made the files of which the values were made */
async function answerFrom(
  values: readonly ConfigValue[],
  made: readonly string[],
  question: RemotesQuestion,
  { files }: RemotesSources,
): Promise<Answer> {
  const { modules: modulesFile } = repositoryFiles(question);
  const legacy = await readLegacyRemotes(question.commonFolder, files);
  // @guard git-legacy-unreadable
  if (legacy === undefined) {
    return {
      known: unknown("a file in .git/remotes or .git/branches cannot be read"),
      files: made,
    };
  }
  const all = [...made, ...legacy.files];
  const text = await configText(modulesFile, files);
  const modules = text.kind === "text" ? readWholeGitConfig(text.text) : [];
  // @guard git-modules-unreadable
  if (text.kind === "unreadable" || modules === undefined) {
    return { known: unknown("its .gitmodules cannot be read"), files: all };
  }
  const { branch } = question;
  const addresses = addressesIn({ config: values, legacy: legacy.remotes, modules, branch });
  if (addresses.kind === "unknown") return { known: addresses, files: all };
  const { own } = addresses;
  const known = {
    kind: "known",
    remotes: claimsOf(addresses),
    own: own === undefined ? undefined : parseRemote(own),
    people: peopleIn(values),
  } as const;
  return { known, files: all };
}

function unknown(reason: string): KnownRemotes {
  return { kind: "unknown", reason };
}
