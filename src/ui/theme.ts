import picocolors from "picocolors";
import { sgr } from "../terminal/ansi.ts";
import { memo } from "../lib/memo.ts";
import { graphemes } from "../terminal/text.ts";

/** What a text is, not how it looks: each theme has its own idea of that. */
export type Style =
  | "plain"
  | "strong"
  | "quiet"
  | "brand"
  | "busy"
  | "good"
  | "warn"
  | "ask"
  | "bad";

/**
 * Characters for our own texts, one cell each (an ASCII ellipsis three). Only bar, ellipsis and
 * halves are of ambiguous width, which a few terminals show as two cells.
 */
export interface Glyphs {
  readonly bar: string;
  readonly ellipsis: string;
  readonly separator: string;
  /** One turn of the spinner. */
  readonly spinner: readonly string[];
  /** In the spinner's place where nothing may move. */
  readonly working: string;
  readonly idle: string;
  readonly approval: string;
  readonly question: string;
  readonly error: string;
  readonly limited: string;
  readonly connected: string;
  readonly connecting: string;
  readonly absent: string;
  readonly refused: string;
  readonly unknown: string;
  /** How a cell is drawn of whose halves none, the upper, the lower or both are filled. */
  readonly halves: readonly [none: string, upper: string, lower: string, both: string];
}

/** How things look on one terminal. */
export interface Theme {
  readonly paint: Readonly<Record<Style, (text: string) => string>>;
  readonly glyphs: Glyphs;
  /** Whether the terminal shows more than ASCII. */
  readonly unicode: boolean;
  /** Whether a spinner turns. */
  readonly animated: boolean;
}

export type Env = Readonly<Record<string, string | undefined>>;

/** What the environment cannot tell. */
export interface Outlet {
  /** Whether the output goes to a terminal; otherwise colours only when forced. Default true. */
  readonly terminal?: boolean;
  readonly screenReader?: boolean;
}

/**
 * Chooses a theme by what everyone expects of `NO_COLOR` (any value: no colour), `FORCE_COLOR`,
 * `TERM`, `COLORTERM` (24-bit colours only where announced) and the locale (without UTF-8: ASCII).
 * All else is the terminal's own 16 colours, so that it fits light and dark ones.
 *
 * @see https://no-color.org
 */
export function themeOf(env: Env, outlet: Outlet = {}): Theme {
  const colored = wantsColor(env, outlet.terminal ?? true);
  const truecolor = /^(truecolor|24bit)$/i.test(env["COLORTERM"] ?? "");
  const utf8 = isUtf8(env);
  return {
    paint: paintOf(colored, truecolor),
    glyphs: utf8 ? unicode : ascii,
    unicode: utf8,
    animated: outlet.screenReader !== true,
  };
}

function wantsColor(env: Env, terminal: boolean): boolean {
  if (env["NO_COLOR"]) return false;
  const forced = env["FORCE_COLOR"] ?? "";
  if (forced !== "") return forced !== "0" && forced !== "false";
  return terminal && env["TERM"] !== "dumb";
}

/** The first of the three that is set and not empty decides (POSIX, "Internationalization Variables"). */
function isUtf8(env: Env): boolean {
  return /utf-?8/i.test(env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "");
}

function paintOf(colored: boolean, truecolor: boolean): Theme["paint"] {
  const color = picocolors.createColors(colored);
  const plain = (text: string): string => text;
  return {
    plain,
    strong: colored ? color.bold : plain,
    quiet: colored ? color.dim : plain,
    brand:
      colored && truecolor
        ? memo((text) => color.bold(gradient(text)))
        : (text) => color.bold(color.cyan(text)),
    busy: color.cyan,
    good: color.green,
    warn: (text) =>
      color.bold(text.replace(MARK, (mark) => (mark === "" ? "" : color.yellow(mark)))),
    ask: (text) => color.bold(color.magenta(text)),
    bad: (text) => color.bold(color.red(text)),
  };
}

/** Yellow on white cannot be read: a mark or a bar in front is yellow, the words after it bold. */
const MARK = /^[^\p{L}\p{N}]*/u;

/** From teal to indigo, both of middle lightness: readable on white and on black. */
function gradient(text: string): string {
  const characters = graphemes(text);
  const last = Math.max(1, characters.length - 1);
  let painted = "";
  let current = "";
  for (const [i, character] of characters.entries()) {
    const step = Math.round((i / last) * STEPS) / STEPS;
    const color = FROM.map((from, channel) =>
      Math.round(from + step * ((TO[channel] ?? 0) - from)),
    );
    const next = sgr(38, 2, ...color);
    painted += (next === current ? "" : next) + character;
    current = next;
  }
  return painted === "" ? "" : painted + sgr(39);
}

const FROM = [15, 157, 138];
const TO = [122, 111, 240];
/** As fine as the eye asks for; every step costs 19 bytes. */
const STEPS = 8;

const unicode: Glyphs = {
  bar: "▌",
  ellipsis: "…",
  separator: "∙",
  spinner: ["⠾", "⠷", "⠯", "⠟", "⠻", "⠽"],
  working: "⠿",
  idle: "◦",
  approval: "!",
  question: "?",
  error: "✗",
  limited: "◷",
  connected: "◉",
  connecting: "◌",
  absent: "◦",
  refused: "✗",
  unknown: "◦",
  halves: [" ", "▀", "▄", "█"],
};

const ascii: Glyphs = {
  bar: "|",
  ellipsis: "...",
  separator: "-",
  spinner: [".", "o", "O", "o"],
  working: "o",
  idle: "-",
  approval: "!",
  question: "?",
  error: "x",
  limited: "%",
  connected: "*",
  connecting: "~",
  absent: "-",
  refused: "x",
  unknown: "-",
  halves: [" ", '"', "_", "#"],
};
