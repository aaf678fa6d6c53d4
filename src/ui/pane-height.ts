import type { TerminalSize } from "../terminal/terminal.ts";

/** `display.pane` of the config. */
export type PaneSetting = "auto" | "full" | "compact" | "off";

export interface PanePlace {
  /** The child draws on the alternate screen. */
  readonly alternateScreen: boolean;
  readonly screenReader: boolean;
}

/**
 * Rows the pane gets on a terminal of this size: 0 for none. `full` needs a tall terminal and the
 * alternate screen, else it is compact; with a screen reader there is a pane only on request.
 */
export function paneHeight(setting: PaneSetting, size: TerminalSize, place: PanePlace): number {
  if (setting === "off" || size.rows < 12 || size.cols < 40) return 0;
  if (setting === "auto" && place.screenReader) return 0;
  const roomy = size.rows >= 40 && size.cols >= HERO_FROM_COLS;
  return setting === "full" && roomy && place.alternateScreen ? FULL_ROWS : COMPACT_ROWS;
}

const COMPACT_ROWS = 2;
export const FULL_ROWS = 8;
/** The hero banner and the facts beside it need so many columns. */
export const HERO_FROM_COLS = 76;
