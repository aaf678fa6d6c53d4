import { expect, test } from "bun:test";
import { array, assert, boolean, constantFrom, integer, oneof, property, record } from "fast-check";
import { jsonText, printable, printableLine, printableStyled } from "../../src/lib/printable.ts";

/** What no terminal, log or JSON may get. */
const unseen =
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]|\p{Cs}/u;

const nasty = array(
  oneof(
    constantFrom("a", "é", " ", "\n", "\t", "\\", '"', "👩‍💻", "❤️", "\ud800", "\udc00"),
    integer({ min: 0, max: 0x9f }).map((code) => String.fromCodePoint(code)),
    integer({ min: 0x2000, max: 0x206f }).map((code) => String.fromCodePoint(code)),
    constantFrom("\u061c", "\ufeff", "\u00ad", "\u180e", "\u{e0041}", "\u3164"),
  ),
).map((parts) => parts.join(""));

test("JSON parses to the same value, and holds nothing unseen but its line ends", () => {
  assert(
    property(record({ text: nasty, list: array(nasty) }), boolean(), (value, wide) => {
      const text = jsonText(value, wide ? 2 : undefined);
      expect(JSON.parse(text)).toEqual(value);
      expect(text).not.toMatch(unseen);
      expect(text).not.toContain("\u200d");
      expect(text.isWellFormed()).toBe(true);
    }),
  );
});

test("a text holds nothing unseen, but for lines, tabs and what joins pictures", () => {
  assert(
    property(nasty, (text) => {
      const clean = printable(text);
      expect(clean.replaceAll(/👩‍💻|❤️/gu, "")).not.toMatch(unseen);
      expect(printable(clean)).toBe(clean);
      expect(printableLine(text)).not.toMatch(/[\n\t]/);
      expect(printableStyled(text).replaceAll(/👩‍💻|❤️/gu, "")).not.toMatch(unseen);
    }),
  );
});

test.each([
  ["a\u001b[2Jb", "a\\u001b[2Jb"],
  ["\u009d0;x\u0007", "\\u009d0;x\\u0007"],
  ["x\u202ey\u2066", "x\\u202ey\\u2066"],
  ["\u{e0041}", "\\udb40\\udc41"],
  ["two\nlines\tand 👩‍💻 ❤️ 日本 é", "two\nlines\tand 👩‍💻 ❤️ 日本 é"],
  ["a\u200db\ufe0f", "a\\u200db\\ufe0f"],
  ["👩\u200db", "👩\\u200db"],
  ["a\u200d💻", "a\\u200d💻"],
  ["\r\n", "\\u000d\n"],
])("%j is printed as %s", (text, clean) => {
  expect(printable(text)).toBe(clean);
});

test("our own styles stay where they are allowed, and nothing else that begins like them", () => {
  const text = "\u001b[1mbold\u001b[0m \u001b[38;5;1mred\u001b[2J\u001b]0;t\u0007\u009b1m";
  expect(printableStyled(text)).toBe(
    "\u001b[1mbold\u001b[0m \u001b[38;5;1mred\\u001b[2J\\u001b]0;t\\u0007\\u009b1m",
  );
  expect(printable("\u001b[1m")).toBe("\\u001b[1m");
});

test("no value at all is null", () => {
  expect(jsonText(undefined)).toBe("null");
});
