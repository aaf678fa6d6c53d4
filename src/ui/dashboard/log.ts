import type { Style } from "../theme.ts";
import { blank, ink, joined, type Line, padded } from "./line.ts";
import type { SentCard } from "./model.ts";
import type { Seen } from "./remembered.ts";
import { clock } from "./words.ts";

/** Cards sent, newest first, and what Discord answered: the `most` newest. */
export function logLines(
  { sent, theme, now, zone }: Seen<"sent" | "theme" | "zone">,
  columns: number,
  most: number,
): readonly Line[] {
  if (sent.length === 0) return [ink("Nothing sent yet", "quiet", theme, columns)];
  const newest = sent.slice(Math.max(0, sent.length - most));
  return newest.toReversed().map((card) => {
    const time = padded(ink(clock(card.at, now, zone), "quiet", theme), 6);
    const { glyph, style, words } = answers[card.answer];
    const mark = ink(theme.glyphs[glyph], style, theme);
    const said = card.reason === undefined ? words : `${words}: ${card.reason}`;
    const texts = [card.details, card.state].filter((text) => text !== undefined);
    const what = texts.length === 0 ? "card taken away" : texts.join(", ");
    const room = columns - time.width - 2;
    const answer = ink(
      card.answer === "accepted" && room < 46 ? "" : said,
      "quiet",
      theme,
      Math.floor(room / 2),
    );
    const text = ink(what, texts.length === 0 ? "quiet" : "plain", theme, room - answer.width - 2);
    return joined(time, mark, blank(1), padded(text, room - answer.width), answer);
  });
}

const answers: Readonly<
  Record<
    SentCard["answer"],
    { glyph: "connected" | "refused" | "absent" | "connecting"; style: Style; words: string }
  >
> = {
  accepted: { glyph: "connected", style: "good", words: "accepted" },
  refused: { glyph: "refused", style: "bad", words: "refused" },
  lost: { glyph: "absent", style: "quiet", words: "no answer" },
  waiting: { glyph: "connecting", style: "warn", words: "waiting" },
};
