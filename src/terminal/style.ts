import { DECSCA_PROTECTED, sgr } from "./ansi.ts";

/** The attributes of a cell or of the pen, as xterm.js packs them (`fg` and `bg` carry flags too). */
export interface Style {
  readonly fg: number;
  readonly bg: number;
  /** `_ext` holds the underline's style and colour; a link hides them from the public getter. */
  readonly extended: { readonly _ext: number; readonly urlId: number };
}

const COLOR_MODE = 0x300_0000;
const PALETTE_16 = 0x100_0000;
const PALETTE_256 = 0x200_0000;
const RGB = 0xff_ffff;

/** Bits of `fg` with their SGR parameters. */
const FG_FLAGS: readonly (readonly [bit: number, param: number])[] = [
  [0x800_0000, 1],
  [0x2000_0000, 5],
  [0x400_0000, 7],
  [0x4000_0000, 8],
  [0x8000_0000, 9],
];
/** Bits of `bg` with their SGR parameters. */
const BG_FLAGS: readonly (readonly [bit: number, param: number])[] = [
  [0x800_0000, 2],
  [0x400_0000, 3],
  [0x4000_0000, 53],
];
const UNDERLINE = 0x1000_0000;
const HAS_EXTENDED = 0x1000_0000;
const PROTECTED = 0x2000_0000;

/** Whether two styles look the same; links count. */
export function sameStyle(a: Style, b: Style): boolean {
  return (
    a.fg === b.fg && a.bg === b.bg && extendedOf(a) === extendedOf(b) && linkOf(a) === linkOf(b)
  );
}

/** The number of the link that text belongs to, 0 for none. */
export const linkOf = (style: Style): number => (isExtended(style) ? style.extended.urlId : 0);

/** The pen: its underline colour counts also while nothing is underlined, and it may protect. */
export const sgrOfPen = (style: Style): string =>
  sgrOf(style, style.extended._ext) + ((style.bg & PROTECTED) === 0 ? "" : DECSCA_PROTECTED);

/** One SGR sequence that gives exactly this style from any other (links apart). */
export function sgrOf(style: Style, underline = extendedOf(style)): string {
  const params: (number | string)[] = [0];
  for (const [bit, param] of FG_FLAGS) if ((style.fg & bit) !== 0) params.push(param);
  for (const [bit, param] of BG_FLAGS) if ((style.bg & bit) !== 0) params.push(param);
  const shape = underlineStyle(style);
  if (shape === 1) params.push(4);
  else if (shape > 1) params.push(`4:${shape}`);
  params.push(...color(style.fg, 30, 90, 38), ...color(style.bg, 40, 100, 48));
  params.push(...underlineColor(underline));
  return sgr(...params);
}

const isExtended = (style: Style): boolean => (style.bg & HAS_EXTENDED) !== 0;

/** A cell that is not marked so still holds what an earlier one had. */
const extendedOf = (style: Style): number => (isExtended(style) ? style.extended._ext : 0);

/** 0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed. */
function underlineStyle(style: Style): number {
  const extended = (extendedOf(style) >>> 26) & 7;
  if (extended !== 0) return extended;
  return (style.fg & UNDERLINE) === 0 ? 0 : 1;
}

function color(packed: number, base: number, bright: number, extended: number): number[] {
  const value = packed & RGB;
  switch (packed & COLOR_MODE) {
    case 0:
      return [];
    case PALETTE_16:
      return [(value & 0xff) < 8 ? base + (value & 7) : bright + (value & 7)];
    case PALETTE_256:
      return [extended, 5, value & 0xff];
    default:
      return [extended, 2, value >>> 16, (value >>> 8) & 0xff, value & 0xff];
  }
}

function underlineColor(packed: number): string[] {
  const value = packed & RGB;
  switch (packed & COLOR_MODE) {
    case 0:
      return [];
    case PALETTE_16:
    case PALETTE_256:
      return [`58:5:${value & 0xff}`];
    default:
      return [`58:2::${value >>> 16}:${(value >>> 8) & 0xff}:${value & 0xff}`];
  }
}
