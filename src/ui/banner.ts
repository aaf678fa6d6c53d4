import type { Theme } from "./theme.ts";

/** Cells that the hero banner takes. */
export const heroSize = { rows: 5, cols: 38 } as const;

/**
 * The hero banner: the wordmark in letters of our own, two pixels to a cell, drawn with half blocks
 * or, without UTF-8, with ASCII. `heroSize.rows` rows, each `heroSize.cols` wide, painted.
 */
export function hero(theme: Theme): readonly string[] {
  return Array.from({ length: heroSize.rows }, (_, row) => {
    const upper = pixels[row * 2] ?? "";
    const lower = pixels[row * 2 + 1] ?? "";
    const cells = Array.from({ length: heroSize.cols }, (_cell, col) => {
      const filled = (upper[col] === "#" ? 1 : 0) + (lower[col] === "#" ? 2 : 0);
      return theme.glyphs.halves[filled] ?? " ";
    });
    return theme.paint.brand(cells.join(""));
  });
}

/** Five letters of 6 by 10 pixels, which are about square. */
const pixels = [
  " ####    ####   #####   ######  ##  ##",
  "######  ######  ######  ######  ##  ##",
  "##  ##  ##  ##  ##  ##  ##      ##  ##",
  "##      ##  ##  ##  ##  ##       #### ",
  "##      ##  ##  ##  ##  #####     ##  ",
  "##      ##  ##  ##  ##  #####     ##  ",
  "##      ##  ##  ##  ##  ##       #### ",
  "##  ##  ##  ##  ##  ##  ##      ##  ##",
  "######  ######  ######  ######  ##  ##",
  " ####    ####   #####   ######  ##  ##",
];
