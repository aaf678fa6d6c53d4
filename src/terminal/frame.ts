import { cup, decrst, decset, ed, el, ESC, MODE, sgr } from "./ansi.ts";
import type { TerminalSize } from "./terminal.ts";
import { standsAlone, textWidth } from "./text.ts";

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
    const old = before[i] ?? "";
    if (row === old) continue;
    bytes += changedPiece(old, row, i + 1) ?? wholeRow(row, i + 1, cleared, next.size.cols);
  }
  return bytes;
}

function wholeRow(row: string, number: number, cleared: boolean, cols: number): string {
  const erase = cleared ? "" : el();
  // Behind a full row an erase would take the last character with it. Before it, it takes what the
  // old row leaves in a terminal to which the new one is narrower.
  return textWidth(row.replaceAll(SGR, "")) < cols
    ? cup(number) + row + sgr() + erase
    : cup(number) + erase + row + sgr();
}

/**
 * Only the middle of a row, where its beginning and end stay in place: a spinner is a few bytes.
 * All but the end must be of a width that every terminal has the same idea of, and the attributes
 * that reach the end must be the same as before.
 */
function changedPiece(old: string, row: string, number: number): string | undefined {
  const most = Math.min(old.length, row.length);
  const from = pieceBefore(row, equalAtStart(old, row, most));
  const same = pieceAfter(old, row, equalAtEnd(old, row, most - from));
  const head = row.slice(0, from);
  const middle = row.slice(from, row.length - same);
  const replaced = old.slice(from, old.length - same);
  if (same === 0 || attributesOf(middle) !== attributesOf(replaced)) return undefined;
  const lead = head.replaceAll(SGR, "");
  const text = middle.replaceAll(SGR, "");
  const before = replaced.replaceAll(SGR, "");
  if (!ONE_CELL_EACH.test(lead + text + before) || text.length !== before.length) return undefined;
  return cup(number, lead.length + 1) + attributesOf(head) + middle + sgr();
}

function equalAtStart(old: string, row: string, most: number): number {
  let count = 0;
  while (count < most && old.charCodeAt(count) === row.charCodeAt(count)) count++;
  return count;
}

function equalAtEnd(old: string, row: string, most: number): number {
  let count = 0;
  while (
    count < most &&
    old.charCodeAt(old.length - 1 - count) === row.charCodeAt(row.length - 1 - count)
  ) {
    count++;
  }
  return count;
}

/** As much of the same beginning as does not end within a sequence. */
function pieceBefore(row: string, same: number): number {
  const sequence = same === 0 ? -1 : row.lastIndexOf(ESC, same - 1);
  return sequence >= 0 && row.indexOf("m", sequence) >= same ? sequence : same;
}

/** As much of the same end as begins between two characters, and not within a sequence. */
function pieceAfter(old: string, row: string, same: number): number {
  const isCut = [old, row].some((text) => {
    const start = text.length - same;
    const sequence = start === 0 ? -1 : text.lastIndexOf(ESC, start - 1);
    return sequence >= 0 && text.indexOf("m", sequence) >= start;
  });
  const start = row.length - same;
  let at = isCut ? row.indexOf("m", start) + 1 : start;
  while (at < row.length && !isBoundary(row, at)) at++;
  return row.length - at;
}

/** Nothing there joins what stands before it. */
function isBoundary(text: string, at: number): boolean {
  return text[at] === ESC || standsAlone(text[at] ?? "");
}

function attributesOf(text: string): string {
  return (text.match(SGR) ?? []).join("");
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
/** ASCII and braille: no table of widths, however old or East Asian, has them wide. */
const ONE_CELL_EACH = /^[\x20-\x7e\u2800-\u28ff]*$/;
