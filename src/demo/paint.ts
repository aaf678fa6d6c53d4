import {
  cup,
  CSI,
  DA1,
  decrst,
  decscusr,
  decset,
  DSR_CPR,
  ed,
  el,
  kittyPop,
  MODE,
  modifyOtherKeys,
  OSC,
  sgr,
  ST,
  title,
} from "../terminal/ansi.ts";
import type { TitleSign } from "./recording.ts";
import type { Frame, Look, Row } from "./scene.ts";

/** Kitty keyboard: pushes the flags that Codex asks for. */
const kittyPush = `${CSI}>7u`;
const keysOn = modifyOtherKeys(0) + kittyPush;
const mouseModes = [MODE.MOUSE_NORMAL, MODE.MOUSE_BUTTON, MODE.MOUSE_ANY, MODE.MOUSE_SGR];

/** What Codex 0.169 writes before its first frame: modes, queries, the alternate screen. */
export const enterBytes: string = [
  decset(MODE.BRACKETED_PASTE) + keysOn + decset(MODE.FOCUS),
  `${CSI}?u${DA1}${DSR_CPR}${OSC}10;?${ST}${OSC}11;?${ST}`,
  decset(MODE.SYNC) + decrst(MODE.DECTCEM) + decset(MODE.ALT_1049) + keysOn,
  decrst(MODE.ALTERNATE_SCROLL) + mouseModes.map(decset).join(""),
  decrst(MODE.DECTCEM) + cup(1) + ed() + decrst(MODE.SYNC),
].join("");

/** What it writes on its way out; the plain screen is back at the end. */
export const leaveBytes: string = [
  cup(1) + ed() + title(""),
  [MODE.MOUSE_SGR, MODE.MOUSE_URXVT, MODE.MOUSE_ANY, MODE.MOUSE_BUTTON, MODE.MOUSE_NORMAL]
    .map(decrst)
    .join(""),
  kittyPop() + decrst(MODE.ALTERNATE_SCROLL) + decrst(MODE.ALT_1049) + kittyPop() + `${CSI}<u`,
  modifyOtherKeys(0) + decrst(MODE.BRACKETED_PASTE) + decrst(MODE.FOCUS) + DA1,
  decscusr(0) + decset(MODE.DECTCEM) + statusBytes("state=clear"),
].join("");

export function statusBytes(payload: string): string {
  return `${OSC}7501;${payload}${ST}`;
}

const spinner = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

/** The window title at a moment: its spinner turns ten times a second, a call blinks each second. */
export function titleBytes(text: string, sign: TitleSign, elapsed: number): string {
  const spun = spinner[Math.floor(elapsed / 100) % spinner.length] ?? "";
  const blinked = Math.floor(elapsed / 1000) % 2 === 0 ? "[ ! ]" : "[ . ]";
  return title({ none: text, spinner: `${spun} ${text}`, attention: `${blinked} ${text}` }[sign]);
}

/** Draws frames as Codex does: only rows that changed, each by CUP, EL and text, inside ?2026. */
export class Painter {
  readonly #color: boolean;
  #shown: readonly string[] | undefined;

  constructor(color: boolean) {
    this.#color = color;
  }

  /** Forgets what is on the screen: the next frame erases it and draws every row. */
  reset(): void {
    this.#shown = undefined;
  }

  /** The bytes of a frame; empty when nothing changed. */
  frame({ rows, cursor }: Frame): string {
    const texts = rows.map((row) => this.#text(row));
    const shown = this.#shown;
    const changed = texts
      .map((text, i) => (text === shown?.[i] ? "" : `${cup(i + 1)}${sgr(0)}${el()}${text}`))
      .join("");
    if (changed === "") return "";
    this.#shown = texts;
    const place = cursor === undefined ? "" : cup(cursor.row, cursor.col) + decset(MODE.DECTCEM);
    const erase = shown === undefined ? cup(1) + ed() : "";
    const begin = decset(MODE.SYNC) + decrst(MODE.DECTCEM) + erase;
    return begin + changed + sgr(0) + place + decrst(MODE.SYNC);
  }

  #text(row: Row): string {
    return row
      .filter((span) => span.text !== "")
      .map(({ text, look }) => (look === "plain" ? text : this.#style(look) + text + sgr(0)))
      .join("");
  }

  #style(look: Look): string {
    if (!this.#color) return look === "dim" ? sgr(2) : sgr(1);
    return sgr(...styles[look]);
  }
}

const styles: Readonly<Record<Look, readonly number[]>> = {
  plain: [],
  bold: [1],
  dim: [2],
  accent: [1, 38, 5, 6],
  good: [38, 5, 2],
  bad: [38, 5, 1],
};
