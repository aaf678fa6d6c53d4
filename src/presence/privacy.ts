import {
  type PrivacyLevel,
  privacyLevels,
  type PrivacySwitch,
  privacySwitches,
} from "../config/privacy.ts";

/** What a level or a switch can show or hide of a session. */
const disclosable = [
  "activity",
  "project",
  "branch",
  "model",
  "target",
  "tokens",
  "context",
  "quotas",
  "cost",
  "plan",
  "title",
  "repository",
] as const;

export type Disclosable = (typeof disclosable)[number];

/** Switches of the config; `undefined` leaves it to the level. */
export type Switches = Readonly<Partial<Record<PrivacySwitch, boolean | undefined>>>;

/** The strictest of levels; none means no limit. */
export function strictest(levels: readonly PrivacyLevel[]): PrivacyLevel {
  // @guard level-strictest
  return privacyLevels.find((level) => levels.includes(level)) ?? "full";
}

/**
 * What may be shown: what the level shows, refined by the switches, then capped. A switch never
 * gets past a cap; `full` as a cap is no limit.
 */
export function shownAt(
  level: PrivacyLevel,
  switches: Switches,
  cap: PrivacyLevel,
): ReadonlySet<Disclosable> {
  if (level === "hidden" || cap === "hidden") return new Set();
  const refined = disclosable.filter((what) => {
    const asked = privacySwitches.find((name) => switched[name] === what);
    return (asked === undefined ? undefined : switches[asked]) ?? shownBy[level].has(what);
  });
  // @guard level-cap
  return new Set(cap === "full" ? refined : refined.filter((what) => shownBy[cap].has(what)));
}

export const switched: Readonly<Record<PrivacySwitch, Disclosable>> = {
  show_project_name: "project",
  show_git_branch: "branch",
  show_model: "model",
  show_activity: "activity",
  show_activity_target: "target",
  show_tokens: "tokens",
  show_context: "context",
  show_cost: "cost",
  show_limits: "quotas",
  show_plan: "plan",
  show_repo_button: "repository",
  show_title: "title",
};

const atPrivate: readonly Disclosable[] = ["activity"];
const atProject: readonly Disclosable[] = [...atPrivate, "project", "branch", "model"];
const atFull: readonly Disclosable[] = [
  ...atProject,
  "target",
  "tokens",
  "context",
  "quotas",
  "cost",
  "plan",
];

/** The title and the link to the repository are in no level: only their own switches show them. */
const shownBy: Readonly<Record<PrivacyLevel, ReadonlySet<Disclosable>>> = {
  hidden: new Set(),
  private: new Set(atPrivate),
  project: new Set(atProject),
  full: new Set(atFull),
};
