import { joinBytes } from "../lib/bytes.ts";
import type { PaneMouse } from "./mouse.ts";
import { Parser } from "./parser.ts";
import { type Divided, ReplyRows, type Rewritten } from "./reply-rows.ts";
import { ESC_BYTE, type Scan, rawNumber, scanPasteEnd, scanReply } from "./reply-scan.ts";

/** What came in, for each side. */
export interface Received {
  /** May share memory with the chunk that was fed. */
  readonly child: Uint8Array;
  readonly pane: readonly PaneMouse[];
}

/** Bytes by name. */
const BRACKET = 0x5b;
const RIGHT_BRACKET = 0x5d;
const LESS = 0x3c;
const CAPITAL_M = 0x4d;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * What the terminal sends, on its way to the child: answers and mouse reports lose the pane's rows,
 * clicks in the pane are taken out, everything else goes through untouched and in order; inside a
 * bracketed paste nothing is looked at but its end.
 *
 * A sequence that is not whole at the end of a chunk is held back where the rest may change it.
 * While `holding`, the caller waits about 10 ms for more and then sends the child what `flush()`
 * returns: the user may have pressed Escape. At most 64 bytes are ever held, but for an answer to a
 * query for OSC 7501 (4096).
 */
export class Replies {
  readonly #split: Divided;
  readonly #rows: ReplyRows;
  /** The unfinished sequence, from its ESC on, and how much of it the child already has. */
  #held: Uint8Array = NOTHING;
  #sent = 0;
  #inPaste = false;
  /** What the child has got since it asked for OSC 7501, while `cdp` may have to answer. */
  #given: Parser | undefined;
  #flushed = false;

  constructor(split: Divided) {
    this.#split = split;
    this.#rows = new ReplyRows(split);
  }

  /** True while bytes wait for `flush()` or for what completes them. */
  get holding(): boolean {
    return this.#held.length > this.#sent;
  }

  /** What is held cannot be keys: the rest of a report is on its way, however slow the line. */
  get holdsReport(): boolean {
    const [, second, third] = this.#held;
    if (!this.holding) return false;
    if (second === RIGHT_BRACKET) return true;
    if (second !== BRACKET || third === undefined) return false;
    const { input, queries } = this.#split;
    if (third === LESS || third === CAPITAL_M) return input.mouse.tracking !== "off";
    return queries.outstanding > 0 && third >= ZERO && third <= NINE;
  }

  /** The bytes held back, now to be sent. What completes them is still understood if it comes. */
  flush(): Uint8Array {
    const rest = this.#held.subarray(this.#sent);
    this.#sent = this.#held.length;
    this.#flushed = true; // It was a key: nothing is unfinished.
    this.#given = undefined;
    return rest;
  }

  /**
   * Whether our own answer may be written between what the child has got and what comes next: not
   * within another answer, a character or a paste.
   */
  get betweenInput(): boolean {
    if (this.#inPaste) return false;
    return this.#given?.idle ?? (this.#sent === 0 || this.#flushed);
  }

  /** Nearly every key: nothing is held, and nothing in it could be an answer. It need not be fed. */
  passes(chunk: Uint8Array): boolean {
    if (this.#held.length > 0 || this.#split.status?.expecting === true) return false;
    return chunk.indexOf(ESC_BYTE) === -1;
  }

  feed(chunk: Uint8Array): Received {
    if (this.passes(chunk)) return { child: chunk, pane: [] };
    const { status } = this.#split;
    if (status?.pending !== true) {
      this.#given = undefined;
      return this.#feed(chunk);
    }
    this.#given ??= this.#parserOfGiven();
    const received = this.#feed(chunk);
    this.#given.feed(received.child);
    return received;
  }

  #parserOfGiven(): Parser {
    const parser = new Parser(NO_SINK);
    parser.feed(this.#held.subarray(0, this.#sent));
    return parser;
  }

  #feed(chunk: Uint8Array): Received {
    this.#flushed = false;
    const input = this.#held.length === 0 ? chunk : joinBytes([this.#held, chunk]);
    const out = new Rewriting(input, this.#sent);
    this.#held = NOTHING;
    this.#sent = 0;
    let at = 0;
    for (;;) {
      const esc = input.indexOf(ESC_BYTE, at);
      if (esc === -1) break;
      const already = esc === 0 ? out.given : 0;
      const scan = this.#scan(input, esc, already);
      if (scan.kind === "partial") {
        this.#hold(input, esc, already);
        break;
      }
      this.#read(out, esc, scan, already);
      at = scan.end;
    }
    return {
      child: out.finish(input.length - this.#held.length + this.#sent),
      pane: this.#rows.takeClicks(),
    };
  }

  #scan(input: Uint8Array, esc: number, already: number): Scan {
    if (this.#inPaste) return scanPasteEnd(input, esc);
    const { tracking, encoding } = this.#split.input.mouse;
    // When `CSI M` went ahead by a flush, a person may have typed it: what follows are keys.
    const expected = tracking !== "off" && already <= 1;
    const raw = encoding === "byte" || encoding === "utf8" ? encoding : undefined;
    return scanReply(input, esc, {
      rawMouse: expected ? raw : undefined,
      dcs: this.#split.queries.outstanding > 0,
      status: this.#split.status?.expecting === true,
    });
  }

  /** Keeps what may have to be changed or dropped, and lets the child have the rest at once. */
  #hold(input: Uint8Array, esc: number, already: number): void {
    this.#held = input.slice(esc);
    const free = this.#freeBytes(this.#held.length, already);
    this.#sent = Math.max(already, Math.min(free, this.#held.length));
  }

  #freeBytes(length: number, already: number): number {
    const { paneRows, input, status } = this.#split;
    if (status?.expecting === true && !this.#inPaste) {
      // What has begun to go to the child as an OSC is not taken back any more.
      return this.#held[1] === RIGHT_BRACKET && already > 1 ? length : 0;
    }
    if (this.#inPaste || paneRows === 0) return length;
    // The introducer is the same in the changed sequence; only mouse reports are ever dropped.
    return input.mouse.tracking === "off" || input.rowShift === 0 ? 2 : 0;
  }

  #read(out: Rewriting, esc: number, scan: Exclude<Scan, { kind: "partial" }>, already: number) {
    switch (scan.kind) {
      case "other":
        return;
      case "csi":
        return this.#readCsi(out, esc, scan.end, already);
      case "dcs": {
        const rewritten = this.#rows.dcs(out.text(esc + 2, scan.end));
        if (rewritten !== undefined) out.replace(esc, scan.end, bytesOf(rewritten.text), already);
        return;
      }
      case "status":
        // With more than its ESC gone the child gets the answer twice, which means nothing to it.
        if (this.#split.status?.answered() === false && already <= 1) {
          out.replace(esc, scan.end, NOTHING, already);
        }
        return;
      case "rawMouse":
        return this.#readRawMouse(out, esc, scan, already);
    }
  }

  #readCsi(out: Rewriting, esc: number, end: number, already: number): void {
    const final = out.text(end - 1, end);
    if (final === "~") {
      const body = end - esc === PASTE_MARK_LENGTH ? out.text(esc + 2, end - 1) : "";
      if (body === "200" || body === "201") this.#inPaste = body === "200";
      return;
    }
    if (!"MmRtcy".includes(final)) return;
    const rewritten = this.#rows.csi(out.text(esc + 2, end - 1), final);
    if (rewritten !== undefined) apply(out, esc, end, rewritten, already);
  }

  #readRawMouse(
    out: Rewriting,
    esc: number,
    scan: Extract<Scan, { kind: "rawMouse" }>,
    already: number,
  ): void {
    const utf8 = this.#split.input.mouse.encoding === "utf8";
    const [code, x, y] = scan.at.map((at) => rawNumber(out.input, at, utf8).value);
    const yAt = scan.at[2];
    if (code === undefined || x === undefined || y === undefined) return;
    const routed = this.#rows.rawMouse(code, x, y);
    if (routed.dropped) {
      out.replace(esc, scan.end, NOTHING, already);
    } else if (routed.y !== y) {
      const row = utf8 ? bytesOf(String.fromCharCode(routed.y + 32)) : [routed.y + 32];
      out.replace(
        esc,
        scan.end,
        joinBytes([out.input.subarray(esc, yAt), Uint8Array.from(row)]),
        already,
      );
    }
  }
}

/** One pass over `input`: copies nothing until something changes. */
class Rewriting {
  readonly input: Uint8Array;
  /** Bytes at the start that the child had before. */
  readonly given: number;
  readonly #pieces: Uint8Array[] = [];
  #from: number;

  constructor(input: Uint8Array, given: number) {
    this.input = input;
    this.given = given;
    this.#from = given;
  }

  text(start: number, end: number): string {
    return String.fromCharCode(...this.input.subarray(start, end));
  }

  /**
   * Puts `bytes` in the place of a sequence of which the child already has the first `already`
   * bytes. If these do not begin the new one as well, the old one is finished as it came.
   */
  replace(start: number, end: number, bytes: Uint8Array, already: number): void {
    for (let i = 0; i < already && bytes.length > 0; i++) {
      if (bytes[i] !== this.input[start + i]) return;
    }
    this.#pieces.push(this.input.subarray(this.#from, start + already), bytes.subarray(already));
    this.#from = end;
  }

  /** Everything for the child, up to the offset `end` of the input. */
  finish(end: number): Uint8Array {
    const rest = this.input.subarray(this.#from, Math.max(this.#from, end));
    return this.#pieces.length === 0 ? rest : joinBytes([...this.#pieces, rest]);
  }
}

const NOTHING = new Uint8Array(0);
const NO_SINK = { text: () => undefined, sequence: () => undefined, string: () => undefined };
const PASTE_MARK_LENGTH = 6;
const encoder = new TextEncoder();

/** Takes a sequence out only if at most its ESC went ahead: half a sequence would eat a key. */
function apply(out: Rewriting, esc: number, end: number, rewritten: Rewritten, already: number) {
  const gone = rewritten.dropped && already <= 1;
  out.replace(esc, end, gone ? NOTHING : bytesOf(rewritten.text), already);
}

function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}
