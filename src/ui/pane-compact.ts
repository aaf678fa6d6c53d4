import { sanitize, textWidth } from "../terminal/text.ts";
import { discordWords, elapsed } from "./format.ts";
import { activityParts, activityStyle } from "./pane-activity.ts";
import { discordPart } from "./pane-discord.ts";
import type { PaneModel } from "./pane-model.ts";
import { levelPart, noticesOf } from "./pane-sharing.ts";
import {
  contextPart,
  costPart,
  modelPart,
  quotaPart,
  quotasByNearness,
  tokensPart,
} from "./pane-usage.ts";
import { type Part, row } from "./row.ts";
import type { Theme } from "./theme.ts";

/**
 * Two rows: where we are and who sees it; what Codex does and what it uses. What is to be known
 * about the level goes to the first where all else fits beside it, else before the usage.
 */
export function compactRows(
  model: PaneModel,
  cols: number,
  now: number,
  theme: Theme,
): readonly string[] {
  const { paint, glyphs } = theme;
  const notices = model.sharing === undefined ? [] : noticesOf(model.sharing, theme);
  const banner = bannerOf(model, notices, cols, now, theme);
  const doing = activityParts(model.activity, model.session?.agents ?? 0, now, theme);
  const usage = usageParts(model, cols, now, theme);
  const room = cols - textWidth(glyphs.bar);
  const roomy = notices.find((notice) => cellsOf([...doing, ...usage, notice]) <= room);
  const tight = notices.slice(1).find((notice) => cellsOf([...doing, notice]) <= room);
  const beside = banner.noticed ? undefined : (roomy ?? tight ?? notices.at(-1));
  return [
    row(banner.parts, cols, theme),
    paint[activityStyle(model.activity.kind)](glyphs.bar) +
      row([...doing, ...usage, ...listOf(beside)], room, theme),
  ];
}

/** Columns from which on the usage says in words what it counts, and draws a bar. */
const WORDS_FROM = 120;
const BAR_FROM = 96;
/** Below so many columns Discord's state is told by its glyph and colour alone. */
const BRIEF_BELOW = 56;

function placeParts({ startedAt, session }: PaneModel, now: number, theme: Theme): readonly Part[] {
  const { project = "", branch = "" } = session ?? {};
  return [
    { text: `${theme.glyphs.bar}CODEX`, style: "brand", priority: 9, side: "left" },
    { text: project, style: "strong", priority: 6, side: "left", minWidth: 6 },
    { text: branch, priority: 5, side: "left", minWidth: 8 },
    { text: elapsed(startedAt, now), style: "quiet", priority: 4, side: "left" },
  ];
}

/** The first row, with a notice if one fits, be it that Discord's state gives up its word. */
function bannerOf(
  model: PaneModel,
  notices: readonly Part[],
  cols: number,
  now: number,
  theme: Theme,
): { readonly parts: readonly Part[]; readonly noticed: boolean } {
  const { sharing, discord } = model;
  const before = [
    ...placeParts(model, now, theme),
    ...(sharing === undefined ? [] : [levelPart(sharing, theme)]),
  ];
  const { long, brief } = discordWords[discord];
  for (const words of [long, brief]) {
    const last = discordPart(discord, words, theme);
    const notice = notices.find((one) => cellsOf([...before, one, last]) <= cols);
    if (notice !== undefined) return { parts: [...before, notice, last], noticed: true };
  }
  const words = sharing !== undefined && cols < BRIEF_BELOW ? brief : long;
  return { parts: [...before, discordPart(discord, words, theme)], noticed: false };
}

function usageParts(model: PaneModel, cols: number, now: number, theme: Theme): readonly Part[] {
  const { session, limits } = model;
  const quota = quotasByNearness(limits, now)[0];
  const nearest = quota === undefined ? [] : [quotaPart(quota)];
  if (session === undefined) return nearest;
  const barCells = cols >= WORDS_FROM ? 8 : cols >= BAR_FROM ? 5 : 0;
  return [
    ...listOf(modelPart(session)),
    ...listOf(tokensPart(session, cols >= WORDS_FROM)),
    ...listOf(costPart(session)),
    ...listOf(contextPart(session, barCells, theme)),
    ...nearest,
  ];
}

/** Cells that the parts take side by side, when none is cut: a space, a sign and a space between. */
function cellsOf(parts: readonly Part[]): number {
  const widths = parts
    .map(({ text, icon }) => textWidth([icon ?? "", sanitize(text)].filter(Boolean).join(" ")))
    .filter((width) => width > 0);
  return widths.reduce((sum, width) => sum + width + 3, -3);
}

function listOf(part: Part | undefined): readonly Part[] {
  return part === undefined ? [] : [part];
}
