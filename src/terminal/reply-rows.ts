import { CSI, DCS } from "./ansi.ts";
import { MouseOwners, type PaneMouse, buttonOf, mouseKind } from "./mouse.ts";
import type { InputState } from "./mouse-modes.ts";
import type { Queries, QueryKind } from "./queries.ts";
import { heightBelow } from "./size.ts";
import type { StatusQueries } from "./status-queries.ts";
import type { TerminalSize } from "./terminal.ts";

/** The terminal as it is divided now; a `Split` is one. */
export interface Divided {
  readonly input: InputState;
  readonly queries: Queries;
  readonly status?: StatusQueries | undefined;
  readonly paneRows: number;
  readonly childSize: TerminalSize;
  /** Told where the cursor is when the child asked before any pane stood; in the terminal's rows. */
  cursorAt?(row: number, col: number): void;
}

/** A sequence as the child is to get it; `dropped` when the child is not to get it at all. */
export interface Rewritten {
  readonly text: string;
  readonly dropped: boolean;
}

/** A mouse report in any of its five forms. Rows (or pixels) from 1. */
interface Report {
  readonly code: number;
  readonly x: number;
  readonly y: number;
  readonly release: boolean;
}

/**
 * Knows which answers and reports of the terminal hold rows, and takes the pane's off them. Text in,
 * text out: finding the sequences in the stream is the work of `Replies`.
 */
export class ReplyRows {
  readonly #split: Divided;
  readonly #owners = new MouseOwners();
  #cell: { readonly height: number; readonly width: number } | undefined;
  #clicks: PaneMouse[] = [];

  constructor(split: Divided) {
    this.#split = split;
  }

  /** What has happened in the pane since this was last asked. */
  takeClicks(): readonly PaneMouse[] {
    const clicks = this.#clicks;
    if (clicks.length > 0) this.#clicks = [];
    return clicks;
  }

  /** A CSI sequence, given what stands between `CSI` and its final. `undefined`: as it came. */
  csi(body: string, final: string): Rewritten | undefined {
    switch (final) {
      case "M":
      case "m":
        return this.#mouse(body, final);
      case "R":
        return this.#cursor(body);
      case "t":
        return this.#size(body);
      case "c":
        return body.startsWith("?") ? this.#attributes(body) : undefined;
      case "y":
        if (body.startsWith("?") && body.endsWith("$")) this.#split.queries.answered("decrqm");
        return undefined;
      default:
        return undefined;
    }
  }

  /** A DCS answer: its whole text for the margins, up to the row's `;` for the cursor's state. */
  dcs(body: string): Rewritten | undefined {
    const [, top, bottom] = /^1\$r(\d{1,7});(\d{1,7})r$/.exec(body) ?? [];
    if (top !== undefined && bottom !== undefined) {
      const shift = this.#split.queries.answered("margins") ?? 0;
      return kept(`${DCS}1$r${less(top, shift)};${less(bottom, shift)}r`);
    }
    const [, row] = /^1\$u(\d{1,7});$/.exec(body) ?? [];
    if (row === undefined) return undefined;
    return kept(`${DCS}1$u${less(row, this.#split.queries.answered("cursorInfo") ?? 0)};`);
  }

  /** A report of the byte forms: its numbers already less 32, y 0 where it did not fit a byte. */
  rawMouse(code: number, x: number, y: number): { readonly y: number; readonly dropped: boolean } {
    // Beyond what a byte can say lies below the pane.
    return y < 1
      ? { ...this.#route({ code, x, y: FAR, release: false }), y }
      : this.#route({ code, x, y, release: false });
  }

  #mouse(body: string, final: "M" | "m"): Rewritten | undefined {
    const sgr = /^<(\d{1,7});(\d{1,7});(\d{1,7})$/.exec(body);
    const urxvt = final === "M" ? /^(\d{1,7});(\d{1,7});(\d{1,7})$/.exec(body) : undefined;
    const [, code, x, y] = sgr ?? urxvt ?? [];
    if (code === undefined || x === undefined || y === undefined) return undefined;
    const offset = sgr ? 0 : 32;
    const report = { code: Number(code) - offset, x: Number(x), y: Number(y) };
    const routed = this.#route({ ...report, release: final === "m" });
    const text = `${CSI}${sgr ? "<" : ""}${code};${x};${routed.y}${final}`;
    return routed.dropped || routed.y !== report.y ? { text, dropped: routed.dropped } : undefined;
  }

  #route(report: Report): { readonly y: number; readonly dropped: boolean } {
    const unit = this.#unit();
    const above = this.#split.input.rowShift * unit.height;
    const y = above === 0 ? report.y : Math.max(1, report.y - above);
    // The last reports after the child has turned them off: it must get what it would without us.
    if (this.#split.input.mouse.tracking === "off") return { y, dropped: false };
    const owner = this.#owners.owner(report, report.y <= above);
    if (owner === "pane") this.#click(report, unit);
    return { y, dropped: owner !== "child" };
  }

  /** Pixels of a cell while reports are in pixels; a cell of 0 pixels, when unknown, shifts nothing. */
  #unit(): { readonly height: number; readonly width: number } {
    if (this.#split.input.mouse.encoding !== "sgrPixels") return { height: 1, width: 1 };
    return this.#cell ?? { height: 0, width: 0 };
  }

  #click(report: Report, unit: { readonly height: number; readonly width: number }): void {
    const kind = mouseKind(report);
    if (kind === "wheel" || kind === "hover") return;
    this.#clicks.push({
      kind,
      button: buttonOf(report.code),
      x: Math.max(1, Math.ceil(report.x / Math.max(1, unit.width))),
      y: Math.max(1, Math.ceil(report.y / Math.max(1, unit.height))),
    });
  }

  #cursor(body: string): Rewritten | undefined {
    const [, mark, row, rest] = /^(\??)(\d{1,7})((?:;\d{1,7}){1,2})$/.exec(body) ?? [];
    if (row === undefined || rest === undefined) return undefined;
    const kind = mark === "?" ? "decxcpr" : "cpr";
    const shift = this.#split.queries.answered(kind);
    if (shift === 0) this.#split.cursorAt?.(Number(row), Number(rest.split(";")[1]));
    if (shift === undefined || shift === 0) return undefined;
    if (kind === "cpr" && Number(row) <= shift && isModifiedF3(row, rest)) {
      this.#split.queries.asked(kind, shift); // The answer is still to come.
      return undefined;
    }
    return kept(`${CSI}${mark ?? ""}${less(row, shift)}${rest}R`);
  }

  /** An answer to DA1 ends waiting for whatever was asked before, OSC 7501 included. */
  #attributes(body: string): Rewritten | undefined {
    this.#split.queries.answered("da1");
    const before = this.#split.status?.answeredDa1() ?? "";
    return before === "" ? undefined : kept(`${before}${CSI}${body}c`);
  }

  #size(body: string): Rewritten | undefined {
    const numbers = body.split(";").map(Number);
    const [what = 0, height, width] = numbers;
    if (!/^\d{1,7}(;\d{1,7}){2,4}$/.test(body) || !height || width === undefined) return undefined;
    const query = SIZE_REPLIES[what];
    if (query !== undefined) this.#split.queries.answered(query);
    const { paneRows, childSize } = this.#split;
    switch (what) {
      case 8:
      case 9:
        return this.#shrunk(`${CSI}${what};${Math.max(1, height - paneRows)};${width}t`);
      case 4:
      case 5: {
        const cell = Math.floor(height / (paneRows + childSize.rows));
        if (what === 4 && cell > 0)
          this.#cell ??= { height: cell, width: Math.floor(width / childSize.cols) };
        const left = heightBelow(height, paneRows + childSize.rows, childSize.rows);
        return this.#shrunk(`${CSI}${what};${left};${width}t`);
      }
      case 6:
        this.#cell = { height, width };
        return undefined;
      case 48:
        return this.#inBandSize(numbers);
      default:
        return undefined;
    }
  }

  /** `CSI 48 ; rows ; cols ; height ; width t` of mode 2048; the pixels may be 0. */
  #inBandSize(numbers: readonly number[]): Rewritten | undefined {
    const [, rows = 0, cols = 0, height = 0, width = 0] = numbers;
    if (numbers.length !== 5) return undefined;
    const cell = Math.floor(height / rows);
    if (cell > 0 && cols > 0) this.#cell = { height: cell, width: Math.floor(width / cols) };
    const child = Math.max(1, rows - this.#split.paneRows);
    const left = heightBelow(height, rows, child);
    return this.#shrunk(`${CSI}48;${child};${cols};${left};${width}t`);
  }

  #shrunk(text: string): Rewritten | undefined {
    return this.#split.paneRows === 0 ? undefined : kept(text);
  }
}

const SIZE_REPLIES: Readonly<Record<number, QueryKind>> = {
  4: "sizePixels",
  5: "screenPixels",
  6: "cellPixels",
  8: "sizeCells",
  9: "screenCells",
};

/** Modified F3 is `CSI 1 ; 2 R` to `CSI 1 ; 16 R`; no cursor of the child's is in the pane's rows. */
function isModifiedF3(row: string, rest: string): boolean {
  const modifier = Number(rest.slice(1));
  return row === "1" && modifier >= 2 && modifier <= 16;
}

function less(row: string, shift: number): string {
  return shift === 0 ? row : String(Math.max(1, Number(row) - shift));
}

/** Beyond every row. */
const FAR = 1e6;

const kept = (text: string): Rewritten => ({ text, dropped: false });
