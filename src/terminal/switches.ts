import { MODE, decrst, decset, decstbm } from "./ansi.ts";
import type { ChildScreen } from "./child-screen.ts";

const ALTERNATE: ReadonlySet<number> = new Set([MODE.ALT_47, MODE.ALT_1047, MODE.ALT_1049]);

/** Whether a private mode changes between main and alternate screen. */
export const switchesScreen = (mode: number): boolean => ALTERNATE.has(mode);

/** Passes one private mode on, to the terminal and to the emulator. */
export function passMode(child: ChildScreen, mode: number, on: boolean): void {
  const text = on ? decset(mode) : decrst(mode);
  child.out.write(text);
  child.screen.queueText(text);
  child.modes.setPrivate(mode, on);
}

/**
 * Enters or leaves the alternate screen. Margins are off while no pane stands; a pane that stands
 * afterwards is painted at once, even within a frame of the child's.
 *
 * @returns whether the pane was painted
 */
export function switchScreen(
  child: ChildScreen,
  mode: number,
  on: boolean,
  rows: readonly string[],
): boolean {
  const before = child.modes.alternate;
  if (on && mode === MODE.ALT_1049 && !before) child.saveCursor();
  if (!on && child.standing) child.out.write(decstbm());
  passMode(child, mode, on);
  if (!on && mode === MODE.ALT_1049) child.restoreCursor();
  if (on && !before) child.resetHalf();
  // The margins' reset took the cursor away; ?1049l alone brings it back.
  const lost = before && !on && mode !== MODE.ALT_1049;
  if (child.standing) child.standAgain(rows);
  else if (lost) child.out.write(child.cursor());
  return child.standing;
}

/** DECSTR was passed on: it took margins and origin mode, not the cursor. */
export function softReset(child: ChildScreen): void {
  child.modes.softReset();
  child.origin = false;
  child.resetHalf();
  child.resetCharsets();
  if (child.standing) child.out.write(child.margins() + child.cursor());
}

/**
 * RIS was passed on: the terminal is as at the start.
 *
 * @returns whether the pane was painted
 */
export function hardReset(child: ChildScreen, rows: readonly string[]): boolean {
  child.modes.reset();
  child.origin = false;
  child.link = "";
  child.resetHalves();
  child.resetCharsets();
  if (child.standing) child.standAgain(rows);
  return child.standing;
}
