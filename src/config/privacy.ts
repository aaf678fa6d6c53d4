import * as v from "valibot";

/** From nothing at all to everything, strictest first. */
export const privacyLevels = ["hidden", "private", "project", "full"] as const;

export type PrivacyLevel = (typeof privacyLevels)[number];

/** Single facts that a switch shows or hides whatever the level says. */
export const privacySwitches = [
  "show_project_name",
  "show_git_branch",
  "show_model",
  "show_activity",
  "show_activity_target",
  "show_tokens",
  "show_context",
  "show_cost",
  "show_limits",
  "show_plan",
  "show_repo_button",
  "show_title",
] as const;

export type PrivacySwitch = (typeof privacySwitches)[number];

/**
 * Sessions in matching places show at most `level`. With several places any one of them matches;
 * without any the rule is for all sessions.
 */
export interface PrivacyRule {
  /** Glob for a folder and all that is in it, `~` allowed. */
  readonly path?: string | undefined;
  /** Glob for `owner/name`. */
  readonly repo?: string | undefined;
  /** Glob for the host of the remote. */
  readonly host?: string | undefined;
  readonly level: PrivacyLevel;
}

const levelWords = "hidden, private, project or full";
const maxText = 512;
const maxWord = 128;

const level = v.picklist(privacyLevels, `must be ${levelWords}`);
const flag = v.optional(v.boolean("must be true or false"));
const glob = v.pipe(
  v.string("must be text"),
  v.trim(),
  v.nonEmpty("must not be empty"),
  v.maxLength(maxText, `must be at most ${maxText} long`),
);
const path = v.pipe(
  glob,
  v.regex(/^(?:[~/\\*]|[a-z]:)/i, "must begin with / or ~ or * or a drive like C:"),
);

/** A rule in force; one without a place comes only from a mistake. */
const anyRuleSchema = v.object(
  { path: v.optional(path), repo: v.optional(glob), host: v.optional(glob), level },
  'must be like { "path": "~/clients/**", "level": "private" }',
);

/** A rule as a person writes it. */
export const ruleSchema = v.pipe(
  anyRuleSchema,
  v.check(
    (rule) => rule.path !== undefined || rule.repo !== undefined || rule.host !== undefined,
    "must name a path, a repo or a host",
  ),
);

const placesSchema = v.object({
  path: v.fallback(v.optional(path), undefined),
  repo: v.fallback(v.optional(glob), undefined),
  host: v.fallback(v.optional(glob), undefined),
});

export const wordSchema = v.pipe(
  v.string("must be text"),
  v.trim(),
  v.nonEmpty("must not be empty"),
  v.maxLength(maxWord, `must be at most ${maxWord} long`),
);

/** Stands in for a rule that is wrong: hides the places it names, or all where none is clear. */
export function strictestRule(given: unknown): PrivacyRule {
  const places = v.safeParse(placesSchema, given);
  return { ...(places.success ? places.output : {}), level: "hidden" };
}

/**
 * Stands in for a word that is wrong: the beginning of it, which hides no less; "" where there is
 * nothing to hide. `undefined`: which word is meant is not known.
 */
export function strictestWord(given: unknown): string | undefined {
  const word = typeof given === "number" || typeof given === "boolean" ? String(given) : given;
  if (typeof word !== "string") return undefined;
  // Half of a surrogate pair would be found nowhere.
  return word
    .trim()
    .slice(0, maxWord)
    .replace(/[\uD800-\uDBFF]$/, "")
    .trim();
}

export const privacyEntries = {
  level: v.optional(level, "private"),
  show_project_name: flag,
  show_git_branch: flag,
  show_model: flag,
  show_activity: flag,
  show_activity_target: flag,
  show_tokens: flag,
  show_context: flag,
  show_cost: flag,
  show_limits: flag,
  show_plan: flag,
  show_repo_button: v.optional(v.boolean("must be true or false"), false),
  show_title: v.optional(v.boolean("must be true or false"), false),
  rules: v.optional(v.array(anyRuleSchema, "must be a list of rules"), []),
  words: v.optional(v.array(wordSchema, "must be a list of words"), []),
};
