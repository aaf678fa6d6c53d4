import { describe, expect, test } from "bun:test";

import { openEmulator, type WidthOf } from "../../src/terminal/emulator.ts";
import { widthOf } from "../../src/terminal/text.ts";
import { everySplit } from "../support/every-split.ts";
import { Oracle } from "../support/oracle.ts";

const size = { rows: 8, cols: 12 };
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Whether all terminals agree on a character's width: of those used below. */
const agreed = (code: number): boolean => code < 0x7f || (code >= 0x4e00 && code <= 0x9fff);

/** Other tables than the terminal's. */
const tables: Readonly<Record<string, WidthOf>> = {
  "older, without pictures": (code) => (agreed(code) ? widthOf(code) : 1),
  "for East Asia, ambiguous is wide": (code) => (agreed(code) ? widthOf(code) : 2),
  "that knows nothing but what joins": (code) => (agreed(code) ? widthOf(code) : 0),
};

const cases: Readonly<Record<string, string>> = {
  "a picture, then text": "\u001b[3;4H🚀 x\u001b[4Cy",
  "a family": "\u001b[3;4H👨‍👩‍👧x",
  "a symbol with VS16": "\u001b[3;4H❤\ufe0fx",
  "a flag": "\u001b[3;4H🇩🇪x",
  "ambiguous characters": "\u001b[3;2Hé…·x",
  "a mark with nothing before it": "\u001b[3;1H\u0301x\u001b[2Cy",
  "a mark after a sequence": "\u001b[3;4He\u001b[1m\u0301x",
  "a picture near the edge": "\u001b[3;10H🚀xyz",
  "pictures that run over the edge": "\u001b[3;8H🚀🚀🚀xy\r\nz",
  "a full row, then the next": "\u001b[3;1Hé…·é…·é…·é…·x\n\ry",
  "a picture, then ED 2": "\u001b[3;4Hab🚀\u001b[2Jx\u001b[5;1Hy",
  "a picture, then ED 1": "\u001b[2;1Hup\u001b[3;4Hab🚀\u001b[1Jx",
  "a picture, then DECSED": "\u001b[2;1Hup\u001b[3;4Hab🚀\u001b[?1Jx\u001b[?2Jy",
  "Han, on which all agree": "\u001b[3;4H漢字x",
  "a tab while a wrap is pending": "\u001b[3;12Ha\tb",
};

describe("a terminal with another table of widths: the child's cursor is the terminal's", () => {
  for (const [table, width] of Object.entries(tables)) {
    for (const [name, input] of Object.entries(cases)) {
      test(`${table}: ${name}`, () => {
        for (const chunks of everySplit(encode(input))) {
          const oracle = new Oracle({
            size,
            paneRows: 2,
            emulator: (of) => openEmulator(of, width),
          });
          oracle.feed(encode("\u001b[?1049h"));
          for (const [at, chunk] of chunks.entries()) {
            oracle.setPane(`pane ${at}`);
            oracle.feed(chunk);
            const found = oracle.differences(true);
            if (found.length > 0) expect({ chunks, at, found }).toEqual({ chunks, at, found: [] });
          }
          oracle.feed(encode("\u001b[1;1H"));
          expect(oracle.differences()).toEqual([]);
        }
      });
    }
  }
});

test("what erases the scrollback may erase the pane too (kitty): it is painted again", () => {
  const oracle = new Oracle({ size, paneRows: 2 });
  oracle.feed(encode("\u001b[?1049h\u001b[H"));
  oracle.terminal.write("\u001b[2J");
  oracle.feed(encode("\u001b[3J"));
  expect(oracle.differences()).toEqual([]);
});
