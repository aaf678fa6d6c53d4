/**
 * Every escape sequence that is written, named once by its mnemonic. Names and numbers are those of
 * "XTerm Control Sequences" and the DEC manuals; rows and columns count from 1.
 *
 * @see https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
 */

export const ESC = "\u001b";
export const BEL = "\u0007";
/** Control Sequence Introducer. */
export const CSI = `${ESC}[`;
/** Operating System Command: begins a string such as a title. */
export const OSC = `${ESC}]`;
/** Device Control String. */
export const DCS = `${ESC}P`;
/** Application Program Command. */
export const APC = `${ESC}_`;
/** String Terminator. */
export const ST = `${ESC}\\`;

/** Shift In: the G0 character set, the state in which text is not line drawing. */
export const SI = "\u000f";
/** Shift Out: the G1 character set. */
export const SO = "\u000e";

/** Cursor Position: row and column from 1. */
export const cup = (row: number, col = 1): string => `${CSI}${row};${col}H`;
/** Cursor Forward. */
export const cuf = (n: number): string => `${CSI}${n}C`;

/** Erase in Display: 0 below, 1 above, 2 all, 3 the scrollback. */
export const ed = (what: 0 | 1 | 2 | 3 = 0): string => `${CSI}${what === 0 ? "" : what}J`;
/** Erase in Line: 0 to the right, 1 to the left, 2 all. */
export const el = (what: 0 | 1 | 2 = 0): string => `${CSI}${what === 0 ? "" : what}K`;
/** Erase Characters from the cursor on. */
export const ech = (n: number): string => `${CSI}${n}X`;
/** Scroll Up: the region's rows move up, blank ones come in below. */
export const su = (n: number): string => `${CSI}${n}S`;
/** Delete Line. */
export const dl = (n: number): string => `${CSI}${n}M`;

/** Set Top and Bottom Margins; without arguments the whole screen. Homes the cursor. */
export const decstbm = (top?: number, bottom?: number): string =>
  top === undefined ? `${CSI}r` : `${CSI}${top};${bottom ?? ""}r`;
/** Set Left and Right Margins; only while DECLRMM (?69) is set. Homes the cursor. */
export const decslrm = (left: number, right: number): string => `${CSI}${left};${right}s`;

/** Set, reset a DEC private mode. */
export const decset = (mode: number): string => `${CSI}?${mode}h`;
export const decrst = (mode: number): string => `${CSI}?${mode}l`;
/** Set, reset an ANSI mode. */
export const sm = (mode: number): string => `${CSI}${mode}h`;
export const rm = (mode: number): string => `${CSI}${mode}l`;

/** Select Graphic Rendition; without arguments everything to its default. */
export const sgr = (...params: readonly (number | string)[]): string =>
  `${CSI}${params.join(";")}m`;

/** Select Character Protection Attribute: what is written now survives selective erase. */
export const DECSCA_PROTECTED = `${CSI}1"q`;

/** Save, restore cursor (position, SGR, charsets, origin mode). One slot, and the child's. */
export const DECSC = `${ESC}7`;
export const DECRC = `${ESC}8`;
/** The row is of single width (and height). */
export const DECSWL = `${ESC}#5`;
/** Reset to Initial State. */
export const RIS = `${ESC}c`;
/** Reverse Index: up one row, scrolling at the top margin. */
export const RI = `${ESC}M`;
/** Soft Terminal Reset. */
export const DECSTR = `${CSI}!p`;
/** Set Cursor Style; 0 is the terminal's own. */
export const decscusr = (style: number): string => `${CSI}${style} q`;
/** Designate G0 as ASCII. */
export const SCS_G0_ASCII = `${ESC}(B`;

/** Device Status Report: asks for the cursor's position. */
export const DSR_CPR = `${CSI}6n`;
/** Cursor Position Report, as the terminal answers. */
export const cpr = (row: number, col: number): string => `${CSI}${row};${col}R`;
/** Primary Device Attributes: asks what the terminal is. */
export const DA1 = `${CSI}c`;

/** Pop entries off the stack of the kitty keyboard protocol. */
export const kittyPop = (n = 1): string => `${CSI}<${n}u`;
/** XTMODKEYS: `modifyOtherKeys` to a level (0 is off). */
export const modifyOtherKeys = (level: number): string => `${CSI}>4;${level}m`;

/** Ends an OSC 8 hyperlink. */
export const OSC8_END = `${OSC}8;;${ST}`;
/** Begins an OSC 8 hyperlink; `params` is `id=…` or empty. */
export const osc8 = (params: string, uri: string): string => `${OSC}8;${params};${uri}${ST}`;
/** OSC 0: icon name and window title. */
export const title = (text: string): string => `${OSC}0;${text}${BEL}`;

/** Numbers of DEC private modes. */
export const MODE = {
  /** Cursor keys send application sequences. */
  DECCKM: 1,
  DECCOLM: 3,
  REVERSE_VIDEO: 5,
  /** Origin mode: rows count from the top margin. */
  DECOM: 6,
  DECAWM: 7,
  MOUSE_X10: 9,
  /** Text cursor shown. */
  DECTCEM: 25,
  /** DECCOLM is obeyed. */
  ALLOW_DECCOLM: 40,
  REVERSE_WRAP: 45,
  ALT_47: 47,
  /** Application keypad. */
  DECNKM: 66,
  /** Left and right margins enabled. */
  DECLRMM: 69,
  MOUSE_NORMAL: 1000,
  MOUSE_HIGHLIGHT: 1001,
  MOUSE_BUTTON: 1002,
  MOUSE_ANY: 1003,
  FOCUS: 1004,
  MOUSE_UTF8: 1005,
  MOUSE_SGR: 1006,
  /** The wheel sends cursor keys on the alternate screen. */
  ALTERNATE_SCROLL: 1007,
  MOUSE_URXVT: 1015,
  MOUSE_SGR_PIXELS: 1016,
  ALT_1047: 1047,
  SAVE_CURSOR: 1048,
  ALT_1049: 1049,
  BRACKETED_PASTE: 2004,
  /** Synchronized output: the terminal shows what was written only at the reset. */
  SYNC: 2026,
  /** The terminal reports each new size in band. */
  IN_BAND_RESIZE: 2048,
} as const;

/** Insert/Replace Mode (an ANSI mode). */
export const IRM = 4;
