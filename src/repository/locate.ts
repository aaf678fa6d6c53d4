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

/** A project lies nowhere near as deep; the walk up is no use to whoever made a deeper one. */
const maxLevels = 64;

/**
 * Finds the repository that a folder is in, as git would, without git: the first folder upwards
 * with a `.git` of its own, which is a folder, or a file that names one (worktrees, submodules).
 * Home folders are left out, and so the names of people, and with them all that is above; a `.git`
 * that belongs to somebody else counts as none.
 *
 * @param folder absolute, links followed
 * @see https://git-scm.com/docs/gitrepository-layout
 * @see https://git-scm.com/docs/git-config#Documentation/git-config.txt-safedirectory
 */
export async function locate(folder: string, files: GitFiles): Promise<Location | undefined> {
  const homes = await files.homes();
  let root: string | undefined = folder;
  for (let level = 0; root !== undefined && level < maxLevels; level += 1) {
    const parent = parentOf(root);
    if (parent === undefined || homes.includes(root)) return undefined;
    const git = await gitFolders(root, files);
    if (git !== undefined) return named(root, git, homes, files);
    root = parent;
  }
  return undefined;
}

interface GitFolders {
  readonly gitFolder: string;
  readonly commonFolder: string;
}

async function gitFolders(root: string, files: GitFiles): Promise<GitFolders | undefined> {
  const gitFolder = await gitFolderOf(root, files);
  if (gitFolder === undefined) return undefined;
  const head = await files.entry(resolvePath(gitFolder, "HEAD"));
  if (head?.kind !== "file" && head?.kind !== "link") return undefined;
  const shared = resolvePath(gitFolder, "commondir");
  if ((await files.entry(shared)) === undefined) return { gitFolder, commonFolder: gitFolder };
  const target = (await files.text(shared))?.trim() ?? "";
  const commonFolder = await ourFolder(gitFolder, target, files);
  return commonFolder === undefined ? undefined : { gitFolder, commonFolder };
}

async function gitFolderOf(root: string, files: GitFiles): Promise<string | undefined> {
  const path = resolvePath(root, ".git");
  let place: string | undefined = path;
  let entry: Entry | undefined = await files.entry(path);
  if (entry?.kind === "link" && entry.ours) {
    place = await files.real(path);
    entry = place === undefined ? undefined : await files.entry(place);
  }
  if (place === undefined || entry?.ours !== true) return undefined;
  if (entry.kind === "folder") return files.real(place);
  if (entry.kind !== "file") return undefined;
  const target = /^gitdir:\s*([^\n]+)/.exec((await files.text(place)) ?? "")?.[1]?.trim();
  return target === undefined ? undefined : ourFolder(root, target, files);
}

/** The folder that a file in `from` names, if it is one of ours. */
async function ourFolder(
  from: string,
  target: string,
  files: GitFiles,
): Promise<string | undefined> {
  if (target === "") return undefined;
  const place = await files.real(resolvePath(from, target));
  const entry = place === undefined ? undefined : await files.entry(place);
  return entry?.kind === "folder" && entry.ours ? place : undefined;
}

async function named(
  root: string,
  git: GitFolders,
  homes: readonly string[],
  files: GitFiles,
): Promise<Location | undefined> {
  const main = await mainFolder(root, git, files);
  const bare = main === git.commonFolder;
  const base = homes.includes(main) ? "" : lastPart(main).replace(bare ? /\.git$/ : "", "");
  const name = cleanName(base) ?? cleanName(lastPart(root));
  return name === undefined ? undefined : { root, main, name, ...git };
}

async function mainFolder(
  root: string,
  { gitFolder, commonFolder }: GitFolders,
  files: GitFiles,
): Promise<string> {
  if (gitFolder === commonFolder) return root;
  // A submodule's folder is named by the config it shares with its own worktrees.
  const config = await files.text(resolvePath(commonFolder, "config"));
  const worktree = configuredWorktree(readGitConfig(config ?? ""));
  const configured =
    worktree === undefined ? undefined : await files.real(resolvePath(commonFolder, worktree));
  if (configured !== undefined) return configured;
  // ".git", and ".bare" beside worktrees; a bare repository has no such folder around it.
  const inside = lastPart(commonFolder).startsWith(".");
  return (inside ? parentOf(commonFolder) : undefined) ?? commonFolder;
}
