import { expect, test } from "bun:test";
import { noSessions } from "../../src/session/session-view.ts";
import { reportJson } from "../../src/ui/report-json.ts";
import { type PresenceView, reportText } from "../../src/ui/report.ts";
import { themeOf } from "../../src/ui/theme.ts";

const now = Date.parse("2026-01-02T10:00:00Z");
const theme = themeOf({ TERM: "dumb", LANG: "C.UTF-8" });
const card = {
  name: undefined,
  details: "Running a command",
  state: undefined,
  startedAt: undefined,
  buttons: [],
};
const next = { ...card, details: "Waiting for input" };
const presence: PresenceView = {
  paused: false,
  discord: "connected",
  level: "project",
  lastSentAt: now - 2 * 60_000,
  card,
  payload: { details: card.details },
  acknowledged: true,
  pending: undefined,
};

const reportOf = (changes: Partial<PresenceView>) => ({
  instance: {
    state: "running",
    pid: 123,
    mode: "wrapper",
    startedAt: undefined,
    version: "1.0.0",
  } as const,
  list: noSessions,
  problems: [],
  presence: { ...presence, ...changes },
});
const textOf = (changes: Partial<PresenceView>): string =>
  reportText(reportOf(changes), theme, undefined, now);
const presenceIn = (changes: Partial<PresenceView>) =>
  JSON.parse(reportJson(reportOf(changes))).presence;

test("a card says when it was sent, and whether Discord has taken it", () => {
  expect(textOf({})).toContain("\n  Sent 2m ago:\n");
  expect(textOf({ acknowledged: undefined })).toContain("\n  Sent 2m ago:\n");
  expect(textOf({ acknowledged: false })).toContain(
    "\n  Sent 2m ago, but Discord has not taken it:\n",
  );
});

test("a card that was taken away may still be shown, where Discord has not taken that", () => {
  const gone = { card: undefined, payload: undefined };
  expect(textOf({ ...gone, acknowledged: false })).toContain(
    "\n  Cleared 2m ago, but Discord has not taken it: the last card may still be shown\n",
  );
  for (const acknowledged of [true, undefined]) {
    expect(textOf({ ...gone, acknowledged })).not.toContain("Cleared");
  }
});

test("what waits stands below, with the moment at which it is due", () => {
  const waits = textOf({ pending: { card: next, payload: {}, dueAt: now + 3200 } });
  expect(waits).toMatch(/Running a command[^]*\n {2}Next, in 4 s:\n[^]*Waiting for input/);
  const clear = { card: undefined, payload: undefined, dueAt: now - 1 };
  expect(textOf({ pending: clear })).toContain("\n  Next, now: no card\n");
});

test("without a connection nothing was sent, and the card waits for one", () => {
  const first = { card: next, payload: {}, dueAt: undefined };
  const text = textOf({ discord: "absent", card: undefined, pending: first });
  expect(text).toMatch(/project\n {2}Next, once Discord is connected:\n[^]*Waiting for input/);
  expect(text).not.toContain("Sent");
});

test("as JSON: what was sent, whether it was taken, and what waits", () => {
  expect(presenceIn({})).toMatchObject({
    card: { details: "Running a command", state: null },
    payload: { details: "Running a command" },
    acknowledged: true,
    pending: null,
  });
  const payload = { details: next.details };
  expect(presenceIn({ pending: { card: next, payload, dueAt: now } }).pending).toEqual({
    card: { details: "Waiting for input", state: null },
    payload,
    due_at: "2026-01-02T10:00:00.000Z",
  });
  const clear = { card: undefined, payload: undefined, dueAt: undefined };
  expect(presenceIn({ acknowledged: undefined, pending: clear })).toMatchObject({
    acknowledged: null,
    pending: { card: null, payload: null, due_at: null },
  });
});
