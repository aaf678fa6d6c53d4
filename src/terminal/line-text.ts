import { OSC8_END, cuf, ech, el, sgr } from "./ansi.ts";
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
  return plainText(line, cols) ?? styledText(line, cell, cols, linkText);
}

const units = new Uint16Array(4096);
const utf16 = new TextDecoder("utf-16le");

/** A line without attributes, gaps or rare characters, as most that scroll by are. */
function plainText(line: Line, cols: number): string | undefined {
  const data = line._data;
  const end = Math.min(cols, units.length);
  let length = 0;
  let gap = false;
  for (let x = 0, at = 0; x < end; x++, at += 3) {
    if (data[at + 1] !== 0 || data[at + 2] !== 0) return undefined;
    const content = data[at] ?? 0;
    const codePoint = content & CODE_POINT;
    if ((content & COMBINED) !== 0 || codePoint > 0xffff) return undefined;
    // Without a code point it is a cell never written, or the second half of a wide character.
    if (codePoint === 0) gap ||= content !== 0;
    else if (gap) return undefined;
    else units[length++] = codePoint;
  }
  return utf16.decode(units.subarray(0, length));
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
  return text + sgr() + (linkOf(style) === 0 ? "" : OSC8_END);
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
