import { MODE } from "./ansi.ts";

/** Which events the terminal reports: modes 9, 1000, 1002, 1003. */
export type MouseTracking = "off" | "x10" | "normal" | "button" | "any";

/** How coordinates are written: modes 1005, 1006, 1015, 1016; `byte` is the first form, `CSI M b x y`. */
export type MouseEncoding = "byte" | "utf8" | "sgr" | "urxvt" | "sgrPixels";

/**
 * What the input side must know of the output side to read mouse reports: `Split.input` is the one
 * that stands for the child; it changes as the child's output is read.
 */
export interface InputState {
  readonly mouse: MouseModes;
  /** Rows above the child at this moment, to be taken off a mouse report's row: 0 while no pane stands. */
  readonly rowShift: number;
  /** Mode 2048: the terminal reports sizes unasked (`CSI 48 ; rows ; cols ; height ; width t`). */
  readonly inBandResize: boolean;
}

const TRACKING: Readonly<Record<number, MouseTracking>> = {
  [MODE.MOUSE_X10]: "x10",
  [MODE.MOUSE_NORMAL]: "normal",
  [MODE.MOUSE_BUTTON]: "button",
  [MODE.MOUSE_ANY]: "any",
};

const ENCODING: Readonly<Record<number, MouseEncoding>> = {
  [MODE.MOUSE_UTF8]: "utf8",
  [MODE.MOUSE_SGR]: "sgr",
  [MODE.MOUSE_URXVT]: "urxvt",
  [MODE.MOUSE_SGR_PIXELS]: "sgrPixels",
};

/** The mouse modes that the child has set. As in xterm each group is one value: the last set wins. */
export class MouseModes {
  tracking: MouseTracking = "off";
  encoding: MouseEncoding = "byte";

  /** The child set (`on`) or reset DEC private mode `mode`; other modes are ignored. */
  set(mode: number, on: boolean): void {
    const tracking = TRACKING[mode];
    if (tracking !== undefined) this.tracking = on ? tracking : "off";
    const encoding = ENCODING[mode];
    if (encoding !== undefined) this.encoding = on ? encoding : "byte";
  }

  /** After RIS. */
  reset(): void {
    this.tracking = "off";
    this.encoding = "byte";
  }
}
