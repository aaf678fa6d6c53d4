import { describe, expect, test } from "bun:test";
import { checkConfig } from "../../src/config/check.ts";
import { composeCard } from "../../src/presence/compose.ts";
import type { CardFacts, FileKnowledge } from "../../src/presence/facts.ts";
import { activityKinds } from "../../src/session/activity.ts";
import type { FolderKnowledge } from "../../src/session/places.ts";
import { compose, fileAt, inRepository, now, person, session, startedAt } from "./facts.ts";
import { unknown } from "../../src/lib/knowledge.ts";

const nowhere = { kind: "nothing", place: { realPath: "/etc" }, remotes: [] } as const;
const unplaced: CardFacts["target"] = {
  kind: "file",
  text: "x.ts",
  program: undefined,
  place: unknown("it was not looked at yet"),
};

test("a fresh install says what the fixed card of the private level said", () => {
  expect(compose([session], {})).toEqual({
    card: {
      details: "Editing files",
      state: "Using Codex",
      startedAt,
      largeImage: "codex-logo",
      largeText: "Codex",
      smallImage: "openai",
      smallText: "OpenAI",
      statusDisplay: "details",
    },
    level: "private",
    why: ["level private"],
    shown: 0,
    dueAt: undefined,
  });
});

test.each<[string, string, string, string, string]>([
  ["private", "standard", "Editing files", "Using Codex", "Codex"],
  ["project", "standard", "Editing files", "cdp · main · GPT-5.5 high", "Codex"],
  [
    "full",
    "standard",
    "Editing session.ts",
    "cdp · main · GPT-5.5 high",
    "Codex · 1.2M tokens · 45% context · 12% of 5h limit · $1.23",
  ],
  ["full", "minimal", "Editing files", "cdp", "Codex"],
  [
    "full",
    "detailed",
    "Editing session.ts",
    "cdp · main · GPT-5.5 high · 1.2M tokens · 45% context · 12% of 5h limit · $1.23",
    "Codex · Plus",
  ],
])("level %s, preset %s", (level, preset, details, state, largeText) => {
  const { card } = compose([session], { privacy: { level }, display: { preset } });
  expect(card).toMatchObject({ details, state, largeText, smallText: "OpenAI" });
});

test.each<[string, Partial<CardFacts>, string]>([
  ["a file in the project", {}, "Editing session.ts"],
  ["a file above it", { target: fileAt("/home/ann/work/x.ts", nowhere) }, "Editing files"],
  ["a file elsewhere", { target: fileAt("/etc/x.ts", nowhere) }, "Editing files"],
  ["a file who knows where", { target: unplaced }, "Editing files"],
  ["nothing known", { target: undefined }, "Editing files"],
  ["a command", { activity: "running", target: program("npm test") }, "Running npm test"],
  ["a search", { activity: "searching", target: program("rg") }, "Searching with rg"],
  ["a program that reads", { activity: "reading", target: program("ls") }, "Reading files"],
  ["a tool", { activity: "tool", target: program("docs.search") }, "Using docs.search"],
  [
    "sub-agents",
    { activity: "delegating", target: program("3 sub-agents") },
    "Working with 3 sub-agents",
  ],
  ["a secret", { activity: "running", target: program("sk-proj-0123456789ab") }, "Running …"],
  ["approval", { activity: "approval" }, "Waiting for approval"],
])("at the full level, %s", (_, facts, details) => {
  const given = { ...session, ...facts };
  const { card } = compose([given], { privacy: { level: "full" } });
  const said = card?.details;
  expect(said).toBe(details === "Running …" ? "Running a command" : details);
});

test("no file is named where a look at the folder failed", () => {
  const { place } = inRepository("/home/ann/work/cdp") as { place: { realPath: string } };
  const said = (folder: FolderKnowledge): unknown =>
    compose([{ ...session, places: { ...session.places!, folder } }], full).card?.details;
  expect(said(inRepository("/home/ann/work/cdp"))).toBe("Editing session.ts");
  expect(said({ kind: "nothing", place, remotes: [] })).toBe("Editing files");
  const failed = { kind: "unknown", reason: "EIO", remotes: [] } as const;
  expect(said({ ...failed, places: [place] })).toBe("Editing files");
  expect(said({ ...failed, places: [] })).toBe("Editing files");
});

test("a card says whether it may name a file", () => {
  const names = (privacy: object): unknown => compose([session], { privacy }).namesFiles;
  expect(names({ level: "full" })).toBe(true);
  expect(names({ show_activity_target: true })).toBe(true);
  expect(names({ level: "project" })).toBeUndefined();
  expect(names({ level: "full", show_activity: false })).toBeUndefined();
  expect(names({ level: "full", rules: [{ path: "~/work", level: "project" }] })).toBeUndefined();
});

test.each<[string, FileKnowledge, string]>([
  ["is none", { kind: "nothing" }, "full"],
  ["cannot be looked for", { kind: "unknown", reason: "EACCES", cap: undefined }, "private"],
  ["was there", { kind: "unknown", reason: "it is gone", cap: capAt("hidden") }, "hidden"],
  ["asked for less", { kind: "unknown", reason: "it is gone", cap: capAt("project") }, "project"],
  ["is there", { kind: "known", cap: capAt("project") }, "project"],
])("a file that %s", (_, looked, level) => {
  const places = { ...session.places!, file: looked };
  const { card, level: shown, why } = compose([{ ...session, places }], full);
  expect([card === undefined, shown as string]).toEqual([level === "hidden", level]);
  const reason = looked.kind === "unknown" ? `looked at: ${looked.reason}` : "level full";
  expect(why.join("; ")).toContain(reason);
});

function capAt(level: "hidden" | "private" | "project" | "full") {
  return { level, off: [], sources: ["/x/.codex-presence.json"], problems: [] };
}

const full = { privacy: { level: "full" } };

test("errors and limits are nobody's business at the private level", () => {
  const say = (activity: CardFacts["activity"], privacy: object): string | undefined =>
    compose([{ ...session, activity, target: undefined }], { privacy }).card?.details;
  for (const kind of activityKinds) expect(say(kind, {})).not.toMatch(/error|limit/i);
  expect(say("limited", { level: "project" })).toBe("Usage limit reached");
  expect(say("error", { level: "project" })).toBe("Stopped by an error");
  expect(say("limited", { level: "full", show_limits: false })).toBe("Waiting for input");
  const rules = [{ path: "~/work", level: "private" }];
  expect(say("limited", { level: "full", rules })).toBe("Waiting for input");
});

test("without its activity a card still says that Codex is in use, once", () => {
  const { card } = compose([session], { privacy: { show_activity: false } });
  expect(card?.details).toBe("Using Codex");
  expect(card).not.toHaveProperty("state");
});

test("a project named in a way that is not to be shown", () => {
  const card = (facts: Partial<CardFacts>, words: readonly string[] = []) =>
    compose([{ ...session, ...facts }], { privacy: { level: "project", words } }).card?.state;
  expect(card({ project: "C:\\Users\\ann\\acme" })).toStartWith("acme ·");
  expect(card({ project: "ann@acme.example" })).toBe("main · GPT-5.5 high");
  expect(card({ project: "acme-merger" }, ["Acme"])).toBe("…-merger · main · GPT-5.5 high");
  expect(card({ branch: `fix/ghp_${"a1".repeat(18)}` })).toBe("cdp · fix/… · GPT-5.5 high");
});

test("words not to be shown hold for our own words and for addresses of images", () => {
  const display = {
    large_image_key: "https://x.example/acme.png",
    activity_images: { idle: "acme" },
  };
  const privacy = { words: ["codex", "acme"], show_activity: false };
  const { card } = compose([session], { privacy, display });
  expect(card).toMatchObject({ details: "Using …", smallImage: "openai", smallText: "OpenAI" });
  expect(card).not.toHaveProperty("largeImage");
  expect(card).not.toHaveProperty("largeText");
});

test("a template cannot put together what was taken apart", () => {
  const facts = {
    ...session,
    project: "ghp_",
    branch: "0123456789abcdef",
    model: "ac",
    effort: "me",
  };
  const { card } = compose([facts], {
    privacy: { level: "full", words: ["acme"] },
    display: {
      details: "x{project}{branch}",
      state: "x {project}{branch}",
      name: "{model}{effort} x",
    },
  });
  expect(card).toMatchObject({ name: "… x" });
  expect(card?.state).toBe("x …");
});

test.each<[string, object, unknown]>([
  ["none by default", {}, undefined],
  ["with the switch", { show_repo_button: true }, [{ url: "https://github.com/acme/cdp" }]],
])("the repository's button: %s", (_, privacy, expected) => {
  const { card } = compose([session], { privacy });
  if (expected === undefined) expect(card).not.toHaveProperty("buttons");
  else expect(card).toMatchObject({ buttons: expected });
});

test.each<[string, object]>([
  ["credentials in the remote", { credentials: true }],
  ["credentials in the address", { url: "https://ann:pw@github.com/acme/cdp" }],
  ["no https", { url: "http://github.com/acme/cdp" }],
  ["an alias of ssh", { url: "https://work/acme/cdp" }],
  ["an address in numbers", { url: "https://10.0.0.1/acme/cdp" }],
  ["no address", { url: undefined }],
  ["no web address", { url: "git@github.com:acme/cdp" }],
  ["a token in the query", { url: "https://github.com/acme/cdp?token=x" }],
])("the repository's button is not there with %s", (_, wrong) => {
  const repository = { ...session.repository!, ...wrong };
  const { card } = compose([{ ...session, repository }], { privacy: { show_repo_button: true } });
  expect(card).not.toHaveProperty("buttons");
});

test("buttons: the person's own first, values encoded, none with half an address", () => {
  const buttons = [
    { label: "See {project}", url: "https://x.example/{project}/{branch}" },
    { label: "Cost", url: "https://x.example/{cost}" },
  ];
  const given = { ...session, branch: "a/b c" };
  const privacy = { level: "project", show_repo_button: true };
  expect(compose([given], { privacy, display: { buttons } }).card?.buttons).toEqual([
    { label: "See cdp", url: "https://x.example/cdp/a%2Fb%20c" },
    { label: "View repository", url: "https://github.com/acme/cdp" },
  ]);
});

test("images by activity, the timer, the name and links", () => {
  const display = {
    activity_images: { editing: "pencil", running: "https://x.example/run.png" },
    timer: false,
    name: "Codex at {project}",
    large_url: "https://x.example/",
    status_display_type: "state",
    state: "",
  };
  const { card } = compose([session], { privacy: { level: "project" }, display });
  expect(card).toMatchObject({
    smallImage: "pencil",
    name: "Codex at cdp",
    largeUrl: "https://x.example/",
    statusDisplay: "state",
  });
  expect(card).not.toHaveProperty("startedAt");
  expect(card).not.toHaveProperty("state");
  // The image would tell what the switch hides.
  const hidden = compose([session], { privacy: { show_activity: false }, display });
  expect(hidden.card?.smallImage).toBe("openai");
});

test.each<[string, readonly CardFacts[], object, string, readonly string[]]>([
  ["no session", [], {}, "private", ["no session"]],
  ["paused", [session], { display: { paused: true } }, "hidden", ["paused", "level private"]],
  ["hidden", [session], { privacy: { level: "hidden" } }, "hidden", ["level hidden"]],
  [
    "a rule",
    [session],
    { privacy: { level: "full", rules: [{ repo: "acme/*", level: "hidden" }] } },
    "hidden",
    ["level full", "rule 1 (repo acme/*): hidden"],
  ],
])("no card, and why: %s", (_, sessions, written, level, why) => {
  expect<object>(compose(sessions, written)).toMatchObject({ card: undefined, level, why });
});

function program(text: string): CardFacts["target"] {
  return { kind: "program", text };
}

describe("before a session's folder was looked at", () => {
  const unseen = { ...session, places: undefined, seenSince: now };
  test("it is on no card, for two seconds at most", () => {
    const held = compose([unseen], {});
    expect(held).toMatchObject({
      card: undefined,
      why: ["waiting to see the session's folder"],
      dueAt: now + 2000,
    });
    expect(compose([unseen], {}, now + 1999).card).toBeUndefined();
    expect(compose([unseen], {}, now + 2000).card).toMatchObject({ details: "Editing files" });
    expect(compose([{ ...unseen, places: session.places }], {}).card).toBeDefined();
  });

  test("the clock that people set does not shorten it", () => {
    const { config } = checkConfig({});
    for (const wall of [0, now - 3_600_000, now + 3_600_000]) {
      const at = (moment: number) =>
        composeCard({ sessions: [unseen], config, person, now: wall, moment });
      expect(at(now + 1999)).toMatchObject({ card: undefined, dueAt: wall + 1 });
      expect(at(now + 2000).card).toBeDefined();
    }
  });

  test("it counts in no aggregate, and does not hold back the others", () => {
    const display = { sessions: "aggregate" };
    const both = [unseen, session];
    expect(compose(both, { display }).card?.details).toBe("Editing files");
    expect(compose([...both, session], { display }).card?.details).toBe("2 sessions");
  });
});
