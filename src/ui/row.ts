import { sanitize, textWidth, truncate } from "../terminal/text.ts";
import type { Style, Theme } from "./theme.ts";

/** One thing that a row says. Its texts need not be clean: a row sanitizes what it draws. */
export interface Part {
  readonly text: string;
  readonly style?: Style;
  /** Drawn before the text, with a space between, in a style of its own; never truncated. */
  readonly icon?: string;
  readonly iconStyle?: Style;
  /** The lowest goes first when there is no room; of equals the later one. */
  readonly priority: number;
  readonly side: "left" | "right";
  /** Cells of text below which it says nothing any more. Without it a part is never truncated while others can go. */
  readonly minWidth?: number;
}

/**
 * Lays parts out on one row: those of the left from the left, those of the right at the right end,
 * separators between. When they do not fit, the least important are dropped until the rest fits at
 * its smallest; then the least important that can are truncated. Never wider than `columns`.
 */
export function row(parts: readonly Part[], columns: number, theme: Theme): string {
  const all = parts.map((part) => measured(part, theme)).filter(({ text, icon }) => text + icon);
  let kept: readonly Measured[] = all;
  while (kept.length > 1 && smallest(kept) > columns) kept = withoutLeast(kept);
  const drawn = shrunk(kept, columns, theme);
  const left = drawn.filter(({ side }) => side === "left");
  const right = drawn.filter(({ side }) => side === "right");
  if (right.length === 0) return joined(left, theme);
  const space = Math.max(0, columns - total(left) - total(right));
  return joined(left, theme) + " ".repeat(space) + joined(right, theme);
}

interface Measured {
  readonly text: string;
  readonly icon: string;
  readonly style: Style;
  readonly iconStyle: Style;
  readonly priority: number;
  readonly side: Part["side"];
  /** Cells of the icon and its space. */
  readonly lead: number;
  readonly width: number;
  readonly minWidth: number;
}

/** Spaces between the two sides, at least; separators take three cells. */
const GAP = 2;
const SEPARATOR = 3;

function measured(part: Part, theme: Theme): Measured {
  const text = drawable(part.text, theme);
  const icon = drawable(part.icon ?? "", theme);
  const style = part.style ?? "plain";
  const width = textWidth(text);
  return {
    text,
    icon,
    style,
    iconStyle: part.iconStyle ?? style,
    priority: part.priority,
    side: part.side,
    lead: icon === "" ? 0 : textWidth(icon) + (text === "" ? 0 : 1),
    width,
    minWidth: Math.min(width, part.minWidth ?? width),
  };
}

function drawable(text: string, theme: Theme): string {
  const clean = sanitize(text);
  return theme.unicode ? clean : clean.replaceAll(/[^\x20-\x7e]+/gu, "?");
}

function total(parts: readonly Measured[]): number {
  const cells = parts.reduce((sum, { lead, width }) => sum + lead + width, 0);
  if (parts.length === 0) return 0;
  const onLeft = parts.filter(({ side }) => side === "left").length;
  const sides = onLeft > 0 && onLeft < parts.length ? 2 : 1;
  return cells + Math.max(0, parts.length - sides) * SEPARATOR + (sides - 1) * GAP;
}

function smallest(parts: readonly Measured[]): number {
  return total(parts.map((part) => ({ ...part, width: part.minWidth })));
}

function withoutLeast(parts: readonly Measured[]): readonly Measured[] {
  const least = Math.min(...parts.map(({ priority }) => priority));
  const at = parts.findLastIndex(({ priority }) => priority === least);
  return parts.toSpliced(at, 1);
}

function shrunk(parts: readonly Measured[], columns: number, theme: Theme): readonly Measured[] {
  const drawn = [...parts];
  const alone = parts.length === 1;
  for (const part of parts.toSorted((a, b) => a.priority - b.priority)) {
    const over = total(drawn) - columns;
    if (over <= 0) break;
    const lead = alone && part.lead >= columns ? 0 : part.lead;
    const room = alone ? columns - lead : Math.max(part.minWidth, part.width - over);
    const text = truncate(part.text, room, theme.glyphs.ellipsis);
    const icon = lead === 0 ? "" : part.icon;
    drawn[drawn.indexOf(part)] = { ...part, text, icon, lead, width: textWidth(text) };
  }
  return drawn;
}

function joined(parts: readonly Measured[], theme: Theme): string {
  const { paint, glyphs } = theme;
  return parts
    .map(({ text, icon, style, iconStyle }) => {
      const space = text !== "" && icon !== "" ? " " : "";
      return (icon && paint[iconStyle](icon)) + space + (text && paint[style](text));
    })
    .join(` ${paint.quiet(glyphs.separator)} `);
}
