import type { PrivacyLevel } from "../config/privacy.ts";
import type { Config } from "../config/schema.ts";
import { placesIn } from "../session/places.ts";
import type { ActivityKind } from "../session/activity.ts";
import { type Disclosed, type Disclosure, type Policy, disclose } from "./disclosure.ts";
import type { CardFacts } from "./facts.ts";
import {
  aggregateCard,
  sessionCard,
  type Setting,
  tellsElapsed,
  type WholeCard,
} from "./layout.ts";
import { comparable } from "./paths.ts";
import { strictest } from "./privacy.ts";
import type { Links } from "./real-paths.ts";
import { ruleInForce } from "./rules.ts";
import { scrubberFor } from "./scrub.ts";
import { valuesOf } from "./values.ts";

/** Who sits here: what is theirs is never on a card. */
export interface Person {
  readonly home: string | undefined;
  /** What `~` stands for in rules: the account's home and `$HOME`; `home` where this is not given. */
  readonly homes?: readonly string[];
  /** Logins, full names, e-mail addresses, the machine's name; `undefined` until they are known. */
  readonly names: readonly string[] | undefined;
  /** Where the paths of rules lead; they go by their names where this is not given. */
  readonly links?: Links;
}

export interface ComposeInput {
  /** The leader first. */
  readonly sessions: readonly CardFacts[];
  readonly config: Config;
  readonly person: Person;
  /** ms since the epoch. */
  readonly now: number;
  /** The same moment on the monotonic clock, by which `seenSince` goes. */
  readonly moment: number;
}

export interface Composed {
  /** `undefined`: nothing may or need be shown. */
  readonly card: WholeCard | undefined;
  /** The level that counts for what is shown; the config's where nothing is. */
  readonly level: PrivacyLevel;
  /** Why the card is as it is, in words for the person's own eyes. */
  readonly why: readonly string[];
  /** Which of the sessions it is of, by their order; `undefined` for none, or several together. */
  readonly shown?: number;
  /** A file that this session is at may be named. */
  readonly namesFiles?: boolean;
  /** When, after `now`, the card changes though nothing happens; `undefined` if never. */
  readonly dueAt: number | undefined;
}

interface Visible {
  readonly index: number;
  readonly facts: CardFacts;
  readonly shown: Disclosed;
  readonly level: PrivacyLevel;
  readonly namesFiles: boolean;
  readonly why: readonly string[];
  readonly restsFrom: number | undefined;
}

/** From all that is known to the one card that others may see. Pure, and never throws. */
export function composeCard({ sessions, config, person, now, moment }: ComposeInput): Composed {
  const { display } = config;
  const { policy, known } = policyOf(config, person);
  const decided = sessions.map((facts, index) => {
    const disclosure = known.get(facts) ?? disclose(facts, policy);
    known.set(facts, disclosure);
    return { index, facts, ...disclosure };
  });
  const held = decided.filter(({ facts, shown }) => shown !== undefined && isHeld(facts, moment));
  const visible = decided.flatMap(
    ({ index, facts, level, shown, namesFiles, why }): readonly Visible[] =>
      // @guard card-held
      shown === undefined || isHeld(facts, moment)
        ? []
        : [
            {
              index,
              facts,
              level,
              shown,
              namesFiles,
              why,
              restsFrom: restsFrom(facts, display.idle_after),
            },
          ],
  );
  const rests = ({ restsFrom: from }: Visible): boolean => from !== undefined && from <= now;
  const awake = display.idle === "clear" ? visible.filter((one) => !rests(one)) : visible;
  const releases = held.map(({ facts }) => now + facts.seenSince + holdMs - moment);
  const dueAt = earliest([nextChange(visible, config, now), ...releases]);
  const [leader] = awake;
  if (leader === undefined) {
    const why = visible.length > 0 ? ["idle: cleared"] : whyNone(decided, held.length);
    const level = decided.length === 0 ? policy.level : strictest(decided.map((one) => one.level));
    return { card: undefined, level, why, dueAt };
  }
  const setting: Setting = {
    display,
    scrubber: policy.scrubber,
    values: (withTarget) => valuesOf(leader.shown, awake.length, now, withTarget),
  };
  if (display.sessions === "aggregate" && awake.length > 1) {
    const startedAt = Math.min(...awake.map(({ shown }) => shown.startedAt));
    const only = { ...setting, values: () => ({ sessions: `${awake.length} sessions` }) };
    const card = aggregateCard(countWords(awake), startedAt, only);
    const why = [
      `aggregate of ${awake.length} sessions`,
      ...new Set(awake.flatMap((one) => one.why)),
    ];
    return { card, level: strictest(awake.map((one) => one.level)), why, dueAt };
  }
  const card = sessionCard(leader.shown, rests(leader), setting);
  const { level, why, index: shown, namesFiles } = leader;
  return { card, level, why, shown, ...(namesFiles ? { namesFiles } : {}), dueAt };
}

/** How long a session waits for its places to be looked at. */
const holdMs = 2000;

/**
 * A file in its folder may hide a session altogether, and looking takes some ms: until then, or for
 * two seconds where the folder is not known or does not answer, it is on no card.
 */
function isHeld({ places, seenSince }: CardFacts, moment: number): boolean {
  return places === undefined && moment < seenSince + holdMs;
}

function whyNone(
  decided: readonly { readonly why: readonly string[] }[],
  held: number,
): readonly string[] {
  return held > 0 ? ["waiting to see the session's folder"] : (decided[0]?.why ?? ["no session"]);
}

function earliest(moments: readonly (number | undefined)[]): number | undefined {
  const given = moments.filter((moment) => moment !== undefined);
  return given.length === 0 ? undefined : Math.min(...given);
}

/** What a config and a person allow, and what it came to for facts that were met before. */
interface PolicyInUse {
  readonly person: Person;
  /** Of the links that the rules were made with. */
  readonly version: number;
  readonly policy: Policy;
  readonly known: WeakMap<CardFacts, Disclosure>;
}

/** Made once for a config as long as it is in use: what it remembers is worth keeping. */
const policies = new WeakMap<Config, PolicyInUse>();
const asNamed: Links = { of: () => ({ kind: "nothing" }), version: 0 };

function policyOf(config: Config, person: Person): PolicyInUse {
  const { home, names, links = asNamed, homes = home === undefined ? [] : [home] } = person;
  const before = policies.get(config);
  const same = before?.person === person ? before : undefined;
  if (same?.version === links.version) return same;
  const { level, rules, words, ...switches } = config.privacy;
  const scrubber = same?.policy.scrubber ?? scrubberFor({ words, home, names });
  const { version } = links;
  const inForce = rules.map((rule) => ruleInForce(rule, homes, links));
  const { paused } = config.display;
  const policy = { paused, level, switches, rules: inForce, scrubber, homes };
  const inUse = { person, version, policy, known: new WeakMap<CardFacts, Disclosure>() };
  policies.set(config, inUse);
  return inUse;
}

/** Kinds in which the session waits for its person and nothing is under way. */
const resting: ReadonlySet<ActivityKind> = new Set(["idle", "error", "limited"]);

/** When a session that waits counts as idle; a tool, sub-agent or approval keeps it awake. */
function restsFrom(facts: CardFacts, minutes: number): number | undefined {
  if (facts.open || !resting.has(facts.activity)) return undefined;
  return facts.activitySince + minutes * 60_000;
}

/** Projects are counted where every session may show its own. */
function countWords(visible: readonly Visible[]): string {
  const sessions = `${visible.length} sessions`;
  // @guard card-count-projects
  if (visible.some(({ shown }) => shown.project === undefined)) return sessions;
  const projects = new Set(visible.map(({ facts }) => projectKey(facts)));
  return `${sessions} · ${projects.size} ${projects.size === 1 ? "project" : "projects"}`;
}

function projectKey({ places, project }: CardFacts): string {
  if (places === undefined) return project ?? "";
  const [place] = placesIn(places.folder);
  return comparable(place?.mainWorktree ?? place?.root ?? places.cwd);
}

function nextChange(
  visible: readonly Visible[],
  { display }: Config,
  now: number,
): number | undefined {
  const idle = display.idle === "show" ? [] : visible.map((one) => one.restsFrom);
  const resets = visible.flatMap(({ shown }) => shown.quotas.map((quota) => quota.resetsAt));
  const minutes = tellsElapsed(display)
    ? visible.map(({ shown }) => now + 60_000 - (Math.max(0, now - shown.startedAt) % 60_000))
    : [];
  return earliest([...idle, ...resets, ...minutes].filter((at) => at !== undefined && at > now));
}
