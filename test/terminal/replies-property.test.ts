import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import type { QueryKind } from "../../src/terminal/queries.ts";
import { SGR, latin1, openInput, utf8 } from "./replies-setup.ts";

describe("any input", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "\x1b",
      "\x1b[",
      "\x1b[M",
      "\x1b[<",
      ";",
      "M",
      "m",
      "R",
      "t",
      "\x1bP1$r",
      "\x1bP1$u",
      "r",
      "\x1b\\",
    ),
    fc.constantFrom(
      "\x1b[200~",
      "\x1b[201~",
      "\x1b[24;80R",
      "\x1b[1;2R",
      "\x1b[?3;4R",
      "\x1b[8;24;80t",
      "\x1b[48;24;80;480;800t",
    ),
    fc.constantFrom(
      "\x1b[<0;4;1M",
      "\x1b[<0;4;1m",
      "\x1b[<0;4;9M",
      "\x1b[<32;4;1M",
      "\x1b[M !\x22",
      "\x1b[32;4;1M",
      "\x1b[?62c",
    ),
    fc.integer({ min: 0, max: 99 }).map(String),
    fc.uint8Array({ maxLength: 4 }).map(latin1),
  );
  const stream = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(""));
  const setting = fc.record({
    pane: fc.constantFrom(0, 2, 8),
    modes: fc.constantFrom([], [1000], [1003, 1005], SGR, [1002, 1015], [1003, 1016]),
    asked: fc.array(
      fc.constantFrom<QueryKind>("cpr", "decxcpr", "sizeCells", "margins", "cursorInfo", "da1"),
      { maxLength: 4 },
    ),
  });

  test("cut anywhere it equals the whole", () => {
    fc.assert(
      fc.property(setting, stream, fc.array(fc.nat(200), { maxLength: 8 }), (given, text, cuts) => {
        const whole = openInput(given);
        const expected = whole.feed(text) + latin1(whole.replies.flush());
        const parts = openInput(given);
        let received = "";
        let from = 0;
        for (const cut of [...cuts.toSorted((a, b) => a - b), text.length]) {
          received += parts.feed(text.slice(from, cut));
          from = Math.max(from, cut);
        }
        received += latin1(parts.replies.flush());
        expect(received).toBe(expected);
        expect(parts.clicks).toEqual(whole.clicks);
      }),
      { numRuns: 2000 },
    );
  });

  test("without a pane it is the identity, and nothing is ever held", () => {
    fc.assert(
      fc.property(setting, stream, (given, text) => {
        const all = openInput({ ...given, pane: 0 });
        expect(all.feed(text)).toBe(text);
        expect(all.replies.holding).toBe(false);
      }),
    );
  });

  test("flushed after every byte nothing is lost but whole reports of the pane", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
        const all = openInput({ modes: SGR });
        let length = 0;
        for (const byte of data) {
          length += all.feed(Uint8Array.of(byte)).length + all.replies.flush().length;
        }
        expect(length).toBe(data.length);
      }),
    );
  });

  test("keys and text never change while nothing was asked", () => {
    const keys = fc.oneof(
      fc.string({ unit: "grapheme" }).map(utf8),
      fc.constantFrom(
        "\x1b[A",
        "\x1bOP",
        "\x1b[1;2R",
        "\x1b[3~",
        "\x1b[97;5u",
        "\x1bx",
        "\r",
        "\x1b[I",
        "\x1b[200~\x1b[1;1R\x1b[201~",
      ),
    );
    fc.assert(
      fc.property(fc.array(keys), (typed) => {
        const all = openInput({ modes: SGR });
        expect(all.feed(typed.join("")) + latin1(all.replies.flush())).toBe(typed.join(""));
      }),
    );
  });
});
