import type { Theme } from "../theme.ts";
import { type Line, raw } from "./line.ts";

/** Cells of the mark, as high as the hero banner. */
export const markCols = 10;

/** A blossom of six petals around a prompt: our own drawing, painted; 5 rows of `markCols`. */
export function mark(theme: Theme): readonly Line[] {
  return (theme.unicode ? dots : typed).map((row) => raw(row, "brand", theme));
}

const dots = [" ⣀⣤⡞⠋⠙⢳⣤⣀ ", "⣸⠁ ⠙⠢⡄⡼ ⠈⣇", "⢸⠶⠚⢉  ⣁⡤⠶⡇", "⢹⡀ ⡞⠘⠢⣄ ⢀⡏", " ⠉⠛⢧⣄⣠⡼⠛⠉ "];

const typed = ["   .--.   ", " .'    '. ", " |  >_  | ", " '.    .' ", "   '--'   "];
