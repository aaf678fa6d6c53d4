import { afterAll, beforeAll, expect, test } from "bun:test";
import { type PrivacyLevel, privacyLevels, type PrivacySwitch } from "../../src/config/privacy.ts";
import type { CardFacts, RepositoryCap } from "../../src/presence/facts.ts";
import { CardSocket } from "../support/card-socket.ts";
import { fieldsIn, type Marks } from "../support/marks.ts";
import { compose, now } from "./facts.ts";

let socket: CardSocket;
beforeAll(async () => {
  socket = await CardSocket.open();
});
afterAll(() => socket[Symbol.asyncDispose]());

const startedAt = 1_790_000_123_456;

const markedFile = {
  kind: "known",
  cap: { level: "full", off: [], sources: ["/MarkSource"], problems: ["MarkProblem"] },
} as const;
const fileMarks = {
  kind: "MarkKind",
  cap: { level: "MarkLevel", off: "MarkOff", sources: "MarkSource", problems: "MarkProblem" },
};

/** A session every value of which is told apart on a card. */
const marked = {
  activity: "editing",
  activitySince: 1_790_000_777_777,
  open: true,
  target: {
    kind: "file",
    text: "MarkTarget",
    program: "MarkProgram",
    place: {
      kind: "known",
      value: {
        named: "/MarkCwd/MarkNamed/MarkTarget",
        path: "/MarkRoot/MarkPath/MarkTarget",
        folder: {
          kind: "repository",
          place: { realPath: "/MarkRoot/MarkPath", root: "/MarkRoot", mainWorktree: "/MarkMain" },
          remotes: [{ hosts: ["MarkFarHost"], paths: ["MarkFarOwner/MarkFarName"] }],
        },
        file: markedFile,
      },
    },
  },
  project: "MarkProject",
  branch: "MarkBranch",
  repository: {
    host: "markhost.example",
    owner: "MarkOwner",
    name: "MarkName",
    url: "https://markpage.example/MarkPage",
    credentials: false,
  },
  model: "MarkModel",
  effort: "MarkEffort",
  tokens: 777_000,
  context: { used: 41_000, window: 100_000 },
  cost: 5.55,
  quotas: [{ usedPercent: 63, minutes: 420, resetsAt: now + 987_654_321 }],
  plan: "MarkPlan",
  title: "MarkTitle",
  startedAt,
  seenSince: 1_790_000_555_555,
  places: {
    cwd: "/MarkCwd",
    folder: {
      kind: "repository",
      place: { realPath: "/MarkReal", root: "/MarkRoot", mainWorktree: "/MarkMain" },
      remotes: [{ hosts: ["MarkFarHost"], paths: ["MarkFarOwner/MarkFarName"] }],
    },
    file: markedFile,
  },
} as const satisfies CardFacts;

/** How each value would read. Where nothing can be told of a value, a text that is nowhere. */
const marks: Marks<CardFacts> = {
  activity: "Editing",
  activitySince: String(marked.activitySince),
  open: "MarkOpen",
  target: {
    kind: "MarkKind",
    text: "MarkTarget",
    program: "MarkProgram",
    place: {
      kind: "MarkKind",
      value: {
        named: "MarkNamed",
        path: "MarkPath",
        folder: {
          kind: "MarkKind",
          place: { realPath: "MarkPath", root: "MarkRoot", mainWorktree: "MarkMain" },
          remotes: { hosts: "MarkFarHost", paths: "MarkFarOwner" },
        },
        file: fileMarks,
      },
    },
  },
  project: "MarkProject",
  branch: "MarkBranch",
  repository: {
    host: "markhost",
    owner: "MarkOwner",
    name: "MarkName",
    url: "MarkPage",
    credentials: "MarkCredentials",
  },
  model: "MarkModel",
  effort: "MarkEffort",
  tokens: "777k",
  context: { used: "41%", window: "41%" },
  cost: "5.55",
  quotas: { usedPercent: "63%", minutes: "7h", resetsAt: String(marked.quotas[0].resetsAt) },
  plan: "MarkPlan",
  title: "MarkTitle",
  startedAt: String(startedAt),
  seenSince: String(marked.seenSince),
  places: {
    cwd: "MarkCwd",
    folder: {
      kind: "MarkKind",
      place: { realPath: "MarkReal", root: "MarkRoot", mainWorktree: "MarkMain" },
      remotes: { hosts: "MarkFarHost", paths: "MarkFarOwner" },
    },
    file: fileMarks,
  },
};

/** Templates that say all there is to say, wherever something can be said. */
const everything = {
  name: "{project}[ {title}]",
  details: "{activity} {target} · {title}",
  state: "{project} · {branch} · {model} · {effort}",
  large_text: "{tokens} · {context} · {quota} · {cost}",
  small_text: "{plan} · {elapsed} · {sessions} · {target} · {title} · {project}",
  buttons: [{ label: "x {target}", url: "https://x.example/{project}/{branch}?{title}={target}" }],
};

const always = ["startedAt"];
/** What each level shows, as docs/privacy.md has it. */
const atLevel: Readonly<Record<PrivacyLevel, readonly string[]>> = {
  hidden: [],
  private: [...always, "activity"],
  project: [...always, "activity", "project", "branch", "model", "effort"],
  full: [
    ...always,
    "activity",
    "project",
    "branch",
    "model",
    "effort",
    "target.text",
    "tokens",
    "context.used",
    "context.window",
    "quotas.usedPercent",
    "quotas.minutes",
    "cost",
    "plan",
  ],
};
const bySwitch: Readonly<Record<PrivacySwitch, readonly string[]>> = {
  show_project_name: ["project"],
  show_git_branch: ["branch"],
  show_model: ["model", "effort"],
  show_activity: ["activity"],
  show_activity_target: ["target.text"],
  show_tokens: ["tokens"],
  show_context: ["context.used", "context.window"],
  show_cost: ["cost"],
  show_limits: ["quotas.usedPercent", "quotas.minutes"],
  show_plan: ["plan"],
  show_repo_button: ["repository.url"],
  show_title: ["title"],
};
const switches = Object.entries(bySwitch);

test.each([...privacyLevels])("level %s", async (level) => {
  expect(await seen(marked, { level })).toEqual([...atLevel[level]].toSorted());
});

for (const level of privacyLevels) {
  test.each(switches)(`level ${level} with %s on, and off`, async (name, what) => {
    const on = level === "hidden" ? [] : [...atLevel[level], ...what];
    expect(await seen(marked, { level, [name]: true })).toEqual(unique(on));
    // Without its kind an activity has no target either.
    const gone = name === "show_activity" ? [...what, "target.text"] : what;
    const off = atLevel[level].filter((field) => !gone.includes(field));
    expect(await seen(marked, { level, [name]: false })).toEqual(unique(off));
  });
}

const all = Object.fromEntries(switches.map(([name]) => [name, true]));
const everyField = unique([...atLevel.full, "repository.url", "title"]);

test.each([...privacyLevels])("every switch on, at level %s", async (level) => {
  expect(await seen(marked, { level, ...all })).toEqual(level === "hidden" ? [] : everyField);
});

const rules: readonly (readonly [string, object])[] = [
  ["the path", { path: "/markcwd/**" }],
  ["the path with links resolved", { path: "/MarkReal" }],
  ["the repository's root", { path: "/Mark*t" }],
  ["the main worktree", { path: "/MarkMain" }],
  ["owner and name", { repo: "markowner/*" }],
  ["the host", { host: "*.example" }],
];
for (const cap of privacyLevels) {
  const capped = cap === "full" ? everyField : unique(atLevel[cap]);
  test.each([...rules])(`a rule by %s caps at ${cap} whatever is switched on`, async (_, rule) => {
    const privacy = { level: "full", ...all, rules: [{ ...rule, level: cap }] };
    expect(await seen(marked, privacy)).toEqual(capped);
  });

  test(`a repository's file caps at ${cap} whatever is switched on`, async () => {
    expect(await seen(withFile({ level: cap }), { level: "full", ...all })).toEqual(capped);
    // It raises nothing.
    expect(await seen(withFile({ level: cap }), { level: "private" })).toEqual(
      cap === "hidden" ? [] : unique(atLevel.private),
    );
  });
}

test.each(switches)("a repository's file switches %s off and nothing else", async (name, what) => {
  const gone = name === "show_activity" ? [...what, "target.text"] : what;
  const left = everyField.filter((field) => !gone.includes(field));
  expect(await seen(withFile({ off: [name] }), { level: "full", ...all })).toEqual(left);
});

test("the strictest of rules and files wins, in any order", async () => {
  const given = [
    { path: "/MarkCwd", level: "full" },
    { repo: "*", level: "private" },
    { host: "*", level: "project" },
  ];
  for (const list of [given, given.toReversed()]) {
    const privacy = { level: "full", ...all, rules: list };
    expect(await seen(withFile({ level: "project" }), privacy)).toEqual(unique(atLevel.private));
  }
});

test("while the session's folder is not known nothing is named", async () => {
  const before = { ...marked, places: undefined };
  expect(await seen(before, { level: "full", ...all })).toEqual(unique(atLevel.private));
  const hides = { rules: [{ path: "/elsewhere", level: "hidden" }] };
  expect(await seen(before, { level: "full", ...all, ...hides })).toEqual([]);
});

test("of what is not known neither the reason is told nor what was seen before", async () => {
  const lost = { kind: "unknown", reason: "/MarkReal", mayBeLinked: true } as const;
  const folder = { ...marked.places.folder, ...lost, places: [marked.places.folder.place] };
  const places = { ...marked.places, folder, file: { ...lost, cap: markedFile.cap } };
  const facts = { ...marked, target: { ...marked.target, place: lost }, places };
  const named = everyField.map((field) => (field === "target.text" ? "target.program" : field));
  expect(await seen(facts, { level: "full", ...all })).toEqual(unique(named));
});

test("paused, nothing is shown", async () => {
  const display = { ...everything, paused: true };
  expect(compose([marked], { privacy: { level: "full", ...all }, display }).card).toBeUndefined();
});

test.each(["minimal", "standard", "detailed"])(
  "the %s preset shows no more than its level",
  async (preset) => {
    for (const level of privacyLevels) {
      const shown = await seen(marked, { level }, { preset });
      expect(shown.filter((field) => !atLevel[level].includes(field))).toEqual([]);
    }
  },
);

test("together, sessions tell of themselves only when they began", async () => {
  const display = { ...everything, sessions: "aggregate" };
  const privacy = { level: "full", ...all };
  const { card } = compose([marked, { ...marked, startedAt: startedAt + 1 }], { privacy, display });
  expect(fieldsIn(await socket.sent(card), marks)).toEqual(["startedAt"]);
});

function withFile(cap: Partial<RepositoryCap>): CardFacts {
  const file = { kind: "known", cap: { ...marked.places.file.cap, ...cap } } as const;
  return { ...marked, places: { ...marked.places, file } };
}

/** The fields that can be told from all that reaches Discord's socket. */
async function seen(
  facts: CardFacts,
  privacy: object,
  display: object = everything,
): Promise<readonly string[]> {
  return fieldsIn(await socket.sent(compose([facts], { privacy, display }).card), marks);
}

function unique(fields: readonly string[]): readonly string[] {
  return [...new Set(fields)].toSorted();
}
