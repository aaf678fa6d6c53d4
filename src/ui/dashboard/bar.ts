import type { Style, Theme } from "../theme.ts";
import { shapesOf } from "./glyphs.ts";
import { joined, type Line, raw } from "./line.ts";

/** A bar of `columns` cells of which `share` (0 to 1) is filled; anything above nothing shows. */
export function bar(share: number, columns: number, style: Style, theme: Theme): Line {
  const { filled, half, rest } = shapesOf(theme);
  const cells = Math.max(0, Math.floor(columns));
  const within = Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
  const halves = within === 0 ? 0 : Math.max(1, Math.floor(within * cells * 2));
  const full = Math.floor(halves / 2);
  const inked = filled.repeat(full) + (halves % 2 === 1 && full < cells ? half : "");
  return joined(
    raw(inked, style, theme),
    raw(rest.repeat(Math.max(0, cells - full - (halves % 2))), "quiet", theme),
  );
}
