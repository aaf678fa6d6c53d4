import { textWidth } from "../../terminal/text.ts";
import { type Part, row } from "../row.ts";
import type { Theme } from "../theme.ts";
import { shapesOf, tileCols } from "./glyphs.ts";
import { heading } from "./heading.ts";
import { blank, drawn, empty, ink, joined, type Line, padded, raw } from "./line.ts";
import type { CardActivity, CardView, Model } from "./model.ts";
import type { Seen } from "./remembered.ts";
import type { Section } from "./stack.ts";
import { age } from "./words.ts";

const title = "On Discord";

type Shown = Seen<"card" | "level" | "paused" | "theme">;

/** The card as Discord will draw it, with the level and the rule behind it. */
export function cardSection(model: Shown, columns: number): Section {
  const { card } = model;
  const beside = columns >= BESIDE_FROM && columns - neededFor(card) >= MIN_WHY;
  const box = boxHeight(card);
  const whyRows = beside ? 0 : Math.min(2, Math.max(1, card.why.length));
  const draw = (height: number): readonly Line[] => {
    const head = heading(title, levelLine(model, card, columns), columns, model.theme);
    if (height < 1 + box) return [head, ...shortCard(card, model, columns)].slice(0, height);
    if (beside) return [head, ...besideWhy(card, model, columns, box)];
    return [head, ...cardBox(card, model, columns), ...whyLines(card, model, columns)];
  };
  return { priority: 7, min: 2, ideal: 1 + box + whyRows, max: 1 + box + whyRows, draw };
}

/** The card in a box, at most 56 columns wide. */
export function cardBox(
  card: CardView,
  model: Seen<"paused" | "theme">,
  columns: number,
): readonly Line[] {
  const { theme } = model;
  const { corners, side, rule } = shapesOf(theme);
  const cols = Math.min(columns, MAX_BOX);
  const inner = cols - 4;
  const edge = (left: string, right: string): Line =>
    raw(left + rule.repeat(Math.max(0, cols - 2)) + right, "quiet", theme);
  const framed = (line: Line): Line =>
    joined(
      raw(side, "quiet", theme),
      blank(1),
      padded(line, inner),
      blank(1),
      raw(side, "quiet", theme),
    );
  return [
    edge(corners[0], corners[1]),
    ...content(card, model, inner).map(framed),
    edge(corners[2], corners[3]),
  ];
}

/** Why the card is as it is, a reason a row. */
export function whyLines(
  card: CardView,
  { theme }: Pick<Model, "theme">,
  columns: number,
): readonly Line[] {
  return card.why.map((why) => ink(why, "quiet", theme, columns));
}

/** Rows of the box. */
export function boxHeight({ activity }: CardView): number {
  return 6 + (activity?.buttons?.length ?? 0);
}

const BESIDE_FROM = 66;
const MAX_BOX = 56;
const MIN_TILE_FROM = 28;
/** Columns that the reasons and the gap before them have at least. */
const MIN_WHY = 26;

function content(
  card: CardView,
  model: Seen<"paused" | "theme">,
  columns: number,
): readonly Line[] {
  const { theme } = model;
  const { activity } = card;
  if (activity === undefined) {
    return [
      empty,
      ink("No card", "strong", theme, columns),
      ink(whyNone(card, model), "quiet", theme, columns),
      empty,
    ];
  }
  const tiled = columns >= MIN_TILE_FROM;
  const room = tiled ? columns - tileCols - 2 : columns;
  const texts = [
    ink(activity.name ?? "Codex", "strong", theme, room),
    ink(activity.details ?? "", "plain", theme, room),
    ink(activity.state ?? "", "plain", theme, room),
    timerLine(activity, model, room),
  ];
  const rows = texts.map((text, i) =>
    tiled ? joined(tileRow(i, activity, theme), blank(2), text) : text,
  );
  const buttons = (activity.buttons ?? []).map(({ label }) => {
    const text = ink(label, "plain", theme, columns - 4);
    const space = Math.max(0, columns - text.width - 4);
    const half = Math.floor(space / 2);
    return joined(
      raw(`[ ${" ".repeat(half)}`, "quiet", theme),
      text,
      raw(`${" ".repeat(space - half)} ]`, "quiet", theme),
    );
  });
  return [...rows, ...buttons];
}

function whyNone({ level }: CardView, { paused }: Pick<Model, "paused">): string {
  if (paused) return "Paused: others see nothing";
  return level === "hidden" ? "Hidden: others see nothing" : "Nothing to show just now";
}

/** The picture; the small one sits in its lower right corner. */
function tileRow(i: number, { assets }: CardActivity, theme: Theme): Line {
  const { tile } = shapesOf(theme);
  const text = tile[i] ?? "";
  const badge = i === tile.length - 1 && assets?.["small_image"] !== undefined;
  if (!badge) return raw(text, "brand", theme);
  return joined(
    raw(text.slice(0, -1), "brand", theme),
    raw(theme.glyphs.connected, "strong", theme),
  );
}

function timerLine(
  { timestamps }: CardActivity,
  { theme, now }: Seen<"theme">,
  columns: number,
): Line {
  if (timestamps === undefined) return empty;
  return ink(`${age(timestamps.start, now)} elapsed`, "good", theme, columns);
}

/** The level, and what else there is to say of the card; that alone where there is no room for both. */
function levelLine({ theme, level, paused }: Shown, card: CardView, columns: number): Line {
  const told = card.level === level ? level : `${card.level}, config says ${level}`;
  const words = paused ? "paused" : told;
  const style = paused ? "strong" : "quiet";
  if (card.note === undefined) return ink(words, style, theme);
  const both = ink(`${words}, ${card.note}`, style, theme);
  return both.width + textWidth(title) + 4 > columns ? ink(card.note, style, theme) : both;
}

/** Without room for the box: its lines in one, and the reasons. */
export function shortCard(
  card: CardView,
  model: Seen<"paused" | "theme">,
  columns: number,
): readonly Line[] {
  const { theme } = model;
  const { activity } = card;
  const part = (
    text: string | undefined,
    priority: number,
    style: Part["style"],
  ): readonly Part[] =>
    text === undefined
      ? []
      : [{ text, priority, style: style ?? "plain", side: "left", minWidth: 8 }];
  if (activity === undefined) {
    const parts = [...part("No card", 9, "strong"), ...part(whyNone(card, model), 5, "quiet")];
    return [drawn(row(parts, columns, theme)), ...whyLines(card, model, columns)];
  }
  const parts = [
    ...part(activity.details, 9, "strong"),
    ...part(activity.state, 5, "plain"),
    ...part(
      activity.timestamps === undefined ? undefined : age(activity.timestamps.start, model.now),
      3,
      "quiet",
    ),
  ];
  return [drawn(row(parts, columns, theme)), ...whyLines(card, model, columns)];
}

/** Columns in which the box shows its texts whole. */
function neededFor({ activity }: CardView): number {
  const widths = [activity?.details, activity?.state].map((text) => textWidth(text ?? ""));
  return Math.min(MAX_BOX, 4 + tileCols + 2 + Math.max(...widths));
}

/** Box on the left, reasons and hover texts on the right. */
function besideWhy(card: CardView, model: Shown, columns: number, height: number): readonly Line[] {
  const { theme } = model;
  const cols = Math.max(Math.min(MAX_BOX, Math.floor(columns * 0.54)), neededFor(card));
  const room = columns - cols - 3;
  const { assets } = card.activity ?? {};
  const hover = [assets?.["large_text"], assets?.["small_text"]].filter(
    (text) => text !== undefined,
  );
  const facts: readonly Line[] = [
    empty,
    ink("Why", "strong", theme, room),
    ...whyLines(card, model, room).slice(0, Math.max(1, height - 4)),
    ...(hover.length === 0
      ? []
      : [
          joined(
            raw("Pictures say ", "quiet", theme),
            ink(hover.join(", "), "plain", theme, room - 13),
          ),
        ]),
  ];
  return cardBox(card, model, cols).map((line, i) => {
    const fact = facts[i] ?? empty;
    return fact.width === 0 ? line : joined(padded(line, cols + 3), fact);
  });
}
