import { Terminal } from "@xterm/headless";

import { useWidths } from "../../src/terminal/emulator.ts";
import type { TerminalSize } from "../../src/terminal/terminal.ts";

/** A line as xterm.js stores it: three numbers a cell, and what does not fit into them. */
export interface Line {
  readonly _data: Uint32Array;
  readonly _combined: Readonly<Record<number, string>>;
  readonly _extendedAttrs: Readonly<Record<number, { readonly ext: number } | undefined>>;
  readonly isWrapped: boolean;
  translateToString(trimRight: boolean, from: number, to: number): string;
}

/** The parts of xterm.js that are compared. */
interface Inside {
  readonly buffer: {
    readonly x: number;
    readonly y: number;
    readonly ybase: number;
    readonly lines: { get(at: number): Line };
  };
  readonly coreService: {
    readonly decPrivateModes: object;
    readonly modes: object;
    readonly isCursorHidden: boolean;
  };
  readonly coreMouseService: { readonly activeProtocol: string; readonly activeEncoding: string };
  readonly _inputHandler: {
    parse(bytes: Uint8Array): void;
    readonly _windowTitle: string;
    readonly _curAttrData: { readonly fg: number; readonly bg: number };
  };
}

/** A terminal to look into: what a child, or the wrapper, writes to. */
export class Judge {
  readonly #terminal: Terminal;
  readonly #inside: Inside;

  constructor(size: TerminalSize) {
    this.#terminal = new Terminal({
      rows: size.rows,
      cols: size.cols,
      scrollback: 5000,
      allowProposedApi: true,
      logLevel: "off",
    });
    useWidths(this.#terminal);
    this.#inside = (this.#terminal as unknown as { _core: Inside })._core;
  }

  write(bytes: Uint8Array | string): void {
    this.#inside._inputHandler.parse(
      typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes,
    );
  }

  resize(size: TerminalSize): void {
    this.#terminal.resize(size.cols, size.rows);
  }

  /** A line of the screen, from row 1. */
  line(row: number): Line {
    return this.#inside.buffer.lines.get(this.#inside.buffer.ybase + row - 1);
  }

  text(row: number): string {
    return this.line(row).translateToString(true, 0, this.#terminal.cols).trimEnd();
  }

  get screen(): string[] {
    return Array.from({ length: this.#terminal.rows }, (_, at) => this.text(at + 1));
  }

  /** The lines above the screen, oldest first. */
  get scrollback(): Line[] {
    const { lines, ybase } = this.#inside.buffer;
    return Array.from({ length: ybase }, (_, at) => lines.get(at));
  }

  /** Row and column from 1; column `cols + 1` is a pending wrap. */
  get cursor(): readonly [row: number, col: number] {
    return [this.#inside.buffer.y + 1, this.#inside.buffer.x + 1];
  }

  get title(): string {
    return this.#inside._inputHandler._windowTitle;
  }

  /** Modes, mouse and pen. */
  get state(): string {
    const { coreService, coreMouseService, _inputHandler } = this.#inside;
    const { fg, bg } = _inputHandler._curAttrData;
    return JSON.stringify({
      ...coreService.decPrivateModes,
      // The terminal never learns of DECOM: positions reach it already counted.
      origin: undefined,
      ...coreService.modes,
      hidden: coreService.isCursorHidden,
      mouse: coreMouseService.activeProtocol,
      encoding: coreMouseService.activeEncoding,
      pen: [paint(fg), paint(bg) & ~EXTENDED],
    });
  }
}

/**
 * Where the first `cols` cells of two lines differ (characters and attributes), as text, or
 * `undefined` when they are equal. After a resize xterm.js keeps cells beyond the last column.
 */
export function lineDifference(expected: Line, actual: Line, cols: number): string | undefined {
  const cell = firstDifference(expected, actual, cols);
  if (cell === -1) return undefined;
  const [wanted, got] = [expected, actual].map((line) => line.translateToString(true, 0, cols));
  return wanted === got
    ? `attributes differ in ${JSON.stringify(wanted)} at ${cell}`
    : `${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`;
}

const COMBINED = 0x20_0000;
const EXTENDED = 0x1000_0000;

function firstDifference(a: Line, b: Line, cols: number): number {
  for (let at = 0; at < cols * 3; at += 3) {
    const content = a._data[at] ?? 0;
    const bg = a._data[at + 2] ?? 0;
    const cell = at / 3;
    if (content !== b._data[at]) return cell;
    // Of an empty cell only the background can be seen.
    if ((content & (COMBINED | 0x1f_ffff)) === 0) {
      if (paint(bg & 0x3ff_ffff) !== paint((b._data[at + 2] ?? 0) & 0x3ff_ffff)) return cell;
      continue;
    }
    if (paint(a._data[at + 1]) !== paint(b._data[at + 1])) return cell;
    if (paint(bg) !== paint(b._data[at + 2])) return cell;
    if ((content & COMBINED) !== 0 && a._combined[cell] !== b._combined[cell]) return cell;
    if ((bg & EXTENDED) !== 0 && extended(a, cell) !== extended(b, cell)) return cell;
  }
  return -1;
}

/** A packed colour without what xterm.js leaves behind of an older one that was wider. */
function paint(packed = 0): number {
  const mode = packed & 0x300_0000;
  return mode === 0x100_0000 || mode === 0x200_0000 ? packed & ~0xff_ff00 : packed;
}

/** Underline style and colour, without the link's number, which counts up. */
const extended = (line: Line, cell: number): number =>
  (line._extendedAttrs[cell]?.ext ?? 0) & 0x1fff_ffff;
