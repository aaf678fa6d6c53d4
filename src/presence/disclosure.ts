import type { PrivacyLevel, PrivacySwitch } from "../config/privacy.ts";
import type { ActivityKind } from "../session/activity.ts";
import type {
  CardFacts,
  Context,
  FileKnowledge,
  FilePlace,
  Places,
  Quota,
  RepositoryCap,
} from "./facts.ts";
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
  // @guard card-cap-file
  // @guard card-cap-rules
  // @guard card-cap
  const cap = strictest([hit.cap, file.level]);
  // @guard card-paused
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
  // @guard card-hidden
  if (effective === "hidden") return { level: effective, shown: undefined, namesFiles: false, why };
  const allowed = shownAt(level, switches, cap);
  // @guard card-file-switches
  const may = (what: Disclosable): boolean => allowed.has(what) && !off.has(what);
  // @guard card-limits-hidden
  const hidesLimits = switches.show_limits === false || off.has("quotas");
  const activity = activityShown(facts.activity, effective, hidesLimits);
  const mayName = (place: FilePlace): boolean => {
    const own = capOfFile(place, rules);
    return (
      // @guard target-file-switches
      // @guard target-file-cap
      shownAt(level, switches, own.level).has("target") && !fileSwitches(own.off).has("target")
    );
  };
  const told = targetText(facts, mayName);
  const shown = disclosed(facts, activity, told, may, policy);
  return { level: effective, shown, namesFiles: may("activity") && may("target"), why };
}

/** What files in the folder ask for; what could not be looked at may ask for anything but to be hidden. */
function fileCap(
  file: FileKnowledge | undefined,
): Pick<RepositoryCap, "level" | "off" | "sources"> & { readonly reasons: readonly string[] } {
  const none = { level: "full", off: [], sources: [], reasons: [] } as const;
  if (file === undefined) {
    const reasons = ["the session's folder is not known yet: private"];
    // @guard card-folder-not-known
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
      // @guard card-cap-kept
      if (file.cap !== undefined) return { ...file.cap, reasons };
      // @guard card-folder-unknown
      return { ...none, level: "private", reasons };
    }
  }
}

function disclosed(
  facts: CardFacts,
  activity: ActivityKind,
  named: string | undefined,
  may: (what: Disclosable) => boolean,
  { scrubber, homes }: Policy,
): Disclosed {
  const text = (what: Disclosable, value: string | undefined): string | undefined =>
    // @guard fact-scrubbed
    // @guard fact-allowed
    may(what) && value !== undefined ? scrubber.fact(value) : undefined;
  const target = may("activity") ? text("target", named) : undefined;
  return {
    activity: may("activity") ? activity : undefined,
    target: activity === facts.activity ? target : undefined,
    // @guard project-not-home
    project: isAtHome(facts.places, homes) ? undefined : text("project", facts.project),
    branch: text("branch", facts.branch),
    model: text("model", facts.model),
    effort: text("model", facts.effort),
    // @guard tokens-allowed
    tokens: may("tokens") ? facts.tokens : undefined,
    // @guard context-allowed
    context: may("context") ? facts.context : undefined,
    // @guard limits-allowed
    quotas: may("quotas") ? facts.quotas : [],
    // @guard cost-allowed
    cost: may("cost") ? facts.cost : undefined,
    plan: text("plan", facts.plan),
    title: text("title", facts.title),
    // @guard button-allowed
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
  // @guard activity-error
  if (kind === "error") return level === "private" ? "idle" : kind;
  // @guard activity-limited
  if (kind === "limited") return level === "private" || hidesLimits ? "idle" : kind;
  return kind;
}

/**
 * Of reading and editing only the file is told, not the program that does it. Where a file may not be
 * named the interpreter that runs it is.
 */
function targetText(facts: CardFacts, mayName: (file: FilePlace) => boolean): string | undefined {
  const { target, activity } = facts;
  if (target === undefined) return undefined;
  if (target.kind === "program") {
    return activity === "reading" || activity === "editing" ? undefined : target.text;
  }
  const { place } = target;
  // @guard target-inside
  const isNamed = place.kind === "known" && isInside(place.value, facts.places);
  // @guard target-may
  return isNamed && mayName(place.value) ? target.text : target.program;
}

/** Whether a file is in the repository of the session itself; where there is none, in its folder. */
function isInside({ path, folder }: FilePlace, session: Places | undefined): boolean {
  if (session === undefined || session.folder.kind !== folder.kind) return false;
  switch (session.folder.kind) {
    case "repository": {
      const { root } = session.folder.place;
      // @guard target-same-root
      return folder.kind === "repository" && folder.place.root === root && isIn(path, root);
    }
    case "nothing":
      // @guard target-in-folder
      return isIn(path, session.folder.place.realPath);
    case "unknown":
    // @guard target-session-unknown
    default:
      return false;
  }
}

function isIn(path: string, folder: string): boolean {
  return isAbsolute(folder) && isWithin(path, folder, folder);
}

/** What rules and files ask for where a file is; by its own name and by the one with links followed. */
function capOfFile(
  { named, path, folder, file }: FilePlace,
  rules: readonly RuleInForce[],
): Pick<RepositoryCap, "level" | "off"> {
  const asked = fileCap(file);
  // @guard target-by-name
  // @guard target-both-names
  const hits = [named, path].map((cwd) => applyRules(rules, { cwd, folder, file }, undefined));
  return { level: strictest([asked.level, ...hits.map(({ cap }) => cap)]), off: asked.off };
}

/** Only a page on the web, and never of a remote that carries a password. */
function repositoryUrl({ repository }: CardFacts, scrubber: Scrubber): string | undefined {
  // @guard button-credentials
  if (repository === undefined || repository.credentials) return undefined;
  const url = URL.parse(repository.url ?? "");
  // @guard button-https
  if (url === null || url.protocol !== "https:" || url.username !== "" || url.password !== "") {
    return undefined;
  }
  // @guard button-query
  const isPage = url.search === "" && url.hash === "" && /\.[a-z]{2,}$/i.test(url.hostname);
  // @guard button-scrubbed
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
