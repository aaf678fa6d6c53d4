import { fit, sanitize } from "../terminal/text.ts";
import { elapsed } from "./format.ts";
import type { Theme } from "./theme.ts";

/** A card as Discord was given it: the payload's texts, final and safe to be read by others. */
export interface ShownCard {
  readonly name: string | undefined;
  readonly details: string;
  readonly state: string | undefined;
  /** Start of the timer, ms since the epoch. */
  readonly startedAt: number | undefined;
  readonly buttons: readonly string[];
}

const columns = 34;

/** The card in a box, as Discord draws it, less the pictures. */
export function cardBox(card: ShownCard, theme: Theme, now: number): readonly string[] {
  const line = theme.unicode
    ? { top: "╭─╮", side: "│", bottom: "╰─╯" }
    : { top: "+-+", side: "|", bottom: "+-+" };
  const edge = ([left = "", middle = "", right = ""]: string) =>
    left + middle.repeat(columns + 2) + right;
  const timer =
    card.startedAt === undefined ? undefined : `${elapsed(card.startedAt, now)} elapsed`;
  const rows = [
    `Playing ${card.name ?? "Codex"}`,
    card.details,
    card.state,
    timer,
    ...card.buttons.map((label) => `[ ${label} ]`),
  ].flatMap((row) => (row === undefined || row === "" ? [] : [sanitize(row)]));
  return [
    edge(line.top),
    ...rows.map((row) => `${line.side} ${fit(row, columns, theme.glyphs.ellipsis)} ${line.side}`),
    edge(line.bottom),
  ];
}
