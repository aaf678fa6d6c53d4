import { ESC } from "../../terminal/ansi.ts";
import { sanitize, textWidth, truncate } from "../../terminal/text.ts";
import type { Style, Theme } from "../theme.ts";

/** What a click on a cell means: a key, a session of the list, a level of the preview. */
export type Target =
  | { readonly kind: "key"; readonly name: string }
  | { readonly kind: "session"; readonly id: string }
  | { readonly kind: "level"; readonly index: number };

/** Cells that can be clicked: columns from 0, `to` not included. */
export interface Spot {
  readonly from: number;
  readonly to: number;
  readonly target: Target;
}

/** One styled row or a piece of it, with its width in cells. */
export interface Line {
  readonly text: string;
  readonly width: number;
  readonly spots: readonly Spot[];
  /** Where in `text` a spinner stands: all that changes from one of its steps to the next. */
  readonly turns?: readonly number[];
}

export const empty: Line = { text: "", width: 0, spots: [] };

/** A text in a style, cleaned and cut to `columns`. */
export function ink(text: string, style: Style, theme: Theme, columns = Infinity): Line {
  const clean = drawable(text, theme);
  const kept = truncate(clean, Math.max(0, columns), theme.glyphs.ellipsis);
  if (kept === "") return empty;
  return { text: theme.paint[style](kept), width: textWidth(kept), spots: [] };
}

/** A text of our own, spaces and all, in a style. */
export function raw(text: string, style: Style, theme: Theme): Line {
  return text === ""
    ? empty
    : { text: theme.paint[style](text), width: textWidth(text), spots: [] };
}

/** A row that `row()` drew. */
export function drawn(row: string): Line {
  return { text: row, width: textWidth(row.replaceAll(SGR, "")), spots: [] };
}

export function blank(columns: number): Line {
  const width = Math.max(0, columns);
  return { text: " ".repeat(width), width, spots: [] };
}

/** Pieces one after the other. */
export function joined(...pieces: readonly Line[]): Line {
  let text = "";
  let width = 0;
  const spots: Spot[] = [];
  const turns: number[] = [];
  for (const piece of pieces) {
    for (const { from, to, target } of piece.spots) {
      spots.push({ from: from + width, to: to + width, target });
    }
    for (const at of piece.turns ?? []) turns.push(at + text.length);
    text += piece.text;
    width += piece.width;
  }
  return turns.length === 0 ? { text, width, spots } : { text, width, spots, turns };
}

/** A line that begins with a spinner, or the same line where it does not. */
export function turning(line: Line, spinner: readonly string[]): Line {
  const at = line.text.length - line.text.replace(SGR_FIRST, "").length;
  return spinner.includes(line.text[at] ?? "") ? { ...line, turns: [at] } : line;
}

/** The line with its spinners at another step. */
export function turned(line: Line, glyph: string): Line {
  if (line.turns === undefined) return line;
  const step = (row: string, at: number): string =>
    row.slice(0, at) + glyph + row.slice(at + glyph.length);
  return { ...line, text: line.turns.reduce(step, line.text) };
}

/** At least `columns` wide: spaces at the end, or before it. */
export function padded(line: Line, columns: number, side: "end" | "start" = "end"): Line {
  if (line.width >= columns) return line;
  const space = blank(columns - line.width);
  return side === "end" ? joined(line, space) : joined(space, line);
}

/** The whole line is one target. */
export function clickable(line: Line, target: Target, columns = line.width): Line {
  return { ...line, spots: [{ from: 0, to: columns, target }] };
}

/** Without UTF-8 what is not ASCII becomes a question mark, as in all rows. */
export function drawable(text: string, theme: Theme): string {
  if (CLEAN.test(text)) return text;
  const clean = sanitize(text);
  return theme.unicode ? clean : clean.replaceAll(/[^\x20-\x7e]+/gu, "?");
}

/** What most texts are: words of ASCII with single spaces between. */
const CLEAN = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/;
const SGR = new RegExp(`${ESC}\\[[0-9;]*m`, "g");
const SGR_FIRST = new RegExp(`^(?:${ESC}\\[[0-9;]*m)+`);
