/** A slice `[from, to)` of `bytes`, valid during the call only: copy what is to be kept. */
type Slice = (bytes: Uint8Array, from: number, to: number) => void;

/** What a control string begins with, named by its 7-bit introducer (`ESC ]` …). */
export type StringKind = "osc" | "dcs" | "apc" | "pm" | "sos";

export interface ControlString {
  readonly kind: StringKind;
  /** What stood between introducer and terminator, at most `MAX_STRING` bytes of it. */
  readonly content: Uint8Array;
  /** Longer than `MAX_STRING`: the rest was not kept. */
  readonly truncated: boolean;
  /** Ended by BEL, ST or ESC; false when CAN or SUB cut it, which makes a terminal ignore it. */
  readonly complete: boolean;
}

/** Every byte fed comes out once, in order, through `text`, `sequence` or `string`. */
export interface ParserSink {
  /**
   * Text and control characters; also the remains of sequences that were broken off. `ascii` is
   * false when a byte of it is above 0x7f.
   */
  readonly text: (bytes: Uint8Array, from: number, to: number, ascii: boolean) => void;
  /**
   * One whole escape or control sequence, free of control characters, in its 7-bit (`ESC [`) or
   * UTF-8 8-bit form (`C2 9B`): both have an introducer of two bytes.
   */
  readonly sequence: Slice;
  /** A part of a control string: introducer, content or terminator (`ST` comes as a sequence). */
  readonly string: Slice;
  /** A control string has ended; its bytes were given to `string` before. */
  readonly stringEnd?: (string: ControlString) => void;
}

/** Content of a control string that is kept for `stringEnd`. */
export const MAX_STRING = 4096;
/** A longer sequence loses what is beyond: no terminal reads more than 32 parameters. */
const MAX_SEQUENCE = 4096;

const GROUND = 0;
const ESCAPE = 1;
const INTERMEDIATE = 2;
const CONTROL = 3;
const STRING = 4;
/** After a byte C2, which begins an 8-bit control or an ordinary character. */
const LEAD = 5;

const BEL = 0x07;
const CAN = 0x18;
const SUB = 0x1a;
const ESC = 0x1b;
const DEL = 0x7f;
const C2 = 0xc2;

/** By the final byte of the introducer. */
const STRINGS: Readonly<Record<number, StringKind>> = {
  0x5d: "osc",
  0x50: "dcs",
  0x5f: "apc",
  0x5e: "pm",
  0x58: "sos",
};

/**
 * Cuts a terminal's output into text, sequences and strings. Works on bytes, keeps its unfinished
 * tail (so a sequence comes whole, however it was cut), passes strings of any length on in pieces
 * in constant memory. Follows the state machine of the VT500 with UTF-8 as xterm.js reads it.
 *
 * @see https://vt100.net/emu/dec_ansi_parser
 */
export class Parser {
  readonly #sink: ParserSink;
  #state = GROUND;
  readonly #held = new Uint8Array(MAX_SEQUENCE);
  #heldLength = 0;
  #kind: StringKind = "osc";
  readonly #content = new Uint8Array(MAX_STRING);
  #contentLength = 0;
  #truncated = false;
  /** Continuation bytes that the last character of the text still lacks. */
  #awaited = 0;
  /** Of the text that `#nextControl` found last. */
  #ascii = true;

  constructor(sink: ParserSink) {
    this.#sink = sink;
  }

  /** Between two characters, outside every sequence and string: the only place to insert something. */
  get idle(): boolean {
    return this.#state === GROUND && this.#awaited === 0;
  }

  /** Outside every sequence and string, though perhaps within a character. */
  get ground(): boolean {
    return this.#state === GROUND;
  }

  feed(chunk: Uint8Array): void {
    let at = this.#state === GROUND ? 0 : this.#resume(chunk, 0);
    while (at < chunk.length) {
      const control = this.#nextControl(chunk, at);
      if (control > at) this.#text(chunk, at, control, this.#ascii);
      at = control < chunk.length ? this.#control(chunk, control) : control;
    }
  }

  /** The common case without a copy: a sequence that lies whole in the chunk. */
  #control(chunk: Uint8Array, from: number): number {
    this.#awaited = 0;
    if (chunk[from] === ESC && chunk[from + 1] === 0x5b) {
      let at = from + 2;
      let byte = chunk[at] ?? 0;
      while (byte >= 0x20 && byte < 0x40) byte = chunk[++at] ?? 0;
      if (byte >= 0x40 && byte < DEL) {
        this.#sink.sequence(chunk, from, at + 1);
        return at + 1;
      }
    }
    this.#hold(chunk[from] ?? 0);
    this.#state = chunk[from] === ESC ? ESCAPE : LEAD;
    return this.#resume(chunk, from + 1);
  }

  /** Index of the next ESC, 8-bit control or trailing C2; the chunk's length when there is none. */
  #nextControl(chunk: Uint8Array, from: number): number {
    let seen = 0;
    let at = from;
    for (; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (byte === ESC) break;
      if (byte === C2) {
        const next = chunk[at + 1] ?? 0x80;
        if (next >= 0x80 && next < 0xa0) break;
      }
      seen |= byte;
    }
    this.#ascii = seen < 0x80;
    return at;
  }

  #text(bytes: Uint8Array, from: number, to: number, ascii: boolean): void {
    this.#sink.text(bytes, from, to, ascii);
    this.#awaited = awaitedAfter(bytes, from, to, this.#awaited);
  }

  /** Goes on from any state but ground, byte by byte; returns where ground was reached. */
  #resume(chunk: Uint8Array, from: number): number {
    let at = from;
    while (at < chunk.length && this.#state !== GROUND) {
      at = this.#state === STRING ? this.#string(chunk, at) : this.#step(chunk, at);
    }
    return at;
  }

  #step(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] ?? 0;
    if (this.#state === LEAD) {
      if (byte >= 0x80 && byte < 0xa0) this.#introduced(byte, byte - 0x40);
      else return this.#abandon(chunk, at, at);
      return at + 1;
    }
    if (byte === ESC) {
      this.#abandon(chunk, at, at);
      this.#hold(ESC);
      this.#state = ESCAPE;
      return at + 1;
    }
    if (byte === CAN || byte === SUB) return this.#abandon(chunk, at, at + 1);
    if (byte < 0x20) {
      this.#sink.text(chunk, at, at + 1, true);
      return at + 1;
    }
    if (byte >= 0x80) return this.#abandon(chunk, at, at);
    if (byte === DEL) return at + 1;
    if (this.#state === ESCAPE) this.#introduced(byte, byte);
    else this.#advance(byte);
    return at + 1;
  }

  /** The byte after ESC, or the 8-bit control that stands for both (`final` is its 7-bit form). */
  #introduced(byte: number, final: number): void {
    this.#hold(byte);
    const kind = STRINGS[final];
    if (kind !== undefined) {
      this.#sink.string(this.#held, 0, this.#heldLength);
      this.#heldLength = 0;
      this.#kind = kind;
      this.#contentLength = 0;
      this.#truncated = false;
      this.#state = STRING;
    } else if (final === 0x5b) this.#state = CONTROL;
    else if (final < 0x30) this.#state = INTERMEDIATE;
    else this.#complete();
  }

  #advance(byte: number): void {
    this.#hold(byte);
    const last = this.#state === CONTROL ? byte >= 0x40 : byte >= 0x30;
    if (last) this.#complete();
  }

  #complete(): void {
    this.#sink.sequence(this.#held, 0, this.#heldLength);
    this.#heldLength = 0;
    this.#state = GROUND;
  }

  /** Not a sequence after all: what was held, and `chunk` up to `to`, are passed on as they came. */
  #abandon(chunk: Uint8Array, at: number, to: number): number {
    const lead = this.#state === LEAD;
    this.#state = GROUND;
    const length = this.#heldLength;
    this.#heldLength = 0;
    if (lead) this.#text(this.#held, 0, length, false);
    else this.#sink.text(this.#held, 0, length, true);
    if (to > at) this.#sink.text(chunk, at, to, true);
    return to;
  }

  #hold(byte: number): void {
    if (this.#heldLength < MAX_SEQUENCE - 1 || byte >= 0x40) this.#held[this.#heldLength++] = byte;
  }

  #string(chunk: Uint8Array, from: number): number {
    if (this.#heldLength > 0) this.#stringLead(chunk[from] ?? 0);
    if (this.#state !== STRING) return from;
    let at = from;
    while (at < chunk.length && !this.#endsString(chunk, at)) at++;
    this.#keep(chunk, from, at);
    const byte = chunk[at];
    const taken = byte === undefined || byte === ESC || byte === C2 ? at : at + 1;
    if (taken > from) this.#sink.string(chunk, from, taken);
    if (byte === C2 && at + 1 === chunk.length) {
      this.#hold(C2);
      return at + 1;
    }
    if (byte !== undefined) this.#endString(byte !== CAN && byte !== SUB);
    return taken;
  }

  /** The last chunk ended in a C2: with `next` it ends the string, or it was content. */
  #stringLead(next: number): void {
    if (next >= 0x80 && next < 0xa0) {
      this.#endString(true);
      this.#state = LEAD;
      return;
    }
    this.#keep(this.#held, 0, 1);
    this.#sink.string(this.#held, 0, 1);
    this.#heldLength = 0;
  }

  #endString(complete: boolean): void {
    this.#state = GROUND;
    this.#sink.stringEnd?.({
      kind: this.#kind,
      content: this.#content.subarray(0, this.#contentLength),
      truncated: this.#truncated,
      complete,
    });
  }

  #endsString(chunk: Uint8Array, at: number): boolean {
    const byte = chunk[at] ?? 0;
    if (byte >= 0x20) {
      const next = byte === C2 ? (chunk[at + 1] ?? 0x80) : 0;
      return next >= 0x80 && next < 0xa0;
    }
    return byte === ESC || byte === CAN || byte === SUB || (byte === BEL && this.#kind === "osc");
  }

  #keep(chunk: Uint8Array, from: number, to: number): void {
    const room = MAX_STRING - this.#contentLength;
    const kept = Math.min(to - from, room);
    if (kept > 0) this.#content.set(chunk.subarray(from, from + kept), this.#contentLength);
    this.#contentLength += kept;
    this.#truncated ||= to - from > room;
  }
}

/** How many continuation bytes the text `[from, to)` still lacks, when `before` were lacking. */
function awaitedAfter(bytes: Uint8Array, from: number, to: number, before: number): number {
  const last = bytes[to - 1] ?? 0;
  if (last < 0x80) return 0;
  for (let back = 1; back <= 3 && to - back >= from; back++) {
    const byte = bytes[to - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return Math.max(0, lengthOf(byte) - back);
  }
  return to - from < before ? before - (to - from) : 0;
}

function lengthOf(lead: number): number {
  if (lead >= 0xf8) return 1;
  if (lead >= 0xf0) return 4;
  return lead >= 0xe0 ? 3 : 2;
}
