import type { TerminalSize } from "./terminal.ts";

/** The size of what stands below the terminal's first `paneRows` rows: at least one row. */
export function sizeBelow({ rows, cols, pixels }: TerminalSize, paneRows: number): TerminalSize {
  const left = Math.max(1, rows - paneRows);
  if (pixels === undefined) return { rows: left, cols };
  const { width, height } = pixels;
  return { rows: left, cols, pixels: { width, height: heightBelow(height, rows, left) } };
}

/**
 * The height in pixels of `left` of a terminal's `rows` rows: in proportion, so that a cell is as
 * high as in the terminal. Whatever tells the child its height (ioctl, `CSI 14 t`, mode 2048) tells
 * this one.
 */
export function heightBelow(height: number, rows: number, left: number): number {
  return Math.round((height * left) / Math.max(1, rows));
}

/** Whether both are the same in cells and in pixels. */
export function sameSize(a: TerminalSize, b: TerminalSize): boolean {
  return (
    a.rows === b.rows &&
    a.cols === b.cols &&
    a.pixels?.width === b.pixels?.width &&
    a.pixels?.height === b.pixels?.height
  );
}
