import { MODE, cup, decrst, decset, decstbm, ed } from "./ansi.ts";
import type { ChildScreen } from "./child-screen.ts";
import type { Painter } from "./painter.ts";
import { home, keepBeforeClear } from "./rewrite.ts";

const ALTERNATE: ReadonlySet<number> = new Set([MODE.ALT_47, MODE.ALT_1047, MODE.ALT_1049]);

/** Private modes that move the cursor or change the screen: taken one by one. */
const PLACED: ReadonlySet<number> = new Set([
  MODE.DECCOLM,
  MODE.DECOM,
  MODE.DECLRMM,
  MODE.SAVE_CURSOR,
  ...ALTERNATE,
]);

/** Whether a private mode touches the rows of the screen. */
export const isPlaced = (mode: number): boolean => PLACED.has(mode);

/** Whether a private mode changes between main and alternate screen. */
export const switchesScreen = (mode: number): boolean => ALTERNATE.has(mode);

/** Sets or resets one private mode for the child: in the terminal, and in the emulator. */
export function setMode(child: ChildScreen, painter: Painter, mode: number, on: boolean): void {
  if (ALTERNATE.has(mode)) {
    switchScreen(child, painter, mode, on);
    return;
  }
  if (mode === MODE.DECOM) {
    // The terminal never learns of it: positions reach it already counted.
    child.modes.setPrivate(mode, on);
    child.origin = on;
    home(child);
    return;
  }
  if (mode === MODE.DECCOLM) {
    setColumns(child, painter, on);
    return;
  }
  passMode(child, mode, on);
  if (mode === MODE.DECLRMM) child.region = { ...child.region, left: 1, right: child.size.cols };
  if (mode === MODE.SAVE_CURSOR && on) child.saveCursor();
  if (mode === MODE.SAVE_CURSOR && !on) restored(child, painter);
}

/** DECCOLM: a terminal that obeys clears the screen and takes the margins away; tmux leaves those. */
function setColumns(child: ChildScreen, painter: Painter, on: boolean): void {
  const tmux = child.keepsRegions;
  if (tmux) keepBeforeClear(child);
  passMode(child, MODE.DECCOLM, on);
  if (!tmux && !child.modes.isSet(MODE.ALLOW_DECCOLM)) return;
  if (!tmux) child.resetHalf();
  child.screen.queueText((tmux ? "" : decstbm()) + cup(1) + ed(2));
  painter.again();
}

/** DECRC was passed on. xterm.js counts saved rows from the beginning of the scrollback. */
export function restored(child: ChildScreen, painter: Painter): void {
  if (child.restoreCursor()) painter.lost();
}

/**
 * Enters or leaves the alternate screen. Margins are off while no pane stands; a pane that stands
 * afterwards is painted at once, even within a frame of the child's.
 */
export function switchScreen(
  child: ChildScreen,
  painter: Painter,
  mode: number,
  on: boolean,
): void {
  const before = child.modes.alternate;
  painter.feed();
  if (on && mode === MODE.ALT_1049 && !before) child.saveCursor();
  if (!on && child.standing) child.out.write(decstbm());
  passMode(child, mode, on);
  if (!on && mode === MODE.ALT_1049) child.restoreCursor();
  if (on && !before) child.resetHalf();
  // The margins' reset took the cursor away; ?1049l alone brings it back.
  const lost = before && !on && mode !== MODE.ALT_1049;
  if (child.standing) painter.again();
  else if (lost) child.out.write(child.cursor());
}

/** DECSTR was passed on: it took margins and origin mode, not the cursor. */
export function softReset(child: ChildScreen): void {
  child.modes.softReset();
  child.origin = false;
  child.resetHalf();
  child.resetCharsets();
  if (child.standing) child.out.write(child.margins() + child.cursor());
}

/** RIS was passed on: the terminal is as at the start. */
export function hardReset(child: ChildScreen, painter: Painter): void {
  child.modes.reset();
  child.origin = false;
  child.link = "";
  child.resetHalves();
  child.resetCharsets();
  painter.again();
}

function passMode(child: ChildScreen, mode: number, on: boolean): void {
  const text = on ? decset(mode) : decrst(mode);
  child.out.write(text);
  child.screen.queueText(text);
  child.modes.setPrivate(mode, on);
}
