import { cup, decrst, decset, ed, el, ESC, MODE, sgr } from "./ansi.ts";
import type { TerminalSize } from "./terminal.ts";
import { textWidth } from "./text.ts";

/** Modes of the terminal while a frame stands, as the view wants them. */
export interface Modes {
  readonly alternateScreen: boolean;
  /** The text cursor is shown. */
  readonly cursor: boolean;
  /** Clicks and the wheel are reported, in SGR form. */
  readonly mouse: boolean;
  /** Pasted text is marked as such. */
  readonly bracketedPaste: boolean;
  /** A text too long goes on in the next row. */
  readonly autowrap: boolean;
}

/** A whole screen: styled rows from the top, none wider than the terminal, and the modes. */
export interface Frame {
  readonly rows: readonly string[];
  readonly modes: Modes;
  readonly size: TerminalSize;
}

/** The terminal as a shell leaves it. The frame before the first, and the one after the last. */
export function noFrame(size: TerminalSize): Frame {
  return { rows: [], modes: shellModes, size };
}

/** What a program that fills the screen wants. */
export const screenModes: Modes = {
  alternateScreen: true,
  cursor: false,
  mouse: true,
  bracketedPaste: true,
  autowrap: false,
};

/**
 * What to write so that the terminal shows `next` after `previous`: only what differs, in one
 * synchronized update; nothing when nothing does. After a resize every row is written.
 *
 * From `noFrame` a frame enters the alternate screen, to `noFrame` it leaves it, and the shell's
 * screen and cursor are as they were.
 */
export function nextFrame(previous: Frame, next: Frame): string {
  if (!next.modes.alternateScreen) return left(previous.modes);
  const entering = !previous.modes.alternateScreen;
  const anew = entering || !sameSize(previous.size, next.size);
  const modes = switched(previous.modes, next.modes);
  const rows = changedRows(anew ? [] : previous.rows, next, anew);
  if (modes + rows === "" && !anew) return "";
  const clear = anew ? sgr() + ed(2) : "";
  return decset(MODE.SYNC) + modes + clear + rows + decrst(MODE.SYNC);
}

const shellModes: Modes = {
  alternateScreen: false,
  cursor: true,
  mouse: false,
  bracketedPaste: false,
  autowrap: true,
};

function changedRows(before: readonly string[], next: Frame, cleared: boolean): string {
  let bytes = "";
  for (let i = 0; i < next.size.rows; i++) {
    const row = next.rows[i] ?? "";
    if (row === (before[i] ?? "")) continue;
    bytes += cup(i + 1) + row + sgr();
    // At the last column an erase would take the last character with it.
    if (!cleared && textWidth(row.replaceAll(SGR, "")) < next.size.cols) bytes += el();
  }
  return bytes;
}

/** Out of the synchronized update first, whatever the last write was cut in; the screen last. */
function left(from: Modes): string {
  if (!from.alternateScreen) return "";
  return decrst(MODE.SYNC) + sgr() + switched(from, shellModes);
}

/** The alternate screen is entered before all else and left after all else. */
function switched(from: Modes, to: Modes): string {
  const parts = switches.flatMap(([name, modes]) => {
    if (from[name] === to[name]) return [];
    return modes.map((mode) => (to[name] ? decset(mode) : decrst(mode)));
  });
  return (to.alternateScreen ? parts : parts.toReversed()).join("");
}

const switches: readonly (readonly [keyof Modes, readonly number[]])[] = [
  ["alternateScreen", [MODE.ALT_1049]],
  ["cursor", [MODE.DECTCEM]],
  ["mouse", [MODE.MOUSE_NORMAL, MODE.MOUSE_SGR]],
  ["bracketedPaste", [MODE.BRACKETED_PASTE]],
  ["autowrap", [MODE.DECAWM]],
];

function sameSize(a: TerminalSize, b: TerminalSize): boolean {
  return a.rows === b.rows && a.cols === b.cols;
}

const SGR = new RegExp(`${ESC}\\[[0-9;]*m`, "g");
