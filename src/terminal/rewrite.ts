import { CSI, DECRC, DECSC, DECSWL, MODE, cup, decstbm, ed, el } from "./ansi.ts";
import type { ChildScreen } from "./child-screen.ts";
import { colIn, rowIn, upFrom, withColumns, withRows } from "./margins.ts";
import type { Control } from "./params.ts";
import type { CursorPosition } from "./screen.ts";
import { rectangle } from "./rectangles.ts";

/**
 * Writes what the terminal gets in place of a control sequence of the child, and queues the
 * sequence's meaning for the emulator. Only for a pane that stands.
 *
 * @returns false when the sequence is to pass as it came
 */
export function rewrite(child: ChildScreen, name: string, control: Control): boolean {
  const first = control.params[0] ?? 0;
  const second = control.params[1] ?? 0;
  switch (name) {
    case "H":
    case "f":
      return position(child, first, second);
    case "d":
      return position(child, first, undefined);
    case "e":
      return child.origin && down(child, first);
    case "A":
    case "F":
      return up(child, first, control.final === "F");
    case "r":
      return setRows(child, first, second);
    case "s":
      return child.modes.isSet(MODE.DECLRMM) && setColumns(child, first, second);
    case "J":
    case "?J":
      return erase(child, first, control.prefix);
    case "t":
      return resizeWindow(child, control);
    case "*|":
      return replace(child, `${CSI}${first + child.shift}*|`);
    default: {
      const shifted = rectangle(control, child);
      return shifted !== undefined && replace(child, shifted);
    }
  }
}

/** CUP, HVP, VPA. Under DECOM, which the terminal never learns of, rows count from the region's top. */
function position(child: ChildScreen, row: number, col: number | undefined): boolean {
  const { region, origin, size } = child;
  const named = rowIn(region, origin, row, size);
  if (col !== undefined) child.moveTo(named, colIn(region, origin, col, size));
  else {
    child.out.write(`${CSI}${named + child.shift}d`);
    child.screen.queueText(`${CSI}${named}d`);
  }
  return true;
}

/** VPR under DECOM stops at the region's bottom. */
function down(child: ChildScreen, n: number): boolean {
  const { row } = child.screen.cursor;
  const named = Math.min(row + Math.max(1, n), child.region.bottom);
  child.out.write(`${CSI}${named + child.shift}d`);
  child.screen.queueText(`${CSI}${named}d`);
  return true;
}

/** CUU, CPL: from above a region whose top is not row 1 the terminal would go on into the pane. */
function up(child: ChildScreen, n: number, toLineStart: boolean): boolean {
  if (child.region.top === 1) return false;
  const { row, col } = child.screen.cursor;
  child.moveTo(row - upFrom(child.region, row, n), toLineStart ? child.region.left : col);
  return true;
}

/** DECSTBM. */
function setRows(child: ChildScreen, top: number, bottom: number): boolean {
  const region = withRows(child.region, top, bottom, child.size);
  // Ignored, by the terminal too, but it separates what is before and after it (REP).
  if (region === undefined) {
    return replace(child, decstbm(Math.max(1, top) + child.shift, bottom + child.shift));
  }
  child.region = region;
  child.out.write(decstbm(region.top + child.shift, region.bottom + child.shift));
  child.screen.queueText(decstbm(region.top, region.bottom));
  return home(child);
}

/** DECSLRM. */
function setColumns(child: ChildScreen, left: number, right: number): boolean {
  const region = withColumns(child.region, left, right, child.size);
  if (region === undefined) return true;
  child.region = region;
  child.out.write(`${CSI}${region.left};${region.right}s`);
  return home(child);
}

/** To row 1, column 1: of the region under DECOM. */
export function home(child: ChildScreen): true {
  const { region, origin, size } = child;
  child.moveTo(rowIn(region, origin, 1, size), colIn(region, origin, 1, size));
  return true;
}

/**
 * ED 2 for a cursor whose place only the terminal knows: it is kept in the terminal's memory, in
 * which the child must have nothing.
 */
export function eraseAround(child: ChildScreen, prefix: string): void {
  child.out.write(DECSC);
  if (prefix === "") keepCleared(child, 2);
  const rows = cup(1 + child.shift) + single(child) + prefixed(ed(), prefix);
  child.out.write(rows + DECRC + child.screen.sgr);
  child.screen.queueText(prefixed(ed(2), prefix));
}

/** ED 1 and 2 (DECSED with `?`) would erase the pane: rows are erased one by one, or from row 1 down. */
function erase(child: ChildScreen, what: number, prefix: string): boolean {
  const { out, screen, shift, size } = child;
  if (prefix === "" && (what === 0 || what === 2)) keepCleared(child, what);
  if (what !== 1 && what !== 2) return false;
  const at = screen.cursor;
  const line = single(child);
  const text = what === 1 ? eraseAbove(at, shift, prefix, line) : eraseAll(at, shift, prefix, line);
  out.write(text);
  // xterm.js fails at ED 1 in the last cell of the screen.
  const last = what === 1 && at.row === size.rows && at.col === size.cols;
  screen.queueText(last ? eraseAbove(at, 0, prefix, "") : prefixed(ed(what), prefix));
  return true;
}

/**
 * tmux moves what ED 2, or ED 0 at home, clears on the main screen into its history, but only where
 * they clear its whole screen: so the child's rows are scrolled there before.
 */
function keepCleared(child: ChildScreen, what: 0 | 2): void {
  if (!child.keepsRegions || child.modes.alternate) return;
  const at = child.screen.cursor;
  if (what === 0 && (at.row > 1 || at.col > 1)) return;
  scrollAway(child);
}

/**
 * RIS and DECCOLM clear the whole of tmux's screen into its history: the child's rows go there
 * before, and of the pane nothing is left to go.
 */
export function keepBeforeClear(child: ChildScreen): void {
  if (!child.keepsRegions || !child.mainStands) return;
  scrollAway(child);
  for (let row = 1; row <= child.paneRows; row++) child.out.write(cup(row) + el(2));
}

function scrollAway(child: ChildScreen): void {
  const { shift, size } = child;
  const at = child.screen.cursor;
  const scroll = "\n".repeat(child.screen.usedRows);
  if (scroll === "") return;
  child.out.write(decstbm(1 + shift, size.rows + shift) + cup(size.rows + shift) + scroll);
  child.out.write(child.margins() + cup(at.row + shift, at.col));
}

/** What makes a row one of single width again, as erasing the whole screen does. */
const single = (child: ChildScreen): string => (child.doubleRows ? DECSWL : "");

function eraseAll(at: CursorPosition, shift: number, prefix: string, line: string): string {
  const all = cup(1 + shift) + line + prefixed(ed(), prefix) + cup(at.row + shift, at.col);
  return at.pendingWrap ? all + " " + prefixed(el(2), prefix) : all;
}

function eraseAbove(at: CursorPosition, shift: number, prefix: string, line: string): string {
  let text = "";
  for (let row = 1; row < at.row; row++) text += cup(row + shift) + line + prefixed(el(2), prefix);
  if (at.row > 1) text += cup(at.row + shift, at.col) + (at.pendingWrap ? " " : "");
  return text + prefixed(el(1), prefix);
}

const prefixed = (sequence: string, prefix: string): string => sequence.replace(CSI, CSI + prefix);

/** XTWINOPS 8 and DECSLPP give the terminal a size: the child's plus the pane. */
function resizeWindow(child: ChildScreen, control: Control): boolean {
  const [operation = 0, rows = 0, cols = 0] = control.params;
  if (operation === 8 && rows > 0) {
    return replace(child, `${CSI}8;${rows + child.shift};${cols}t`);
  }
  if (operation >= 24) return replace(child, `${CSI}${operation + child.shift}t`);
  return false;
}

/** For sequences that the emulator need not know. */
function replace(child: ChildScreen, text: string): true {
  child.out.write(text);
  return true;
}

/** RI at row 1 above the region: nothing moves, where the terminal would go into the pane. */
export function reverseIndex(child: ChildScreen): boolean {
  if (!child.standing || child.region.top === 1) return false;
  const { row, col } = child.screen.cursor;
  if (row === 1) child.moveTo(row, col);
  return row === 1;
}
