import { resolvePath } from "./paths.ts";

/** The folders that decide which config files git reads. */
export interface ConfigFolders {
  /** The person's home as git takes it: `$HOME`. */
  readonly home: string | undefined;
  /** `$XDG_CONFIG_HOME`. */
  readonly xdg: string | undefined;
}

/**
 * The config files of machine and person, in git's order, as far as they are known without asking
 * it: where a build of git keeps the machine's own is its own affair.
 *
 * @see https://git-scm.com/docs/git-config#FILES
 */
export function outerConfigFiles({ home, xdg }: ConfigFolders): readonly string[] {
  const inXdg = xdg === undefined || xdg === "" ? undefined : resolvePath(xdg, "git/config");
  if (home === undefined || home === "") return ["/etc/gitconfig", ...(inXdg ? [inXdg] : [])];
  return [
    "/etc/gitconfig",
    inXdg ?? resolvePath(home, ".config/git/config"),
    resolvePath(home, ".gitconfig"),
  ];
}

/** The repository's folders, as `Location` has them. */
export interface RepositoryFolders {
  readonly root: string;
  readonly gitFolder: string;
  readonly commonFolder: string;
}

/** The files of a repository of which the remotes are made, whether they exist or not. */
export function repositoryFiles({ root, gitFolder, commonFolder }: RepositoryFolders): {
  readonly config: string;
  readonly worktreeConfig: string;
  readonly modules: string;
  readonly all: readonly string[];
} {
  const config = resolvePath(commonFolder, "config");
  const worktreeConfig = resolvePath(gitFolder, "config.worktree");
  const modules = resolvePath(root, ".gitmodules");
  const head = resolvePath(gitFolder, "HEAD");
  // Which branch is checked out, which `includeIf "onbranch:…"` asks for, where it is not in HEAD.
  const references = resolvePath(gitFolder, "reftable/tables.list");
  const legacy = ["remotes", "branches"].map((name) => resolvePath(commonFolder, name));
  return {
    config,
    worktreeConfig,
    modules,
    all: [config, worktreeConfig, modules, head, references, ...legacy],
  };
}
