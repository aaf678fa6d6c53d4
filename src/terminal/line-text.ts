import { OSC8_END, cuf, ech, el } from "./ansi.ts";
import { type Style, linkOf, sameStyle, sgrOf } from "./style.ts";
import { CODE_POINT, COMBINED, type Cell, type Line } from "./xterm.ts";

/** The OSC 8 sequence of a link by xterm.js's number for it. */
export type LinkText = (id: number) => string | undefined;

const PLAIN: Style = { fg: 0, bg: 0, extended: { _ext: 0, urlId: 0 } };

/**
 * A line's first `cols` cells as text with attributes and links, to be written onto a blank row.
 * Cells that were never written are skipped, not written as spaces: a selection knows the difference.
 */
export function lineText(line: Line, cell: Cell, cols: number, linkText: LinkText): string {
  return isPlain(line, cols)
    ? line.translateToString(true, 0, cols)
    : styledText(line, cell, cols, linkText);
}

/** Whether the line is text without attributes or gaps, as most that scroll by are. */
function isPlain(line: Line, cols: number): boolean {
  const data = line._data;
  const end = Math.min(line.getTrimmedLength(), cols) * 3;
  for (let at = 0; at < end; at += 3) {
    if (data[at + 1] !== 0 || data[at + 2] !== 0) return false;
    const content = data[at] ?? 0;
    // A code point of 0 is a gap, or the second half of a wide character.
    if ((content & (CODE_POINT | COMBINED)) === 0) return false;
  }
  for (let at = end; at < cols * 3; at += 3) if (data[at + 2] !== 0) return false;
  return true;
}

function styledText(line: Line, cell: Cell, cols: number, linkText: LinkText): string {
  let text = "";
  let gap = 0;
  let style = PLAIN;
  for (let x = 0; x < cols; x++) {
    line.loadCell(x, cell);
    if (cell.getWidth() === 0) continue;
    const chars = cell.getChars();
    const changed = !sameStyle(cell, style);
    if (gap > 0 && (changed || chars !== "")) {
      text += skipped(gap, style);
      gap = 0;
    }
    if (changed) {
      text += change(style, cell, linkText);
      style = snapshot(cell);
    }
    if (chars === "") gap++;
    else text += chars;
  }
  if (gap > 0 && style.bg !== 0) text += el();
  return linkOf(style) === 0 ? text : text + OSC8_END;
}

function change(from: Style, to: Style, linkText: LinkText): string {
  const link = linkOf(to);
  return link === linkOf(from) ? sgrOf(to) : sgrOf(to) + (linkText(link) ?? OSC8_END);
}

const snapshot = ({ fg, bg, extended }: Style): Style => ({
  fg,
  bg,
  extended: { _ext: extended._ext, urlId: extended.urlId },
});

/** Over cells without content: with a background they are erased to it, else passed over. */
const skipped = (n: number, style: Style): string => (style.bg === 0 ? "" : ech(n)) + cuf(n);
