import type { LinkStatus } from "../discord/link.ts";
import type { Activity, ActivityKind } from "../session/activity.ts";
import type { TerminalSize } from "../terminal/terminal.ts";
import { textWidth } from "../terminal/text.ts";
import { hero, heroSize } from "./banner.ts";
import { activityWords, discordWords, elapsed } from "./format.ts";
import { FULL_ROWS, HERO_FROM_COLS } from "./pane-height.ts";
import { type Part, row } from "./row.ts";
import type { Style, Theme } from "./theme.ts";

/** What the pane shows. Times are in ms since the epoch. */
export interface PaneModel {
  readonly startedAt: number;
  readonly activity: Activity;
  readonly discord: LinkStatus;
}

/**
 * The pane's rows, styled, for a pane of `size`: exactly `size.rows`, none wider than `size.cols`.
 * Two are the banner and the status line; from eight on the hero banner stands beside the facts.
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

/** Four steps a second: the pane must not wake the terminal, tmux and the battery more often. */
const SPINNER_MS = 250;
const MARGIN = "  ";
const GUTTER = "    ";
const LABEL_COLS = 10;

function compactRows(model: PaneModel, cols: number, now: number, theme: Theme): readonly string[] {
  const { paint, glyphs } = theme;
  const banner: readonly Part[] = [
    { text: `${glyphs.bar}CODEX`, style: "brand", priority: 9, side: "left" },
    { text: elapsed(model.startedAt, now), style: "quiet", priority: 5, side: "left" },
    discordPart(model.discord, theme),
  ];
  const bar = paint[looks[model.activity.kind].style](glyphs.bar);
  return [
    row(banner, cols, theme),
    bar + row(statusParts(model, now, theme), cols - textWidth(glyphs.bar), theme),
  ];
}

function fullRows(model: PaneModel, cols: number, now: number, theme: Theme): readonly string[] {
  const room = cols - heroSize.cols - MARGIN.length - GUTTER.length;
  const fact = (label: string, part: Part): string =>
    theme.paint.quiet(label.padEnd(LABEL_COLS)) + row([part], room - LABEL_COLS, theme);
  const discord = discordPart(model.discord, theme);
  const facts = [
    row(statusParts(model, now, theme), room, theme),
    "",
    fact("Elapsed", { text: elapsed(model.startedAt, now), priority: 1, side: "left" }),
    fact("Discord", { ...discord, text: discordWords[model.discord].short, side: "left" }),
  ];
  const beside = hero(theme).map((line, i) => {
    const text = facts[i] ?? "";
    return MARGIN + line + (text && GUTTER + text);
  });
  return ["", ...beside];
}

function statusParts(model: PaneModel, now: number, theme: Theme): readonly Part[] {
  const { kind, target } = model.activity;
  const { style, glyph } = looks[kind];
  const icon = glyph === "spinner" ? spinnerAt(now, theme) : theme.glyphs[glyph];
  const words: Part = {
    text: activityWords[kind],
    style: style === "busy" ? "strong" : style,
    icon,
    iconStyle: style,
    priority: 9,
    side: "left",
  };
  if (target === undefined) return [words];
  return [words, { text: target, priority: 7, side: "left", minWidth: 6 }];
}

function discordPart(state: LinkStatus, theme: Theme): Part {
  return {
    text: discordWords[state].long,
    style: "quiet",
    icon: theme.glyphs[state],
    iconStyle: discordStyles[state],
    priority: 7,
    side: "right",
  };
}

/** The frame is a function of the time, so that nobody has to count. */
function spinnerAt(now: number, theme: Theme): string {
  const { spinner, working } = theme.glyphs;
  if (!theme.animated) return working;
  return spinner[Math.abs(Math.floor(now / SPINNER_MS)) % spinner.length] ?? working;
}

function isWorking(kind: ActivityKind): boolean {
  return looks[kind].glyph === "spinner";
}

interface Look {
  readonly style: Style;
  readonly glyph: "spinner" | "idle" | "approval" | "question" | "error" | "limited";
}

const busy: Look = { style: "busy", glyph: "spinner" };

const looks: Readonly<Record<ActivityKind, Look>> = {
  starting: busy,
  thinking: busy,
  reading: busy,
  searching: busy,
  editing: busy,
  running: busy,
  planning: busy,
  tool: busy,
  delegating: busy,
  compacting: busy,
  approval: { style: "warn", glyph: "approval" },
  question: { style: "ask", glyph: "question" },
  idle: { style: "quiet", glyph: "idle" },
  error: { style: "bad", glyph: "error" },
  limited: { style: "bad", glyph: "limited" },
};

const discordStyles: Readonly<Record<LinkStatus, Style>> = {
  connected: "good",
  connecting: "warn",
  absent: "quiet",
  refused: "bad",
  unknown: "quiet",
};
