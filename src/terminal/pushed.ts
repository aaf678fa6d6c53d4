import { MODE, cup, decrst, decset, el, sgr } from "./ansi.ts";
import type { ChildScreen } from "./child-screen.ts";
import type { TerminalSize } from "./terminal.ts";

/**
 * A terminal that became lower has pushed rows off its top, the pane's first: so the last of the
 * child's own rows that leave with them are not in its scrollback. To be asked before the resize.
 *
 * @param childSize what the child gets, as wide as before
 * @returns the missing lines' text
 */
export function pushedRows(child: ChildScreen, childSize: TerminalSize): readonly string[] {
  if (!child.mainStands || child.modes.alternate) return [];
  const leaving = child.screen.cursor.row - childSize.rows;
  const missing = Math.max(0, Math.min(leaving, child.paneRows));
  const first = leaving - missing + 1;
  return Array.from({ length: missing }, (_, at) => child.screen.rowText(first + at));
}

/** Scrolls lines out at the top of the screen, all of which is to be redrawn afterwards. */
export function scrollOut(child: ChildScreen, lines: readonly string[]): void {
  if (lines.length === 0) return;
  const bottom = cup(child.size.rows + child.paneRows);
  child.out.write(decrst(MODE.DECAWM));
  for (const line of lines) {
    child.out.write(cup(1) + sgr() + el() + line + sgr() + bottom + "\n");
  }
  if (child.modes.isSet(MODE.DECAWM)) child.out.write(decset(MODE.DECAWM));
}
