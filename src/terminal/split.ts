import { MODE, OSC8_END, decrst, decstbm } from "./ansi.ts";
import { ChildScreen, type KeptLines } from "./child-screen.ts";
import { ChildStream } from "./child-stream.ts";
import type { InputState } from "./mouse-modes.ts";
import { Painter } from "./painter.ts";
import { type ControlString, Parser } from "./parser.ts";
import { pushedRows, scrollOut } from "./pushed.ts";
import { Queries } from "./queries.ts";
import { Room } from "./room.ts";
import { Screen } from "./screen.ts";
import type { StatusQueries } from "./status-queries.ts";
import { switchScreen } from "./switches.ts";
import { sizeBelow } from "./size.ts";
import type { TerminalSize } from "./terminal.ts";
import type { Emulator } from "./xterm.ts";

const ESC_BYTE = 0x1b;
const BEL_BYTE = 0x07;
/** In UTF-8 the first byte of an 8-bit control, which begins a sequence as ESC does. */
const C1_LEAD = 0xc2;

export interface SplitOptions extends KeptLines {
  /** The terminal's size; the child gets `paneRows` rows less. */
  readonly size: TerminalSize;
  /** Rows of the pane; 0 passes everything through. */
  readonly paneRows: number;
  /** Makes the emulator that follows the child, of the given size (`openEmulator`). */
  readonly emulator: (size: TerminalSize) => Emulator;
  /**
   * Whether a pane may also stand above a child on the main screen (default); without it only the
   * alternate screen has one.
   */
  readonly mainScreen?: boolean;
  /**
   * The pane has failed and is gone for good: from now on the child's bytes pass as they come, and
   * `childSize` is the terminal's. The caller resizes the child's pty, so that it repaints itself.
   */
  readonly onFailure?: (error: unknown) => void;
  /** Where the child's questions for OSC 7501 are answered; without it they only pass. */
  readonly status?: StatusQueries;
  /** The child's control strings (OSC 7501, titles …), as they end. */
  readonly onString?: (string: ControlString) => void;
}

/**
 * A pane of `paneRows` rows at the top of the terminal and the child below it. The child's bytes go
 * on as they are but for the few that name rows of the screen (docs/pane.md); it believes that the
 * terminal has `childSize`. The pane stands from when the child enters the alternate screen until it
 * leaves it, or, for a child that uses the main screen, from its first cell to the end.
 */
export class Split {
  readonly #child: ChildScreen;
  readonly #painter: Painter;
  readonly #room: Room;
  readonly #stream: ChildStream;
  readonly #parser: Parser;
  readonly #onFailure: ((error: unknown) => void) | undefined;
  #failed = false;
  /** The chunk that is fed now has been written already. */
  #written = false;
  #size: TerminalSize;
  readonly queries = new Queries();
  readonly status: StatusQueries | undefined;
  /** What `Replies` must know of the child. */
  readonly input: InputState;

  constructor(options: SplitOptions) {
    const { size, paneRows } = options;
    this.#size = size;
    this.#onFailure = options.onFailure;
    this.status = options.status;
    const childSize = sizeBelow(size, paneRows);
    const screen = new Screen(options.emulator(childSize));
    const child = new ChildScreen(screen, childSize, paneRows, options);
    this.#child = child;
    this.#painter = new Painter(child);
    this.#room = new Room(child, paneRows > 0 && options.mainScreen !== false);
    const stream = new ChildStream(child, this.#painter, this.#room, this);
    this.#stream = stream;
    let last = 0;
    this.#parser = new Parser({
      text: (bytes, from, to, ascii) =>
        this.#guarded(bytes, from, to, () => stream.text(bytes, from, to, ascii)),
      sequence: (bytes, from, to) => {
        if (this.#failed) stream.note(bytes, from, to);
        this.#guarded(bytes, from, to, () => stream.sequence(bytes, from, to));
      },
      string: (bytes, from, to) => {
        last = bytes[to - 1] ?? 0;
        this.#guarded(bytes, from, to, () => stream.string(bytes, from, to));
      },
      stringEnd: (string) => {
        this.#try(() => stream.stringEnd(string));
        this.status?.heard(string, last === BEL_BYTE, this.queries);
        options.onString?.(string);
      },
    });
    this.input = inputState(child);
  }

  get paneRows(): number {
    return this.#child.paneRows;
  }

  get childSize(): TerminalSize {
    return this.#failed ? this.#size : this.#child.size;
  }

  /** The child has asked for bracketed paste: it reads keys itself, as Codex does until it leaves. */
  get readsKeys(): boolean {
    return this.#child.modes.isSet(MODE.BRACKETED_PASTE);
  }

  /** Whether the pane is on the screen now. */
  get standing(): boolean {
    return this.#child.standing;
  }

  /** The child has finished what it began: no sequence, string or character is half written. */
  get idle(): boolean {
    return this.#parser.idle;
  }

  /** The number of the child's frame (?2026) that is open and holds the pane back; 0 when none is. */
  get openFrame(): number {
    const { modes } = this.#child;
    return modes.inFrame ? modes.frames : 0;
  }

  /** Gives up waiting for the end of the open frame, as terminals do: the next `setPane` paints. */
  giveFrameUp(): void {
    this.#child.modes.giveFrameUp();
  }

  /**
   * Whether these bytes reach the terminal as they are, before anything else: nothing but text,
   * while the child is not in the middle of a sequence. They may be written before they are fed.
   */
  passes(chunk: Uint8Array): boolean {
    if (this.#room.open || !this.#parser.ground) return false;
    return chunk.indexOf(ESC_BYTE) === -1 && chunk.indexOf(C1_LEAD) === -1;
  }

  /**
   * The child's bytes, on their way to the terminal. `chunk` must not change afterwards: it may be
   * what is returned, and the emulator reads it later.
   *
   * @param written the caller has written `chunk` already (`passes`), and gets only what follows it
   */
  feedChild(chunk: Uint8Array, written = false): Uint8Array {
    this.#written = written;
    this.#stream.begin(chunk, written);
    this.#parser.feed(chunk);
    if (this.#parser.idle) this.#try(() => this.#painter.due());
    return this.#child.out.take();
  }

  /**
   * The pane's new rows, each fitted to the terminal's width and styled by SGR alone.
   *
   * @returns what to write now; empty when nothing changed or the child is in the middle of
   *   something, in which case a later `feedChild` paints them
   */
  setPane(rows: readonly string[]): Uint8Array {
    this.#painter.setRows(rows);
    if (this.#parser.idle) this.#try(() => this.#painter.due());
    return this.#child.out.take();
  }

  /** Brings the emulator up to date: to be called when there is nothing else to do. */
  settle(): void {
    this.#try(() => this.#child.screen.catchUp());
  }

  /**
   * The terminal has said where its cursor is (CPR), which nobody else knows before the child's first
   * cell on the main screen. In the terminal's own rows.
   */
  cursorAt(row: number, col: number): void {
    this.#room.cursorAt(row, col);
  }

  /**
   * The terminal has a new size.
   *
   * @returns what to write before the child's pty is resized, and the pty's new size
   */
  resize(size: TerminalSize, paneRows = this.paneRows): Resized {
    this.#size = size;
    this.#try(() => this.#resize(size, paneRows));
    return { bytes: this.#child.out.take(), childSize: this.childSize };
  }

  /** Puts back everything that the child or the pane may have left changed. */
  leave(): Uint8Array {
    this.#try(() => this.#leave());
    const { out, modes } = this.#child;
    if (modes.alternate) out.write(decstbm() + modes.restoreAlternate() + decrst(MODE.ALT_1049));
    out.write(modes.restore());
    return out.take();
  }

  #leave(): void {
    const child = this.#child;
    const { out, modes } = child;
    this.#painter.feed();
    if (child.link !== "") out.write(OSC8_END);
    out.write(modes.restoreAlternate());
    if (modes.alternate) switchScreen(child, this.#painter, MODE.ALT_1049, false);
    child.takeDown();
  }

  #resize(size: TerminalSize, paneRows: number): void {
    const child = this.#child;
    this.#painter.feed();
    const stood = child.standing;
    const sameShape = child.size.cols === size.cols && child.paneRows === paneRows;
    const pushed = sameShape ? pushedRows(child, sizeBelow(size, paneRows)) : [];
    child.size = sizeBelow(size, paneRows);
    child.paneRows = paneRows;
    child.screen.resize(child.size);
    child.resetHalves(true);
    if (stood) child.out.write(decstbm());
    scrollOut(child, pushed);
    this.#painter.redraw();
  }

  /** A piece of the child's output: whatever goes wrong with it, the terminal gets it. */
  #guarded(bytes: Uint8Array, from: number, to: number, run: () => void): void {
    if (this.#failed || !this.#try(run)) {
      if (!this.#written) this.#child.out.copy(bytes, from, to);
    }
  }

  /** Runs what belongs to the pane; when it fails the pane is taken away, and nothing else. */
  #try(run: () => void): boolean {
    if (this.#failed) return false;
    try {
      run();
      return true;
    } catch (error) {
      this.#failed = true;
      if (this.#child.standing) this.#child.out.write(decstbm());
      this.#stream.release(); // Last, since the rest of it follows.
      this.#child.paneRows = 0;
      this.#onFailure?.(error);
      return false;
    }
  }
}

export interface Resized {
  readonly bytes: Uint8Array;
  readonly childSize: TerminalSize;
}

function inputState(child: ChildScreen): InputState {
  return {
    mouse: child.modes.mouse,
    get rowShift() {
      return child.shift;
    },
    get inBandResize() {
      return child.modes.isSet(MODE.IN_BAND_RESIZE);
    },
  };
}
