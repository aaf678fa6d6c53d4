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
  // At the last column an erase would take the last character with it.
  const erase = !cleared && textWidth(row.replaceAll(SGR, "")) < cols ? el() : "";
  return cup(number) + row + sgr() + erase;
}

/**
 * Only the middle of a row, where its beginning and end stay in place: a spinner is a few bytes.
 * The beginning must be ASCII, of whose width every terminal has the same idea, and the attributes
 * that reach the end must be the same as before.
 */
function changedPiece(old: string, row: string, number: number): string | undefined {
  const most = Math.min(old.length, row.length);
  const from = pieceBefore(old, row, equalAtStart(old, row, most));
  const same = pieceAfter(old, row, equalAtEnd(old, row, most - from));
  const head = row.slice(0, from);
  const middle = row.slice(from, row.length - same);
  const replaced = old.slice(from, old.length - same);
  const lead = head.replaceAll(SGR, "");
  if (same === 0 || !ASCII.test(lead)) return undefined;
  if (attributesOf(middle) !== attributesOf(replaced)) return undefined;
  if (textWidth(middle.replaceAll(SGR, "")) !== textWidth(replaced.replaceAll(SGR, ""))) {
    return undefined;
  }
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

/** As much of the same beginning as ends between two characters, and not within a sequence. */
function pieceBefore(old: string, row: string, same: number): number {
  let from = same;
  while (from > 0 && !(isBoundary(old, from) && isBoundary(row, from))) from--;
  const sequence = from === 0 ? -1 : row.lastIndexOf(ESC, from - 1);
  return sequence >= 0 && row.indexOf("m", sequence) >= from ? sequence : from;
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
const ASCII = /^[\x20-\x7e]*$/;
