import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { textWidth } from "../../src/terminal/text.ts";
import { type Part, row } from "../../src/ui/row.ts";
import { themeOf } from "../../src/ui/theme.ts";
import { plain } from "./plain.ts";

const theme = themeOf({ LANG: "C.UTF-8", NO_COLOR: "1" });
const left = (text: string, priority: number, more: Partial<Part> = {}): Part => ({
  text,
  priority,
  side: "left",
  ...more,
});
const right = (text: string, priority: number, more: Partial<Part> = {}): Part => ({
  text,
  priority,
  side: "right",
  ...more,
});

describe("row", () => {
  const parts = [
    left("main", 9),
    left("some-long-target.ts", 7, { minWidth: 6 }),
    left("gpt", 3),
    right("12k", 2),
    right("ready", 5, { icon: "*" }),
  ];
  const cases: readonly [string, readonly Part[], number, string][] = [
    ["everything fits", parts, 60, "main ∙ some-long-target.ts ∙ gpt               12k ∙ * ready"],
    ["exactly", parts, 47, "main ∙ some-long-target.ts ∙ gpt  12k ∙ * ready"],
    [
      "what may shrink does before anything is dropped",
      parts,
      40,
      "main ∙ some-long-t… ∙ gpt  12k ∙ * ready",
    ],
    ["to its smallest", parts, 34, "main ∙ some-… ∙ gpt  12k ∙ * ready"],
    [
      "the least important goes first, and leaves its room",
      parts,
      33,
      "main ∙ some-long-… ∙ gpt  * ready",
    ],
    ["then the next", parts, 27, "main ∙ some-long-…  * ready"],
    ["one side alone", parts, 21, "main ∙ some-long-tar…"],
    ["the most important alone", parts, 9, "main"],
    ["truncated", parts, 3, "ma…"],
    ["to nothing but a sign of it", parts, 1, "…"],
    ["no columns", parts, 0, ""],
    ["no parts", [], 10, ""],
    ["of equals the later goes", [left("a", 1), left("b", 1)], 4, "a"],
    ["empty parts take no room", [left("", 9), left("a", 1), right("", 5)], 10, "a"],
    ["an icon without text", [left("", 9, { icon: "!" }), left("a", 1)], 10, "! ∙ a"],
    ["the right alone", [right("end", 1)], 10, "       end"],
    ["an icon is kept while text beside it is", [left("word", 1, { icon: "!" })], 4, "! w…"],
    ["and gives way to it at last", [left("word", 1, { icon: "!" })], 2, "w…"],
    ["wide characters", [left("日本語", 1), right("x", 0)], 6, "日本語"],
    ["a wide character that would be cut", [left("日本語", 1)], 4, "日…"],
    ["untrusted text", [left("a\x1b[2Jb\nc\u202e", 1)], 20, "a[2Jb c"],
  ];
  test.each(cases)("%s", (_name, given, columns, expected) => {
    expect(row(given, columns, theme)).toBe(expected);
  });

  test("separators and sides in styles of their own", () => {
    const colored = themeOf({ LANG: "C.UTF-8", TERM: "xterm" });
    const painted = row(
      [left("a", 1, { style: "strong" }), left("b", 1, { icon: "!", iconStyle: "bad" })],
      20,
      colored,
    );
    expect(painted).toBe("\x1b[1ma\x1b[22m \x1b[2m∙\x1b[22m \x1b[1m\x1b[31m!\x1b[39m\x1b[22m b");
  });

  test("never wider than the columns, whatever the texts; the most important stays", () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: "binary" }),
      fc.constantFrom("日本語", "👨‍👩‍👧", "x".repeat(500)),
    );
    const part = fc.record({
      text,
      icon: fc.constantFrom("", "!", "日"),
      priority: fc.integer({ min: 0, max: 5 }),
      side: fc.constantFrom<Part["side"]>("left", "right"),
      minWidth: fc.nat(30),
    });
    const themes = [
      theme,
      themeOf({ TERM: "xterm" }),
      themeOf({ LANG: "C.UTF-8", TERM: "xterm", COLORTERM: "truecolor" }),
    ];
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 8 }),
        fc.integer({ min: 1, max: 300 }),
        fc.constantFrom(...themes),
        (given, columns, look) => {
          const seen = plain(row(given, columns, look));
          expect(textWidth(seen)).toBeLessThanOrEqual(columns);
          expect(Bun.stringWidth(seen)).toBeLessThanOrEqual(columns);
          expect(seen).not.toContain("\x1b");
        },
      ),
      { numRuns: 500 },
    );
  });
});
