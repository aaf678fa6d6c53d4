import { expect, test } from "bun:test";
import { defaultConfig } from "../../src/config/schema.ts";
import { aboutCard, type CardSession } from "../../src/presence/about.ts";
import { activityKinds, type ActivityKind } from "../../src/session/activity.ts";

const composed = { level: "private" } as const;
const doing = (kind: ActivityKind, since = 1, id = "a"): CardSession => ({
  id,
  activity: { kind, since },
});
const about = (session: CardSession | undefined, level: "private" | "full" = "private") =>
  aboutCard({ level }, session, defaultConfig);

test("approvals, questions, errors and limits are attentions, and nothing else is", () => {
  const kinds = activityKinds.filter((kind) => about(doing(kind)).attention !== undefined);
  expect(kinds).toEqual(["approval", "question", "error", "limited"]);
});

test("an attention is the same until another one begins, in this session or another", () => {
  const { attention } = about(doing("approval"));
  expect(about(doing("approval")).attention).toBe(attention);
  const others = [doing("question"), doing("approval", 2), doing("approval", 1, "b")];
  for (const other of others) expect(about(other).attention).not.toBe(attention);
});

test("only a session that starts up is starting", () => {
  expect(activityKinds.filter((kind) => about(doing(kind)).starting === true)).toEqual([
    "starting",
  ]);
});

test("another level or config is another privacy, and nothing else is", () => {
  const { privacy = "" } = about(doing("approval"));
  expect(about(doing("running")).privacy).toBe(privacy);
  expect(about(undefined).privacy).toBe(privacy);
  expect(about(undefined, "full").privacy).not.toBe(privacy);
  expect(aboutCard(composed, undefined, { ...defaultConfig }).privacy).not.toBe(privacy);
});
