/** More are never read; terminals stop at 16 to 32. */
const MAX_PARAMS = 32;
/** Values beyond are capped: far larger than any screen, far from the limits of integers. */
const MAX_VALUE = 0x7fff_ffff;

const NOTHING = 0;

/** A control sequence (`CSI`) taken apart. */
export interface Control {
  /** `?`, `>`, `=`, `<` or empty. */
  readonly prefix: string;
  /** Numbers between semicolons; an empty one is 0. Subparameters after a colon are left out. */
  readonly params: readonly number[];
  /** Such as ` `, `$`, `!`. */
  readonly intermediates: string;
  readonly final: string;
}

/** Takes the sequence `[from, to)` apart; its introducer has two bytes, its final byte is the last. */
export function parseControl(bytes: Uint8Array, from: number, to: number): Control {
  let at = from + 2;
  const first = bytes[at] ?? NOTHING;
  const prefix = first >= 0x3c && first <= 0x3f ? String.fromCharCode(first) : "";
  if (prefix !== "") at++;
  const params: number[] = [];
  let value = 0;
  let sub = false;
  let intermediates = "";
  let any = false;
  for (; at < to - 1; at++) {
    const byte = bytes[at] ?? NOTHING;
    if (byte < 0x30) {
      if (intermediates.length < 4) intermediates += String.fromCharCode(byte);
      continue;
    }
    any = true;
    if (byte === 0x3b) {
      if (params.length < MAX_PARAMS) params.push(value);
      value = 0;
      sub = false;
    } else if (byte === 0x3a) sub = true;
    else if (byte <= 0x39 && !sub) value = Math.min(value * 10 + byte - 0x30, MAX_VALUE);
  }
  if (any && params.length < MAX_PARAMS) params.push(value);
  return { prefix, params, intermediates, final: String.fromCharCode(bytes[to - 1] ?? NOTHING) };
}

/** What tells a control sequence from others: prefix, intermediates and final byte. */
export const nameOf = ({ prefix, intermediates, final }: Control): string =>
  prefix + intermediates + final;
