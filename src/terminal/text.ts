/**
 * Cells that a text takes in a terminal: 2 for wide letters, emoji and flags, 0 for what joins the
 * character before it. Ambiguous characters count 1, as everywhere but in terminals set up for
 * legacy East Asian fonts. Control characters count 0: draw only what `sanitize` has seen.
 */
export function textWidth(text: string): number {
  if (NARROW.test(text)) return text.length;
  let width = 0;
  for (const grapheme of graphemes(text)) width += graphemeWidth(grapheme);
  return width;
}

/**
 * Cells of one character by itself, as a terminal counts that knows no graphemes: for its emulator.
 * Anything that is no code point takes 1.
 */
export function widthOf(codePoint: number): 0 | 1 | 2 {
  if (!(codePoint >= 0 && codePoint <= 0x10_ffff)) return 1;
  const character = String.fromCodePoint(codePoint);
  if (JOINS.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** The text itself if it fits, else its beginning and an ellipsis; never wider than `columns`. */
export function truncate(text: string, columns: number, ellipsis = "…"): string {
  if (textWidth(text) <= columns) return text;
  const room = columns - textWidth(ellipsis);
  if (room < 0) return "";
  let kept = "";
  let width = 0;
  for (const grapheme of graphemes(text)) {
    width += graphemeWidth(grapheme);
    if (width > room) break;
    kept += grapheme;
  }
  return kept.trimEnd() + ellipsis;
}

/** Exactly `columns` wide: truncated, or padded with spaces at its end. */
export function fit(text: string, columns: number, ellipsis = "…"): string {
  const kept = truncate(text, columns, ellipsis);
  return kept + " ".repeat(Math.max(0, columns - textWidth(kept)));
}

/**
 * Makes untrusted text fit to be drawn on one row: no control, bidirectional, invisible, private or
 * unassigned characters, no more than two marks on a letter, white space as single spaces.
 *
 * What terminals measure differently is reduced to what they agree on: joined and coloured emoji
 * become their parts, letters with marks their composed form.
 *
 * @param limit UTF-16 units looked at; names are short, and an attacker's need not be
 */
export function sanitize(text: string, limit = 1024): string {
  return (
    text
      // @guard drawn-length
      .slice(0, limit)
      // @guard drawn-lines
      .replaceAll(WHITE_SPACE, " ")
      // @guard drawn-unseen
      .replaceAll(UNSEEN, "")
      .replaceAll(/ +/g, " ")
      .normalize("NFC")
      // @guard drawn-marks
      .replaceAll(SURPLUS_MARKS, "$1")
      .replace(MARKS_WITHOUT_LETTER, "")
      .trimEnd()
  );
}

/** What a reader takes for single characters. */
export function graphemes(text: string): readonly string[] {
  if (standsAlone(text)) return Array.from(text);
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Whether each character of the text stands alone, whatever stands before and after it. */
export function standsAlone(text: string): boolean {
  return NOTHING_JOINS.test(text);
}

/** Made when the first text comes that needs it (few do): it takes 3 ms. */
let segmenter: Intl.Segmenter | undefined;

/** Latin, punctuation, signs, kana, Han and composed Hangul: each character stands alone. */
const NOTHING_JOINS =
  /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u2bff\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]*$/;
/** What most rows are made of, each in one cell: ASCII, Latin, lines, blocks, braille. */
const NARROW =
  /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u2319\u2400-\u25fc\u2800-\u28ff]*$/;
const WHITE_SPACE = /[\t-\r\x85\p{Z}]/gu;
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}\u20e3]/gu;
const SURPLUS_MARKS = /(\p{M}{2})\p{M}+/gu;
const MARKS_WITHOUT_LETTER = /^[\p{M} ]+/u;

/** Two regional indicators (a flag), or what VS16, a keycap or ZWJ makes one picture. */
const PICTURE = /^\p{RI}\p{RI}|^\p{Emoji_Presentation}.|.\ufe0f|.\u20e3/u;
const JOINS =
  /(?![\u115f\u3164])[\p{Mn}\p{Me}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u1160-\u11ff\ud7b0-\ud7fb]/u;
/**
 * East Asian Width W and F, and what Unicode reserves for it (UAX #11). The pictures among them are
 * left to a property that is as new as the engine.
 */
const WIDE =
  /(?!\p{RI})[\p{Emoji_Presentation}\u1100-\u115f\u2329\u232a\u2630-\u2637\u268a-\u268f\u2e80-\u303e\u3041-\u3247\u3250-\ua4c6\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1d300}-\u{1d376}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]/u;

function graphemeWidth(grapheme: string): number {
  if (PICTURE.test(grapheme)) return 2;
  let width = 0;
  for (const character of grapheme) width += widthOf(character.codePointAt(0) ?? 0);
  return width;
}
