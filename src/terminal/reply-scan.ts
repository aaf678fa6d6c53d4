/**
 * What stands at an ESC in the terminal's input. Ends are offsets behind the last byte.
 * `partial`: the input ends before that can be told. `other`: nothing that names rows.
 * `rawMouse`: `CSI M` and three characters, whose offsets are in `at`. `status`: a terminal's answer
 * that it speaks OSC 7501.
 */
export type Scan =
  | { readonly kind: "partial" }
  | { readonly kind: "other"; readonly end: number }
  | { readonly kind: "csi"; readonly end: number; readonly final: number }
  | { readonly kind: "dcs"; readonly end: number }
  | { readonly kind: "status"; readonly end: number }
  | {
      readonly kind: "rawMouse";
      readonly end: number;
      readonly at: readonly [code: number, x: number, y: number];
    };

/** What a scan looks for beyond CSI sequences. */
export interface ScanOptions {
  /** The byte form of mouse reports is expected; `utf8` with mode 1005. */
  readonly rawMouse: "byte" | "utf8" | undefined;
  /** A DCS answer (DECRQSS, DECRQPSR) is expected. */
  readonly dcs: boolean;
  /** An answer to a query for OSC 7501 is expected. */
  readonly status: boolean;
}

/** Nothing that we rewrite is as long; a longer sequence is passed on without being understood. */
export const MAX_REPLY_BYTES = 64;

/** Most bytes of an OSC 7501, by its specification. */
const MAX_STATUS_BYTES = 4096;

export const ESC_BYTE = 0x1b;

/** Reads the sequence that begins with the ESC at `esc`. Depends on nothing before it. */
export function scanReply(input: Uint8Array, esc: number, options: ScanOptions): Scan {
  const introducer = input[esc + 1];
  if (introducer === undefined) return { kind: "partial" };
  if (introducer === BYTE.leftBracket) return scanCsi(input, esc, options.rawMouse);
  if (introducer === BYTE.P && options.dcs) return scanDcs(input, esc);
  if (introducer === BYTE.rightBracket && options.status) return scanStatus(input, esc);
  return { kind: "other", end: esc + 1 }; // Alt and a key, or a string that is none of ours.
}

/** Inside a bracketed paste only its end counts: `CSI 201 ~`. */
export function scanPasteEnd(input: Uint8Array, esc: number): Scan {
  for (let i = 1; i < PASTE_END.length; i++) {
    const byte = input[esc + i];
    if (byte === undefined) return { kind: "partial" };
    if (byte !== PASTE_END[i]) return { kind: "other", end: esc + 1 };
  }
  return { kind: "csi", end: esc + PASTE_END.length, final: BYTE.tilde };
}

/** A character of a raw mouse report: its number less 32, and how many bytes it takes. */
export function rawNumber(input: Uint8Array, at: number, utf8: boolean): RawNumber {
  const first = input[at] ?? 0;
  const second = input[at + 1] ?? 0;
  if (!utf8 || (first & 0xe0) !== 0xc0 || (second & 0xc0) !== 0x80) {
    return { value: first - 32, bytes: 1 };
  }
  return { value: (((first & 0x1f) << 6) | (second & 0x3f)) - 32, bytes: 2 };
}

export interface RawNumber {
  readonly value: number;
  readonly bytes: number;
}

const BYTE = {
  leftBracket: 0x5b,
  rightBracket: 0x5d,
  P: 0x50,
  M: 0x4d,
  tilde: 0x7e,
  bel: 0x07,
  colon: 0x3a,
  backslash: 0x5c,
} as const;
const PASTE_END = new TextEncoder().encode("?[201~");

function scanCsi(input: Uint8Array, esc: number, raw: ScanOptions["rawMouse"]): Scan {
  const limit = Math.min(input.length, esc + MAX_REPLY_BYTES);
  for (let i = esc + 2; i < limit; i++) {
    const byte = input[i] ?? 0;
    if (byte === BYTE.M && i === esc + 2 && raw !== undefined) {
      return scanRawMouse(input, i + 1, raw === "utf8");
    }
    if (byte >= 0x40 && byte <= 0x7e) return { kind: "csi", end: i + 1, final: byte };
    if (byte < 0x20 || byte > 0x7e) return { kind: "other", end: i };
  }
  return input.length - esc < MAX_REPLY_BYTES ? { kind: "partial" } : { kind: "other", end: limit };
}

function scanRawMouse(input: Uint8Array, start: number, utf8: boolean): Scan {
  const at: number[] = [];
  let next = start;
  for (let i = 0; i < 3; i++) {
    const first = input[next];
    if (first === undefined) return { kind: "partial" };
    // A terminal sends nothing below a space but NUL, for what does not fit a byte (xterm).
    if (first > 0 && first < 32) return { kind: "other", end: next };
    if (utf8 && (first & 0xe0) === 0xc0 && next + 1 === input.length) return { kind: "partial" };
    at.push(next);
    next += rawNumber(input, next, utf8).bytes;
  }
  const [code = 0, x = 0, y = 0] = at;
  return { kind: "rawMouse", end: next, at: [code, x, y] };
}

/**
 * `DCS 1 $ r top ; bottom r` and `DCS 1 $ u row ; …`, up to the last byte that we need; what is not
 * of this form is left alone at its first byte that differs, so that Alt+P delays no typing.
 */
function scanDcs(input: Uint8Array, esc: number): Scan {
  const limit = Math.min(input.length, esc + MAX_REPLY_BYTES);
  const form = "1$";
  for (let i = 0; i < form.length; i++) {
    const byte = input[esc + 2 + i];
    if (byte === undefined) return { kind: "partial" };
    if (byte !== form.charCodeAt(i)) return { kind: "other", end: esc + 2 };
  }
  const type = input[esc + 4];
  if (type === undefined) return { kind: "partial" };
  if (type !== 0x72 && type !== 0x75) return { kind: "other", end: esc + 2 };
  const last = type === 0x72 ? 0x72 : 0x3b; // `r` ends the margins, `;` the row.
  for (let i = esc + 5; i < limit; i++) {
    const byte = input[i] ?? 0;
    if (byte === last) return { kind: "dcs", end: i + 1 };
    if (!(byte >= 0x30 && byte <= 0x39) && byte !== 0x3b) return { kind: "other", end: esc + 2 };
  }
  return input.length - esc < MAX_REPLY_BYTES ? { kind: "partial" } : { kind: "other", end: limit };
}

/**
 * `OSC 7501 ; ?`, perhaps with further pairs after a colon, to its BEL or ST; what is not of this
 * form is left alone at its first byte that differs.
 */
function scanStatus(input: Uint8Array, esc: number): Scan {
  const form = "7501;?";
  for (let i = 0; i < form.length; i++) {
    const byte = input[esc + 2 + i];
    if (byte === undefined) return { kind: "partial" };
    if (byte !== form.charCodeAt(i)) return { kind: "other", end: esc + 2 };
  }
  const after = esc + 2 + form.length;
  const limit = Math.min(input.length, esc + MAX_STATUS_BYTES);
  for (let i = after; i < limit; i++) {
    const byte = input[i] ?? 0;
    if (byte === BYTE.bel) return { kind: "status", end: i + 1 };
    if (byte === ESC_BYTE) {
      if (i + 1 === input.length) return { kind: "partial" };
      if (input[i + 1] !== BYTE.backslash) return { kind: "other", end: i };
      return { kind: "status", end: i + 2 };
    }
    if (byte < 0x20 || (i === after && byte !== BYTE.colon)) return { kind: "other", end: i };
  }
  const whole = input.length - esc >= MAX_STATUS_BYTES;
  return whole ? { kind: "other", end: limit } : { kind: "partial" };
}
