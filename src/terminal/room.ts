import { BEL, cup, ed, sgr } from "./ansi.ts";
import type { ChildScreen } from "./child-screen.ts";
import { withRows } from "./margins.ts";
import type { Control } from "./params.ts";

/** Sequences that only move: they wait until it is known where the child's first cell goes. */
const MOVES = new Set([
  "H",
  "f",
  "d",
  "e",
  "A",
  "B",
  "C",
  "D",
  "E",
  "F",
  "G",
  "`",
  "a",
  "I",
  "Z",
  "r",
]);
/** Sequences that change cells. */
const CHANGES = new Set(["J", "?J", "K", "?K", "L", "M", "@", "P", "X", "S", "T", "b", "$v", "$z"]);
const ESCAPE_MOVES = new Set(["D", "E", "M"]);

const BELL = BEL.charCodeAt(0);
const DEL = 0x7f;

/** What is to be done with a piece of the child's output before the pane stands. */
export type Arrival = "pass" | "later" | "now";

/**
 * The time before the child's first cell on the main screen, when the terminal still shows what the
 * shell left and nothing may be painted or scrolled. Moves of the cursor reach the emulator alone, so
 * that when room is made the cursor is still where the shell left it. Entering the alternate screen
 * ends the time for good: such a child has the main screen as without `cdp`, before and after.
 */
export class Room {
  readonly #child: ChildScreen;
  #open: boolean;
  /** The emulator's cursor moved while the terminal's did not. */
  #moved = false;
  /** The screen was cleared, or its cursor put somewhere: how many lines the shell left is not known. */
  #shell: "above" | "anywhere" | "gone" = "above";

  constructor(child: ChildScreen, open: boolean) {
    this.#child = child;
    this.#open = open;
  }

  get open(): boolean {
    return this.#open;
  }

  /** Control characters and text; `text` must hold something printable to be `now`. */
  text(bytes: Uint8Array, from: number, to: number): Arrival {
    for (let at = from; at < to; at++) {
      const byte = bytes[at] ?? 0;
      if (byte >= 0x20 && byte !== DEL) return "now";
    }
    if (!this.#moved) return "pass";
    if (bytes.subarray(from, to).includes(BELL)) this.#child.out.write(BEL);
    return "later";
  }

  control(name: string, control: Control): Arrival {
    if (MOVES.has(name)) {
      this.#moved = true;
      if (name === "r") this.#setRows(control);
      return "later";
    }
    if (!CHANGES.has(name)) return "pass";
    const [what = 0] = control.params;
    if (control.final !== "J") return "now";
    if (what === 0 && !atHome(this.#child)) return "now";
    if (what === 0 || what === 2) {
      if (what === 0) this.#child.out.write(cup(1) + ed());
      else this.#child.out.write(ed(2));
      this.#shell = "gone";
      return "later";
    }
    return what === 3 ? "pass" : "now";
  }

  #setRows({ params: [top = 0, bottom = 0] }: Control): void {
    const child = this.#child;
    child.region = withRows(child.region, top, bottom, child.size) ?? child.region;
  }

  escape(name: string): Arrival {
    if (name === "#8") return "now";
    if (name === "c") this.#shell = "gone";
    if (!ESCAPE_MOVES.has(name)) return "pass";
    this.#moved = true;
    return "later";
  }

  /** The terminal said where the cursor is. A child with fewer rows takes it for its last. */
  cursorAt(row: number, col: number): void {
    if (!this.#open || this.#moved || this.#shell !== "above") return;
    this.#child.screen.queueText(cup(Math.min(row, this.#child.size.rows), col));
  }

  /** Gives the terminal the cursor that the child believes in, because it is about to matter. */
  settle(): void {
    if (!this.#moved) return;
    this.#child.out.write(this.#child.cursor());
    this.#moved = false;
    if (this.#shell === "above") this.#shell = "anywhere";
  }

  /** The child uses the alternate screen. */
  close(): void {
    this.settle();
    this.#open = false;
  }

  /**
   * Scrolls what the shell left into the scrollback, so that the screen is blank, and lets the pane
   * stand. From where the shell left the cursor that takes as many line feeds as the screen has
   * rows less one; none of the blank lines below leaves with them.
   */
  make(stand: () => void): void {
    const child = this.#child;
    const height = child.size.rows + child.paneRows;
    this.#open = false;
    if (this.#shell === "above") child.out.write(sgr() + "\n".repeat(height - 1));
    if (this.#shell === "anywhere") child.out.write(sgr() + cup(height) + "\n".repeat(height));
    stand();
  }
}

function atHome(child: ChildScreen): boolean {
  const { row, col } = child.screen.cursor;
  return row === 1 && col === 1;
}
