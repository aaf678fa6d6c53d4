import { openEmulator } from "../../src/terminal/emulator.ts";
import { Split, type SplitOptions } from "../../src/terminal/split.ts";
import type { TerminalSize } from "../../src/terminal/terminal.ts";
import { Judge, lineDifference } from "./judge.ts";

export interface OracleOptions extends Pick<SplitOptions, "mainScreen"> {
  /** The pane's emulator, when it is to have other ideas than the terminal. */
  readonly emulator?: SplitOptions["emulator"];
  /** The child's rows: the bare terminal has as many, the one with the pane `paneRows` more. */
  readonly size: TerminalSize;
  readonly paneRows: number;
}

/**
 * The judge of the pane: the child's bytes into a bare terminal of H rows, and through `Split` into
 * one of H + N. After every chunk the child's rows must be equal (cells with attributes), and the
 * cursor, modes, pen and title; the pane's rows must be intact while it stands.
 */
export class Oracle {
  readonly bare: Judge;
  readonly split: Split;
  readonly terminal: Judge;
  #size: TerminalSize;
  readonly #paneRows: number;
  #pane: readonly string[] = [];
  /** Rows compared so far. */
  compared = 0;

  constructor({ size, paneRows, ...rest }: OracleOptions) {
    this.#size = size;
    this.#paneRows = paneRows;
    this.bare = new Judge(size);
    this.terminal = new Judge(this.#outer);
    this.split = new Split({
      size: this.#outer,
      paneRows,
      emulator: openEmulator,
      ...rest,
    });
    this.setPane("pane");
  }

  get #outer(): TerminalSize {
    return { rows: this.#size.rows + this.#paneRows, cols: this.#size.cols };
  }

  /** New pane rows that say `text`. */
  setPane(text: string): void {
    this.#pane = Array.from({ length: this.#paneRows }, (_, row) => `${text} ${row + 1}`);
    this.terminal.write(this.split.setPane(this.#pane));
  }

  /** The child writes, and it goes on as the wrapper does it. `Split` keeps the chunk: a copy. */
  feed(chunk: Uint8Array): void {
    this.bare.write(chunk);
    const kept = chunk.slice();
    const early = this.split.passes(kept);
    if (early) this.terminal.write(kept);
    this.terminal.write(this.split.feedChild(kept, early));
  }

  resize(size: TerminalSize): void {
    this.#size = size;
    this.bare.resize(size);
    this.terminal.resize(this.#outer);
    this.terminal.write(this.split.resize(this.#outer).bytes);
  }

  /** What differs now; empty when nothing does. `paneDue`: the pane may be older than `setPane`. */
  differences(paneDue = false): string[] {
    const shift = this.split.standing ? this.#paneRows : 0;
    const found: string[] = [];
    for (let row = 1; row <= this.#size.rows; row++) {
      const difference = lineDifference(
        this.bare.line(row),
        this.terminal.line(row + shift),
        this.#size.cols,
      );
      if (difference !== undefined) found.push(`row ${row}: ${difference}`);
    }
    this.compared += this.#size.rows;
    const [row, col] = this.bare.cursor;
    const [terminalRow, terminalCol] = this.terminal.cursor;
    if (row + shift !== terminalRow || col !== terminalCol) {
      found.push(`cursor ${terminalRow - shift};${terminalCol} instead of ${row};${col}`);
    }
    if (this.bare.state !== this.terminal.state) {
      found.push(`state ${this.terminal.state} instead of ${this.bare.state}`);
    }
    // What ends a title may begin a sequence: it is held back until more is known.
    if (this.bare.title !== this.terminal.title && this.split.idle) {
      found.push(`title ${this.terminal.title} instead of ${this.bare.title}`);
    }
    if (shift > 0) found.push(...this.#paneDifferences(paneDue));
    return found;
  }

  /** What differs in the scrollback; to be asked at the end, outside a frame. */
  scrollbackDifferences(): string[] {
    const [expected, actual] = [this.bare.scrollback, this.terminal.scrollback];
    const found = expected.flatMap((line, at) => {
      const other = actual[at];
      if (other === undefined) return [`line ${at + 1} is missing`];
      const difference = lineDifference(line, other, this.#size.cols);
      return difference === undefined ? [] : [`line ${at + 1}: ${difference}`];
    });
    if (actual.length > expected.length)
      found.push(`${actual.length} lines, not ${expected.length}`);
    return found;
  }

  #paneDifferences(due: boolean): string[] {
    return this.#pane.flatMap((text, at) => {
      const shown = this.terminal.text(at + 1);
      const right = due ? shown.endsWith(` ${at + 1}`) : shown === text;
      return right ? [] : [`pane row ${at + 1}: ${JSON.stringify(shown)}`];
    });
  }
}
