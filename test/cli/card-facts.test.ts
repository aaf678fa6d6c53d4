import { expect, test } from "bun:test";
import { cardFactsOf, FactsKeeper } from "../../src/cli/card-facts.ts";
import { type PrivacyLevel, privacyLevels } from "../../src/config/privacy.ts";
import { toActivity } from "../../src/presence/activity.ts";
import { known, type Knowledge, unknown } from "../../src/lib/knowledge.ts";
import type { CardFacts, FilePlace } from "../../src/presence/facts.ts";
import type { CapLook } from "../../src/presence/repository-caps.ts";
import type { SessionView } from "../../src/session/session-view.ts";
import { compose } from "../presence/facts.ts";
import { fieldsIn, type Marks } from "../support/marks.ts";

const startedAt = 1_790_000_123_456;
/** A session as the watch knows it, every value of which is told apart on a card. */
const session = {
  id: "MarkId",
  parent: "MarkParent",
  root: "MarkRootThread",
  own: true,
  surface: "vscode",
  activity: {
    kind: "editing",
    since: 1_790_000_777_777,
    target: "MarkTarget",
    path: "MarkPath/MarkTarget",
    program: "MarkProgram",
    until: 1_790_000_888_888,
  },
  open: true,
  agents: 7,
  turn: "MarkTurn",
  projectKey: "MarkKey",
  project: "MarkProject",
  branch: "MarkBranch",
  repository: {
    host: "markhost.example",
    owner: "MarkOwner",
    name: "MarkName",
    url: "https://markpage.example/MarkPage",
    credentials: false,
  },
  title: "MarkTitle",
  model: { id: "mark-model", label: "MarkModel" },
  effort: "MarkEffort",
  serviceTier: "MarkTier",
  evidence: "daemon",
  tokens: {
    total: { input: 555_001, cached: 444_001, output: 333_001, reasoning: 222_001, total: 777_000 },
    last: { input: 11_001, cached: 12_001, output: 13_001, reasoning: 14_001, total: 15_001 },
    cachedShare: 0.83,
  },
  context: { used: 41_000, window: 100_000, percent: 38 },
  costUsd: 5.55,
  startedAt,
  updatedAt: 1_790_000_666_666,
  places: {
    cwd: "/MarkCwd",
    folder: {
      kind: "repository",
      place: { realPath: "/MarkReal", root: "/MarkRoot", mainWorktree: "/MarkMain" },
      remotes: [{ hosts: ["MarkFarHost"], paths: ["MarkFarOwner/MarkFarName"] }],
    },
  },
} as const satisfies SessionView;

const count = {
  input: "555.0k",
  cached: "444.0k",
  cacheWrite: "111.0k",
  output: "333.0k",
  reasoning: "222.0k",
};
/** How each value would read; where nothing can be told of it, a text that is nowhere. */
const marks: Marks<SessionView> = {
  id: "MarkId",
  parent: "MarkParent",
  root: "MarkRootThread",
  own: "MarkOwn",
  surface: "vscode",
  activity: {
    kind: "Editing",
    since: String(session.activity.since),
    target: "MarkTarget",
    path: "MarkPath",
    program: "MarkProgram",
    until: String(session.activity.until),
  },
  open: "MarkOpen",
  agents: "7 sub-agents",
  turn: "MarkTurn",
  projectKey: "MarkKey",
  project: "MarkProject",
  branch: "MarkBranch",
  repository: {
    host: "markhost",
    owner: "MarkOwner",
    name: "MarkName",
    url: "MarkPage",
    credentials: "MarkCredentials",
  },
  title: "MarkTitle",
  model: { id: "mark-model", label: "MarkModel" },
  effort: "MarkEffort",
  serviceTier: "MarkTier",
  evidence: "daemon",
  tokens: {
    total: { ...count, total: "777k" },
    last: {
      input: "11k",
      cached: "12k",
      cacheWrite: "16k",
      output: "13k",
      reasoning: "14k",
      total: "15k",
    },
    cachedShare: "83%",
  },
  context: { used: "41%", window: "41%", percent: "38%" },
  costUsd: "5.55",
  startedAt: String(startedAt),
  updatedAt: String(session.updatedAt),
  places: {
    cwd: "MarkCwd",
    folder: {
      kind: "MarkKind",
      place: { realPath: "MarkReal", root: "MarkRoot", mainWorktree: "MarkMain" },
      remotes: { hosts: "MarkFarHost", paths: "MarkFarOwner" },
    },
  },
};

/** Templates that say all there is to say. */
const everything = {
  name: "{project}",
  details: "{activity} {target} · {title}",
  state: "{project} · {branch} · {model} · {effort}",
  large_text: "{tokens} · {context} · {quota} · {cost}",
  small_text: "{plan} · {elapsed} · {sessions}",
};

const atProject = ["activity.kind", "startedAt", "project", "branch", "model.label", "effort"];
const atLevel: Readonly<Record<PrivacyLevel, readonly string[]>> = {
  hidden: [],
  private: ["activity.kind", "startedAt"],
  project: atProject,
  full: [
    ...atProject,
    "activity.target",
    "tokens.total.total",
    "context.used",
    "context.window",
    "costUsd",
  ],
};
const bySwitch = {
  show_project_name: ["project"],
  show_git_branch: ["branch"],
  show_model: ["model.label", "effort"],
  show_activity_target: ["activity.target"],
  show_tokens: ["tokens.total.total"],
  show_context: ["context.used", "context.window"],
  show_cost: ["costUsd"],
  show_repo_button: ["repository.url"],
  show_title: ["title"],
} as const;

/** Where the file that the session edits is: in its own repository. */
const filePlace = known<FilePlace>({
  named: "/MarkCwd/MarkPath/MarkTarget",
  path: "/MarkRoot/MarkPath/MarkTarget",
  folder: {
    kind: "repository",
    place: { realPath: "/MarkRoot/MarkPath", root: "/MarkRoot", mainWorktree: "/MarkMain" },
    remotes: [],
  },
  file: { kind: "nothing" },
});

function factsOf(
  view: SessionView,
  limits: Parameters<typeof cardFactsOf>[1],
  capOf: Parameters<typeof cardFactsOf>[3],
): CardFacts {
  return cardFactsOf(view, limits, startedAt, capOf, () => filePlace);
}

test.each([...privacyLevels])("of a session, at level %s, others see", (level) => {
  expect(seen({ level })).toEqual(atLevel[level].toSorted());
});

test.each(Object.entries(bySwitch))(
  "%s adds what it names, at every level but hidden",
  (name, what) => {
    for (const level of privacyLevels) {
      const more = level === "hidden" ? [] : [...atLevel[level], ...what];
      expect(seen({ level, [name]: true })).toEqual([...new Set(more)].toSorted());
    }
  },
);

test("facts are made anew when anything that they come from is another, and not else", () => {
  const limits = { quotas: [], observedAt: startedAt };
  const none: CapLook = { kind: "nothing" };
  let look: CapLook = none;
  const caps = { of: () => look, checkedAt: () => 1 };
  let place: Knowledge<FilePlace> = filePlace;
  const files = { of: () => place, checkedAt: () => 1 };
  const parts = { caps, files, checkedAt: () => 1, clock: { monotonic: () => 0 } };
  const keeper = new FactsKeeper(parts);
  keeper.note([session]);
  const first = keeper.of(session, limits, startedAt);
  expect(first).toEqual(factsOf(session, limits, () => none));
  expect(keeper.of(session, limits, startedAt)).toBe(first);
  look = { kind: "known", cap: { level: "hidden", off: [], sources: [], problems: [] } };
  const hidden = keeper.of(session, limits, startedAt);
  expect(hidden.places?.file).toBe(look);
  place = unknown("it has gone");
  expect(keeper.of(session, limits, startedAt).target).toMatchObject({ place });
  expect(keeper.of(session, limits, startedAt + 1)).not.toBe(hidden);
  expect(keeper.of(session, { ...limits, plan: "plus" }, startedAt).plan).toBe("plus");
  expect(keeper.of({ ...session, project: "other" }, limits, startedAt).project).toBe("other");
});

test("a file is named only once its folder was looked at after the session came to it", () => {
  let [now, folderAt, filesAt, fileAt] = [100, 50, 50, 50];
  const caps = { of: (): CapLook => ({ kind: "nothing" }), checkedAt: () => filesAt };
  const files = {
    of: (_: unknown, notBefore: number) => (fileAt < notBefore ? unknown("not yet") : filePlace),
    checkedAt: () => fileAt,
  };
  const clock = { monotonic: () => now };
  const keeper = new FactsKeeper({ caps, files, checkedAt: () => folderAt, clock });
  const named = (view: SessionView): unknown => {
    keeper.note([view]);
    const { target } = keeper.of(view, undefined, 0);
    const isNamed = target?.kind === "program" || target?.place.kind === "known";
    return [isNamed ? target.text : undefined, keeper.isStale(view, 0, true)];
  };
  expect(named(session)).toEqual([undefined, true]);
  folderAt = 100;
  expect(named(session)).toEqual([undefined, true]);
  filesAt = 100;
  expect(named(session)).toEqual([undefined, true]);
  fileAt = 100;
  expect(named(session)).toEqual(["MarkTarget", false]);
  now = 200;
  expect(named(session)).toEqual(["MarkTarget", false]);
  const next = { ...session, activity: { ...session.activity, target: "Next" } };
  expect(named(next)).toEqual([undefined, true]);
  expect(named({ ...next, places: undefined })).toEqual([undefined, false]);
  const running = { kind: "running", since: 1, target: "make" } as const;
  expect(named({ ...session, activity: running })).toEqual(["make", false]);
  expect(keeper.isStale(next, 100, false)).toBe(false);
  [folderAt, filesAt, fileAt] = [200, 200, 200];
  expect(named(next)).toEqual(["Next", false]);
  keeper.note([]);
  expect(keeper.isStale(session, 200, true)).toBe(true);
  expect(keeper.isStale(session, 201, false)).toBe(true);
});

test("the same facts say at each level what that level shows", () => {
  const facts = factsOf(session, undefined, () => ({ kind: "nothing" }));
  const shown = (level: PrivacyLevel): string | undefined => {
    const { card } = compose([facts], { privacy: { level }, display: { state: "{project}" } });
    return card === undefined ? undefined : toActivity(card).activity.state;
  };
  const twice = ["project", "hidden", "project"] as const;
  expect(twice.map(shown)).toEqual(["MarkProject", undefined, "MarkProject"]);
});

test("the title is capped by rules and by what a stranger's file says", () => {
  const privacy = { level: "full", show_title: true };
  expect(seen({ ...privacy, rules: [{ path: "/MarkCwd", level: "project" }] })).not.toContain(
    "title",
  );
  expect(seen(privacy, ["show_title"])).not.toContain("title");
  expect(seen(privacy)).toContain("title");
});

test.each<[string, string | undefined]>([
  ["Fix the login", "Fix the login"],
  ["Fix\u202e the\u200b \u001b[31mlogin\n", "Fix the [31mlogin"],
  ["Mail me@acme.example about it", "Mail … about it"],
  ["Use sk-proj-abcdefghijklmnopqrstuvwxyz0123456789", "Use …"],
  ["Clean /home/somebody/clients/acme-merger now", "Clean acme-merger now"],
  ["word ".repeat(40), `${"word ".repeat(13).trim().slice(0, 63)}…`],
  ["   ", undefined],
])("the title %j reads %j", (title, shown) => {
  const facts = factsOf({ ...session, title }, undefined, () => ({ kind: "nothing" }));
  const privacy = { level: "private", show_title: true };
  const { card } = compose([facts], { privacy, display: { state: "{title}" } });
  expect(toActivity(card!).activity.state).toBe(shown);
});

function seen(privacy: object, off: readonly string[] = []): readonly string[] {
  const file = { level: "full", off, sources: [], problems: [] } as const;
  const facts = factsOf(session, undefined, () => ({ kind: "known", cap: file }));
  const { card } = compose([facts], { privacy, display: everything });
  const sent = card === undefined ? "" : JSON.stringify(toActivity(card).activity);
  return fieldsIn(sent, marks);
}
