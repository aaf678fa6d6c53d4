import { doubtOf } from "./doubt.ts";
import { lineText } from "./line-text.ts";
import { Output } from "./output.ts";
import type { LeftLine } from "./scrollback.ts";
import { sgrOf, sgrOfPen } from "./style.ts";
import type { TerminalSize } from "./terminal.ts";
import {
  type Buffer,
  type Cell,
  type Core,
  type Emulator,
  type Line,
  coreOf,
  newCell,
} from "./xterm.ts";

/** Where the child's cursor is, from 1. */
export interface CursorPosition {
  readonly row: number;
  readonly col: number;
  /** The last column was written and the next character will wrap: `col` is the last column. */
  readonly pendingWrap: boolean;
}

/** A character on the screen. */
export interface LastCharacter {
  /** The column where it begins. */
  readonly col: number;
  readonly sgr: string;
  /** Empty where nothing was written. */
  readonly text: string;
  readonly rowBlank: boolean;
}

/** Beyond it the emulator is brought up to date even if nobody asks. */
const MAX_QUEUED = 1 << 16;
/** Different links that are remembered; text of further ones loses its link in the scrollback. */
const MAX_LINKS = 1024;

/**
 * What the child's screen looks like: an emulator that is given the same bytes, and asked. It is
 * fed lazily, since most of the time nobody needs the answer.
 */
export class Screen {
  readonly #terminal: Emulator;
  readonly #core: Core;
  readonly #queue = new Output();
  readonly #cell: Cell;
  #left: LeftLine[] = [];
  /** OSC 8 sequences by number, from 1: the emulator's own list would grow with each use. */
  readonly #links: string[] = [];
  /** A row in which terminals differ and its cells do not tell: marks dropped, a tab at its end. */
  #quarrel: Line | undefined;
  #keeps = false;
  #scrolled = 0;

  constructor(emulator: Emulator) {
    this.#terminal = emulator;
    this.#core = coreOf(emulator);
    this.#cell = newCell(emulator);
    this.#correct();
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

  /**
   * Whether a terminal with another table of widths has its cursor in the same row, as far as the
   * screen tells: no row above has so much that is doubtful that it may have wrapped elsewhere.
   */
  get rowCertain(): boolean {
    const { row } = this.cursor;
    const { lines, ybase } = this.#core.buffer;
    const { cols } = this.#terminal;
    for (let at = 1; at <= row; at++) {
      const line = lines.get(ybase + at - 1);
      if (line === undefined) continue;
      if (line === this.#quarrel) return false;
      const end = Math.min(line.getTrimmedLength(), cols);
      const doubt = doubtOf(line, end);
      if (doubt > 0 && end + doubt > cols) return false;
    }
    return true;
  }

  /** The pen's attributes as one SGR sequence. */
  get sgr(): string {
    this.catchUp();
    return sgrOfPen(this.#core._inputHandler._curAttrData);
  }

  get cursorShown(): boolean {
    this.catchUp();
    return !this.#core.coreService.isCursorHidden;
  }

  /** Which of G0 to G3 is in use, or `undefined` while text is what it says. */
  get charset(): number | undefined {
    this.catchUp();
    const { charset, glevel } = this.#core._charsetService;
    return charset === undefined ? undefined : glevel;
  }

  /** The character left of the cursor, or under it while a wrap is pending. */
  get lastCharacter(): LastCharacter {
    const { row, col, pendingWrap } = this.cursor;
    const line = this.#core.buffer.lines.get(this.#core.buffer.ybase + row - 1);
    let at = pendingWrap ? col - 1 : Math.max(0, col - 2);
    if (line === undefined) return { col: at + 1, sgr: "", text: "", rowBlank: true };
    let cell = line.loadCell(at, this.#cell);
    if (cell.getWidth() === 0 && at > 0) cell = line.loadCell(--at, this.#cell);
    const rowBlank = line.getTrimmedLength() === 0;
    return { col: at + 1, sgr: sgrOf(cell), text: cell.getChars(), rowBlank };
  }

  /** A row's cells as text with attributes, to be written from its first column onto a blank row. */
  rowText(row: number): string {
    this.catchUp();
    const line = this.#core.buffer.lines.get(this.#core.buffer.ybase + row - 1);
    return line === undefined ? "" : this.#textOf(line);
  }

  /** How many rows there are from the first to the last that holds something. */
  get usedRows(): number {
    this.catchUp();
    const { lines, ybase } = this.#core.buffer;
    let row = this.#terminal.rows;
    while (row > 0 && (lines.get(ybase + row - 1)?.getTrimmedLength() ?? 0) === 0) row--;
    return row;
  }

  /** The link that text belongs to from now on: an OSC 8 sequence, or empty. */
  setLink(link: string): void {
    this.catchUp();
    const pen = this.#core._inputHandler._curAttrData;
    pen.extended = pen.extended.clone();
    pen.extended.urlId = this.#linkId(link);
    pen.updateExtended();
  }

  /** From now on lines that leave the main screen at the top are kept for `takeLeft`. */
  keepLines(): void {
    if (this.#keeps) return;
    this.#keeps = true;
    this.catchUp();
    const service = this.#core._bufferService;
    const scroll = service.scroll.bind(service);
    service.scroll = (erased, isWrapped) => {
      const { buffer } = this.#core;
      if (buffer.scrollTop === 0 && buffer === service.buffers.normal) this.#keep(buffer);
      scroll(erased, isWrapped);
    };
  }

  /** How many lines have left since `keepLines`, in all. */
  get scrolled(): number {
    if (this.#keeps) this.catchUp();
    return this.#scrolled;
  }

  /** How many lines have left, as far as the emulator has read. */
  get waiting(): number {
    return this.#left.length;
  }

  /** The lines that have left since the last call, oldest first. */
  takeLeft(): readonly LeftLine[] {
    this.catchUp();
    if (this.#left.length === 0) return this.#left;
    const left = this.#left;
    this.#left = [];
    return left;
  }

  /** Where terminals agree with each other and not with xterm.js, or do not agree. */
  #correct(): void {
    const { _inputHandler: handler, unicodeService } = this.#core;
    const print = handler.print.bind(handler);
    const tab = handler.tab.bind(handler);
    // What joins the character before it takes no column, not even the first.
    handler.print = (codes, from, to) => {
      const { x } = this.#core.buffer;
      let first = from;
      while (x === 0 && first < to && unicodeService.wcwidth(codes[first] ?? 0) === 0) first++;
      if (first > from) this.#doubtRow();
      if (first < to) print(codes, first, to);
    };
    handler.tab = () => {
      // A wrap may be pending still, or not.
      if (this.#core.buffer.x >= this.#terminal.cols) this.#doubtRow();
      return tab();
    };
  }

  #doubtRow(): void {
    const { lines, y, ybase } = this.#core.buffer;
    this.#quarrel = lines.get(ybase + y);
  }

  #keep(buffer: Buffer): void {
    const line = buffer.lines.get(buffer.ybase);
    if (line === undefined) return;
    this.#scrolled++;
    const full = line.getTrimmedLength() >= this.#terminal.cols;
    this.#left.push({ text: this.#textOf(line), continues: line.isWrapped, full });
  }

  #textOf(line: Line): string {
    return lineText(line, this.#cell, this.#terminal.cols, (id) => this.#links[id - 1]);
  }

  #linkId(link: string): number {
    if (link === "") return 0;
    const known = this.#links.indexOf(link);
    if (known >= 0) return known + 1;
    return this.#links.length < MAX_LINKS ? this.#links.push(link) : 0;
  }
}
