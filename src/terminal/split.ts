import { MODE, OSC8_END, decrst, decstbm } from "./ansi.ts";
import { ChildScreen } from "./child-screen.ts";
import { ChildStream } from "./child-stream.ts";
import type { InputState } from "./mouse-modes.ts";
import { type ControlString, Parser } from "./parser.ts";
import { Queries } from "./queries.ts";
import { Screen } from "./screen.ts";
import type { TerminalSize } from "./terminal.ts";
import type { Emulator } from "./xterm.ts";

export interface SplitOptions {
  /** The terminal's size; the child gets `paneRows` rows less. */
  readonly size: TerminalSize;
  /** Rows of the pane; 0 passes everything through. */
  readonly paneRows: number;
  /** Makes the emulator that follows the child, of the given size (`openEmulator`). */
  readonly emulator: (size: TerminalSize) => Emulator;
  /** The child's control strings (OSC 7501, titles …), as they end. */
  readonly onString?: (string: ControlString) => void;
}

const NOTHING = new Uint8Array(0);

/**
 * A pane of `paneRows` rows at the top of the terminal and the child below it. The child's bytes go
 * on as they are but for the few that name rows of the screen (docs/pane.md); it believes that the
 * terminal has `childSize`. No pane stands until the child enters the alternate screen, nor after
 * it has left it.
 */
export class Split {
  readonly #child: ChildScreen;
  readonly #stream: ChildStream;
  readonly #parser: Parser;
  #rows: readonly string[] = [];
  readonly queries = new Queries();
  /** What `Replies` must know of the child. */
  readonly input: InputState;

  constructor(options: SplitOptions) {
    const { size, paneRows } = options;
    const childSize = below(size, paneRows);
    const child = new ChildScreen(new Screen(options.emulator(childSize)), childSize, paneRows);
    this.#child = child;
    const pane = { rows: () => this.#rows, due: () => this.#paintIfDue() };
    this.#stream = new ChildStream(child, this.queries, pane);
    this.#parser = new Parser({
      text: (bytes, from, to, ascii) => this.#stream.text(bytes, from, to, ascii),
      sequence: (bytes, from, to) => this.#stream.sequence(bytes, from, to),
      string: (bytes, from, to) => this.#stream.string(bytes, from, to),
      stringEnd: (string) => {
        this.#stream.stringEnd(string);
        options.onString?.(string);
      },
    });
    this.input = {
      mouse: child.modes.mouse,
      get rowShift() {
        return child.shift;
      },
      get inBandResize() {
        return child.modes.isSet(MODE.IN_BAND_RESIZE);
      },
    };
  }

  get paneRows(): number {
    return this.#child.paneRows;
  }

  get childSize(): TerminalSize {
    return this.#child.size;
  }

  /** Whether the pane is on the screen now. */
  get standing(): boolean {
    return this.#child.standing;
  }

  /**
   * The child's bytes, on their way to the terminal. `chunk` must not change afterwards: it may be
   * what is returned, and the emulator reads it later.
   */
  feedChild(chunk: Uint8Array): Uint8Array {
    this.#stream.begin(chunk);
    this.#parser.feed(chunk);
    if (this.#parser.idle) this.#paintIfDue();
    return this.#child.out.take();
  }

  /**
   * The pane's new rows, each fitted to the terminal's width and styled by SGR alone.
   *
   * @returns what to write now; empty when nothing changed or the child is in the middle of
   *   something, in which case a later `feedChild` paints them
   */
  setPane(rows: readonly string[]): Uint8Array {
    this.#rows = rows;
    if (!this.#parser.idle) return NOTHING;
    this.#paintIfDue();
    return this.#child.out.take();
  }

  /** Brings the emulator up to date: to be called when there is nothing else to do. */
  settle(): void {
    this.#child.screen.catchUp();
  }

  /**
   * The terminal has a new size.
   *
   * @returns what to write before the child's pty is resized, and the pty's new size
   */
  resize(
    size: TerminalSize,
    paneRows = this.paneRows,
  ): { bytes: Uint8Array; childSize: TerminalSize } {
    const child = this.#child;
    const stood = child.standing;
    child.size = below(size, paneRows);
    child.paneRows = paneRows;
    child.screen.resize(child.size);
    child.resetHalves(true);
    if (stood) {
      child.out.write(decstbm());
      child.redraw(this.#rows);
      this.#stream.painted(this.#rows);
    }
    return { bytes: child.out.take(), childSize: child.size };
  }

  /** Puts back everything that the child or the pane may have left changed. */
  leave(): Uint8Array {
    const child = this.#child;
    const margins = child.standing ? decstbm() : "";
    const link = child.link === "" ? "" : OSC8_END;
    child.out.write(link + child.modes.restore(margins + decrst(MODE.ALT_1049)));
    return child.out.take();
  }

  #paintIfDue(): void {
    this.#stream.paintIfDue(this.#rows);
  }
}

const below = (size: TerminalSize, paneRows: number): TerminalSize => ({
  rows: Math.max(1, size.rows - paneRows),
  cols: size.cols,
});
