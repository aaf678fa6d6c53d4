import { known, type Knowledge, nothing, unknown } from "../lib/knowledge.ts";
import { configuredWorktree, readGitConfig } from "./git-config.ts";
import type { Entry, GitFiles } from "./git-files.ts";
import { lastPart, parentOf, resolvePath } from "./paths.ts";
import { cleanName } from "./text.ts";

/** Where a repository and its files are. */
export interface Location {
  /** The worktree's root folder. */
  readonly root: string;
  /** The main worktree's root folder; of a bare repository its own. */
  readonly main: string;
  /** The project's name: that of the main folder. */
  readonly name: string;
  /** What belongs to this worktree alone: `HEAD`. */
  readonly gitFolder: string;
  /** What all worktrees share: `config`. */
  readonly commonFolder: string;
}

/** The repository of a folder, proof that there is none, or why neither is known. */
export type Located =
  | Exclude<Knowledge<Location>, { readonly kind: "unknown" }>
  | {
      readonly kind: "unknown";
      readonly reason: string;
      /** It may be a linked worktree, so its main worktree may be anywhere. */
      readonly mayBeLinked: boolean;
    };

/**
 * Finds the repository that a folder is in, as git would, without git: the first folder upwards
 * with a `.git` of its own, which is a folder, or a file that names one (worktrees, submodules), or
 * that is a bare repository itself. "nothing" is said only when every folder up to the root was
 * looked at and has none. A `.git` that cannot be read, is no repository or belongs to another user,
 * and one of a home folder or above (its name would be a person's), leaves it unknown.
 *
 * @param folder absolute, links followed
 * @see https://git-scm.com/docs/gitrepository-layout
 * @see https://git-scm.com/docs/git-config#Documentation/git-config.txt-safedirectory
 */
export async function locate(folder: string, files: GitFiles): Promise<Located> {
  const homes = await files.homes();
  let isAtHome = false;
  let broken: string | undefined;
  for (let root: string | undefined = folder; root !== undefined; root = parentOf(root)) {
    isAtHome ||= homes.includes(root);
    // oxlint-disable-next-line no-await-in-loop -- the first one upwards counts
    const git = await gitFolders(root, files);
    // @guard repo-unknown
    if (git.kind === "unknown") {
      // @guard linked-worktree-unknown
      const mayBeLinked = !(await isGitFolder(root, files));
      return { ...unknown(`the .git of ${root}: ${git.reason}`), mayBeLinked };
    }
    // git passes over a folder that is none of its own, but what is in it may be on its way.
    if (git.kind === "nothing" && "isBroken" in git) broken ??= root;
    if (git.kind === "nothing") continue;
    const mayBeLinked = git.value.gitFolder !== git.value.commonFolder;
    // @guard repo-home
    if (isAtHome) {
      return { ...unknown(`the repository at ${root} holds a home folder`), mayBeLinked };
    }
    // oxlint-disable-next-line no-await-in-loop -- it ends here
    const found = await named(root, git.value, homes, files);
    return found.kind === "unknown" ? { ...found, mayBeLinked } : found;
  }
  if (broken === undefined) return nothing;
  return { ...unknown(`the .git of ${broken}: it has no HEAD`), mayBeLinked: false };
}

/** A `.git` that is a folder is that of the main worktree itself. */
async function isGitFolder(root: string, files: GitFiles): Promise<boolean> {
  const entry = await files.entry(resolvePath(root, ".git"));
  return entry.kind === "known" && entry.value.kind === "folder";
}

interface GitFolders {
  readonly gitFolder: string;
  readonly commonFolder: string;
}

/** "nothing" with a `.git` folder that is no repository is no proof that there is none. */
type Found = Knowledge<GitFolders> | { readonly kind: "nothing"; readonly isBroken: true };

async function gitFolders(root: string, files: GitFiles): Promise<Found> {
  const found = await gitFolderOf(root, files);
  if (found.kind === "nothing") return bareFolder(root, files);
  if (found.kind === "unknown") return found;
  const gitFolder = found.value;
  const head = await files.entry(resolvePath(gitFolder, "HEAD"));
  if (head.kind === "unknown") return head;
  if (head.kind === "nothing" || !["file", "link"].includes(head.value.kind)) {
    // git, too, passes over a folder alone; a file or a link that names no repository is a mistake.
    const isNamed = gitFolder !== resolvePath(root, ".git");
    return isNamed ? unknown("it leads to no repository") : { kind: "nothing", isBroken: true };
  }
  const shared = resolvePath(gitFolder, "commondir");
  // Mostly there is none, and one stat says so.
  const entry = await files.entry(shared);
  const target = entry.kind === "known" ? await files.text(shared) : entry;
  if (entry.kind === "nothing") return known({ gitFolder, commonFolder: gitFolder });
  if (target.kind === "nothing") return unknown("it changes");
  if (target.kind === "unknown") return target;
  const common = await ourFolder(gitFolder, target.value.trim(), files);
  return common.kind === "known" ? known({ gitFolder, commonFolder: common.value }) : common;
}

async function gitFolderOf(root: string, files: GitFiles): Promise<Knowledge<string>> {
  const path = resolvePath(root, ".git");
  const first = await files.entry(path);
  if (first.kind !== "known") return first;
  if (!first.value.ours) return unknown("it belongs to another user");
  const place = first.value.kind === "link" ? await files.real(path) : known(path);
  if (place.kind !== "known") return leadsNowhere(place);
  const entry: Knowledge<Entry> = place.value === path ? first : await files.entry(place.value);
  if (entry.kind !== "known") return leadsNowhere(entry);
  // @guard git-linked-owner
  if (!entry.value.ours) return unknown("it belongs to another user");
  if (entry.value.kind === "folder") return place;
  if (entry.value.kind !== "file") return unknown("it is neither a file nor a folder");
  const text = await files.text(place.value);
  if (text.kind !== "known") return leadsNowhere(text);
  const target = /^gitdir:\s*([^\n]+)/.exec(text.value)?.[1]?.trim();
  return target === undefined ? unknown("it names no folder") : ourFolder(root, target, files);
}

/** There is something, so "nothing" further on is no proof that there is no repository. */
function leadsNowhere(found: Exclude<Knowledge<unknown>, { kind: "known" }>): Knowledge<never> {
  // @guard git-leads-nowhere
  return found.kind === "unknown" ? found : unknown("it leads nowhere");
}

/** The folder that a file in `from` names, if it is one of this user. */
async function ourFolder(
  from: string,
  target: string,
  files: GitFiles,
): Promise<Knowledge<string>> {
  if (target === "") return unknown("it names no folder");
  const place = await files.real(resolvePath(from, target));
  if (place.kind !== "known") return leadsNowhere(place);
  const entry = await files.entry(place.value);
  if (entry.kind !== "known") return leadsNowhere(entry);
  if (entry.value.kind !== "folder") return unknown("it leads to no folder");
  // @guard git-named-owner
  return entry.value.ours ? place : unknown("it leads to a folder of another user");
}

/** The folder itself as git's own, as `git init --bare` makes it. */
async function bareFolder(root: string, files: GitFiles): Promise<Knowledge<GitFolders>> {
  for (const name of ["HEAD", "objects", "refs"]) {
    // oxlint-disable-next-line no-await-in-loop -- mostly there is no HEAD, and then this is all
    const entry = await files.entry(resolvePath(root, name));
    if (entry.kind !== "known") return entry;
  }
  const own = await files.entry(root);
  if (own.kind !== "known") return own;
  // @guard git-bare-owner
  if (!own.value.ours) return unknown("it belongs to another user");
  return known({ gitFolder: root, commonFolder: root });
}

async function named(
  root: string,
  git: GitFolders,
  homes: readonly string[],
  files: GitFiles,
): Promise<Knowledge<Location>> {
  const main = await mainFolder(root, git, files);
  if (main.kind !== "known") return leadsNowhere(main);
  const bare = main.value === git.commonFolder;
  const last = homes.includes(main.value) ? "" : lastPart(main.value);
  const name = cleanName(last.replace(bare ? /\.git$/ : "", "")) ?? cleanName(lastPart(root));
  if (name === undefined) return unknown(`the repository at ${root} has no name`);
  return known({ root, main: main.value, name, ...git });
}

async function mainFolder(
  root: string,
  { gitFolder, commonFolder }: GitFolders,
  files: GitFiles,
): Promise<Knowledge<string>> {
  // @guard inside-git-folder
  if (gitFolder === commonFolder) return root === gitFolder ? worktreeOf(root, files) : known(root);
  const configured = await configuredFolder(commonFolder, files);
  if (configured !== undefined) return configured;
  // ".git", and ".bare" beside worktrees; a bare repository has no such folder around it.
  const inside = lastPart(commonFolder).startsWith(".");
  return known((inside ? parentOf(commonFolder) : undefined) ?? commonFolder);
}

/**
 * The worktree whose own `.git` the folder is, or that of a submodule: what the worktree asks for
 * holds in there, too. A bare repository is its own.
 */
async function worktreeOf(gitFolder: string, files: GitFiles): Promise<Knowledge<string>> {
  const configured = await configuredFolder(gitFolder, files);
  if (configured !== undefined) return configured;
  const above = lastPart(gitFolder) === ".git" ? parentOf(gitFolder) : undefined;
  return known(above ?? gitFolder);
}

/** The folder that a config names as its worktree; of a submodule it is the only one that does. */
async function configuredFolder(
  gitFolder: string,
  files: GitFiles,
): Promise<Exclude<Knowledge<string>, { kind: "nothing" }> | undefined> {
  const config = await files.text(resolvePath(gitFolder, "config"));
  // Of a large config git still reads all; that of a folder ".git" hardly ever names another one.
  if (config.kind === "unknown" && lastPart(gitFolder) !== ".git") return config;
  const worktree = configuredWorktree(readGitConfig(config.kind === "known" ? config.value : ""));
  if (worktree === undefined) return undefined;
  const found = await files.real(resolvePath(gitFolder, worktree));
  return found.kind === "nothing" ? undefined : found;
}
