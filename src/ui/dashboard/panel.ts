import { details } from "./details.ts";
import { heading } from "./heading.ts";
import { levelPreview } from "./level-preview.ts";
import { empty, ink, joined, type Line, padded } from "./line.ts";
import { logLines } from "./log.ts";
import { accentOf } from "./look.ts";
import type { Model } from "./model.ts";

/** The open panel in exactly `height` rows; nothing when none is open. */
export function panelLines(model: Model, columns: number, height: number): readonly Line[] {
  const lines = linesOf(model, columns, height);
  return Array.from({ length: Math.max(0, height) }, (_, i) => lines[i] ?? empty);
}

/** Lines below the heading of a panel that can be longer than its room. */
export function panelLength(model: Model): number {
  if (model.panel.kind === "log") return model.sent.length;
  return model.panel.kind === "help" ? helpKeys.length : 0;
}

function linesOf(model: Model, columns: number, height: number): readonly Line[] {
  const { panel } = model;
  switch (panel.kind) {
    case "details":
      return details(model, columns, height);
    case "log": {
      const cards = logLines(model, columns, model.sent.length);
      return scrolled("Cards sent", cards, panel.top, columns, height, model);
    }
    case "help":
      return scrolled("Keys", helpLines(model, columns), panel.top, columns, height, model);
    case "level":
      return levelPreview(panel.choice, model, columns, height);
    case "none":
    default:
      return [];
  }
}

function scrolled(
  title: string,
  lines: readonly Line[],
  top: number,
  columns: number,
  height: number,
  { theme }: Model,
): readonly Line[] {
  const room = Math.max(0, height - 2);
  const from = Math.max(0, Math.min(top, lines.length - room));
  const to = Math.min(lines.length, from + room);
  const where = lines.length > room ? `${from + 1}-${to} of ${lines.length}` : "";
  const head = heading(title, ink(where, "quiet", theme), columns, theme);
  return height < 6
    ? [head, ...lines.slice(from, from + height - 1)]
    : [head, empty, ...lines.slice(from, to)];
}

const helpKeys: readonly (readonly [string, string])[] = [
  ["q", "quit (Ctrl+C too)"],
  ["p", "pause or resume the card"],
  ["v", "privacy level, with a preview"],
  ["d", "details of one session"],
  ["l", "cards sent, Discord's answers"],
  ["r", "connect to Discord anew"],
  ["up down", "select a session (j and k too)"],
  ["enter", "pin the selected one as leader"],
  ["esc", "close, or unpin"],
  ["mouse", "click a session or a key below"],
  ["?", "this"],
];

function helpLines({ theme }: Model, columns: number): readonly Line[] {
  return helpKeys.map(([key, does]) =>
    joined(padded(ink(key, accentOf(theme), theme), 9), ink(does, "plain", theme, columns - 9)),
  );
}
