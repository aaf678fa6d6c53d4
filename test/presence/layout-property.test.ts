import { expect, test } from "bun:test";
import {
  array,
  assert,
  constantFrom,
  dictionary,
  double,
  oneof,
  option,
  property,
  record,
  string,
  webUrl,
} from "fast-check";
import { checkConfig } from "../../src/config/check.ts";
import { privacySwitches } from "../../src/config/privacy.ts";
import { toActivity } from "../../src/presence/activity.ts";
import { composeCard } from "../../src/presence/compose.ts";
import type { CardFacts } from "../../src/presence/facts.ts";
import { displayProblems } from "../../src/presence/layout.ts";
import { variables } from "../../src/presence/template.ts";
import { activityKinds } from "../../src/session/activity.ts";
import { complaint } from "../support/fake-discord-rules.ts";
import { now, person, session } from "./facts.ts";

const odd = constantFrom(
  ..."👨‍👩‍👧‍👦|🏳️‍🌈|e\u0301|\u202E|\u200B|\uD83D|\u0000|x|…| |ghp_0123456789ab|\u{E0067}|ﷺ".split("|"),
);
const text = oneof(
  string({ unit: "binary", maxLength: 300 }),
  array(odd, { maxLength: 200 }).map((parts) => parts.join("")),
);
const piece = oneof(
  constantFrom(...variables.map((name) => `{${name}}`)),
  constantFrom(" · ", "[", "]", "{", "}", "\\", ", ", " "),
  string({ unit: "grapheme", maxLength: 20 }),
  odd,
);
const template = array(piece, { maxLength: 60 }).map((pieces) => pieces.join("").slice(0, 512));
const address = oneof(
  webUrl({ withFragments: true, withQueryParameters: true }),
  template.map((rest) => `https://x.example/${rest}`.slice(0, 512)),
);
const image = oneof(
  string({ unit: "binary", maxLength: 260 }),
  constantFrom("Key", "a b"),
  webUrl(),
);
const number = oneof(double(), constantFrom(0, -1, 1e21, Number.NaN, Infinity, now));

const sessions = record({
  activity: constantFrom(...activityKinds),
  activitySince: number,
  target: option(record({ kind: constantFrom("program" as const), text }), { nil: undefined }),
  project: option(text, { nil: undefined }),
  branch: option(text, { nil: undefined }),
  model: option(text, { nil: undefined }),
  effort: option(text, { nil: undefined }),
  tokens: option(number, { nil: undefined }),
  context: option(record({ used: number, window: number }), { nil: undefined }),
  cost: option(number, { nil: undefined }),
  quotas: array(record({ usedPercent: number, minutes: number, resetsAt: number }), {
    maxLength: 3,
  }),
  plan: option(text, { nil: undefined }),
  title: option(text, { nil: undefined }),
  startedAt: number,
}).map((facts): CardFacts => ({ ...session, ...facts }));

const displays = record(
  {
    preset: constantFrom("minimal", "standard", "detailed"),
    name: template,
    details: template,
    state: template,
    large_text: template,
    small_text: template,
    idle_text: template,
    idle: constantFrom("show", "text"),
    large_image_key: image,
    small_image_key: image,
    activity_images: dictionary(constantFrom(...activityKinds), image),
    large_url: address,
    buttons: array(record({ label: template, url: address }), { maxLength: 3 }),
    status_display_type: constantFrom("name", "state", "details"),
    sessions: constantFrom("leader", "aggregate"),
  },
  { requiredKeys: [] },
);

const everything = {
  level: "full",
  ...Object.fromEntries(privacySwitches.map((name) => [name, true])),
};

test("no template, however written, breaks Discord's limits or loses the card", () => {
  assert(
    property(displays, array(sessions, { minLength: 1, maxLength: 3 }), (display, given) => {
      const { config } = checkConfig({ privacy: everything, display });
      const { card } = composeCard({ sessions: given, config, person, now, moment: now });
      expect(card).toBeDefined();
      const { activity } = toActivity(card!);
      expect(complaint({ pid: 1000, activity })).toBeUndefined();
    }),
    { numRuns: 600 },
  );
}, 60_000);

test("no template puts together a secret or a word that its fields were not to show", () => {
  const secret = "ghp_0123456789abcdef0123456789abcdef0123";
  const cuts = array(constantFrom(4, 8, 12, 20, 30), { minLength: 3, maxLength: 3 });
  assert(
    property(template, template, cuts, (details, state, [a = 4, b = 8, c = 12]) => {
      const given = {
        ...session,
        project: secret.slice(0, a),
        branch: secret.slice(a),
        title: secret.slice(0, b),
        effort: `${secret} ${secret.slice(0, c)}`,
        model: "ac",
        plan: "me",
      };
      const display = {
        details,
        state,
        large_text: "{project}{branch}{title}{effort}{model}{plan}",
      };
      const { config } = checkConfig({ privacy: { ...everything, words: ["acme"] }, display });
      const { card } = composeCard({ sessions: [given], config, person, now, moment: now });
      for (const line of [card?.details, card?.state, card?.largeText]) {
        expect(line ?? "").not.toMatch(/ghp_[0-9a-f]{8}|acme/i);
      }
    }),
    { numRuns: 300 },
  );
}, 60_000);

test("what is wrong with a layout is said by key", () => {
  const { config } = checkConfig({
    display: {
      details: "{colour} x",
      buttons: [{ label: "[x", url: "https://x.example/{nothing}" }],
      activity_images: { sleeping: "x" },
    },
  });
  const problems = displayProblems(config.display, activityKinds);
  expect(problems.map((problem) => problem.split(":")[0])).toEqual([
    "display.details",
    "display.buttons[0].label",
    "display.buttons[0].url",
    "display.activity_images.sleeping",
  ]);
  expect(displayProblems(checkConfig({}).config.display, activityKinds)).toEqual([]);
});
