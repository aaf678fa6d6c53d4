import type { ControlString } from "./parser.ts";
import type { StatusQueries } from "./status-queries.ts";

type Emit = (bytes: Uint8Array, from: number, to: number) => void;

/** What a report and a query of the Program Status Protocol begin with. */
const NAME = "7501;";
const QUESTION = 0x3f;
const ESC = 0x1b;
/** What ends a string within itself: BEL, CAN, SUB. Any other end is a sequence of its own. */
const ENDS: ReadonlySet<number> = new Set([0x07, 0x18, 0x1a]);
/** The introducer's two bytes, the name, the question mark: the most that is ever kept back. */
const MOST = 2 + NAME.length + 1;

/**
 * The child's control strings on their way to the terminal, without OSC 7501 reports while
 * `StatusQueries` withholds them. Then, and only then, the first bytes of an OSC string are kept back
 * until they tell what it is. Queries always pass.
 */
export class StatusFilter {
  readonly #queries: StatusQueries | undefined;
  readonly #emit: Emit;
  readonly #kept = new Uint8Array(MOST);
  #length = 0;
  #state: "outside" | "pass" | "undecided" | "drop" = "outside";
  #last = 0;
  #dropsTerminator = false;

  constructor(queries: StatusQueries | undefined, emit: Emit) {
    this.#queries = queries;
    this.#emit = emit;
  }

  /** A part of a control string, as the parser gives it. */
  string(bytes: Uint8Array, from: number, to: number): void {
    if (this.#state === "outside") this.#begin(bytes, from);
    if (this.#state === "pass") {
      this.#emit(bytes, from, to);
      return;
    }
    this.#last = bytes[to - 1] ?? 0;
    for (let at = from; at < to && this.#state !== "drop"; at++) {
      if (!this.#fits(bytes[at] ?? 0)) {
        this.release();
        this.#emit(bytes, at, to);
        return;
      }
    }
  }

  /** The string has ended; `complete` is false where CAN or SUB cut it. */
  ended({ complete }: ControlString): void {
    const content = this.#length - 2;
    // `7501;` alone is a report without a state; all of the name and `?` is the query.
    if (this.#state === "undecided" && content === NAME.length && complete) this.#state = "drop";
    if (this.#state === "undecided") this.release();
    this.#dropsTerminator = this.#state === "drop" && !ENDS.has(this.#last);
    this.#state = "outside";
    this.#length = 0;
  }

  /** Whether this ST ends a string that was dropped, and goes with it. To be asked once for each ST. */
  takesTerminator(): boolean {
    const takes = this.#dropsTerminator;
    this.#dropsTerminator = false;
    return takes;
  }

  /** Emits what is kept back: the string is no report, or the filter is no longer used. */
  release(): void {
    if (this.#length > 0) this.#emit(this.#kept, 0, this.#length);
    this.#length = 0;
    if (this.#state !== "outside") this.#state = "pass";
  }

  #begin(bytes: Uint8Array, from: number): void {
    this.#dropsTerminator = false;
    this.#length = 0;
    const osc = bytes[from] === ESC ? 0x5d : 0x9d;
    const isOsc = bytes[from + 1] === osc;
    this.#state = isOsc && this.#queries?.withholds === true ? "undecided" : "pass";
  }

  /** Keeps a byte that a report or the query may have at this place; false for any other string. */
  #fits(byte: number): boolean {
    const at = this.#length - 2;
    if (at >= NAME.length) {
      // The end of the query, or whatever else follows the name.
      if (at > NAME.length && ENDS.has(byte)) return false;
      if (at > NAME.length || byte !== QUESTION) {
        this.#state = "drop";
        return true;
      }
    } else if (at >= 0 && byte !== NAME.charCodeAt(at)) return false;
    this.#kept[this.#length++] = byte;
    return true;
  }
}
