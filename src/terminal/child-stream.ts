import { CSI, DECSC, MODE, OSC8_END, osc8 } from "./ansi.ts";
import { register, shiftOf } from "./asked.ts";
import type { ChildScreen } from "./child-screen.ts";
import type { Painter } from "./painter.ts";
import { type Control, nameOf, parseControl } from "./params.ts";
import type { ControlString, ParserSink } from "./parser.ts";
import { pictureMoves } from "./pictures.ts";
import type { Queries } from "./queries.ts";
import { StatusFilter } from "./status-filter.ts";
import type { StatusQueries } from "./status-queries.ts";
import { eraseAround, keepBeforeClear, reverseIndex, rewrite } from "./rewrite.ts";
import type { Arrival, Room } from "./room.ts";
import { hardReset, isPlaced, restored, setMode, softReset, switchesScreen } from "./switches.ts";

/** Final bytes by name. */
const FINAL = { H: 0x48, K: 0x4b, m: 0x6d } as const;
const BRACKET = 0x5b;
const ESC_BYTE = 0x1b;
const DEL = 0x7f;
const TAB = 0x09;
/** Sequences whose first parameter is a repetition, which the emulator would take at its word. */
const REPEATED = new Set(Array.from("@ILMPSTXZb", (final) => final.charCodeAt(0)));

/** CHA, HPA, CNL, CPL. */
const COLUMN: ReadonlySet<string> = new Set(["G", "`", "E", "F"]);

const utf8 = new TextDecoder();

/** Reads what the child writes, piece by piece as the parser finds it, and writes what goes out. */
export class ChildStream implements ParserSink {
  readonly #child: ChildScreen;
  readonly #painter: Painter;
  readonly #room: Room;
  readonly #queries: Queries;
  readonly #statusQueries: StatusQueries | undefined;
  readonly #status: StatusFilter;
  #chunk: Uint8Array = new Uint8Array(0);
  /** The terminal has it already. */
  #written = false;

  constructor(
    child: ChildScreen,
    painter: Painter,
    room: Room,
    asked: { readonly queries: Queries; readonly status: StatusQueries | undefined },
  ) {
    this.#child = child;
    this.#painter = painter;
    this.#room = room;
    this.#queries = asked.queries;
    this.#statusQueries = asked.status;
    this.#status = new StatusFilter(asked.status, (bytes, from, to) => this.#emit(bytes, from, to));
  }

  /** The chunk that is fed now: slices of it may be kept, others not. */
  begin(chunk: Uint8Array, written: boolean): void {
    this.#chunk = chunk;
    this.#written = written;
    if (this.#child.screen.behind) this.#child.screen.catchUp();
  }

  text(bytes: Uint8Array, from: number, to: number, ascii: boolean): void {
    if (this.#room.open && this.#waits(this.#room.text(bytes, from, to))) {
      this.#queue(bytes, from, to);
      return;
    }
    const doubtful = !ascii || hasTab(bytes, from, to);
    this.#painter.wrote(bytes, from, to, doubtful);
    const last = bytes[to - 1] ?? 0;
    this.#child.afterText = last >= 0x20 && last !== DEL;
    this.#pass(bytes, from, to);
  }

  sequence(bytes: Uint8Array, from: number, to: number): void {
    const second = bytes[from + 1] ?? 0;
    const introducer = bytes[from] === ESC_BYTE ? second : second - 0x40;
    const final = bytes[to - 1] ?? 0;
    this.#child.afterText = false;
    if (introducer !== BRACKET) {
      const rest = to - from > 2 ? utf8.decode(bytes.subarray(from + 2, to)) : "";
      this.#escape(String.fromCharCode(introducer) + rest, bytes, from, to);
    } else if (this.#room.open) {
      this.#control(parseControl(bytes, from, to), bytes, from, to);
    } else if (
      (final === FINAL.K && to - from === 3) ||
      (final === FINAL.m && bytes[from + 2] !== 0x3e)
    ) {
      this.#pass(bytes, from, to);
    } else if (final !== FINAL.H || !this.#position(bytes, from, to)) {
      this.#control(parseControl(bytes, from, to), bytes, from, to);
    }
  }

  /** For a sequence that only passes: the modes it leaves behind must be known at the end. */
  note(bytes: Uint8Array, from: number, to: number): void {
    if (bytes[from + 1] !== BRACKET) return;
    const control = parseControl(bytes, from, to);
    const name = nameOf(control);
    if (name === "?h" || name === "?l") {
      for (const mode of control.params) this.#child.modes.setPrivate(mode, name === "?h");
    } else this.#child.modes.read(name, control);
  }

  string(bytes: Uint8Array, from: number, to: number): void {
    this.#child.afterText = false;
    this.#status.string(bytes, from, to);
  }

  /** What of a string was kept back goes out: nothing that follows is read any more. */
  release(): void {
    this.#status.release();
  }

  /** A hyperlink is remembered; DECRQSS may ask for the margins; a picture moves the cursor. */
  stringEnd(string: ControlString): void {
    this.#status.ended(string);
    if (!string.complete) return;
    const content = utf8.decode(string.content);
    if (string.kind === "osc") this.#hyperlink(content, string.truncated);
    else if (string.kind === "apc" && pictureMoves(content)) this.#painter.lost();
    else if (string.kind === "dcs" && /^[\d;]*q/.test(content)) this.#painter.lost();
    else if (string.kind === "dcs" && content === "$qr") {
      this.#queries.asked("margins", shiftOf("margins", this.#child));
    }
  }

  #hyperlink(content: string, truncated: boolean): void {
    const link = /^8;([^;]*);(.*)$/s.exec(content);
    if (link === null) return;
    const [, params = "", uri = ""] = link;
    const open = uri === "" ? "" : osc8(params, uri);
    // A link too long to remember can be ended, not begun again.
    this.#child.link = truncated ? OSC8_END : open;
    this.#child.screen.setLink(truncated ? "" : open);
  }

  #emit(bytes: Uint8Array, from: number, to: number): void {
    if (this.#written) return;
    if (bytes === this.#chunk) this.#child.out.pass(bytes, from, to);
    else this.#child.out.copy(bytes, from, to);
  }

  #queue(bytes: Uint8Array, from: number, to: number): void {
    this.#child.screen.queue(bytes, from, to, bytes === this.#chunk);
  }

  #pass(bytes: Uint8Array, from: number, to: number): void {
    this.#emit(bytes, from, to);
    this.#queue(bytes, from, to);
  }

  /** Before the first cell on the main screen: whether the piece is for the emulator alone. */
  #waits(arrival: Arrival): boolean {
    if (arrival === "now") this.#room.make(() => this.#painter.standOnMain());
    return arrival === "later";
  }

  /** `CSI row ; col H` with plain numbers, by far the most frequent sequence that is rewritten. */
  #position(bytes: Uint8Array, from: number, to: number): boolean {
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
    this.#painter.placed();
    this.#queue(bytes, from, to);
    this.#emit(bytes, from, from + 2);
    if (child.standing) {
      child.out.decimal(Math.min(Math.max(1, row), child.size.rows) + child.shift);
    } else this.#emit(bytes, from + 2, at);
    this.#emit(bytes, at, to);
    return true;
  }

  #control(control: Control, bytes: Uint8Array, from: number, to: number): void {
    const child = this.#child;
    const name = nameOf(control);
    if (this.#room.open) {
      if (this.#waits(this.#room.control(name, control))) {
        this.#queueControl(control, bytes, from, to);
        return;
      }
      if (control.final === "n") this.#room.settle();
    }
    if (name === "?h" || name === "?l") {
      this.#modes(control, bytes, from, to);
      return;
    }
    if ((name === "?s" || name === "?r") && child.paneRows > 0) {
      this.#remember(control);
      return;
    }
    if (register(this.#queries, child, control) === "da1") this.#statusQueries?.askedDa1();
    child.modes.read(name, control);
    this.#before(name, control);
    if ((name === "J" || name === "?J") && this.#eraseInPlace(control)) return;
    if ((child.standing || child.origin) && rewrite(child, name, control)) return;
    this.#emit(bytes, from, to);
    this.#queueControl(control, bytes, from, to);
    if (name === "!p") softReset(child);
    // kitty erases the whole screen with the scrollback.
    if (name === "J" && control.params[0] === 3) this.#painter.perhapsGone();
    if (name === "u") restored(child, this.#painter);
  }

  /** ED 1 and 2 where the cursor is not certain, so that only the terminal can bring it back. */
  #eraseInPlace({ params: [what = 0], prefix }: Control): boolean {
    const child = this.#child;
    if (!child.standing || (what !== 1 && what !== 2)) return false;
    this.#painter.erasing();
    if (child.half.saved !== undefined || this.#painter.certain) return false;
    if (what === 2) eraseAround(child, prefix);
    else {
      child.out.write(DECSC + CSI + prefix + "1J");
      child.screen.queueText(`${CSI}${prefix}1J`);
      this.#painter.paintAround();
    }
    return true;
  }

  /** XTSAVE, XTRESTORE: the terminal's memory of modes that touch rows is not the child's. */
  #remember({ params, final }: Control): void {
    const others = params.filter((mode) => !isPlaced(mode));
    if (others.length > 0) this.#child.out.write(`${CSI}?${others.join(";")}${final}`);
  }

  /** What must be known or done before a sequence takes effect. */
  #before(name: string, control: Control): void {
    const child = this.#child;
    if (name === "H" || name === "f") this.#painter.placed();
    else if (COLUMN.has(name)) this.#painter.columnPlaced();
    else if (name === "K" && control.params[0] !== 0) this.#painter.erasing();
    if (name === "s" && !child.modes.isSet(MODE.DECLRMM)) child.saveCursor(this.#room.open);
    // What the scrollback has not got yet would be erased from it at once.
    if (name === "J" && control.params[0] === 3 && child.feeds) child.screen.takeLeft();
  }

  /** Repetitions are cut to what the screen can show: a child may ask for 10^9 of anything. */
  #queueControl(control: Control, bytes: Uint8Array, from: number, to: number): void {
    const { screen, size } = this.#child;
    const most = control.final === "b" ? size.rows * size.cols : size.rows + size.cols;
    const [first = 0] = control.params;
    if (REPEATED.has(bytes[to - 1] ?? 0) && first > most) {
      screen.queueText(CSI + most + control.intermediates + control.final);
    } else this.#queue(bytes, from, to);
  }

  #modes(control: Control, bytes: Uint8Array, from: number, to: number): void {
    const child = this.#child;
    const on = control.final === "h";
    if (on && control.params.some(switchesScreen)) this.#room.close();
    if (child.paneRows === 0 || !control.params.some(isPlaced)) {
      for (const mode of control.params) child.modes.setPrivate(mode, on);
      this.#pass(bytes, from, to);
      if (!on && control.params.includes(MODE.SYNC)) this.#painter.due();
      return;
    }
    for (const mode of control.params) setMode(child, this.#painter, mode, on);
  }

  /** Escape sequences without parameters, named by what follows the ESC. */
  #escape(name: string, bytes: Uint8Array, from: number, to: number): void {
    const child = this.#child;
    if (name === "\\" && this.#status.takesTerminator()) return;
    if (this.#room.open && this.#waits(this.#room.escape(name))) {
      this.#queue(bytes, from, to);
      return;
    }
    if (name === "M" && reverseIndex(child)) return;
    if (name === "c") {
      this.#painter.feed();
      keepBeforeClear(child);
    }
    this.#pass(bytes, from, to);
    if (name === "7") child.saveCursor(this.#room.open);
    else if (name === "8") restored(child, this.#painter);
    else if (name === "=" || name === ">") child.modes.setKeypad(name === "=");
    else if (name === "c") hardReset(child, this.#painter);
    else if (name === "#8") this.#painter.again();
    else child.designate(name);
  }
}

/** A view of the bytes costs more than a look at each, where they are few. */
function hasTab(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from > 64) return bytes.subarray(from, to).includes(TAB);
  for (let at = from; at < to; at++) if (bytes[at] === TAB) return true;
  return false;
}
