import type { PrivacyLevel, PrivacyRule } from "../config/privacy.ts";
import { placesIn, type RemoteClaim } from "../session/places.ts";
import type { Places, Repository } from "./facts.ts";
import { globMatchesPath, isAbsolute } from "./paths.ts";
import { strictest } from "./privacy.ts";
import type { Links } from "./real-paths.ts";
import { remoteRuleHolds } from "./remote-rules.ts";

/** A rule with the globs that its path stands for. */
export interface RuleInForce extends PrivacyRule {
  /** `~` is each home; where links in front of the first `*` lead elsewhere, that too. */
  readonly globs: readonly string[];
  /** Where a link leads is not known for certain, so the rule may hold anywhere: why. */
  readonly uncertain: string | undefined;
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
 * the worktree's root, the main worktree) or its repository. What is not known for certain counts as
 * a match: a rule for a repository or a host holds wherever a look at the folder failed, and while
 * the folder is not known at all, every rule that hides.
 */
export function applyRules(
  rules: readonly RuleInForce[],
  places: Places | undefined,
  repository: Repository | undefined,
): RuleHit {
  const session = places === undefined ? undefined : namesOf(places, repository);
  const hits = rules.flatMap((rule, index) => {
    const by = session === undefined ? beforeKnown(rule) : matchOf(rule, session);
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
 * @param homes what `~` stands for, each of them
 */
export function ruleInForce(
  rule: PrivacyRule,
  homes: readonly string[],
  links: Pick<Links, "of">,
): RuleInForce {
  const { path } = rule;
  if (path === undefined) return { ...rule, globs: [], uncertain: undefined };
  const atHome = /^~(?=$|[/\\])/.test(path) && homes.length > 0;
  // @guard rule-homes
  const named = atHome ? homes.map((home) => `${home}${path.slice(1)}`) : [path];
  const found = named.map((glob) => followed(glob, links));
  return {
    ...rule,
    globs: [...named, ...found.flatMap(({ globs }) => globs)],
    uncertain: found.find(({ uncertain }) => uncertain !== undefined)?.uncertain,
  };
}

function followed(
  glob: string,
  links: Pick<Links, "of">,
): Pick<RuleInForce, "globs" | "uncertain"> {
  const names = glob.split(/(?=[/\\])/);
  const wild = names.findIndex((name) => /[*?]/.test(name));
  const literal = (wild < 0 ? names : names.slice(0, wild)).join("");
  if (!isAbsolute(literal)) return { globs: [], uncertain: undefined };
  const rest = wild < 0 ? "" : names.slice(wild).join("");
  const look = links.of(literal);
  switch (look.kind) {
    case "known":
      // @guard rule-links
      return { globs: look.value.map((real) => `${real}${rest}`), uncertain: undefined };
    case "nothing":
      return { globs: [], uncertain: undefined };
    case "unknown":
    default:
      // @guard rule-links-unknown
      return { globs: [], uncertain: look.reason };
  }
}

function beforeKnown(rule: PrivacyRule): string | undefined {
  // @guard rule-before-known
  return rule.level === "hidden" ? "the folder is not known yet" : undefined;
}

/** A session by all that a rule can name; a reason stands for what is not known for certain. */
interface SessionNames {
  readonly folders: readonly string[];
  readonly folderUnknown: string | undefined;
  readonly remotes: readonly RemoteClaim[];
  readonly remotesUnknown: string | undefined;
}

function namesOf({ cwd, folder }: Places, repository: Repository | undefined): SessionNames {
  const places = placesIn(folder);
  // @guard rule-real-folder
  // @guard rule-main-worktree
  const real = places.flatMap(({ realPath, root, mainWorktree }) => [realPath, root, mainWorktree]);
  const names = {
    // @guard rule-named-folder
    folders: [cwd, ...real].filter((each) => each !== undefined),
    // @guard rule-rollout-remote
    remotes: [...(repository === undefined ? [] : [claimOf(repository)]), ...folder.remotes],
  };
  switch (folder.kind) {
    case "repository":
    case "nothing":
      return { ...names, folderUnknown: undefined, remotesUnknown: undefined };
    case "unknown":
    default: {
      const { reason, mayBeLinked } = folder;
      // @guard rule-folder-half-known
      const isPlaceKnown = places.length > 0;
      return {
        ...names,
        // @guard rule-main-unknown
        folderUnknown: isPlaceKnown && mayBeLinked !== true ? undefined : reason,
        remotesUnknown: reason,
      };
    }
  }
}

function claimOf({ host, owner, name }: Repository): RemoteClaim {
  return { hosts: [host], paths: [owner === undefined ? name : `${owner}/${name}`] };
}

function matchOf(rule: RuleInForce, session: SessionNames): string | undefined {
  const { path, repo, host, globs, uncertain } = rule;
  // @guard rule-everywhere
  if (path === undefined && repo === undefined && host === undefined) return "everywhere";
  const { folders, remotes, folderUnknown, remotesUnknown } = session;
  if (folders.some((folder) => globs.some((glob) => globMatchesPath(glob, folder, undefined)))) {
    return `path ${path}`;
  }
  const byRemote = remoteRuleHolds(rule, remotes);
  // @guard rule-by-remote
  if (byRemote !== undefined) return byRemote;
  // @guard rule-path-uncertain
  if (path !== undefined && uncertain !== undefined) return `path ${path} ${uncertain}`;
  // @guard rule-folder-unknown
  if (path !== undefined && folderUnknown !== undefined) {
    return `path ${path}; where the folder leads is not known: ${folderUnknown}`;
  }
  // @guard rule-repo-unknown
  if ((repo ?? host) !== undefined && remotesUnknown !== undefined) {
    return `the remotes are not known: ${remotesUnknown}`;
  }
  return undefined;
}
