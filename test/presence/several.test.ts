import { expect, test } from "bun:test";
import type { CardFacts } from "../../src/presence/facts.ts";
import { compose, now, session, startedAt, inRepository } from "./facts.ts";

const minute = 60_000;
const full = { privacy: { level: "full" } };

const idle: CardFacts = { ...session, activity: "idle", activitySince: now, open: false };

test.each<[string, Partial<CardFacts>, number, string | undefined]>([
  ["a moment", {}, 4.9, "Waiting for input"],
  ["long", {}, 5, undefined],
  ["long, after an error", { activity: "error" }, 5, undefined],
  ["long, with a sub-agent at work", { open: true }, 60, "Waiting for input"],
  ["long, for an approval", { activity: "approval" }, 600, "Waiting for approval"],
  ["long, for an answer", { activity: "question" }, 600, "Waiting for an answer"],
  ["long, in a command", { activity: "running" }, 600, "Running a command"],
  ["before the clock was set back", {}, -60, "Waiting for input"],
])("a session that has waited %s", (_, facts, minutes, details) => {
  const given = { ...idle, target: undefined, ...facts };
  const at = now + minutes * minute;
  const said = (mode: string) => compose([given], { display: { idle: mode } }, at).card?.details;
  expect(said("clear")).toBe(details as string);
  expect(said("text")).toBe(details ?? "Away");
  expect(said("show")).toBe(details ?? "Waiting for input");
});

test("idle: the text and the time are the person's, and the change is foretold", () => {
  const display = { idle: "text", idle_text: "Gone from {project}", idle_after: 30 };
  const written = { privacy: { level: "project" }, display };
  expect(compose([idle], written).dueAt).toBe(now + 30 * minute);
  const later = compose([idle], written, now + 30 * minute);
  expect(later.card?.details).toBe("Gone from cdp");
  expect(later.dueAt).toBeUndefined();
  expect(compose([idle], { display: { idle: "clear" } }, now + 9e6).why).toEqual(["idle: cleared"]);
});

test("a line with the time changes by the minute, a quota when it starts anew", () => {
  const at = startedAt + 90_000;
  const elapsed = { display: { state: "{elapsed}" } };
  const composed = compose([session], elapsed, at);
  expect(composed.card?.state).toBe("1m");
  expect(composed.dueAt).toBe(startedAt + 120_000);
  const { dueAt } = compose([session], full);
  expect(dueAt).toBe(session.quotas[0]?.resetsAt as number);
  const after = compose([session], { ...full, display: { state: "{quota}" } }, dueAt! + 1);
  expect(after.card).not.toHaveProperty("state");
});

const other: CardFacts = {
  ...session,
  startedAt: startedAt - 1000,
  project: "zebra",
  places: { ...session.places!, cwd: "/home/ann/zebra", folder: inRepository("/home/ann/zebra") },
};
const secret: CardFacts = {
  ...session,
  startedAt: startedAt - 5000,
  project: "secret",
  places: { ...session.places!, cwd: "/home/ann/secret", folder: inRepository("/home/ann/secret") },
};
const hidesSecret = { rules: [{ path: "~/secret", level: "hidden" }] };

test("several sessions: the leader's card, or how many; hidden ones are in neither", () => {
  const privacy = { level: "full", ...hidesSecret, show_repo_button: true };
  const sessions = [secret, session, session, other];
  const leader = compose(sessions, { privacy, display: { state: "{project} · {sessions}" } });
  expect(leader.card?.state).toBe("cdp · 3 sessions");
  const together = compose(sessions, { privacy, display: { sessions: "aggregate" } });
  expect(together.card).toEqual({
    details: "3 sessions · 2 projects",
    state: "Using Codex",
    startedAt: startedAt - 1000,
    largeImage: "codex-logo",
    largeText: "Codex",
    smallImage: "openai",
    smallText: "OpenAI",
    statusDisplay: "details",
  });
  expect(JSON.stringify(together.why)).not.toContain("secret");
});

test("worktrees of one repository are one project; a private session's is not counted", () => {
  const display = { sessions: "aggregate" };
  const trees = ["/w/a", "/w/b"].map((cwd) => ({
    ...session,
    places: { ...session.places!, cwd, folder: inRepository(cwd, "/w/main") },
  }));
  const said = (privacy: object) => compose(trees, { privacy, display }).card?.details;
  expect(said({ level: "project" })).toBe("2 sessions · 1 project");
  expect(said({ level: "private" })).toBe("2 sessions");
  const one = [{ path: "/w/b", level: "private" }];
  expect(said({ level: "project", rules: one })).toBe("2 sessions");
  expect(compose([secret, session], { privacy: hidesSecret, display }).card?.details).toBe(
    "Editing files",
  );
});

test("an idle session that is cleared makes room for the next", () => {
  const at = now + 10 * minute;
  const { card } = compose([idle, other], { ...full, display: { idle: "clear" } }, at);
  expect(card?.state).toStartWith("zebra");
});

test("the card says which session it is of; of several together it is of none", () => {
  const hiddenFirst = { rules: [{ path: "/hidden", level: "hidden" }] };
  const places = { ...session.places!, cwd: "/hidden", folder: inRepository("/hidden") };
  const sessions = [{ ...session, places }, session];
  expect(compose(sessions, {}).shown).toBe(0);
  expect(compose(sessions, { privacy: hiddenFirst }).shown).toBe(1);
  expect(compose(sessions, { privacy: { level: "hidden" } }).shown).toBeUndefined();
  expect(compose(sessions, { display: { sessions: "aggregate" } }).shown).toBeUndefined();
});
