import { describe, expect, test } from "bun:test";
import { textWidth } from "../../src/terminal/text.ts";
import { type Env, type Outlet, themeOf } from "../../src/ui/theme.ts";
import { plain } from "./plain.ts";

const UTF8 = { TERM: "xterm-256color", LANG: "en_US.UTF-8" };

describe("colours", () => {
  type Depth = "none" | "palette" | "truecolor";
  const cases: readonly [string, Env, Depth, Outlet][] = [
    ["a terminal's own palette", UTF8, "palette", {}],
    ["24 bit where announced", { ...UTF8, COLORTERM: "truecolor" }, "truecolor", {}],
    ["24 bit by its other name", { ...UTF8, COLORTERM: "24bit" }, "truecolor", {}],
    ["COLORTERM of another kind", { ...UTF8, COLORTERM: "yes" }, "palette", {}],
    ["NO_COLOR", { ...UTF8, NO_COLOR: "0" }, "none", {}],
    ["an empty NO_COLOR says nothing", { ...UTF8, NO_COLOR: "" }, "palette", {}],
    [
      "NO_COLOR beats everything",
      { ...UTF8, NO_COLOR: "1", FORCE_COLOR: "1", COLORTERM: "24bit" },
      "none",
      {},
    ],
    ["a dumb terminal", { TERM: "dumb" }, "none", {}],
    ["no terminal", UTF8, "none", { terminal: false }],
    [
      "FORCE_COLOR without a terminal",
      { ...UTF8, FORCE_COLOR: "1" },
      "palette",
      { terminal: false },
    ],
    ["FORCE_COLOR on a dumb terminal", { TERM: "dumb", FORCE_COLOR: "3" }, "palette", {}],
    ["FORCE_COLOR=0 forces nothing", { TERM: "dumb", FORCE_COLOR: "0" }, "none", {}],
  ];
  test.each(cases)("%s", (_name, env, depth, outlet) => {
    const { paint } = themeOf(env, outlet);
    expect(paint.brand("CODEX").includes("\x1b[38;2;")).toBe(depth === "truecolor");
    expect(paint.bad("x") === "x").toBe(depth === "none");
    for (const style of Object.values(paint)) {
      expect(plain(style("日本 x"))).toBe("日本 x");
      if (depth === "none") expect(style("日本 x")).toBe("日本 x");
    }
  });

  test("neither backgrounds nor black and white, which one of two terminals could not show", () => {
    for (const env of [UTF8, { ...UTF8, COLORTERM: "truecolor" }]) {
      for (const style of Object.values(themeOf(env).paint)) {
        const params = [...style("x y").matchAll(/\x1b\[([\d;]*)m/g)].map(([, list]) => list ?? "");
        for (const list of params) expect(list).toMatch(/^(1|2|22|3[1-6]|39|38;2;\d+;\d+;\d+)$/);
      }
    }
  });

  test("no word is yellow, which cannot be read on white; marks and bars are", () => {
    const { warn } = themeOf({ TERM: "xterm" }).paint;
    const yellow = "\x1b[33m";
    const end = "\x1b[39m";
    expect(warn("! over 2 limits")).toBe(`\x1b[1m${yellow}! ${end}over 2 limits\x1b[22m`);
    expect(warn("━━╸")).toBe(`\x1b[1m${yellow}━━╸${end}\x1b[22m`);
    expect(warn("paused")).toBe("\x1b[1mpaused\x1b[22m");
  });

  test("no text, no colour", () => {
    expect(plain(themeOf({ ...UTF8, COLORTERM: "truecolor" }).paint.brand(""))).toBe("");
  });
});

describe("characters", () => {
  const cases: readonly [string, Env, boolean][] = [
    ["LANG", { LANG: "de_DE.UTF-8" }, true],
    ["its other spelling", { LANG: "C.utf8" }, true],
    ["LC_CTYPE beats LANG", { LC_CTYPE: "en_US.UTF-8", LANG: "C" }, true],
    ["LC_ALL beats both", { LC_ALL: "C", LC_CTYPE: "en_US.UTF-8", LANG: "en_US.UTF-8" }, false],
    ["an empty LC_ALL does not", { LC_ALL: "", LANG: "en_US.UTF-8" }, true],
    ["Latin 1", { LANG: "de_DE.ISO-8859-1" }, false],
    ["nothing set", {}, false],
  ];
  test.each(cases)("%s", (_name, env, utf8) => {
    expect(/^[\x20-\x7e]+$/.test(JSON.stringify(themeOf(env).glyphs))).toBe(!utf8);
  });

  test("every glyph takes one cell, each frame of the spinner too", () => {
    for (const env of [{}, UTF8]) {
      const { ellipsis, ...glyphs } = themeOf(env).glyphs;
      for (const glyph of Object.values(glyphs).flat()) expect(textWidth(glyph)).toBe(1);
      expect(textWidth(ellipsis)).toBeLessThanOrEqual(3);
    }
  });

  test("nothing turns for a screen reader", () => {
    expect(themeOf(UTF8).animated).toBe(true);
    expect(themeOf(UTF8, { screenReader: true }).animated).toBe(false);
  });
});
