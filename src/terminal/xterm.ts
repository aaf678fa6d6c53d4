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
  loadCell(index: number, cell: Cell): Cell;
}

export interface Buffer {
  readonly x: number;
  readonly y: number;
  readonly ybase: number;
  readonly lines: { get(index: number): Line | undefined };
}

/** The parts of xterm.js that its public interface does not show; its version is pinned exactly. */
export interface Core {
  readonly buffer: Buffer;
  readonly _inputHandler: {
    /** Reads at once; the public `write` would wait for a timer. */
    parse(data: Uint8Array): unknown;
    readonly _curAttrData: Style;
  };
  readonly _charsetService: { readonly glevel: number };
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
    "_charsetService" in core
  );
}

const isCell = (cell: object): cell is Cell => "fg" in cell && "bg" in cell && "extended" in cell;
