import * as v from "valibot";
import { buttonSchema, displayEntries, imageSchema, priceSchema } from "./display.ts";
import {
  privacyEntries,
  privacySwitches,
  ruleSchema,
  strictestRule,
  strictestWord,
  wordSchema,
} from "./privacy.ts";
import { type Config, configSchema, defaultConfig, plainEntries, schemaUrl } from "./schema.ts";

/** A config with what was wrong in it: each problem names the key, what was expected, what counts. */
export interface ReadConfig {
  readonly config: Config;
  readonly problems: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** What counts in place of a bad value (`undefined`: nothing, so the default), and how to say so. */
interface Instead {
  readonly value: unknown;
  readonly words: string;
  /** It should hide something, and what is not known: nothing is shown at all. */
  readonly hides?: true;
}

/** What was wrong so far. */
interface Findings {
  readonly problems: string[];
  hides: boolean;
}

/** Lists and maps of which one bad entry costs that entry alone. */
interface Entries {
  readonly of: "list" | "map";
  readonly schema: v.GenericSchema;
  /** How many can be used: a limit of Discord. */
  readonly max?: number;
  readonly instead?: (given: unknown) => Instead;
}

const leftOut: Instead = { value: undefined, words: "it is left out" };
const noCard = "no card is shown until it is fixed";
const unknownWord: Instead = { value: undefined, words: noCard, hides: true };
const entriesOf: Readonly<Record<string, Entries>> = {
  "privacy.rules": {
    of: "list",
    schema: ruleSchema,
    // @guard config-bad-rule
    instead: (given) => ({ value: strictestRule(given), words: "it counts as hidden" }),
  },
  "privacy.words": {
    of: "list",
    schema: wordSchema,
    instead: (given) => {
      const value = strictestWord(given);
      if (value === "") return leftOut;
      return value === undefined
        ? unknownWord
        : { value, words: "as much of it as can be is used" };
    },
  },
  "display.buttons": { of: "list", schema: buttonSchema, max: 2 },
  "display.activity_images": { of: "map", schema: imageSchema },
  "display.prices": { of: "map", schema: priceSchema },
};

const maxProblems = 50;
const maxKey = 64;

/**
 * Checks a parsed config file key by key: a bad value costs its own key and is reported, never the
 * whole file. The default stands in for it, but in `privacy` the strictest value does: a slip of
 * the pen shows less, never more.
 */
export function checkConfig(file: unknown): ReadConfig {
  if (!isFields(file)) {
    const problem = "the file must hold one object, { … }; the defaults count until it is fixed";
    return { config: defaultConfig, problems: [problem] };
  }
  const found: Findings = { problems: [], hides: false };
  const privacy = checked("privacy", privacyEntries, privacyOf(file, found), found);
  const good = {
    ...checked("", plainEntries, file, found),
    // @guard config-hides
    privacy: found.hides ? { ...privacy, level: "hidden" } : privacy,
    display: checked("display", displayEntries, displayOf(file, found), found),
  };
  const whole = v.safeParse(configSchema, good);
  return {
    config: whole.success ? whole.output : hidden,
    problems: bounded(found.problems),
  };
}

/** Where the parts are right and the whole is not: never, or by an internal error. */
const hidden: Config = {
  ...defaultConfig,
  privacy: { ...defaultConfig.privacy, level: "hidden" },
};

/** No more than anybody reads, and how many more there are. */
function bounded(problems: readonly string[]): readonly string[] {
  const more = problems.length - maxProblems;
  return more <= 0 ? problems : [...problems.slice(0, maxProblems), `and ${more} problems more`];
}

function checked(
  section: string,
  schemas: Readonly<Record<string, v.GenericSchema>>,
  given: Fields,
  found: Findings,
): Fields {
  const kept = Object.entries(schemas).flatMap(([name, schema]): readonly [string, unknown][] => {
    if (!Object.hasOwn(given, name)) return [];
    const key = section === "" ? name : `${section}.${name}`;
    const entries = entriesOf[key];
    const value =
      entries === undefined ? given[name] : goodEntries(key, given[name], entries, found);
    const read = v.safeParse(schema, value);
    if (read.success) return [[name, value]];
    const instead = standIn(key, value);
    found.problems.push(`${key}${complaint(read.issues[0])}; ${instead.words}`);
    found.hides ||= instead.hides === true;
    return instead.value === undefined ? [] : [[name, instead.value]];
  });
  return Object.fromEntries(kept);
}

const byDefault: Instead = { value: undefined, words: "the default is used" };

/** What a bad value counts as; in what hides, the strictest. */
function standIn(key: string, given: unknown): Instead {
  switch (key) {
    case "display.paused":
      // @guard config-paused
      return { value: true, words: noCard };
    case "privacy.level":
      // @guard config-level
      return { value: "hidden", words: noCard };
    case "privacy.rules":
      // @guard config-rules
      return { value: [strictestRule(undefined)], words: noCard };
    case "privacy.words": {
      const word = strictestWord(given);
      if (word === "") return byDefault;
      if (word === undefined) return unknownWord;
      return { value: [word], words: "it counts as one word" };
    }
  }
  // @guard config-switch
  return key.startsWith("privacy.") ? { value: false, words: "it counts as false" } : byDefault;
}

/** A list or map without its bad entries, or with what stands in for them; else as it was given. */
function goodEntries(
  key: string,
  given: unknown,
  { of, schema, max, instead }: Entries,
  found: Findings,
): unknown {
  const good = (name: string, value: unknown): unknown => {
    const read = v.safeParse(schema, value);
    if (read.success) return value;
    const counts = instead?.(value) ?? leftOut;
    found.problems.push(`${key}${name}${complaint(read.issues[0])}; ${counts.words}`);
    found.hides ||= counts.hides === true;
    return counts.value;
  };
  if (of === "list" && Array.isArray(given)) {
    if (max !== undefined && given.length > max) {
      found.problems.push(`${key} must have at most ${max} entries; the first ${max} are used`);
    }
    return given
      .slice(0, max)
      .map((value, index) => good(`[${index}]`, value))
      .filter((value) => value !== undefined);
  }
  if (of === "list" || !isFields(given)) return given;
  const pairs = Object.entries(given);
  return Object.fromEntries(
    pairs
      .map(([name, value]) => [name, good(`.${name.slice(0, maxKey)}`, value)] as const)
      .filter(([, value]) => value !== undefined),
  );
}

/** The issue after its key: `.label must be text`. */
function complaint(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return path === null ? ` ${issue.message}` : `.${path} ${issue.message}`;
}

function privacyOf(file: Fields, { problems }: Findings): Fields {
  const given = file["privacy"];
  if (given === undefined) return {};
  if (!isFields(given)) {
    problems.push(`privacy must be an object, { … }; ${noCard}`);
    // @guard config-privacy-object
    return { level: "hidden" };
  }
  if (!isOfEarlierTool(file)) return given;
  const shown = privacySwitches.filter((name) => given[name] === true);
  if (shown.length > 0) {
    problems.push(
      `privacy.${shown.join(", ")}: not used, since the earlier tool wrote this file ` +
        `and showed everything; add "$schema": "${schemaUrl}" to keep them`,
    );
  }
  return Object.fromEntries(
    Object.entries(given).filter(([name]) => !shown.some((other) => other === name)),
  );
}

function displayOf(file: Fields, { problems }: Findings): Fields {
  const given = file["display"];
  if (given === undefined || isFields(given)) return given ?? {};
  problems.push("display must be an object, { … }; its defaults are used");
  return {};
}

/** That tool shares the file's name and the number of its version, but writes no `$schema`. */
function isOfEarlierTool(file: Fields): boolean {
  if (file["$schema"] !== undefined) return false;
  return isFields(file["privacy"]) && typeof file["privacy"]["enabled"] === "boolean";
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
