import { shortCount } from "../format.ts";
import type { Theme } from "../theme.ts";
import { shapesOf } from "./glyphs.ts";
import { heading } from "./heading.ts";
import { blank, clickable, ink, joined, type Line, padded } from "./line.ts";
import { lookOf } from "../activity-look.ts";
import { stillIcon, textStyle } from "./look.ts";
import { selectedIndex, type SessionView } from "./model.ts";
import { rememberedRows, type Seen } from "./remembered.ts";
import type { Section } from "./stack.ts";
import { age, shortWords } from "./words.ts";

type Shown = Seen<"sessions" | "selected" | "theme">;

/** All sessions in the order given, a cursor on the selected one. */
export function listSection(model: Shown, columns: number, titled = true): Section {
  const { sessions, theme, now } = model;
  const head = titled ? 1 : 0;
  const chosen = sessions[selectedIndex(model)];
  const draw = (height: number): readonly Line[] => {
    const room = Math.max(0, height - head);
    const from = firstShown(model, room);
    const shown = sessions.slice(from, from + room);
    const minute = now - (now % 60_000);
    const rows = shown.map((session, i) =>
      sessionRow(i, session, session === chosen, minute, theme, columns),
    );
    const number =
      shown.length < sessions.length
        ? `${from + 1}-${from + shown.length} of ${sessions.length}`
        : String(sessions.length);
    const title = heading("Sessions", ink(number, "quiet", theme), columns, theme);
    return titled ? [title, ...rows] : rows;
  };
  const all = sessions.length === 0 ? 0 : sessions.length + head;
  return {
    priority: 8,
    min: Math.min(all, head + 1),
    ideal: Math.min(all, head + 8),
    max: all,
    draw,
  };
}

/** The window of the list in which the cursor stands, as near to the top as can be. */
function firstShown(model: Shown, room: number): number {
  const at = selectedIndex(model);
  return Math.max(0, Math.min(at - room + 1 + Math.min(1, model.sessions.length - 1 - at), at));
}

/** Most sessions do nothing while one does something. */
const sessionRow = rememberedRows(sessionLine);

function sessionLine(
  session: SessionView,
  selected: boolean,
  now: number,
  theme: Theme,
  columns: number,
): Line {
  const { kind, target } = session.activity;
  const { style } = lookOf(kind);
  const widths = widthsFor(columns);
  const leads = session.leader === true;
  const cell = (text: string, cols: number, as: typeof style): Line =>
    padded(ink(text, as, theme, cols), cols);
  const mark = leads ? shapesOf(theme).leader : " ";
  const doing = target === undefined ? shortWords[kind] : `${shortWords[kind]} ${target}`;
  const tokens = session.tokens === undefined ? "" : shortCount(session.tokens.total);
  const numbers = joined(
    padded(ink(tokens, "quiet", theme, widths.tokens), widths.tokens, "start"),
    padded(ink(age(session.startedAt, now), "quiet", theme), widths.age, "start"),
  );
  const line = joined(
    selected ? ink(theme.glyphs.bar, "brand", theme) : blank(1),
    ink(stillIcon(kind, theme), style, theme),
    blank(1),
    cell(session.project ?? "a session", widths.project - 3, selected ? "strong" : "plain"),
    joined(blank(1), padded(ink(mark, "brand", theme), 2)),
    widths.branch > 0
      ? joined(cell(session.branch ?? "", widths.branch - 2, "quiet"), blank(2))
      : blank(0),
    widths.doing > 0
      ? cell(doing, widths.doing, style === "busy" ? "plain" : textStyle(kind))
      : blank(0),
    widths.age > 0 ? numbers : blank(0),
  );
  return clickable(line, { kind: "session", id: session.id }, columns);
}

interface Widths {
  readonly project: number;
  readonly branch: number;
  readonly doing: number;
  readonly tokens: number;
  readonly age: number;
}

const LEAD = 3;

/** Columns of the list, the least important missing where there is no room. */
function widthsFor(columns: number): Widths {
  const room = columns - LEAD;
  if (room < 26) return { project: Math.max(3, room), branch: 0, doing: 0, tokens: 0, age: 0 };
  if (room < 44) {
    const doing = Math.min(12, room - 20);
    return { project: room - doing - 6, branch: 0, doing, tokens: 0, age: 6 };
  }
  const numbers = 13;
  const rest = room - numbers;
  const branch = rest >= 50 ? Math.min(24, Math.floor(rest * 0.24)) : 0;
  const project = Math.min(34, Math.floor((rest - branch) * 0.48));
  return { project, branch, doing: rest - branch - project, tokens: 6, age: 7 };
}
