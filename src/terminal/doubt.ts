import { CODE_POINT, COMBINED, type Line } from "./xterm.ts";

/**
 * How many columns a terminal with another table of widths may give the first `end` cells of a line
 * more or less than the emulator does; 0 where every terminal agrees.
 */
export function doubtOf(line: Line, end: number): number {
  let doubt = 0;
  for (let x = 0; x < end; x++) {
    const content = line._data[x * 3] ?? 0;
    const joined = (content & COMBINED) !== 0;
    if (joined) doubt += line.translateToString(false, x, x + 1).replaceAll(MARKS, "").length;
    else if (!agreed(content & CODE_POINT)) doubt += 2;
  }
  return doubt;
}

/**
 * ASCII, kana, Han, composed Hangul and full width letters. What East Asian fonts draw wide without
 * being told (ambiguous: `é`, `…`, `│`), pictures, marks and what is newer than some table are not
 * among them.
 */
function agreed(codePoint: number): boolean {
  if (codePoint < 0x7f) return true;
  return AGREED.some(([from, to]) => codePoint >= from && codePoint <= to);
}

/** The marks of Latin, Greek and Cyrillic take no column anywhere. */
const MARKS = /[\u0300-\u036f]+/g;

const AGREED: readonly (readonly [from: number, to: number])[] = [
  [0x3041, 0x3096],
  [0x30a1, 0x30fa],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
  [0xff01, 0xff5e],
];
