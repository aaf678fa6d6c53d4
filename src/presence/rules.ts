import type { PrivacyLevel, PrivacyRule } from "../config/privacy.ts";
import type { Places, Repository } from "./facts.ts";
import { globMatchesName, globMatchesPath } from "./paths.ts";
import { strictest } from "./privacy.ts";

/** The rules that hold for a session, and how strict they are together. */
export interface RuleHit {
  readonly cap: PrivacyLevel;
  /** In words for the person, one each. */
  readonly why: readonly string[];
}

/**
 * The strictest of the rules that match the session by its folder (as named, with links resolved,
 * the worktree's root, the main worktree) or its repository. While its folder is not known, every
 * rule that hides might be meant for it, so it is not shown if there is one.
 */
export function applyRules(
  rules: readonly PrivacyRule[],
  places: Places | undefined,
  repository: Repository | undefined,
  home: string | undefined,
): RuleHit {
  const hits = rules.flatMap((rule, index) => {
    const by = places === undefined ? beforeKnown(rule) : matchOf(rule, places, repository, home);
    return by === undefined ? [] : [{ rule, why: `rule ${index + 1} (${by}): ${rule.level}` }];
  });
  return { cap: strictest(hits.map(({ rule }) => rule.level)), why: hits.map(({ why }) => why) };
}

function beforeKnown(rule: PrivacyRule): string | undefined {
  return rule.level === "hidden" ? "the folder is not known yet" : undefined;
}

function matchOf(
  rule: PrivacyRule,
  places: Places,
  repository: Repository | undefined,
  home: string | undefined,
): string | undefined {
  const { path, repo, host } = rule;
  if (path === undefined && repo === undefined && host === undefined) return "everywhere";
  const { cwd, realPath, root, mainWorktree } = places;
  const folders = [cwd, realPath, root, mainWorktree].filter((folder) => folder !== undefined);
  if (path !== undefined && folders.some((folder) => globMatchesPath(path, folder, home))) {
    return `path ${path}`;
  }
  if (repository === undefined) return undefined;
  const { owner, name } = repository;
  const whole = owner === undefined ? name : `${owner}/${name}`;
  if (repo !== undefined && globMatchesName(repo, whole)) return `repo ${repo}`;
  if (host !== undefined && globMatchesName(host, repository.host)) return `host ${host}`;
  return undefined;
}
