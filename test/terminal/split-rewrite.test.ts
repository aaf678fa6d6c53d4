import { describe, expect, test } from "bun:test";

import { openEmulator } from "../../src/terminal/emulator.ts";
import { Split } from "../../src/terminal/split.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** A pane of 3 rows above a child of 10 rows and 40 columns, on the alternate screen. */
function standing(): Split {
  const split = new Split({ size: { rows: 13, cols: 40 }, paneRows: 3, emulator: openEmulator });
  split.feedChild(encode("\u001b[?1049h"));
  return split;
}

/** What the terminal gets for what the child writes; `^` stands for CSI. */
const through = (split: Split, text: string): string =>
  decode(split.feedChild(encode(text.replaceAll("^", "\u001b[")))).replaceAll("\u001b[", "^");

describe("what the terminal gets, pane of 3 rows, child of 10", () => {
  for (const [name, sent, got] of [
    ["CUP", "^1;1H^10;40H", "^4;1H^13;40H"],
    ["CUP in 8 bits", "\u009b2;2H", "\u009b5;2H"],
    ["CUP below the last row", "^11;1H", "^13;1H"],
    ["VPA, HVP", "^2d^3;4f", "^5d^6;4H"],
    ["DECSTBM", "^2;5r", "^5;8r^4;1H"],
    ["DECSTBM reset", "^r", "^4;13r^4;1H"],
    ["text, SGR, EL, ED 0, SU, IL pass", "a^1;31mb^K^J^S^2L", "a^1;31mb^K^J^S^2L"],
    [
      "titles, kitty keyboard, queries pass",
      "\u001b]0;t\u0007^>7u^c^?u^6n",
      "\u001b]0;t\u0007^>7u^c^?u^6n",
    ],
    ["DECCRA", "^1;1;2;2;1;3;4;1$v", "^4;1;5;2;1;6;4;1$v"],
    ["DECCRA without rows: the child's", "^$v", "^4;0;13;0;0;4$v"],
    ["DECERA, DECSERA", "^2;1;3;5$z^2;1;99;5${", "^5;1;6;5$z^5;1;13;5${"],
    ["DECFRA", "^88;1;1;4;4$x", "^88;4;1;7;4$x"],
    ["DECCARA, DECRARA", "^1;1;2;2;1$r^1;1;2;2;7$t", "^4;1;5;2;1$r^4;1;5;2;7$t"],
    ["DECRQCRA", "^1;1;2;3;4;5*y", "^1;1;5;3;7;5*y"],
    ["a rectangle below the last row", "^11;1;12;5$z", "^14;1;13;5$z"],
    ["DECLRMM and DECSLRM", "^?69h^5;10s", "^?69h^5;10s^4;1H"],
    ["an impossible DECSLRM", "^?69h^10;5s", "^?69h"],
    ["a size for the window", "^8;24;80t^30t", "^8;27;80t^33t"],
    ["lines per screen", "^24*|", "^27*|"],
    [
      "DECOM never reaches the terminal",
      "^3;6r^?6h^2;2H^99;1H^?6l",
      "^6;9r^4;1H^6;1H^7;2H^9;1H^4;1H",
    ],
    ["VPA and VPR under DECOM", "^3;6r^?6h^2d^9e", "^6;9r^4;1H^6;1H^7d^9d"],
    ["rectangles under DECOM", "^3;6r^?6h^1;1;9;9$z", "^6;9r^4;1H^6;1H^6;1;9;9$z"],
    [
      "modes saved and restored by the terminal: not those that touch rows",
      "^?6;2004;1049s^?6r",
      "^?2004s",
    ],
    [
      "ED 2 makes rows of double width single again",
      "\u001b#6a^1;1H^2J",
      "\u001b#6a^4;1H^4;1H\u001b#5^J^4;1H",
    ],
    ["80 columns where the terminal obeys", "^?3l", "^?3l"],
    ["several modes, one of them DECOM", "^?25;6h", "^?25h^4;1H"],
  ] as const) {
    test(name, () => expect(through(standing(), sent)).toBe(got));
  }

  test("after 132 columns the margins are set again and the pane is painted", () => {
    const split = standing();
    through(split, "^?40h^2;5r");
    const got = through(split, "^?3h");
    expect(got).toStartWith("^?3h");
    expect(got).toContain("^4;13r");
    expect(got).toContain("^4;1H");
  });

  test("columns count from the left margin under DECOM", () => {
    const split = standing();
    through(split, "^?69h^5;10s^?6h");
    expect(through(split, "^1;2H^1;99H")).toBe("^4;6H^4;10H");
  });
});

describe("what must be known of the child for the way back", () => {
  for (const [name, sent, kind, shift] of [
    ["CPR", "^6n", "cpr", 3],
    ["DECXCPR", "^?6n", "decxcpr", 3],
    ["CPR under DECOM", "^3;6r^?6h^6n", "cpr", 5],
    ["the size in cells", "^18t", "sizeCells", 3],
    ["the size in pixels", "^14t", "sizePixels", 3],
    ["DECRQSS of the margins", "\u001bP$qr\u001b\\", "margins", 3],
    ["DECCIR", "^1$w", "cursorInfo", 3],
    ["DA1", "^c", "da1", 0],
    ["DECRQM", "^?2026$p", "decrqm", 0],
  ] as const) {
    test(`${name} is asked once`, () => {
      const split = standing();
      through(split, sent);
      expect(split.queries.answered(kind)).toBe(shift);
      expect(split.queries.answered(kind)).toBeUndefined();
    });
  }

  test("before the pane stands a position is the terminal's, a size the child's", () => {
    const split = new Split({ size: { rows: 13, cols: 40 }, paneRows: 3, emulator: openEmulator });
    expect(through(split, "^6n^18t")).toBe("^6n^18t");
    expect(split.input.rowShift).toBe(0);
    expect([split.queries.answered("cpr"), split.queries.answered("sizeCells")]).toEqual([0, 3]);
  });

  test("mouse, in-band sizes and the pane's height", () => {
    const split = standing();
    through(split, "^?1003;1006h^?2048h");
    const { mouse, rowShift, inBandResize } = split.input;
    expect({ tracking: mouse.tracking, encoding: mouse.encoding, rowShift, inBandResize }).toEqual({
      tracking: "any",
      encoding: "sgr",
      rowShift: 3,
      inBandResize: true,
    });
    through(split, "^?1049l");
    expect(split.input.rowShift).toBe(0);
  });
});
