import { Output } from "./output.ts";
import { type Style, sameStyle, sgrOf } from "./style.ts";
import { cuf, ech, el } from "./ansi.ts";
import type { TerminalSize } from "./terminal.ts";
import { type Cell, type Core, type Emulator, type Line, coreOf, newCell } from "./xterm.ts";

/** Where the child's cursor is, from 1. */
export interface CursorPosition {
  readonly row: number;
  readonly col: number;
  /** The last column was written and the next character will wrap: `col` is the last column. */
  readonly pendingWrap: boolean;
}

/** Beyond it the emulator is brought up to date even if nobody asks. */
const MAX_QUEUED = 1 << 16;

/**
 * What the child's screen looks like: an emulator that is given the same bytes, and asked. It is
 * fed lazily, since most of the time nobody needs the answer.
 */
export class Screen {
  readonly #terminal: Emulator;
  readonly #core: Core;
  readonly #queue = new Output();
  readonly #cell: Cell;

  constructor(emulator: Emulator) {
    this.#terminal = emulator;
    this.#core = coreOf(emulator);
    this.#cell = newCell(emulator);
  }

  /** Queues the child's bytes; `lasting` says that the buffer will not be reused. */
  queue(bytes: Uint8Array, from: number, to: number, lasting: boolean): void {
    if (lasting) this.#queue.pass(bytes, from, to);
    else this.#queue.copy(bytes, from, to);
  }

  /** Queues a sequence that stands for what the child meant. */
  queueText(text: string): void {
    this.#queue.write(text);
  }

  /** Whether so much waits that it should be read now. */
  get behind(): boolean {
    return this.#queue.length > MAX_QUEUED;
  }

  /** Reads everything queued. */
  catchUp(): void {
    if (this.#queue.length > 0) this.#core._inputHandler.parse(this.#queue.take());
  }

  resize(size: TerminalSize): void {
    this.catchUp();
    this.#terminal.resize(size.cols, size.rows);
  }

  get cursor(): CursorPosition {
    this.catchUp();
    const { x, y } = this.#core.buffer;
    const { cols } = this.#terminal;
    return { row: y + 1, col: Math.min(x + 1, cols), pendingWrap: x >= cols };
  }

  /** The pen's attributes as one SGR sequence. */
  get sgr(): string {
    this.catchUp();
    return sgrOf(this.#core._inputHandler._curAttrData);
  }

  /** Which of G0 to G3 is in use. */
  get charset(): number {
    this.catchUp();
    return this.#core._charsetService.glevel;
  }

  /** The character in the last columns of a row, with its style, and the column where it begins. */
  lastCell(row: number): { readonly col: number; readonly text: string } {
    this.catchUp();
    const line = this.#core.buffer.lines.get(this.#core.buffer.ybase + row - 1);
    let col = this.#terminal.cols;
    if (line === undefined) return { col, text: " " };
    let cell = line.loadCell(col - 1, this.#cell);
    if (cell.getWidth() === 0 && col > 1) cell = line.loadCell(--col - 1, this.#cell);
    return { col, text: sgrOf(cell) + (cell.getChars() || " ") };
  }

  /** A row's cells as text with attributes, to be written from its first column onto a blank row. */
  rowText(row: number): string {
    this.catchUp();
    const line = this.#core.buffer.lines.get(this.#core.buffer.ybase + row - 1);
    return line === undefined ? "" : lineText(line, this.#cell, this.#terminal.cols);
  }
}

/** Cells that were never written are skipped, not written as spaces: a selection knows the difference. */
function lineText(line: Line, cell: Cell, cols: number): string {
  let text = "";
  let blanks = 0;
  let style: Style = { fg: 0, bg: 0, extended: { _ext: 0, urlId: 0 } };
  for (let x = 0; x < cols; x++) {
    line.loadCell(x, cell);
    const chars = cell.getChars();
    if (cell.getWidth() === 0) continue;
    const changed = !sameStyle(cell, style);
    if (blanks > 0 && (changed || chars !== "")) {
      text += blank(blanks, style);
      blanks = 0;
    }
    if (changed) {
      text += sgrOf(cell);
      style = { fg: cell.fg, bg: cell.bg, extended: { ...pick(cell) } };
    }
    if (chars === "") blanks++;
    else text += chars;
  }
  return blanks > 0 && style.bg !== 0 ? text + el() : text;
}

const pick = (cell: Style): Style["extended"] => ({
  _ext: cell.extended._ext,
  urlId: cell.extended.urlId,
});

const blank = (n: number, style: Style): string => (style.bg === 0 ? "" : ech(n)) + cuf(n);
