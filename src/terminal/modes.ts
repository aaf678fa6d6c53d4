import {
  ESC,
  IRM,
  MODE,
  SCS_G0_ASCII,
  SI,
  decrst,
  decscusr,
  decset,
  kittyPop,
  modifyOtherKeys,
  rm,
  sgr,
} from "./ansi.ts";
import type { Control } from "./params.ts";
import { MouseModes } from "./mouse-modes.ts";

/** Private modes that a terminal has set before a program touches them. */
const SET_AT_START: ReadonlySet<number> = new Set([MODE.DECAWM, MODE.DECTCEM]);

/** What is put back at the end; alternate screens are left apart from these. Reverse order of use. */
const RESTORED: readonly number[] = [
  MODE.IN_BAND_RESIZE,
  MODE.BRACKETED_PASTE,
  MODE.FOCUS,
  MODE.ALTERNATE_SCROLL,
  MODE.MOUSE_SGR_PIXELS,
  MODE.MOUSE_URXVT,
  MODE.MOUSE_SGR,
  MODE.MOUSE_UTF8,
  MODE.MOUSE_ANY,
  MODE.MOUSE_BUTTON,
  MODE.MOUSE_HIGHLIGHT,
  MODE.MOUSE_NORMAL,
  MODE.MOUSE_X10,
  MODE.DECNKM,
  MODE.REVERSE_WRAP,
  MODE.REVERSE_VIDEO,
  MODE.DECCKM,
  MODE.DECLRMM,
  MODE.DECAWM,
  MODE.DECTCEM,
];

const ALTERNATE: ReadonlySet<number> = new Set([MODE.ALT_47, MODE.ALT_1047, MODE.ALT_1049]);

/** The modes that the child has set, read from what it writes. */
export class Modes {
  readonly mouse = new MouseModes();
  /** Numbers of private modes that are not as at the start. */
  readonly #changed = new Set<number>();
  insert = false;
  #keypad = false;
  #cursorStyle = 0;
  #modifyOtherKeys = 0;
  /** Flags pushed for the kitty keyboard, for the main and the alternate screen. */
  #kitty: [main: number, alternate: number] = [0, 0];
  /** On the alternate screen. */
  alternate = false;
  /** How many frames (?2026) were begun while none was open. */
  frames = 0;
  #frameGivenUp = false;

  /** Within a frame (?2026) that still holds the screen back. */
  get inFrame(): boolean {
    return this.isSet(MODE.SYNC) && !this.#frameGivenUp;
  }

  /** The open frame counts as closed from now on, as a terminal's own timeout makes it. */
  giveFrameUp(): void {
    this.#frameGivenUp = true;
  }

  isSet(mode: number): boolean {
    return SET_AT_START.has(mode) !== this.#changed.has(mode);
  }

  /** A private mode set or reset (`CSI ? mode h`). */
  setPrivate(mode: number, on: boolean): void {
    this.mouse.set(mode, on);
    if (ALTERNATE.has(mode)) this.alternate = on;
    if (mode === MODE.SYNC) {
      if (on && !this.inFrame) this.frames += 1;
      this.#frameGivenUp = false;
    }
    if (SET_AT_START.has(mode) === on) this.#changed.delete(mode);
    else if (this.#changed.size < 256) this.#changed.add(mode);
  }

  /** Any other control sequence that leaves a mode behind. */
  read(name: string, control: Control): void {
    const first = control.params[0] ?? 0;
    switch (name) {
      case "h":
      case "l":
        if (control.params.includes(IRM)) this.insert = control.final === "h";
        break;
      case " q":
        this.#cursorStyle = first;
        break;
      case ">m":
        if (first === 4 || first === 0) this.#modifyOtherKeys = control.params[1] ?? 0;
        break;
      case ">u":
        this.#push(1);
        break;
      case "<u":
        this.#push(-Math.max(1, first));
        break;
      default:
    }
  }

  /** `ESC =` and `ESC >`. */
  setKeypad(application: boolean): void {
    this.#keypad = application;
  }

  /** DECSTR: what xterm resets softly. */
  softReset(): void {
    for (const mode of [MODE.DECOM, MODE.DECCKM, MODE.DECLRMM, MODE.REVERSE_WRAP]) {
      this.#changed.delete(mode);
    }
    this.#changed.delete(MODE.DECAWM);
    this.#changed.delete(MODE.DECTCEM);
    this.insert = false;
    this.#keypad = false;
  }

  /** RIS. */
  reset(): void {
    this.#changed.clear();
    this.mouse.reset();
    this.insert = false;
    this.#keypad = false;
    this.#cursorStyle = 0;
    this.#modifyOtherKeys = 0;
    this.#kitty = [0, 0];
    this.alternate = false;
  }

  /** What must be put back before the alternate screen is left, because it belongs to it. */
  restoreAlternate(): string {
    const depth = this.#kitty[1];
    return (this.isSet(MODE.SYNC) ? decrst(MODE.SYNC) : "") + (depth > 0 ? kittyPop(depth) : "");
  }

  /** Everything else that the child left changed, put back. */
  restore(): string {
    const depth = this.#kitty[0];
    return [
      depth > 0 ? kittyPop(depth) : "",
      this.insert ? rm(IRM) : "",
      SI + SCS_G0_ASCII,
      this.#modifyOtherKeys === 0 ? "" : modifyOtherKeys(0),
      ...RESTORED.filter((mode) => this.#changed.has(mode)).map((mode) =>
        SET_AT_START.has(mode) ? decset(mode) : decrst(mode),
      ),
      this.#keypad ? `${ESC}>` : "",
      this.#cursorStyle === 0 ? "" : decscusr(0),
      sgr(),
    ].join("");
  }

  #push(change: number): void {
    const at = this.alternate ? 1 : 0;
    this.#kitty[at] = Math.min(16, Math.max(0, this.#kitty[at] + change));
  }
}
