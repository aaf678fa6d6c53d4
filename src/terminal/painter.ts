import { DECRC } from "./ansi.ts";
import type { ChildScreen } from "./child-screen.ts";

/** Lines that may wait for a good moment to enter the scrollback; then any moment must do. */
const MAX_WAITING = 500;
const CR = 0x0d;
const TAB = 0x09;

/** Decides when the pane is painted and when lines enter the scrollback. */
export class Painter {
  readonly #child: ChildScreen;
  #rows: readonly string[] = [];
  /** The rows that stand on the screen; `undefined` when something took them away. */
  #painted: readonly string[] | undefined;
  /** Since the cursor was last placed, only what has the same width everywhere was written. */
  #sure = true;
  /** The same of the cursor's column, which a carriage return makes certain. */
  #columnSure = true;
  /** The emulator cannot know where the cursor is until it is placed again. */
  #lost = false;

  constructor(child: ChildScreen) {
    this.#child = child;
  }

  setRows(rows: readonly string[]): void {
    this.#rows = rows;
  }

  /** The child has placed the cursor absolutely. */
  placed(): void {
    this.#sure = true;
    this.#columnSure = true;
    this.#lost = false;
  }

  /** The child has named the cursor's column alone. */
  columnPlaced(): void {
    this.#columnSure = true;
  }

  /** The child has written text, some of which terminals may give other widths (`doubtful`). */
  wrote(bytes: Uint8Array, from: number, to: number, doubtful: boolean): void {
    if (!doubtful && this.#columnSure) return;
    if (doubtful) this.#sure = false;
    const start = bytes.subarray(from, to).lastIndexOf(CR) + 1;
    const since = start > 0 || this.#columnSure;
    this.#columnSure = since && !(doubtful && bytes.subarray(from + start, to).some(isDoubtful));
  }

  /** What may tell where the terminal's cursor is will be erased. */
  erasing(): void {
    if (!this.certain) this.#lost = true;
  }

  /** The child has moved the cursor in a way that the emulator does not follow. */
  lost(): void {
    this.#lost = true;
  }

  /**
   * To be called between two pieces of the child's output: paints a changed pane and feeds the
   * scrollback, unless the child is within a frame or the place of its cursor is not certain.
   */
  due(): void {
    const child = this.#child;
    if (!child.standing) return;
    const { waiting } = child.screen;
    const changed = this.#painted === undefined || !equal(this.#rows, this.#painted);
    if (!changed && !child.feeds) return;
    if (waiting < MAX_WAITING) {
      if (child.modes.inFrame || !this.certain || !child.restorable) return;
    }
    if (!this.feed() && changed) {
      child.paint(this.#rows);
      this.#painted = this.#rows;
    }
  }

  /** Whether the terminal's cursor is surely where the emulator has it. */
  get certain(): boolean {
    if (this.#lost || !this.#columnSure) return false;
    this.#sure ||= this.#child.screen.rowCertain;
    return this.#sure;
  }

  /** The pane may have been erased: it is painted anew, at once if that can be done. */
  perhapsGone(): void {
    this.#painted = undefined;
    if (!this.#child.standing || !this.certain) return;
    this.#child.paint(this.#rows);
    this.#painted = this.#rows;
  }

  /** The pane was erased; the child's cursor is in the terminal's memory (DECSC). */
  paintAround(): void {
    // Not every terminal keeps the style of an underline with the cursor.
    this.#child.paint(this.#rows, DECRC + this.#child.screen.sgr);
    this.#painted = this.#rows;
  }

  /** Gives the scrollback what has left the child's screen, whatever the moment. */
  feed(): boolean {
    const child = this.#child;
    if (!child.feeds) return false;
    const lines = child.screen.takeLeft();
    if (lines.length === 0) return false;
    child.feed(lines, this.#rows);
    this.#painted = this.#rows;
    return true;
  }

  /** Something took margins or pane away: both again, at once. */
  again(): void {
    if (!this.#child.standing) return;
    this.#child.standAgain(this.#rows);
    this.#painted = this.#rows;
  }

  /** The child's first cell on the main screen comes. */
  standOnMain(): void {
    this.#child.standOnMain(this.#rows);
    this.#painted = this.#rows;
  }

  /** The terminal has a new size: everything again. */
  redraw(): void {
    if (!this.#child.standing) return;
    this.#child.redraw(this.#rows);
    this.#painted = this.#rows;
  }
}

/** Bytes beyond ASCII, and the tab, which terminals handle differently while a wrap is pending. */
const isDoubtful = (byte: number): boolean => byte >= 0x80 || byte === TAB;

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((row, at) => row === b[at]));
}
