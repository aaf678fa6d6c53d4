import type { Theme } from "../theme.ts";

/** Characters that only the dashboard draws with, one cell each. */
export interface Shapes {
  readonly rule: string;
  /** Filled and unfilled part of a bar, and the half step between. */
  readonly filled: string;
  readonly half: string;
  readonly rest: string;
  /** From an empty cell to a full one, for columns of the plot; the second is its ground. */
  readonly steps: readonly string[];
  readonly leader: string;
  readonly paused: string;
  /** Before the time at which a limit starts anew. */
  readonly anew: string;
  readonly corners: readonly [string, string, string, string];
  readonly side: string;
  /** The picture on the card, `tileCols` wide. */
  readonly tile: readonly string[];
  /** Kinds of work, told apart by shape where there is no colour. */
  readonly shades: readonly string[];
  /** The same where there is colour: in the strip, and beside a word. */
  readonly stripe: string;
  readonly key: string;
  readonly up: string;
  readonly down: string;
  readonly enter: string;
}

export const tileCols = 8;

export function shapesOf({ unicode }: Theme): Shapes {
  return unicode ? drawn : typed;
}

const drawn: Shapes = {
  rule: "─",
  filled: "━",
  half: "╸",
  rest: "─",
  steps: [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
  leader: "◆",
  paused: "‖",
  anew: "↻",
  corners: ["╭", "╮", "╰", "╯"],
  side: "│",
  tile: ["▗▄▄▄▄▄▄▖", "▐      ▌", "▐  ›_  ▌", "▝▀▀▀▀▀▀▘"],
  shades: ["█", "▓", "▒", "░", "▚"],
  stripe: "━",
  key: "■",
  up: "↑",
  down: "↓",
  enter: "↵",
};

const typed: Shapes = {
  rule: "-",
  filled: "#",
  half: "#",
  rest: ".",
  steps: [" ", "_", ".", ":", "|", "#"],
  leader: "*",
  paused: "=",
  anew: "~",
  corners: ["+", "+", "+", "+"],
  side: "|",
  tile: ["+------+", "|      |", "|  >_  |", "+------+"],
  shades: ["T", "R", "E", "X", "W"],
  stripe: "=",
  key: "=",
  up: "^",
  down: "v",
  enter: "enter",
};
