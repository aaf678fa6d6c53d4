import type { PrivacyLevel, PrivacySwitch } from "../config/privacy.ts";
import type { ActivityKind } from "../session/activity.ts";
import type { CardFacts, Context, FileKnowledge, Places, Quota, RepositoryCap } from "./facts.ts";
import { isAtHome } from "./home-folders.ts";
import { isAbsolute, isWithin } from "./paths.ts";
import { type Disclosable, shownAt, strictest, type Switches, switched } from "./privacy.ts";
import { applyRules, type RuleInForce } from "./rules.ts";
import type { Scrubber } from "./scrub.ts";

/** What a person allows to be shown. */
export interface Policy {
  readonly paused: boolean;
  readonly level: PrivacyLevel;
  readonly switches: Switches;
  readonly rules: readonly RuleInForce[];
  readonly scrubber: Scrubber;
  /** Home folders of the person; a project is not called after one. */
  readonly homes: readonly string[];
}

/**
 * All of a session that may leave the program, scrubbed. What is not to be shown is absent, so
 * whatever is made of this cannot show it.
 */
export interface Disclosed {
  /** An account's troubles read as waiting (idle) at the private level. */
  readonly activity: ActivityKind | undefined;
  readonly target: string | undefined;
  readonly project: string | undefined;
  readonly branch: string | undefined;
  readonly model: string | undefined;
  readonly effort: string | undefined;
  readonly tokens: number | undefined;
  readonly context: Context | undefined;
  readonly quotas: readonly Quota[];
  readonly cost: number | undefined;
  readonly plan: string | undefined;
  readonly title: string | undefined;
  /** Page of the repository, for a button. */
  readonly repositoryUrl: string | undefined;
  readonly startedAt: number;
}

export interface Disclosure {
  /** What counts in the end; a switch may still show more or less of it. */
  readonly level: PrivacyLevel;
  /** `undefined` when the session is hidden. */
  readonly shown: Disclosed | undefined;
  /** A file that the session is at may be named. */
  readonly namesFiles: boolean;
  /** Level, rules, files and switches that decided, for the person's own eyes. */
  readonly why: readonly string[];
}

/**
 * The one way out of the program. In this order: paused, hidden, then rules and the repository's
 * files as a cap that nothing raises, then the level, which the switches refine.
 */
export function disclose(facts: CardFacts, policy: Policy): Disclosure {
  const { level, rules, switches } = policy;
  const hit = applyRules(rules, facts.places, facts.repository);
  const file = fileCap(facts.places?.file);
  const cap = strictest([hit.cap, file.level]);
  const effective = policy.paused ? "hidden" : strictest([level, cap]);
  const off = fileSwitches(file.off);
  const why = [
    ...(policy.paused ? ["paused"] : []),
    `level ${level}`,
    ...hit.why,
    ...file.sources.map((source) => `${source}: ${file.level}`),
    ...file.reasons,
    ...switchWords(switches),
    ...[...off].map((what) => `the repository's file hides the ${what}`),
  ];
  if (effective === "hidden") return { level: effective, shown: undefined, namesFiles: false, why };
  const allowed = shownAt(level, switches, cap);
  const may = (what: Disclosable): boolean => allowed.has(what) && !off.has(what);
  const hidesLimits = switches.show_limits === false || off.has("quotas");
  const activity = activityShown(facts.activity, effective, hidesLimits);
  const shown = disclosed(facts, activity, may, policy);
  return { level: effective, shown, namesFiles: may("activity") && may("target"), why };
}

/** What files in the folder ask for; what could not be looked at may ask for anything but to be hidden. */
function fileCap(
  file: FileKnowledge | undefined,
): Pick<RepositoryCap, "level" | "off" | "sources"> & { readonly reasons: readonly string[] } {
  const none = { level: "full", off: [], sources: [], reasons: [] } as const;
  if (file === undefined) {
    const reasons = ["the session's folder is not known yet: private"];
    return { ...none, level: "private", reasons };
  }
  switch (file.kind) {
    case "known":
      return { ...file.cap, reasons: [] };
    case "nothing":
      return none;
    case "unknown":
    default: {
      const reasons = [`the session's folder cannot be looked at: ${file.reason}`];
      if (file.cap !== undefined) return { ...file.cap, reasons };
      return { ...none, level: "private", reasons };
    }
  }
}

function disclosed(
  facts: CardFacts,
  activity: ActivityKind,
  may: (what: Disclosable) => boolean,
  { scrubber, homes }: Policy,
): Disclosed {
  const text = (what: Disclosable, value: string | undefined): string | undefined =>
    may(what) && value !== undefined ? scrubber.fact(value) : undefined;
  const target = may("activity") ? text("target", targetText(facts)) : undefined;
  return {
    activity: may("activity") ? activity : undefined,
    target: activity === facts.activity ? target : undefined,
    project: isAtHome(facts.places, homes) ? undefined : text("project", facts.project),
    branch: text("branch", facts.branch),
    model: text("model", facts.model),
    effort: text("model", facts.effort),
    tokens: may("tokens") ? facts.tokens : undefined,
    context: may("context") ? facts.context : undefined,
    quotas: may("quotas") ? facts.quotas : [],
    cost: may("cost") ? facts.cost : undefined,
    plan: text("plan", facts.plan),
    title: text("title", facts.title),
    repositoryUrl: may("repository") ? repositoryUrl(facts, scrubber) : undefined,
    startedAt: facts.startedAt,
  };
}

/** Errors and limits tell about the account. */
function activityShown(
  kind: ActivityKind,
  level: PrivacyLevel,
  hidesLimits: boolean,
): ActivityKind {
  if (kind === "error") return level === "private" ? "idle" : kind;
  if (kind === "limited") return level === "private" || hidesLimits ? "idle" : kind;
  return kind;
}

/**
 * A file outside the session's own tree is nobody's business, nor is one whose place is not known.
 * Of reading and editing only the file is told, not the program that does it.
 */
function targetText({ target, places, activity }: CardFacts): string | undefined {
  if (target === undefined) return undefined;
  if (target.kind === "program") {
    return activity === "reading" || activity === "editing" ? undefined : target.text;
  }
  if (places === undefined || target.path === undefined) return undefined;
  return isInside(target.path, places) ? target.text : undefined;
}

function isInside(path: string, { cwd, folder }: Places): boolean {
  switch (folder.kind) {
    case "repository": {
      const { realPath, root } = folder.place;
      return isIn(path, [cwd, realPath], [cwd, realPath, root]);
    }
    case "nothing": {
      const froms = [cwd, folder.place.realPath];
      return isIn(path, froms, froms);
    }
    case "unknown":
    default:
      return false;
  }
}

function isIn(path: string, froms: readonly string[], folders: readonly string[]): boolean {
  return folders.some(
    (folder) => isAbsolute(folder) && froms.some((from) => isWithin(path, folder, from)),
  );
}

/** Only a page on the web, and never of a remote that carries a password. */
function repositoryUrl({ repository }: CardFacts, scrubber: Scrubber): string | undefined {
  if (repository === undefined || repository.credentials) return undefined;
  const url = URL.parse(repository.url ?? "");
  if (url === null || url.protocol !== "https:" || url.username !== "" || url.password !== "") {
    return undefined;
  }
  const isPage = url.search === "" && url.hash === "" && /\.[a-z]{2,}$/i.test(url.hostname);
  return isPage && scrubber.allows(url.href) ? url.href : undefined;
}

function fileSwitches(off: readonly string[]): ReadonlySet<Disclosable> {
  const names = Object.keys(switched).filter((name): name is PrivacySwitch => off.includes(name));
  return new Set(names.map((name) => switched[name]));
}

function switchWords(switches: Switches): readonly string[] {
  return Object.entries(switches)
    .filter(([, value]) => value !== undefined)
    .filter(([name, value]) => value === true || !byItself.has(name))
    .map(([name, value]) => `${name} is ${value === true ? "on" : "off"}`);
}

/** Off unless switched on, so that off is nothing to speak of. */
const byItself: ReadonlySet<string> = new Set(["show_repo_button", "show_title"]);
