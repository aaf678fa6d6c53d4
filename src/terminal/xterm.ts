import type { Terminal } from "@xterm/headless";

import type { Style } from "./style.ts";

/** A headless xterm.js of the child's size. */
export type Emulator = Terminal;

export interface Cell extends Style {
  getWidth(): number;
  getChars(): string;
}

export interface Line {
  readonly isWrapped: boolean;
  /** Three numbers a cell: content (code point, `COMBINED`, width), foreground, background. */
  readonly _data: Uint32Array;
  loadCell(index: number, cell: Cell): Cell;
  getTrimmedLength(): number;
  translateToString(trimRight: boolean, from: number, to: number): string;
}

export interface Buffer {
  readonly x: number;
  readonly y: number;
  readonly ybase: number;
  readonly scrollTop: number;
  readonly lines: { get(index: number): Line | undefined };
}

/** In a cell's content: its code point; its text does not fit and is kept elsewhere. */
export const CODE_POINT = 0x1f_ffff;
export const COMBINED = 0x20_0000;

/** What the next character is written with. */
export interface Pen extends Style {
  extended: Extended;
  updateExtended(): void;
}

interface Extended {
  readonly _ext: number;
  urlId: number;
  clone(): Extended;
}

/** The parts of xterm.js that its public interface does not show; its version is pinned exactly. */
export interface Core {
  readonly buffer: Buffer;
  readonly _inputHandler: {
    /** Reads at once; the public `write` would wait for a timer. */
    parse(data: Uint8Array): unknown;
    /** Puts code points at the cursor. */
    print: (codes: Uint32Array, from: number, to: number) => void;
    tab: () => boolean;
    readonly _curAttrData: Pen;
  };
  readonly _bufferService: {
    /** Scrolls the region by a line; from a region that begins in row 1 the line is kept. */
    scroll: (erased: unknown, isWrapped?: boolean) => void;
    readonly buffers: { readonly normal: Buffer };
  };
  readonly unicodeService: { wcwidth(codePoint: number): number };
  readonly coreService: { readonly isCursorHidden: boolean };
  readonly _charsetService: {
    readonly glevel: number;
    /** What ASCII is translated by; `undefined` while it is itself. */
    readonly charset: object | undefined;
  };
}

/** Reaches into the emulator. Throws when it is not the xterm.js this was written for. */
export function coreOf(emulator: Emulator): Core {
  if (!hasCore(emulator)) throw new Error("this version of @xterm/headless is not known");
  return emulator._core;
}

/** A cell to load others into. */
export function newCell(emulator: Emulator): Cell {
  const cell: object = emulator.buffer.active.getNullCell();
  if (!isCell(cell)) throw new Error("this version of @xterm/headless is not known");
  return cell;
}

function hasCore(emulator: object): emulator is { readonly _core: Core } {
  if (!("_core" in emulator)) return false;
  const core = emulator._core;
  return (
    typeof core === "object" &&
    core !== null &&
    "buffer" in core &&
    "_inputHandler" in core &&
    "_bufferService" in core &&
    "coreService" in core &&
    "unicodeService" in core &&
    "_charsetService" in core
  );
}

const isCell = (cell: object): cell is Cell => "fg" in cell && "bg" in cell && "extended" in cell;
