import { CSI, MODE, OSC8_END, osc8 } from "./ansi.ts";
import { register, shiftOf } from "./asked.ts";
import type { ChildScreen } from "./child-screen.ts";
import { type Control, parseControl } from "./params.ts";
import type { ControlString } from "./parser.ts";
import type { Queries } from "./queries.ts";
import { reverseIndexStays, rewrite, rewriteMode } from "./rewrite.ts";
import { hardReset, passMode, softReset, switchScreen, switchesScreen } from "./switches.ts";

/** Final bytes by name. */
const FINAL = { H: 0x48, K: 0x4b, m: 0x6d } as const;
/** Private modes that move the cursor or change the screen: taken one by one. */
const PLACED_MODES: ReadonlySet<number> = new Set([
  MODE.DECOM,
  MODE.DECLRMM,
  MODE.ALT_47,
  MODE.ALT_1047,
  MODE.SAVE_CURSOR,
  MODE.ALT_1049,
]);
const BRACKET = 0x5b;
const ESC_BYTE = 0x1b;
/** Sequences whose first parameter is a repetition, which the emulator would take at its word. */
const REPEATED = new Set(Array.from("@ILMPSTXZb", (final) => final.charCodeAt(0)));

const utf8 = new TextDecoder();

/** Reads what the child writes, piece by piece as the parser finds it, and writes what goes out. */
export class ChildStream {
  readonly #child: ChildScreen;
  readonly #queries: Queries;
  readonly #rows: () => readonly string[];
  readonly #due: () => void;
  #chunk: Uint8Array = new Uint8Array(0);
  /** The rows that stand on the screen; `undefined` when something took them away. */
  #painted: readonly string[] | undefined;
  /** Since the cursor was last placed, only what has the same width everywhere was written. */
  #placed = true;

  constructor(
    child: ChildScreen,
    queries: Queries,
    pane: { readonly rows: () => readonly string[]; readonly due: () => void },
  ) {
    this.#child = child;
    this.#queries = queries;
    this.#rows = pane.rows;
    this.#due = pane.due;
  }

  /** The chunk that is fed now: slices of it may be kept, others not. */
  begin(chunk: Uint8Array): void {
    this.#chunk = chunk;
    if (this.#child.screen.behind) this.#child.screen.catchUp();
  }

  text(bytes: Uint8Array, from: number, to: number, ascii: boolean): void {
    if (!ascii) this.#placed = false;
    this.#pass(bytes, from, to);
  }

  sequence(bytes: Uint8Array, from: number, to: number): void {
    const second = bytes[from + 1] ?? 0;
    const introducer = bytes[from] === ESC_BYTE ? second : second - 0x40;
    const final = bytes[to - 1] ?? 0;
    if (introducer !== BRACKET) {
      this.#escape(String.fromCharCode(introducer) + suffix(bytes, from, to), bytes, from, to);
    } else if (final === FINAL.K || (final === FINAL.m && bytes[from + 2] !== 0x3e)) {
      this.#pass(bytes, from, to);
    } else if (!(final === FINAL.H && this.#fastPosition(bytes, from, to))) {
      this.#control(parseControl(bytes, from, to), bytes, from, to);
    }
  }

  string(bytes: Uint8Array, from: number, to: number): void {
    this.#emit(bytes, from, to);
  }

  /** A hyperlink is remembered; DECRQSS may ask for the margins. */
  stringEnd(string: ControlString): void {
    if (!string.complete || (string.kind !== "osc" && string.kind !== "dcs")) return;
    const content = utf8.decode(string.content);
    if (string.kind === "dcs") {
      if (content === "$qr") this.#queries.asked("margins", shiftOf("margins", this.#child));
      else if (/^[\d;]*q/.test(content)) this.#placed = false; // A picture moves the cursor.
      return;
    }
    const link = /^8;([^;]*);(.*)$/s.exec(content);
    if (link === null) return;
    const [, params = "", uri = ""] = link;
    // A link too long to remember can be ended, not begun again.
    if (uri === "") this.#child.link = "";
    else this.#child.link = string.truncated ? OSC8_END : osc8(params, uri);
  }

  /** Paints the pane when it changed, the child is not within a frame, and the cursor is certain. */
  paintIfDue(rows: readonly string[]): void {
    const child = this.#child;
    if (!child.standing || !this.#placed || child.modes.isSet(MODE.SYNC)) return;
    if (this.#painted !== undefined && equal(rows, this.#painted)) return;
    child.out.write(child.painting(rows));
    this.#painted = rows;
  }

  painted(rows: readonly string[]): void {
    this.#painted = rows;
  }

  #emit(bytes: Uint8Array, from: number, to: number): void {
    if (bytes === this.#chunk) this.#child.out.pass(bytes, from, to);
    else this.#child.out.copy(bytes, from, to);
  }

  #pass(bytes: Uint8Array, from: number, to: number): void {
    this.#emit(bytes, from, to);
    this.#child.screen.queue(bytes, from, to, bytes === this.#chunk);
  }

  /** `CSI row ; col H` with plain numbers, by far the most frequent sequence that is rewritten. */
  #fastPosition(bytes: Uint8Array, from: number, to: number): boolean {
    const child = this.#child;
    if (child.origin) return false;
    let row = 0;
    let at = from + 2;
    let byte = bytes[at] ?? 0;
    while (byte >= 0x30 && byte <= 0x39 && row < 100_000) {
      row = row * 10 + byte - 0x30;
      byte = bytes[++at] ?? 0;
    }
    if (byte !== 0x3b || from + 2 === at) return false;
    for (let rest = at + 1; rest < to - 1; rest++) {
      const digit = bytes[rest] ?? 0;
      if (digit < 0x30 || digit > 0x39) return false;
    }
    this.#placed = true;
    child.screen.queue(bytes, from, to, bytes === this.#chunk);
    this.#emit(bytes, from, from + 2);
    const shift = child.shift;
    if (shift === 0) this.#emit(bytes, from + 2, at);
    else child.out.decimal(Math.min(Math.max(1, row), child.size.rows) + shift);
    this.#emit(bytes, at, to);
    return true;
  }

  #control(control: Control, bytes: Uint8Array, from: number, to: number): void {
    const child = this.#child;
    const { prefix, intermediates, final } = control;
    if (prefix === "?" && intermediates === "" && (final === "h" || final === "l")) {
      this.#modes(control, bytes, from, to);
      return;
    }
    register(this.#queries, child, control);
    child.modes.read(control);
    if (prefix === "" && intermediates === "") {
      if (final === "H" || final === "f") this.#placed = true;
      if (final === "s" && !child.modes.isSet(MODE.DECLRMM)) child.saveCursor();
    }
    if ((child.standing || child.origin) && rewrite(child, control)) return;
    this.#emit(bytes, from, to);
    this.#queueControl(control, bytes, from, to);
    if (prefix !== "") return;
    if (intermediates === "!" && final === "p") softReset(child);
    if (intermediates === "" && final === "u") child.restoreCursor();
  }

  /** Repetitions are cut to what the screen can show: a child may ask for 10^9 of anything. */
  #queueControl(control: Control, bytes: Uint8Array, from: number, to: number): void {
    const { screen, size } = this.#child;
    const most = control.final === "b" ? size.rows * size.cols : size.rows + size.cols;
    const [first = 0] = control.params;
    if (REPEATED.has(bytes[to - 1] ?? 0) && first > most) {
      screen.queueText(CSI + most + control.intermediates + control.final);
    } else screen.queue(bytes, from, to, bytes === this.#chunk);
  }

  #modes(control: Control, bytes: Uint8Array, from: number, to: number): void {
    const child = this.#child;
    const on = control.final === "h";
    if (child.paneRows === 0 || !control.params.some((mode) => PLACED_MODES.has(mode))) {
      for (const mode of control.params) child.modes.setPrivate(mode, on);
      this.#pass(bytes, from, to);
      if (!on && control.params.includes(MODE.SYNC)) this.#due();
      return;
    }
    for (const mode of control.params) {
      if (switchesScreen(mode)) this.#repainted(switchScreen(child, mode, on, this.#rows()));
      else if (!rewriteMode(child, mode, on)) passMode(child, mode, on);
      else child.modes.setPrivate(mode, on);
    }
  }

  /** Escape sequences without parameters, named by what follows the ESC. */
  #escape(name: string, bytes: Uint8Array, from: number, to: number): void {
    const child = this.#child;
    if (name === "M" && child.standing && reverseIndexStays(child)) return;
    this.#pass(bytes, from, to);
    switch (name) {
      case "7":
        child.saveCursor();
        break;
      case "8":
        child.restoreCursor();
        break;
      case "=":
      case ">":
        child.modes.setKeypad(name === "=");
        break;
      case "c":
        this.#repainted(hardReset(child, this.#rows()));
        break;
      case "#8":
        if (child.standing) child.standAgain(this.#rows());
        this.#repainted(child.standing);
        break;
      default:
        child.designate(name);
    }
  }

  #repainted(painted: boolean): void {
    this.#painted = painted ? this.#rows() : undefined;
  }
}

/** What follows the introducer of an escape sequence: nothing, or the rest of `ESC ( 0`. */
function suffix(bytes: Uint8Array, from: number, to: number): string {
  return to - from <= 2 ? "" : utf8.decode(bytes.subarray(from + 2, to));
}

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((row, at) => row === b[at]));
}
