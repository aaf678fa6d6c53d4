import { expect, test } from "bun:test";
import { join } from "node:path";
import type { Model, SessionView } from "../../../src/ui/dashboard/model.ts";
import { view } from "../../../src/ui/dashboard/view.ts";
import { busy, cards, minutes, now, sessions, type ThemeName } from "./models.ts";

const folder = join(import.meta.dir, "../../fixtures/dashboard");

const nothing: Partial<Model> = {
  sessions: [],
  limits: undefined,
  card: { level: "private", activity: undefined, why: ["no session"] },
  sent: [],
  history: { tokensPerMinute: [], activitySeconds: {} },
  discord: { status: "absent", reason: "no Discord found, looking every 5 s" },
};
const paused: Partial<Model> = {
  paused: true,
  card: { level: "private", activity: undefined, why: ["paused"] },
  problems: ["Config: display.pane must be auto, full, compact or off", "another"],
};
const pinned: Partial<Model> = {
  sessions: sessions.map((one) => ({
    ...one,
    leader: one.id === "website",
    pinned: one.id === "website",
  })),
  selected: "notes",
};
const capped: Partial<Model> = {
  level: "full",
  card: { ...cards.private, why: ["rule ~/work/** allows private"] },
  discord: { status: "refused", reason: "Discord closed the connection: invalid client id" },
};
const project: Partial<Model> = { level: "project", card: cards.project };

const leads = (activity: SessionView["activity"]): Partial<Model> => ({
  sessions: sessions.map((one) => (one.leader === true ? { ...one, activity } : one)),
});
const question = leads({ kind: "question", since: now - minutes(4) });
const failed: Partial<Model> = {
  ...leads({ kind: "error", since: now - minutes(1) }),
  discord: { status: "connecting", reason: "looking for Discord" },
};
const hidden: Partial<Model> = { level: "hidden", card: cards.hidden };

/** Name, columns, rows, theme, and what is different from a busy morning. */
const screens: readonly [string, number, number, ThemeName, Partial<Model>][] = [
  ["full", 100, 30, "plain", {}],
  ["full-color", 100, 30, "color", {}],
  ["full-truecolor", 100, 30, "truecolor", {}],
  ["full-ascii", 100, 30, "ascii", {}],
  ["full-ascii-color", 100, 30, "ascii-color", {}],
  ["full-nothing", 100, 30, "plain", nothing],
  ["full-paused", 100, 30, "plain", paused],
  ["full-pinned", 100, 30, "plain", pinned],
  ["full-capped", 100, 30, "plain", capped],
  ["full-details", 100, 30, "plain", { panel: { kind: "details" }, selected: "website" }],
  ["full-log", 100, 30, "plain", { panel: { kind: "log", top: 0 } }],
  ["full-help", 100, 30, "plain", { panel: { kind: "help", top: 0 } }],
  ["full-preview", 100, 30, "plain", { panel: { kind: "level", choice: "project" } }],
  ["full-wide", 160, 45, "plain", project],
  ["full-wide-color", 160, 45, "color", project],
  ["full-widest", 300, 50, "plain", {}],
  ["full-question", 100, 30, "color", question],
  ["full-failed", 100, 30, "color", failed],
  ["full-hidden", 100, 30, "color", hidden],
  ["compact", 80, 24, "plain", {}],
  ["compact-truecolor", 80, 24, "truecolor", {}],
  ["compact-ascii-color", 80, 24, "ascii-color", {}],
  ["compact-pinned", 80, 24, "plain", pinned],
  ["compact-capped", 80, 24, "plain", capped],
  ["compact-details", 80, 24, "plain", { panel: { kind: "details" } }],
  ["compact-help", 80, 24, "plain", { panel: { kind: "help", top: 0 } }],
  ["compact-question", 80, 24, "color", question],
  ["compact-failed", 80, 24, "color", failed],
  ["compact-hidden", 80, 24, "color", hidden],
  ["compact-color", 80, 24, "color", {}],
  ["compact-ascii", 80, 24, "ascii", {}],
  ["compact-nothing", 80, 24, "plain", nothing],
  ["compact-paused", 80, 24, "plain", paused],
  ["compact-preview", 80, 24, "color", { panel: { kind: "level", choice: "full" } }],
  ["compact-log", 80, 24, "plain", { panel: { kind: "log", top: 0 } }],
  ["compact-low", 99, 16, "plain", {}],
  ["minimal", 40, 10, "plain", {}],
  ["minimal-color", 40, 10, "color", {}],
  ["minimal-ascii", 40, 10, "ascii", {}],
  ["minimal-truecolor", 40, 10, "truecolor", {}],
  ["minimal-ascii-color", 40, 10, "ascii-color", {}],
  ["minimal-pinned", 40, 10, "plain", pinned],
  ["minimal-capped", 40, 10, "plain", capped],
  ["minimal-details", 40, 10, "plain", { panel: { kind: "details" } }],
  ["minimal-log", 40, 10, "plain", { panel: { kind: "log", top: 0 } }],
  ["minimal-help", 40, 10, "plain", { panel: { kind: "help", top: 3 } }],
  ["minimal-question", 40, 10, "color", question],
  ["minimal-failed", 40, 10, "color", failed],
  ["minimal-hidden", 40, 10, "color", hidden],
  ["minimal-nothing", 40, 10, "plain", nothing],
  ["minimal-paused", 40, 10, "plain", paused],
  ["minimal-preview", 40, 10, "plain", { panel: { kind: "level", choice: "full" } }],
  ["minimal-tall", 50, 36, "plain", {}],
  ["tiny", 39, 10, "plain", {}],
];

/**
 * The rows as they are written, attributes and all, with ESC shown as ␛. To make them anew after a
 * change that is meant: `CDP_GOLDEN=write bun test test/ui/dashboard/golden.test.ts`, and look at
 * every difference.
 */
test.each(screens)("screen %s", async (name, cols, rows, theme, more) => {
  const shown = view(busy({ rows, cols }, theme, { ...more, now })).rows.join("\n") + "\n";
  const readable = shown.replaceAll("\x1b", "␛");
  const file = Bun.file(join(folder, `${name}.txt`));
  if (process.env["CDP_GOLDEN"] === "write") await Bun.write(file, readable);
  expect(readable).toBe(await file.text());
});

test("no screen is left over", async () => {
  const files = await Array.fromAsync(new Bun.Glob("*.txt").scan(folder));
  expect(files.toSorted()).toEqual(screens.map(([name]) => `${name}.txt`).toSorted());
});
