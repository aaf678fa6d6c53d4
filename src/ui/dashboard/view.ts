import { type Frame, screenModes } from "../../terminal/frame.ts";
import type { TerminalSize } from "../../terminal/terminal.ts";
import { boxHeight, cardSection } from "./card.ts";
import { choiceOf, footer } from "./footer.ts";
import { countsOf, headerRow, heroHeader, heroRows, reasonRow } from "./header.ts";
import { heading } from "./heading.ts";
import { leadSection } from "./lead.ts";
import { limitsRow, limitsSection } from "./limits.ts";
import { blank, empty, ink, joined, type Line, padded, raw, type Target, turned } from "./line.ts";
import { listSection } from "./list.ts";
import { logLines } from "./log.ts";
import { isWorking } from "../activity-look.ts";
import { spinnerAt, spinnerMs } from "./look.ts";
import { leaderOf, type Model, selectedIndex } from "./model.ts";
import { panelLines } from "./panel.ts";
import { plotSection } from "./plot.ts";
import { remembered, rememberedRows, rememberedSection, type Seen } from "./remembered.ts";
import { type Section, stack } from "./stack.ts";
import { stripSection } from "./strip.ts";

export type Layout = "full" | "compact" | "minimal" | "tiny";

export function layoutOf({ rows, cols }: TerminalSize): Layout {
  if (cols >= 100 && rows >= 30) return "full";
  if (cols < 40 || rows < 10) return "tiny";
  return cols >= 60 && rows >= 16 ? "compact" : "minimal";
}

/** The whole screen: exactly `size.rows` rows, none wider than `size.cols`, and the modes it wants. */
export function view(model: Model): Frame {
  const rows = screen(model).map(({ text }) => text);
  return { rows, modes: screenModes, size: model.size };
}

/**
 * ms until the rows change though nothing happens: the spinner's next step while a session that has
 * one works, else the next minute of the wall clock, at which all ages move on.
 */
export function nextChange(model: Model): number {
  const { sessions, panel, theme, now, size } = model;
  const detailed = panel.kind === "details" ? sessions[selectedIndex(model)] : undefined;
  const turns = [leaderOf(model), detailed].some(
    (session) => session !== undefined && isWorking(session.activity.kind),
  );
  const step = turns && theme.animated && layoutOf(size) !== "tiny" ? spinnerMs : 60_000;
  return step - (((now % step) + step) % step);
}

/** Every row of the screen with what can be clicked on it: exactly `size.rows`, none wider than `size.cols`. */
export function screen(model: Model): readonly Line[] {
  const glyph = spinnerAt(model);
  return drawn(model).map((line) => turned(line, glyph));
}

/** A step of the spinner draws nothing anew. */
const drawn = remembered(
  [
    "sessions",
    "selected",
    "limits",
    "history",
    "discord",
    "card",
    "previews",
    "sent",
    "paused",
    "level",
    "problems",
    "instance",
    "panel",
    "size",
    "theme",
    "zone",
  ],
  (model): readonly Line[] => {
    const { rows, cols } = model.size;
    const lines = drawing[layoutOf(model.size)](model, cols, rows);
    return Array.from({ length: Math.max(0, rows) }, (_, i) => lines[i] ?? empty);
  },
);

/** Of anything else only what looks at it is drawn anew. */
const lead = rememberedSection(["sessions", "theme"], leadSection);
const list = rememberedSection(["sessions", "selected", "theme"], listSection);
const card = rememberedSection(["card", "level", "paused", "theme"], cardSection);
const limits = rememberedSection(["limits", "theme", "zone"], limitsSection);
const plot = rememberedSection(["history", "theme"], plotSection);
const strip = rememberedSection(["history", "theme"], stripSection);
const sent = rememberedSection(["sent", "theme", "zone"], sentSection);
const keys = remembered(["panel", "paused", "theme"], footer);
const hero = remembered(["card", "discord", "instance", "paused", "theme"], heroHeader);
const halves = rememberedRows((left: Line, right: Line, column: number) =>
  right.width === 0 ? left : joined(padded(left, column), right),
);
const inset = rememberedRows((line: Line, columns: number) =>
  line.width === 0 ? line : joined(blank(columns), line),
);

/** What is drawn on a cell, both from 0. */
export function targetAt(model: Model, row: number, col: number): Target | undefined {
  const spots = screen(model)[row]?.spots ?? [];
  return spots.find(({ from, to }) => col >= from && col < to)?.target;
}

type DrawScreen = (model: Model, columns: number, rows: number) => readonly Line[];

const drawing: Readonly<Record<Layout, DrawScreen>> = { full, compact, minimal, tiny };

const MARGIN = 2;
const GUTTER = 4;
/** Beyond this a screen is easier to read with its content in the middle. */
const MAX_COLS = 176;

function full(model: Model, columns: number, rows: number): readonly Line[] {
  const width = Math.min(columns, MAX_COLS) - 2 * MARGIN;
  const indent = Math.floor((columns - width) / 2);
  const height = rows - heroRows - 4 - problemRows(model);
  const left = Math.floor((width - GUTTER) * 0.56);
  const right = width - GUTTER - left;
  const leftLines = stack([roomyLead(model, left), list(model, left), sent(model, left)], height);
  const rightLines =
    model.panel.kind === "none"
      ? stack(
          [card(model, right), limits(model, right), plot(model, right), strip(model, right)],
          height,
        )
      : panelLines(model, right, height);
  const body = beside(leftLines, rightLines, left + GUTTER);
  return [
    empty,
    ...hero(model, width, left + GUTTER, ...countsOf(model)),
    empty,
    ...body,
    ...problems(model, width),
    empty,
    keys(model, width, choiceOf(model)),
  ].map((line, i) => inset(i, line, indent));
}

function compact(model: Model, columns: number, rows: number): readonly Line[] {
  const width = columns - 2;
  const height = rows - 4 - problemRows(model);
  const body =
    model.panel.kind === "none"
      ? stack([lead(model, width), list(model, width), bottom(model, width)], height)
      : panelLines(model, width, height);
  return [
    headerRow(model, columns - 1),
    reasonRow(model, columns - 1),
    ...body.map((line, i) => inset(i, line, 1)),
    ...problems(model, width),
    empty,
    joined(blank(1), keys(model, width, choiceOf(model))),
  ];
}

function minimal(model: Model, columns: number, rows: number): readonly Line[] {
  const width = columns - 1;
  const height = rows - 2;
  const body =
    model.panel.kind === "none"
      ? stack(height < ROOMY_ROWS ? tight(model, width) : roomy(model, width), height)
      : panelLines(model, width, height);
  return [headerRow(model, width), ...body, keys(model, width, choiceOf(model))];
}

/** From here on the minimal layout has headings and room between them. */
const ROOMY_ROWS = 22;

function tight(model: Model, width: number): readonly Section[] {
  const sessions = list(model, width, false);
  return [
    { ...lead(model, width), ideal: 3, max: 3 },
    limitsRow(model, width),
    { ...sessions, min: Math.min(1, sessions.max) },
    reasonSection(model, width),
    { ...card(model, width), ideal: 2, max: 2 },
  ];
}

function roomy(model: Model, width: number): readonly Section[] {
  return [
    lead(model, width),
    list(model, width),
    limits(model, width),
    plot(model, width),
    card(model, width),
    reasonSection(model, width),
  ];
}

/** Why Discord is not connected, where that is not said beside the banner. */
function reasonSection(model: Model, columns: number): Section {
  const line = reasonRow(model, columns);
  const height = line.width === 0 ? 0 : 1;
  return { priority: 6, min: height, ideal: height, max: height, draw: () => [line] };
}

function tiny({ theme }: Model, columns: number, rows: number): readonly Line[] {
  const line = ink(`cdp needs 40x10, this is ${columns}x${rows}`, "plain", theme, columns);
  return [line];
}

/** With its blank rows, for which the full layout has room. */
function roomyLead(model: Model, columns: number): Section {
  const section = lead(model, columns);
  return { ...section, ideal: section.max };
}

/** The last cards sent, where there is room for them. */
function sentSection(model: Seen<"sent" | "theme" | "zone">, columns: number): Section {
  const { theme, sent: cards } = model;
  const draw = (height: number): readonly Line[] => [
    heading("Sent", ink(cards.length > 0 ? "l shows all" : "", "quiet", theme), columns, theme),
    ...logLines(model, columns, height - 1),
  ];
  const most = 1 + Math.max(1, cards.length);
  return { priority: 1, min: Math.min(3, most), ideal: Math.min(6, most), max: most, draw };
}

/** The card beside limits and plot; where that gets too low, below each other in a few rows. */
function bottom(model: Model, columns: number): Section {
  const left = Math.floor((columns - GUTTER) / 2);
  const right = columns - GUTTER - left;
  const box = card(model, left);
  const others = [limits(model, right), plot(model, right)];
  const few = (): readonly Section[] => [
    { ...cardSection(model, columns), max: 2 },
    limitsSection(model, columns),
  ];
  const whole = 1 + boxHeight(model.card);
  return {
    priority: 7,
    min: 2,
    ideal: Math.max(whole, 7),
    max: Math.max(box.max, 9),
    draw: (height) =>
      height < whole
        ? stack(few(), height)
        : beside(box.draw(height), stack(others, height), left + GUTTER),
  };
}

/** Two columns, the second of which begins at `column`. */
function beside(left: readonly Line[], right: readonly Line[], column: number): readonly Line[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => {
    return halves(i, left[i] ?? empty, right[i] ?? empty, column);
  });
}

function problemRows({ problems: all }: Model): number {
  return all.length === 0 ? 0 : 1;
}

function problems({ problems: all, theme }: Model, columns: number): readonly Line[] {
  const [first] = all;
  if (first === undefined) return [];
  const more = raw(all.length > 1 ? ` (and ${all.length - 1} more)` : "", "quiet", theme);
  const text = ink(first, "plain", theme, columns - 2 - more.width);
  return [joined(ink("!", "warn", theme), blank(1), text, more)];
}
