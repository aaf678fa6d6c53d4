import type { TerminalSize } from "./terminal.ts";

/** Rows and columns from 1, both ends included, in the child's own count. */
export interface Region {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** The whole screen: no margins. */
export function fullRegion(size: TerminalSize): Region {
  return { top: 1, bottom: size.rows, left: 1, right: size.cols };
}

/**
 * DECSTBM: the region after `CSI top ; bottom r` (0 or absent: the edge), or `undefined` when a
 * terminal ignores it because it would have fewer than two rows.
 */
export function withRows(
  region: Region,
  top: number,
  bottom: number,
  size: TerminalSize,
): Region | undefined {
  const first = Math.max(1, top);
  const last = bottom === 0 || bottom > size.rows ? size.rows : bottom;
  return first < last ? { ...region, top: first, bottom: last } : undefined;
}

/** DECSLRM: likewise for the columns. */
export function withColumns(
  region: Region,
  left: number,
  right: number,
  size: TerminalSize,
): Region | undefined {
  const first = Math.max(1, left);
  const last = right === 0 || right > size.cols ? size.cols : right;
  return first < last ? { ...region, left: first, right: last } : undefined;
}

/** A row that the child names (0 counts as 1), kept on its screen, or in the region under DECOM. */
export function rowIn(region: Region, origin: boolean, row: number, size: TerminalSize): number {
  const named = Math.max(1, row);
  return origin ? Math.min(region.top + named - 1, region.bottom) : Math.min(named, size.rows);
}

/** Likewise a column. */
export function colIn(region: Region, origin: boolean, col: number, size: TerminalSize): number {
  const named = Math.max(1, col);
  return origin ? Math.min(region.left + named - 1, region.right) : Math.min(named, size.cols);
}

/**
 * How far up CUU moves from `row`: it stops at the top margin when it starts at or below it, else at
 * row 1, where a terminal would go on into the pane.
 */
export function upFrom(region: Region, row: number, n: number): number {
  const stop = row >= region.top ? region.top : 1;
  return Math.min(Math.max(1, n), row - stop);
}
