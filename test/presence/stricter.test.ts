import { expect, test } from "bun:test";
import type { CardFacts } from "../../src/presence/facts.ts";
import { isWithin } from "../../src/presence/paths.ts";
import { compose, fileAt, session } from "./facts.ts";

/** A session whose folder was not looked at, though it has been here for an hour. */
const unseen: CardFacts = { ...session, places: undefined };

test("while a session's folder is not known its card is private at most", () => {
  const { card, level } = compose([unseen], { privacy: { level: "full" } });
  expect(level).toBe("private");
  expect(JSON.stringify(card)).not.toContain("cdp");
});

test("while a session's folder is not known every rule that hides holds, and no other does", () => {
  const rulesOf = (level: string) => [{ path: "/somewhere/else", level }];
  const hidden = compose([unseen], { privacy: { level: "full", rules: rulesOf("hidden") } });
  expect([hidden.level, hidden.card]).toEqual(["hidden", undefined]);
  const shown = compose([unseen], { privacy: { level: "full", rules: rulesOf("private") } });
  expect(shown.card).toBeDefined();
});

test.each<[string, string, boolean]>([
  ["/srv/work/x", "/srv/work", true],
  ["/srv/work", "/srv/work", true],
  ["/srv/workshop", "/srv/work", false],
  ["/srv/work/../other", "/srv/work", false],
  ["/srv/work", "/", false],
  [`/srv/work/${"x/".repeat(2100)}`, "/srv/work", false],
])("%s is in %s: %p", (path, folder, isIn) => {
  expect(isWithin(path, folder, folder)).toBe(isIn);
});

const named = { details: "{activity}", state: "at {target}" };

test("where the activity is not shown the file that it is at is not either", () => {
  const privacy = { level: "full", show_activity_target: true };
  expect(compose([session], { privacy, display: named }).card?.state).toBe("at session.ts");
  const card = compose([session], {
    privacy: { ...privacy, show_activity: false },
    display: named,
  });
  expect(JSON.stringify(card.card)).not.toContain("session.ts");
});

test("where the session's own folder is not known for certain no file is named", () => {
  const { places } = session;
  if (places === undefined) throw new Error("it has places");
  const folder = { kind: "unknown", reason: "no answer", places: [], remotes: [] } as const;
  const target = fileAt("/home/ann/work/cdp/src/session.ts", folder);
  const facts = { ...session, target, places: { ...places, folder } };
  const { card } = compose([facts], { privacy: { level: "full" }, display: named });
  expect(JSON.stringify(card)).not.toContain("session.ts");
});

test.each<[string, boolean]>([
  ["https://github.com/acme/cdp", true],
  ["http://github.com/acme/cdp", false],
  ["https://someone@github.com/acme/cdp", false],
  ["https://github.com/acme/cdp?token=1", false],
  ["https://github.com/acme/cdp#part", false],
  ["https://github.com/acme/falcon", false],
])("the button leads to %s: %p", (url, isShown) => {
  const repository = { host: "github.com", owner: "acme", name: "cdp", url, credentials: false };
  const privacy = { level: "full", show_repo_button: true, words: ["falcon"] };
  const { card } = compose([{ ...session, repository }], { privacy });
  expect(JSON.stringify(card).includes(url)).toBe(isShown);
});
