import { Terminal } from "@xterm/headless";

import type { TerminalSize } from "./terminal.ts";
import { widthOf } from "./text.ts";
import type { Emulator } from "./xterm.ts";

/** Columns that a code point takes. */
export type WidthOf = (codePoint: number) => 0 | 1 | 2;

/**
 * Opens an emulator that counts widths as `width` does; xterm.js itself brings the Unicode table of
 * 2010. Import this file lazily: it is the one that loads xterm.js.
 *
 * @param linesBack how many lines come back when the terminal grows: in kitty none does
 */
export function openEmulator(
  size: TerminalSize,
  width: WidthOf = widthOf,
  linesBack = LINES_BACK,
): Emulator {
  const terminal = new Terminal({
    rows: size.rows,
    cols: size.cols,
    scrollback: linesBack,
    allowProposedApi: true,
    logLevel: "off",
  });
  useWidths(terminal, width);
  return terminal;
}

const LINES_BACK = 1000;

/** Makes `terminal` take characters for as wide as `width` says. */
export function useWidths(terminal: Terminal, width: WidthOf = widthOf): void {
  const wcwidth = remembered(width);
  terminal.unicode.register({
    version: "current",
    wcwidth,
    charProperties: (codePoint, preceding) =>
      codePoint >= 0x20 && codePoint < 0x7f ? ASCII : properties(wcwidth(codePoint), preceding),
  });
  terminal.unicode.activeVersion = "current";
}

/** Widths already asked for, of the planes that text is made of; one table serves every emulator. */
const KNOWN = new WeakMap<WidthOf, Uint8Array>();
const UNKNOWN = 3;

function remembered(ask: WidthOf): WidthOf {
  const known = KNOWN.get(ask) ?? new Uint8Array(0x20000).fill(UNKNOWN);
  KNOWN.set(ask, known);
  return (codePoint) => {
    const width = known[codePoint];
    if (width === 0 || width === 1 || width === 2) return width;
    const asked = ask(codePoint);
    known[codePoint] = asked;
    return asked;
  };
}

/** One column, joined to nothing. */
const ASCII = 2;

/**
 * Packed as xterm.js does: bit 0 joins the preceding cell, bits 1 and 2 are the width. What has no
 * width joins that cell also where a sequence came between, as in terminals.
 */
function properties(width: 0 | 1 | 2, preceding: number): number {
  const joins = width === 0;
  return ((joins ? (preceding >> 1) & 3 : width) << 1) | (joins ? 1 : 0);
}
