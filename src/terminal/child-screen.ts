import { ESC, SI, SO, cup, decset, decslrm, decstbm, ed, el, sgr, MODE } from "./ansi.ts";
import { type Region, fullRegion } from "./margins.ts";
import { Modes } from "./modes.ts";
import { Output } from "./output.ts";
import { type Bent, neutral, paneText } from "./paint.ts";
import type { CursorPosition, Screen } from "./screen.ts";
import type { TerminalSize } from "./terminal.ts";

/** What DECSC keeps beside the emulator's own memory, for one of the two screens. */
interface Saved {
  readonly origin: boolean;
  readonly designators: readonly string[];
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
  #halves: readonly [main: Half, alternate: Half];

  constructor(screen: Screen, size: TerminalSize, paneRows: number) {
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

  saveCursor(): void {
    this.half.saved = { origin: this.origin, designators: this.designators };
  }

  /** DECRC was passed on: where nothing was saved a terminal goes home, which is the child's home. */
  restoreCursor(): void {
    const saved = this.half.saved;
    this.origin = saved?.origin ?? false;
    this.designators = saved?.designators ?? ASCII;
    if (saved === undefined && this.standing) this.out.write(cup(1 + this.shift));
  }

  /** `ESC ( B` and its like; other escape sequences are ignored. */
  designate(name: string): void {
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
  cursor(at: CursorPosition = this.screen.cursor): string {
    const row = at.row + this.shift;
    if (!at.pendingWrap) return cup(row, at.col) + this.screen.sgr;
    const last = this.screen.lastCell(at.row);
    return cup(row, last.col) + last.text + this.screen.sgr;
  }

  /** The pane, painted so that the child's cursor, pen and modes are as before. */
  painting(rows: readonly string[]): string {
    return neutral(this.#bent(), paneText(rows, this.paneRows), this.cursor());
  }

  /** Everything: margins, pane, and the child's rows from the emulator's cells. */
  redraw(rows: readonly string[]): void {
    let cells = "";
    for (let row = 1; row <= this.size.rows; row++) {
      cells += cup(row + this.shift) + sgr() + el() + this.screen.rowText(row);
    }
    const content = this.margins() + sgr() + ed(2) + paneText(rows, this.shift) + cells;
    this.out.write(neutral(this.#bent(), content, this.cursor()));
  }

  /** Margins and pane again, after something that took them away. */
  standAgain(rows: readonly string[]): void {
    const content = this.margins() + paneText(rows, this.paneRows);
    this.out.write(neutral(this.#bent(), content, this.cursor()));
  }

  #bent(): Bent {
    const { modes, region } = this;
    return {
      cursorShown: modes.isSet(MODE.DECTCEM),
      autowrap: modes.isSet(MODE.DECAWM),
      insert: modes.insert,
      columns: modes.isSet(MODE.DECLRMM)
        ? decset(MODE.DECLRMM) + decslrm(region.left, region.right)
        : "",
      charset: this.#charset(),
      link: this.link,
      inFrame: modes.isSet(MODE.SYNC),
    };
  }

  #charset(): string {
    const level = this.screen.charset;
    const g0 = this.designators[0] ?? "";
    if (level === 0 && g0 === "") return "";
    return g0 + (LOCKING_SHIFTS[level] ?? SI);
  }
}

const LOCKING_SHIFTS: readonly string[] = [SI, SO, `${ESC}n`, `${ESC}o`];

const newHalf = (size: TerminalSize): Half => ({ region: fullRegion(size), saved: undefined });
