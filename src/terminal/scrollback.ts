import { MODE, cup, decrst, decset, decstbm, dl, el, sgr, su } from "./ansi.ts";

/** A line that left the child's screen at the top. */
export interface LeftLine {
  /** Its cells with their attributes, the pen as it was before. */
  readonly text: string;
  /** It continues the line before, which was too long for one row. */
  readonly continues: boolean;
  /** It reaches the last column, so that what is written next wraps. */
  readonly full: boolean;
}

/**
 * Puts lines into the terminal's own scrollback: within margins 1 to `paneRows` they are written one
 * below the other, so that those above leave at the top of the screen, which a terminal keeps (it
 * does not keep what leaves a region further down, such as the child's). The last ones are scrolled
 * out after them; whatever the pane showed is gone, and the margins are the pane's.
 *
 * @param paneRows at least 2: a region of one row is no region
 */
export function feedLines(lines: readonly LeftLine[], paneRows: number): string {
  let text = decstbm(1, paneRows) + decset(MODE.DECAWM) + sgr();
  for (let row = 1; row <= paneRows; row++) text += cup(row) + el();
  text += cup(1);
  let before: LeftLine | undefined;
  for (const line of lines) {
    const wraps = line.continues && before?.full === true;
    if (before !== undefined && !wraps) text += `\r\n`;
    text += line.text;
    before = line;
  }
  const last = Math.min(lines.length, paneRows);
  return text + decrst(MODE.DECAWM) + cup(paneRows) + "\n".repeat(last);
}

/** The pane's rows go, those below move up. Only where deleted lines are not kept. */
export function paneDeleted(paneRows: number): string {
  return decstbm() + sgr() + cup(1) + dl(paneRows);
}

/**
 * The same where lines deleted in row 1 are kept (xterm), but not what leaves a region further down:
 * the child's first row is written over the pane's, and from row 2 on all moves up. Leaves the
 * cursor and the pen anywhere.
 *
 * @param firstRow text of the child's first row
 * @param wraps whether the child has autowrap on
 */
export function paneScrolledOut(
  paneRows: number,
  childRows: number,
  firstRow: string,
  wraps: boolean,
): string {
  // Erased to the right: VTE keeps cells that are erased as a whole line.
  const first = cup(1) + sgr() + el() + firstRow + sgr();
  const up = decstbm(2, childRows + paneRows) + su(paneRows) + decstbm();
  return decstbm() + decrst(MODE.DECAWM) + first + up + (wraps ? decset(MODE.DECAWM) : "");
}
