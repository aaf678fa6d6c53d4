import type { Config } from "../config/schema.ts";
import { shownAt } from "../presence/privacy.ts";
import type { KnownRemotes, RemotesQuestion } from "../repository/ask-remotes.ts";
import type { GitFiles } from "../repository/git-files.ts";
import type { GitProgram } from "../repository/git-program.ts";
import { openGitRemotes } from "../repository/git-remotes.ts";
import type { Clock } from "../lib/clock.ts";

export interface WantedRemotesOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly git: GitProgram;
  readonly files: GitFiles;
  readonly clock: Clock;
  readonly config: () => Config;
  /** Gets the names that git has for the person in a repository, before its remotes are known. */
  readonly onPeople: (names: readonly string[]) => void;
}

const unasked: KnownRemotes = {
  kind: "unknown",
  reason: "git is not asked, since nothing is named and no rule is for a repository or host",
};

/**
 * Asks git for the remotes of repositories, but only while something of a session may be named or a
 * rule for a repository or host exists. Otherwise they are unknown, which is the stricter case.
 */
export function wantedRemotes({
  env,
  git,
  files,
  clock,
  config,
  onPeople,
}: WantedRemotesOptions): (question: RemotesQuestion) => Promise<KnownRemotes> {
  const folders = { home: env["HOME"], xdg: env["XDG_CONFIG_HOME"] };
  const remotes = openGitRemotes({ git, files, folders, clock });
  return async (question) => {
    if (!wants(config())) return unasked;
    const known = await remotes.of(question);
    if (known.kind === "known") onPeople(known.people);
    return known;
  };
}

const names = ["project", "branch", "target", "repository", "title"] as const;

function wants({ privacy }: Config): boolean {
  const { level, rules, words: _, ...switches } = privacy;
  if (rules.some(({ repo, host }) => repo !== undefined || host !== undefined)) return true;
  const shown = shownAt(level, switches, "full");
  return names.some((name) => shown.has(name));
}
