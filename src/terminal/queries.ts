/**
 * What the child has asked the terminal for, where the answer holds rows:
 *
 * | kind | asked by | answer |
 * |---|---|---|
 * | `cpr` | `CSI 6 n` | `CSI row ; col R` (also what Shift+F3 sends: hence this register) |
 * | `decxcpr` | `CSI ? 6 n` | `CSI ? row ; col [; page] R` |
 * | `sizePixels` | `CSI 14 t` | `CSI 4 ; height ; width t` |
 * | `screenPixels` | `CSI 15 t` | `CSI 5 ; height ; width t` |
 * | `cellPixels` | `CSI 16 t` | `CSI 6 ; height ; width t` (no row in it, yet the source of a cell's height) |
 * | `sizeCells` | `CSI 18 t` | `CSI 8 ; rows ; cols t` |
 * | `screenCells` | `CSI 19 t` | `CSI 9 ; rows ; cols t` |
 * | `margins` | `DCS $ q r ST` (DECRQSS) | `DCS 1 $ r top ; bottom r ST` |
 * | `cursorInfo` | `CSI 1 $ w` (DECRQPSR) | `DCS 1 $ u row ; col ; … ST` (DECCIR) |
 * | `decrqm` | `CSI ? mode $ p` | `CSI ? mode ; state $ y` |
 * | `da1` | `CSI c` | `CSI ? … c` (no row; every terminal answers it, so it ends waiting for older ones) |
 */
export type QueryKind =
  | "cpr"
  | "decxcpr"
  | "sizePixels"
  | "screenPixels"
  | "cellPixels"
  | "sizeCells"
  | "screenCells"
  | "margins"
  | "cursorInfo"
  | "decrqm"
  | "da1";

interface Query {
  readonly kind: QueryKind;
  readonly shift: number;
}

/** Beyond it the oldest are forgotten: a terminal that answers nothing must not cost memory. */
const MAX_OUTSTANDING = 256;

/**
 * The child's questions that the terminal has not answered yet. The output side calls `asked`, the
 * input side `answered`. A terminal answers in order, so an answer also ends the wait for every
 * older question: one that is never answered cannot swallow a key long afterwards.
 */
export class Queries {
  #outstanding: Query[] = [];

  /** The child has asked; `shift` rows are to be taken off the rows of the answer. */
  asked(kind: QueryKind, shift: number): void {
    if (this.#outstanding.length >= MAX_OUTSTANDING) this.#outstanding.shift();
    this.#outstanding.push({ kind, shift });
  }

  /**
   * Takes the oldest outstanding question of this kind, and those older than it, off the list.
   *
   * @returns the rows to take off the answer's rows (0 while no pane stood), or `undefined` when
   *   nothing of the kind was asked: then it is no answer but a key, or an answer sent twice.
   */
  answered(kind: QueryKind): number | undefined {
    const at = this.#outstanding.findIndex((query) => query.kind === kind);
    const shift = this.#outstanding[at]?.shift;
    if (shift !== undefined) this.#outstanding.splice(0, at + 1);
    return shift;
  }

  /** How many questions of this kind wait for their answer. */
  count(kind: QueryKind): number {
    return this.#outstanding.filter((query) => query.kind === kind).length;
  }

  /** How many questions wait for their answer. */
  get outstanding(): number {
    return this.#outstanding.length;
  }
}
