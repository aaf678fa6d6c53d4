import { DECSC, ESC, SI, SO, MODE, cup, decset, decslrm, decstbm, ed, el, sgr } from "./ansi.ts";
import { type Region, fullRegion } from "./margins.ts";
import { Modes } from "./modes.ts";
import { Output } from "./output.ts";
import { type Bent, neutral, paneText } from "./paint.ts";
import type { CursorPosition, Screen } from "./screen.ts";
import { type LeftLine, feedLines, paneDeleted, paneScrolledOut } from "./scrollback.ts";
import type { TerminalSize } from "./terminal.ts";

/** What DECSC keeps beside the emulator's own memory, for one of the two screens. */
interface Saved {
  readonly origin: boolean;
  readonly designators: readonly string[];
  /** Lines that had left the screen by then. */
  readonly scrolled: number;
  /** Cursor and pen, written out, when the terminal's own memory of them will not do. */
  readonly at: { readonly cursor: CursorPosition; readonly sgr: string } | undefined;
}

/** Which lines the terminal keeps in its scrollback beyond those that leave the whole screen. */
export interface KeptLines {
  readonly keepsRegions?: boolean;
}

/** The state that DECSTBM, DECOM and the like leave on one of the two screens. */
interface Half {
  region: Region;
  saved: Saved | undefined;
}

const ASCII: readonly string[] = ["", "", "", ""];

/**
 * The child's screen inside the terminal: where it begins, what its modes are, and the writing of
 * positions in both counts, the child's (to the emulator) and the terminal's (`shift` rows lower).
 */
export class ChildScreen {
  readonly out = new Output();
  readonly modes = new Modes();
  readonly screen: Screen;
  size: TerminalSize;
  /** Rows of the pane, also while it does not stand. */
  paneRows: number;
  /** The pane also stands above a child on the main screen. */
  mainStands = false;
  origin = false;
  /** `ESC ( B` and the like for G0 to G3; empty while never designated. */
  designators: readonly string[] = ASCII;
  /** The OSC 8 sequence that opened the link now open, or empty. */
  link = "";
  /** Some row was made of double width or height (DECDWL, DECDHL). */
  doubleRows = false;
  /** A printable character was the last thing that the child wrote. */
  afterText = false;
  #halves: readonly [main: Half, alternate: Half];

  /** The terminal keeps lines that leave any scroll region, as tmux does. */
  readonly keepsRegions: boolean;

  constructor(screen: Screen, size: TerminalSize, paneRows: number, keeps: KeptLines) {
    this.keepsRegions = keeps.keepsRegions ?? false;
    this.screen = screen;
    this.size = size;
    this.paneRows = paneRows;
    this.#halves = [newHalf(size), newHalf(size)];
  }

  /** Whether the pane is on the screen now. */
  get standing(): boolean {
    return this.paneRows > 0 && (this.modes.alternate || this.mainStands);
  }

  /** Rows that the child's row 1 lies below the terminal's. */
  get shift(): number {
    return this.standing ? this.paneRows : 0;
  }

  get half(): Half {
    return this.#halves[this.modes.alternate ? 1 : 0];
  }

  get region(): Region {
    return this.half.region;
  }

  set region(region: Region) {
    this.half.region = region;
  }

  /** After RIS or a new size: no margins on either screen; without `keepSaved` nothing saved. */
  resetHalves(keepSaved = false): void {
    const [main, alternate] = this.#halves;
    this.#halves = [newHalf(this.size), newHalf(this.size)];
    if (!keepSaved) return;
    this.#halves[0].saved = main.saved;
    this.#halves[1].saved = alternate.saved;
  }

  /** The screen the child is on is as a terminal begins it. */
  resetHalf(): void {
    this.half.region = fullRegion(this.size);
    this.half.saved = undefined;
  }

  /** No character set was ever designated. */
  resetCharsets(): void {
    this.designators = ASCII;
  }

  saveCursor(withPlace = false): void {
    const { screen } = this;
    const at = withPlace ? { cursor: screen.cursor, sgr: screen.sgr } : undefined;
    const { origin, designators } = this;
    this.half.saved = { origin, designators, scrolled: screen.scrolled, at };
  }

  /**
   * DECRC was passed on: where nothing was saved a terminal goes home, which is the child's home.
   *
   * @returns whether lines have scrolled away since the save: terminals disagree on the row then
   */
  restoreCursor(): boolean {
    const saved = this.half.saved;
    this.origin = saved?.origin ?? false;
    this.designators = saved?.designators ?? ASCII;
    if (saved === undefined && this.standing) this.out.write(cup(1 + this.shift));
    return saved !== undefined && saved.scrolled !== this.screen.scrolled;
  }

  /** `ESC ( B` and its like, `ESC # 6` and its like; other escape sequences are ignored. */
  designate(name: string): void {
    if (name === "#3" || name === "#4" || name === "#6") this.doubleRows = true;
    const set = "(-)*.+/".indexOf(name[0] ?? " ");
    if (name.length < 2 || set < 0) return;
    const at = [0, 1, 1, 2, 2, 3, 3][set];
    const plain = at === 0 && name === "(B";
    this.designators = this.designators.map((old, g) =>
      g === at ? (plain ? "" : ESC + name) : old,
    );
  }

  /** Moves the cursor to a row and column of the child's, in the terminal and in the emulator. */
  moveTo(row: number, col: number): void {
    this.out.write(cup(row + this.shift, col));
    this.screen.queueText(cup(row, col));
  }

  /** The terminal's margins for the child's region. Leaves the cursor at the terminal's home. */
  margins(): string {
    const { top, bottom } = this.region;
    return decstbm(top + this.shift, bottom + this.shift);
  }

  /** Puts the terminal's cursor where the emulator has it, pending wrap and pen included. */
  cursor(): string {
    const at = this.screen.cursor;
    const row = at.row + this.shift;
    if (!at.pendingWrap) return cup(row, at.col) + this.screen.sgr;
    const last = this.screen.lastCharacter;
    if (last.text !== "") return cup(row, last.col) + last.sgr + last.text + this.screen.sgr;
    return cup(row, last.col) + last.sgr + " " + (last.rowBlank ? el(2) : "") + this.screen.sgr;
  }

  /**
   * Whether what the child sees can be brought back now: a pending wrap needs a character to write,
   * and what was written last must be such that it can be written over itself.
   */
  get restorable(): boolean {
    if (this.afterText && this.#lastAgain() === undefined) return false;
    return !this.screen.cursor.pendingWrap || this.screen.lastCharacter.text !== "";
  }

  /**
   * The pane, painted so that the child's cursor, pen and modes are as before.
   *
   * @param cursor what brings the cursor back, by default to where the emulator has it
   */
  paint(rows: readonly string[], cursor?: string): void {
    this.#write(paneText(rows, this.paneRows), cursor);
  }

  /** The child has written its first cell on the main screen: the pane stands there until the end. */
  standOnMain(rows: readonly string[]): void {
    this.mainStands = true;
    // What was saved before is some rows higher in the terminal.
    const at = this.half.saved?.at;
    if (at !== undefined) {
      this.out.write(cup(at.cursor.row + this.shift, at.cursor.col) + at.sgr + DECSC);
    }
    if (this.feeds) this.screen.keepLines();
    this.standAgain(rows);
  }

  /**
   * Lines that leave the child's top must be given to the terminal's scrollback: on the main screen,
   * unless the terminal keeps what leaves any region.
   */
  get feeds(): boolean {
    return this.mainStands && !this.keepsRegions && this.paneRows > 1;
  }

  /** Gives lines to the terminal's scrollback; paints the pane, which they overwrite. */
  feed(lines: readonly LeftLine[], rows: readonly string[]): void {
    const text = feedLines(lines, this.paneRows);
    this.#write(text + this.margins() + paneText(rows, this.paneRows));
  }

  /** The pane goes, the child's rows move up into its place. */
  takeDown(): void {
    if (!this.mainStands) return;
    const wraps = this.modes.isSet(MODE.DECAWM);
    const without = this.keepsRegions
      ? paneDeleted(this.paneRows)
      : paneScrolledOut(this.paneRows, this.size.rows, this.screen.rowText(1), wraps);
    this.out.write(without);
    this.mainStands = false;
    this.out.write(this.cursor());
  }

  /** Margins and pane again, after something that took them away. */
  standAgain(rows: readonly string[]): void {
    this.#write(this.margins() + paneText(rows, this.paneRows));
  }

  /** Everything: margins, pane, and the child's rows from the emulator's cells. */
  redraw(rows: readonly string[]): void {
    let cells = "";
    for (let row = 1; row <= this.size.rows; row++) {
      cells += cup(row + this.shift) + sgr() + el() + this.screen.rowText(row);
    }
    // On the main screen some terminals move what ED 2 erases into the scrollback.
    const clear = this.modes.alternate ? sgr() + ed(2) : "";
    this.#write(this.margins() + clear + paneText(rows, this.shift) + cells);
  }

  #write(content: string, cursor = this.cursor()): void {
    const last = this.afterText ? this.#lastAgain() : undefined;
    this.out.write(neutral(this.#bent(), content, cursor) + (last ?? ""));
  }

  /**
   * What comes next may belong to the character written last: a combining mark, or REP. So that
   * character is written once more, over itself, as the very last thing.
   */
  #lastAgain(): string | undefined {
    const { row, col } = this.screen.cursor;
    if (col === 1) return "";
    const { text, sgr: style, col: at } = this.screen.lastCharacter;
    const same = !this.modes.insert && style === this.screen.sgr;
    return same && text !== "" ? cup(row + this.shift, at) + text : undefined;
  }

  #bent(): Bent {
    const { modes, region } = this;
    return {
      cursorShown: this.screen.cursorShown,
      autowrap: modes.isSet(MODE.DECAWM),
      insert: modes.insert,
      columns: modes.isSet(MODE.DECLRMM)
        ? decset(MODE.DECLRMM) + decslrm(region.left, region.right)
        : "",
      charset: this.#charset(),
      link: this.link,
      inFrame: modes.inFrame,
    };
  }

  #charset(): string {
    const level = this.screen.charset;
    return level === undefined ? "" : (this.designators[0] ?? "") + (LOCKING_SHIFTS[level] ?? SI);
  }
}

const LOCKING_SHIFTS: readonly string[] = [SI, SO, `${ESC}n`, `${ESC}o`];

const newHalf = (size: TerminalSize): Half => ({ region: fullRegion(size), saved: undefined });
