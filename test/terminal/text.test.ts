import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { fit, graphemes, sanitize, textWidth, truncate, widthOf } from "../../src/terminal/text.ts";

describe("textWidth", () => {
  const cases: readonly [string, number][] = [
    ["", 0],
    ["hello", 5],
    ["é", 1],
    ["e\u0301", 1],
    ["日本語", 6],
    ["한국어", 6],
    ["\u1112\u1161\u11ab", 2],
    ["ｱｲｳ", 3],
    ["ＡＢ", 4],
    ["👍", 2],
    ["👍🏽", 2],
    ["👨‍👩‍👧", 2],
    ["🏳️‍🌈", 2],
    ["🇩🇪", 2],
    ["🇩", 1],
    ["❤", 1],
    ["❤️", 2],
    ["1️⃣", 2],
    ["☕⏳", 4],
    ["⠷◉◌◦∙✗", 6],
    ["…▌", 2],
    ["क्ष", 2],
    ["a\u200bb", 2],
  ];
  test.each(cases)("%j takes %d", (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  test("each character takes what the runtime's own table says, but for known quarrels", () => {
    // Spacing marks of India take 0 there, 1 in the C library's table, which terminals follow;
    // the rest is invisible, or the frame of a key without its key.
    const quarrels = /\p{Mc}|\p{Default_Ignorable_Code_Point}|\p{Cf}|\u20e3|[\u0980\u0c80\u0d3a]/u;
    const many = /\p{Unified_Ideograph}|[\uac00-\ud7a3]/u;
    const different: string[] = [];
    for (let code = 0x20; code < 0x11_0000; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const character = String.fromCodePoint(code);
      if (/[\p{Cn}\p{Co}]/u.test(character) || quarrels.test(character)) continue;
      if (code % 97 > 0 && many.test(character)) continue;
      const width = Bun.stringWidth(character);
      if (textWidth(character) !== width || widthOf(code) !== width) {
        different.push(code.toString(16));
      }
    }
    expect(different).toEqual([]);
  });
});

test("graphemes are those of the runtime's segmenter, whichever way they are found", () => {
  const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
  const letter = fc.oneof(
    fc.integer({ min: 0x20, max: 0x2ff }),
    fc.integer({ min: 0x2010, max: 0x2bff }),
    fc.integer({ min: 0x3041, max: 0x30ff }),
    fc.integer({ min: 0xac00, max: 0xd7ff }),
    fc.constantFrom(0x200d, 0xfe0f, 0x301, 0x1f44d, 0x1f3fd, 0x1f1e9, 0x1161, 0x4e00, 0xad),
  );
  fc.assert(
    fc.property(fc.array(letter, { maxLength: 6 }), (codes) => {
      const text = String.fromCodePoint(...codes);
      const expected = Array.from(segmenter.segment(text), ({ segment }) => segment);
      expect(graphemes(text)).toEqual(expected);
    }),
    { numRuns: 3000 },
  );
});

test("widthOf tells what each character takes by itself", () => {
  const cases: readonly [number, number][] = [
    [0x41, 1],
    [0x4e2d, 2],
    [0x1f44d, 2],
    [0x1f1e9, 1],
    [0x301, 0],
    [0x200d, 0],
    [0xfe0f, 0],
    [0x20e3, 0],
    [0x115f, 2],
    [0x1161, 0],
    [0x93f, 1],
    [0x2026, 1],
    [0xd800, 1],
    [-1, 1],
    [0x11_0000, 1],
    [Number.NaN, 1],
  ];
  for (const [code, width] of cases) expect([code, widthOf(code)]).toEqual([code, width]);
});

describe("truncate and fit", () => {
  const cases: readonly [string, number, string][] = [
    ["hello", 5, "hello"],
    ["hello", 4, "hel…"],
    ["hello", 1, "…"],
    ["hello", 0, ""],
    ["日本語", 5, "日本…"],
    ["日本語", 4, "日…"],
    ["👨‍👩‍👧👨‍👩‍👧", 3, "👨‍👩‍👧…"],
    ["e\u0301e\u0301e\u0301", 2, "e\u0301…"],
    ["a bc", 3, "a…"],
    ["🇩🇪🇫🇷", 2, "…"],
  ];
  test.each(cases)("%j in %d", (text, columns, expected) => {
    expect(truncate(text, columns)).toBe(expected);
  });

  test("an ellipsis of one's own", () => {
    expect(truncate("hello world", 8, "...")).toBe("hello...");
    expect(truncate("hello", 2, "...")).toBe("");
  });

  test("fit pads to the width", () => {
    expect(fit("日本", 6)).toBe("日本  ");
    expect(fit("日本語", 4)).toBe("日… ");
  });

  test("never wider, and cut only between graphemes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(40), (text, columns) => {
        const cut = truncate(text, columns);
        expect(textWidth(cut)).toBeLessThanOrEqual(columns);
        expect(textWidth(fit(text, columns))).toBe(columns);
        const kept = graphemes(cut.replace(/…$/u, ""));
        expect(graphemes(text).slice(0, kept.length).join("").startsWith(kept.join(""))).toBe(true);
      }),
    );
  });
});

describe("sanitize", () => {
  const cases: readonly [string, string, string][] = [
    ["keeps ordinary text", "npm test", "npm test"],
    ["keeps letters of any script", "日本語 Ünïcode हिन्दी עברית", "日本語 Ünïcode हिन्दी עברית"],
    ["escape sequences lose what makes them so", "\x1b[31mred\x1b[0m", "[31mred[0m"],
    ["C1 controls", "a\x9b31mb\x90c\x85d", "a31mbc d"],
    ["NUL, BEL, DEL", "a\0b\x07c\x7fd", "abcd"],
    ["line feeds and tabs become single spaces", " a\r\n\tb\u2028c ", "a b c"],
    ["bidirectional overrides", "user\u202egnp.exe\u2066x\u2069\u200f", "usergnp.exex"],
    ["spaces around what goes", "a \0 b \u200b", "a b"],
    ["what composes only then", "e\u200d\u0301", "é"],
    ["zero-width characters", "a\u200bb\u200cc\u200dd\ufeffe\u2060f\u00adg", "abcdefg"],
    ["tags and variation selectors", "a\u{e0041}b\ufe0fc", "abc"],
    ["invisible letters", "a\u3164b\u115fc\uffa0d", "abcd"],
    ["private and unassigned characters", "a\ue0b0b\u{10ffff}c\u0378d", "abcd"],
    ["lone surrogates", "a\ud800b\udc00c", "abc"],
    ["letters and their marks are composed", "e\u0301", "é"],
    ["heaps of marks", `z${"\u0335".repeat(50)}y`, "z\u0335\u0335y"],
    ["marks without a letter", "\u0301\u0301a", "a"],
    ["joined emoji become their parts", "👨‍👩‍👧👍🏽❤️1️⃣", "👨👩👧👍❤1"],
  ];
  test.each(cases)("%s", (_name, text, expected) => {
    expect(sanitize(text)).toBe(expected);
  });

  test("looks at no more than the limit", () => {
    expect(sanitize("a".repeat(10_000_000)).length).toBe(1024);
    expect(sanitize("abc👍", 4)).toBe("abc");
  });

  test("whatever comes in, nothing that moves a cursor comes out, and once is enough", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const clean = sanitize(text);
        expect(clean).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|\s\s|^\s|\s$/u);
        expect(sanitize(clean)).toBe(clean);
      }),
      { numRuns: 500 },
    );
  });

  test("of clean text no other table makes more than ours", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const clean = sanitize(text);
        expect(Bun.stringWidth(clean)).toBeLessThanOrEqual(textWidth(clean));
      }),
    );
  });
});
