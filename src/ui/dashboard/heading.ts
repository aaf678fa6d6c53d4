import type { Theme } from "../theme.ts";
import { shapesOf } from "./glyphs.ts";
import { blank, empty, ink, joined, type Line, raw } from "./line.ts";

/** `Title ───────────── right`, as wide as the column; the right goes when there is no room. */
export function heading(title: string, right: Line, columns: number, theme: Theme): Line {
  const name = ink(title, "strong", theme, columns);
  const end = right.width === 0 || name.width + right.width + 4 > columns ? empty : right;
  const gap = end.width === 0 ? 0 : 1;
  const rule = columns - name.width - 1 - gap - end.width;
  if (rule < 1) return name;
  return joined(
    name,
    blank(1),
    raw(shapesOf(theme).rule.repeat(rule), "quiet", theme),
    blank(gap),
    end,
  );
}
