/**
 * What may make a terminal, a log or a reader see something else than what is there: control
 * characters (C0, DEL, C1), bidirectional controls, line and paragraph separators, characters without
 * a glyph, lone surrogates.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** The same, but for what makes one picture of several (ZWJ, variation selectors). */
const UNSEEN_OUTSIDE_PICTURES =
  // @guard printable-joiner
  // @guard printable-pictures
  /(?<!\p{Extended_Pictographic}[\u{1F3FB}-\u{1F3FF}]?\uFE0F?)\u200D|\u200D(?!\p{Extended_Pictographic})|(?<!\p{Extended_Pictographic}|[#*0-9])\uFE0F|(?!\u200D|\uFE0F)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** Text for a terminal or a log: what is not seen is written as `\uXXXX`; lines and tabs stay. */
export function printable(text: string): string {
  return text.replaceAll(UNSEEN_OUTSIDE_PICTURES, (character) =>
    character === "\n" || character === "\t" ? character : escaped(character),
  );
}

/** As `printable`, on one line. */
export function printableLine(text: string): string {
  return text.replaceAll(UNSEEN_OUTSIDE_PICTURES, escaped);
}

/** As `printable`; colours and other styles (SGR, `ESC [ … m`) stay. */
export function printableStyled(text: string): string {
  return (
    text
      .split(STYLE)
      // @guard styled-parts
      .map((part, index) => (index % 2 === 1 ? part : printable(part)))
      .join("")
  );
}

const STYLE = new RegExp(`(${String.fromCharCode(0x1b)}\\[[0-9;:]*m)`);

/** A value as JSON that parses to the same value and holds nothing unseen, but for its line ends. */
export function jsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent) as string | undefined;
  // @guard json-escaped
  return (text ?? "null").replaceAll(UNSEEN, (character) =>
    character === "\n" ? character : escaped(character),
  );
}

/** Each UTF-16 unit as JSON writes it. */
function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    const unit = character.charCodeAt(index).toString(16);
    return `\\u${unit.padStart(4, "0")}`;
  }).join("");
}
