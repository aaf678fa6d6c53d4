import type { Guard } from "../guard.ts";

const compose = "test/presence/compose.test.ts";
const markers = "test/presence/markers.test.ts";
const targets = "test/presence/targets.test.ts";
const stricter = "test/presence/stricter.test.ts";
const several = "test/presence/several.test.ts";
const homeFolders = "test/presence/home-folders.test.ts";
const rules = "test/presence/rules.test.ts";

/** What of a session may be on a card. */
export const disclosureGuards: readonly Guard[] = [
  {
    id: "card-paused",
    from: 'policy.paused ? "hidden" : ',
    to: "",
    tests: [compose],
  },
  {
    id: "card-cap",
    from: "strictest([hit.cap, file.level])",
    to: '"full" as const',
    tests: [compose],
  },
  {
    id: "card-cap-rules",
    from: "[hit.cap, file.level]",
    to: "[file.level]",
    tests: [compose],
  },
  {
    id: "card-cap-file",
    from: "[hit.cap, file.level]",
    to: "[hit.cap]",
    tests: [compose],
  },
  {
    id: "card-hidden",
    from: 'effective === "hidden"',
    to: "false as boolean",
    tests: [compose],
  },
  {
    id: "card-file-switches",
    from: "!off.has(what)",
    to: "true",
    tests: [markers],
  },
  {
    id: "card-limits-hidden",
    from: 'switches.show_limits === false || off.has("quotas")',
    to: "false",
    tests: [compose],
  },
  {
    id: "target-file-cap",
    from: 'shownAt(level, switches, own.level).has("target")',
    to: "true",
    tests: [targets],
  },
  {
    id: "target-file-switches",
    from: '!fileSwitches(own.off).has("target")',
    to: "true",
    tests: [targets],
  },
  {
    id: "card-folder-not-known",
    from: 'level: "private", reasons',
    to: 'level: "full", reasons',
    tests: [stricter],
  },
  {
    id: "card-folder-unknown",
    from: 'level: "private", reasons',
    to: 'level: "full", reasons',
    tests: [compose, several],
  },
  {
    id: "card-cap-kept",
    from: "file.cap !== undefined",
    to: "false as boolean",
    tests: [compose],
  },
  {
    id: "fact-allowed",
    from: "may(what) && ",
    to: "",
    tests: [compose],
  },
  {
    id: "fact-scrubbed",
    from: "scrubber.fact(value)",
    to: "value",
    tests: [compose],
  },
  {
    id: "project-not-home",
    from: "isAtHome(facts.places, homes) ? undefined : ",
    to: "",
    tests: [compose, homeFolders],
  },
  {
    id: "tokens-allowed",
    from: 'may("tokens") ? facts.tokens : undefined',
    to: "facts.tokens",
    tests: [compose],
  },
  {
    id: "context-allowed",
    from: 'may("context") ? facts.context : undefined',
    to: "facts.context",
    tests: [compose],
  },
  {
    id: "limits-allowed",
    from: 'may("quotas") ? facts.quotas : []',
    to: "facts.quotas",
    tests: [compose],
  },
  {
    id: "cost-allowed",
    from: 'may("cost") ? facts.cost : undefined',
    to: "facts.cost",
    tests: [compose],
  },
  {
    id: "button-allowed",
    from: 'may("repository") ? ',
    to: "true ? ",
    tests: [compose],
  },
  {
    id: "activity-error",
    from: 'level === "private" ? "idle" : kind',
    to: "kind",
    tests: [compose],
  },
  {
    id: "activity-limited",
    from: 'level === "private" || hidesLimits ? "idle" : kind',
    to: "kind",
    tests: [compose],
  },
  {
    id: "target-inside",
    from: " && isInside(place.value, facts.places)",
    to: "",
    tests: [targets],
  },
  {
    id: "target-may",
    from: "isNamed && mayName(place.value)",
    to: "isNamed",
    tests: [targets],
  },
  {
    id: "target-same-root",
    from: "folder.place.root === root && ",
    to: "",
    tests: [targets],
  },
  {
    id: "target-in-folder",
    from: "return isIn(path, session.folder.place.realPath);",
    to: "return true;",
    tests: [targets],
  },
  {
    id: "target-session-unknown",
    from: "return false;",
    to: "return true;",
    tests: [stricter],
  },
  {
    id: "target-both-names",
    from: "[named, path].map",
    to: "[named].map",
    tests: [targets],
  },
  {
    id: "target-by-name",
    from: "[named, path].map",
    to: "[path].map",
    tests: [targets],
  },
  {
    id: "button-credentials",
    from: " || repository.credentials",
    to: "",
    tests: [compose],
  },
  {
    id: "button-https",
    from: 'url.protocol !== "https:" || ',
    to: "",
    tests: [compose],
  },
  {
    id: "button-query",
    from: 'url.search === "" && url.hash === "" && ',
    to: "",
    tests: [stricter],
  },
  {
    id: "button-scrubbed",
    from: " && scrubber.allows(url.href)",
    to: "",
    tests: [stricter],
  },
  {
    id: "level-strictest",
    from: "privacyLevels.find",
    to: "privacyLevels.findLast",
    tests: [compose, rules],
  },
  {
    id: "level-cap",
    from: 'cap === "full" ? refined : ',
    to: "true ? refined : ",
    tests: [compose, rules],
  },
  {
    id: "card-held",
    from: "shown === undefined || isHeld(facts, moment)",
    to: "shown === undefined",
    tests: [compose, several],
  },
  {
    id: "card-count-projects",
    from: "shown.project === undefined",
    to: "false as boolean",
    tests: [compose, several],
  },
];
