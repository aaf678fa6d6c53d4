import type { TerminalSize } from "../terminal/terminal.ts";
import { isWorking } from "./activity-look.ts";
import { SPINNER_MS } from "./pane-activity.ts";
import { compactRows } from "./pane-compact.ts";
import { fullRows } from "./pane-full.ts";
import { FULL_ROWS, HERO_FROM_COLS } from "./pane-height.ts";
import type { PaneModel } from "./pane-model.ts";
import type { Theme } from "./theme.ts";

/**
 * The pane's rows, styled, for a pane of `size`: exactly `size.rows`, none wider than `size.cols`.
 * Two are the banner and the status line; from eight on the hero banner stands beside the facts.
 * While nothing happens they change at most once a minute, apart from the spinner.
 */
export function paneRows(
  model: PaneModel,
  size: TerminalSize,
  now: number,
  theme: Theme,
): readonly string[] {
  const full = size.rows >= FULL_ROWS && size.cols >= HERO_FROM_COLS;
  const rows = full
    ? fullRows(model, size.cols, now, theme)
    : compactRows(model, size.cols, now, theme);
  return Array.from({ length: size.rows }, (_, i) => rows[i] ?? "");
}

/** ms until the rows change while nothing happens: the spinner's next step, or never. */
export function paneNextChange(model: PaneModel, now: number, theme: Theme): number | undefined {
  if (!theme.animated || !isWorking(model.activity.kind)) return undefined;
  return SPINNER_MS - (((now % SPINNER_MS) + SPINNER_MS) % SPINNER_MS);
}
