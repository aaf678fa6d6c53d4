import type { PrivacyLevel, PrivacyRule } from "../config/privacy.ts";
import type { Places, Repository } from "./facts.ts";
import { globMatchesName, globMatchesPath, isAbsolute } from "./paths.ts";
import { strictest } from "./privacy.ts";
import type { RealLook } from "./real-paths.ts";

/** A rule with its path as the disk has it, where links in front of the first `*` lead elsewhere. */
export interface RuleInForce extends PrivacyRule {
  readonly realPath?: string | undefined;
  /** Where the links lead is not known yet, so it may hold anywhere. */
  readonly isPending?: true;
}

/** The rules that hold for a session, and how strict they are together. */
export interface RuleHit {
  readonly cap: PrivacyLevel;
  /** In words for the person, one each. */
  readonly why: readonly string[];
}

/** All rules that hold count; so many of them are named. */
const maxNamed = 16;

/**
 * The strictest of the rules that match the session by its folder (as named, with links resolved,
 * the worktree's root, the main worktree) or its repository. While its folder is not known, every
 * rule that hides might be meant for it, so it is not shown if there is one.
 */
export function applyRules(
  rules: readonly RuleInForce[],
  places: Places | undefined,
  repository: Repository | undefined,
  home: string | undefined,
): RuleHit {
  const hits = rules.flatMap((rule, index) => {
    const by = places === undefined ? beforeKnown(rule) : matchOf(rule, places, repository, home);
    return by === undefined ? [] : [{ rule, why: `rule ${index + 1} (${by}): ${rule.level}` }];
  });
  const more = hits.length - maxNamed;
  const why = hits.slice(0, maxNamed).map((hit) => hit.why);
  return {
    cap: strictest(hits.map(({ rule }) => rule.level)),
    why: more > 0 ? [...why, `and ${more} rules more`] : why,
  };
}

/**
 * Codex names folders with links followed, a person as they are called: `~/work` may lead to
 * `/data/work`, and a rule by the one name holds for the other.
 *
 * @param real a path with links followed, as far as it exists
 */
export function ruleInForce(
  rule: PrivacyRule,
  home: string | undefined,
  real: (path: string) => RealLook,
): RuleInForce {
  const { path } = rule;
  if (path === undefined) return rule;
  const whole = /^~(?=$|[/\\])/.test(path) ? `${home ?? "~"}${path.slice(1)}` : path;
  const names = whole.split(/(?=[/\\])/);
  const wild = names.findIndex((name) => /[*?]/.test(name));
  const literal = (wild < 0 ? names : names.slice(0, wild)).join("");
  if (!isAbsolute(literal)) return rule;
  const look = real(literal);
  if (look === undefined) return { ...rule, isPending: true };
  if (look.path === undefined || look.path === literal) return rule;
  return { ...rule, realPath: `${look.path}${wild < 0 ? "" : names.slice(wild).join("")}` };
}

function beforeKnown(rule: PrivacyRule): string | undefined {
  return rule.level === "hidden" ? "the folder is not known yet" : undefined;
}

function matchOf(
  rule: RuleInForce,
  places: Places,
  repository: Repository | undefined,
  home: string | undefined,
): string | undefined {
  const { path, realPath: real, repo, host } = rule;
  if (path === undefined && repo === undefined && host === undefined) return "everywhere";
  const { cwd, realPath, root, mainWorktree } = places;
  const folders = [cwd, realPath, root, mainWorktree].filter((folder) => folder !== undefined);
  const globs = [path, real].filter((glob) => glob !== undefined);
  if (folders.some((folder) => globs.some((glob) => globMatchesPath(glob, folder, home)))) {
    return `path ${path}`;
  }
  if (rule.isPending === true) return `path ${path} was not looked at yet`;
  if (!places.remoteKnown && (repo !== undefined || host !== undefined)) {
    return "the repository's remote cannot be read";
  }
  const remotes = [...(repository === undefined ? [] : [repository]), ...places.remotes];
  for (const remote of remotes) {
    const whole = remote.owner === undefined ? remote.name : `${remote.owner}/${remote.name}`;
    if (repo !== undefined && globMatchesName(repo, whole)) return `repo ${repo}`;
    if (host !== undefined && globMatchesName(host, remote.host)) return `host ${host}`;
  }
  return undefined;
}
