import { boxHeight, cardBox, shortCard, whyLines } from "./card.ts";
import { heading } from "./heading.ts";
import { blank, clickable, empty, ink, joined, type Line, padded } from "./line.ts";
import { type Level, levels, type Model } from "./model.ts";

/** The levels to choose from, and the card that others would see at the one chosen. */
export function levelPreview(
  choice: Level,
  model: Model,
  columns: number,
  height: number,
): readonly Line[] {
  const { theme, level, previews, paused } = model;
  const acted = choice === level;
  const state = acted ? "in force" : "preview, enter keeps it";
  const title = heading("Privacy", ink(state, acted ? "quiet" : "strong", theme), columns, theme);
  const rows = levels.map((_, index) => levelLine(index, choice, model, columns));
  const shown = previews[choice] ?? { activity: undefined, level: choice, why: [] };
  const seen: Model = { ...model, paused: false };
  const room = height - 1 - rows.length;
  const box = cardBox(shown, seen, columns);
  if (room < boxHeight(shown)) return [title, ...rows, ...shortCard(shown, seen, columns)];
  if (room < boxHeight(shown) + 3) return [title, ...rows, ...box];
  const words = acted && !paused ? "Others see" : paused ? "Without the pause" : "Others would see";
  const label = ink(words, "strong", theme, columns);
  return [title, empty, ...rows, empty, label, ...box, ...whyLines(shown, model, columns)];
}

function levelLine(index: number, choice: Level, model: Model, columns: number): Line {
  const { theme, level } = model;
  const name = levels[index] ?? choice;
  const chosen = name === choice;
  const line = joined(
    chosen ? ink(theme.glyphs.bar, "brand", theme) : blank(1),
    padded(ink(name, chosen ? "strong" : "plain", theme), 9),
    name === level ? ink(theme.glyphs.connected, "good", theme) : blank(1),
    blank(2),
    ink(about[name], "quiet", theme, columns - 13),
  );
  return clickable(line, { kind: "level", index }, columns);
}

const about: Readonly<Record<Level, string>> = {
  hidden: "no card",
  private: "the kind of work only",
  project: "+ project, branch, model",
  full: "+ target, tokens, cost",
};
