import { describe, expect, test } from "bun:test";
import { assert, integer, property, uint8Array } from "fast-check";

import { MAX_STRING, Parser } from "../../src/terminal/parser.ts";
import { everySplit } from "../support/every-split.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
/** A character a byte. */
const decode = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

interface Found {
  /** All bytes in order, as they came out. */
  readonly bytes: number[];
  /** Sequences and ended strings, in order. */
  readonly pieces: string[];
  readonly idle: boolean;
}

function parse(chunks: Iterable<Uint8Array>): Found {
  const bytes: number[] = [];
  const pieces: string[] = [];
  const slice = (all: Uint8Array, from: number, to: number): Uint8Array => {
    bytes.push(...all.subarray(from, to));
    return all.subarray(from, to);
  };
  const parser = new Parser({
    text: (all, from, to, ascii) => {
      const text = slice(all, from, to);
      expect(ascii).toBe(text.every((byte) => byte < 0x80));
    },
    sequence: (all, from, to) => pieces.push(decode(slice(all, from, to))),
    string: (all, from, to) => slice(all, from, to),
    stringEnd: ({ kind, content, complete, truncated }) => {
      pieces.push(`${kind}:${decode(content)}${complete ? "" : " cut"}${truncated ? " long" : ""}`);
    },
  });
  for (const chunk of chunks) parser.feed(chunk);
  return { bytes, pieces, idle: parser.idle };
}

describe("sequences and strings are found however the bytes are cut", () => {
  const cases: readonly (readonly [name: string, input: string, pieces: readonly string[]])[] = [
    ["plain text", "abc é 漢 🚀\r\n", []],
    ["a control sequence", "a\u001b[1;2Hb", ["\u001b[1;2H"]],
    ["prefix and intermediates", "\u001b[?25l\u001b[0 q", ["\u001b[?25l", "\u001b[0 q"]],
    ["escape sequences", "\u001b7\u001b(0\u001b#8", ["\u001b7", "\u001b(0", "\u001b#8"]],
    ["8-bit CSI in UTF-8", "\u009b3;4Hx", ["\u00c2\u009b3;4H"]],
    ["8-bit index", "a\u0084b", ["\u00c2\u0084"]],
    ["a character that begins as an 8-bit control does", "\u00a0\u00b0\u00bf", []],
    ["OSC ended by BEL", "\u001b]0;t\u0007x", ["osc:0;t"]],
    ["OSC ended by ST", "\u001b]0;t\u001b\\x", ["osc:0;t", "\u001b\\"]],
    ["OSC ended by 8-bit ST", "\u001b]0;t\u009cx", ["osc:0;t", "\u00c2\u009c"]],
    ["8-bit OSC", "\u009d0;t\u0007", ["osc:0;t"]],
    ["no terminator within a character", "\u001b]0;\u271c\u0007", ["osc:0;\u00e2\u009c\u009c"]],
    ["BEL within a DCS", "\u001bPa\u0007b\u001b\\", ["dcs:a\u0007b", "\u001b\\"]],
    [
      "APC, PM, SOS",
      "\u001b_a\u001b\\\u001b^b\u001b\\\u001bXc\u001b\\",
      ["apc:a", "\u001b\\", "pm:b", "\u001b\\", "sos:c", "\u001b\\"],
    ],
    ["a string cut by CAN", "\u001b]0;t\u0018x\u001b[m", ["osc:0;t cut", "\u001b[m"]],
    ["a string cut by SUB", "\u001bPt\u001ax", ["dcs:t cut"]],
    ["a string cut by a sequence", "\u001b]0;t\u001b[2Jx", ["osc:0;t", "\u001b[2J"]],
    ["a sequence cut by CAN", "\u001b[12\u0018m", []],
    ["a sequence cut by another", "\u001b[12\u001b[3m", ["\u001b[3m"]],
    ["a control character inside a sequence", "\u001b[1\n2;\r3H", ["\u001b[12;3H"]],
    ["a character inside a sequence", "\u001b[1é;2H", []],
    ["ESC ESC", "\u001b\u001b[m", ["\u001b[m"]],
  ];
  for (const [name, input, pieces] of cases) {
    test(name, () => {
      const bytes = encode(input);
      for (const chunks of everySplit(bytes)) {
        const found = parse(chunks);
        expect(found.pieces).toEqual([...pieces]);
        expect(found.idle).toBe(true);
        // A control character inside a sequence takes effect before it, in a terminal too.
        expect(Uint8Array.from(found.bytes).toSorted()).toEqual(bytes.toSorted());
        if (!name.startsWith("a control character")) expect(found.bytes).toEqual(Array.from(bytes));
      }
    });
  }
});

describe("not idle", () => {
  for (const [name, input] of [
    ["in a sequence", "\u001b[1"],
    ["after ESC", "\u001b"],
    ["in a string", "\u001b]0;title"],
  ] as const) {
    test(name, () => expect(parse([encode(input)]).idle).toBe(false));
  }

  test("within a character, at every byte of it", () => {
    for (const character of ["é", "漢", "🚀"]) {
      const bytes = encode(character);
      for (let to = 1; to < bytes.length; to++) {
        expect(parse([bytes.subarray(0, to)]).idle).toBe(false);
        expect(parse(Array.from(bytes.subarray(0, to), (byte) => Uint8Array.of(byte))).idle).toBe(
          false,
        );
      }
      expect(parse([bytes]).idle).toBe(true);
    }
  });
});

describe("hostile input", () => {
  test("every byte comes out once, whatever comes in", () => {
    assert(
      property(uint8Array({ maxLength: 300 }), integer({ min: 1, max: 20 }), (bytes, size) => {
        const chunks = [];
        for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size));
        // CAN ends whatever is open, so that nothing is held back.
        const { bytes: out } = parse([...chunks, Uint8Array.of(0x18)]);
        const lost = bytes.filter((byte) => byte === 0x7f).length;
        expect(out.length).toBeGreaterThanOrEqual(bytes.length + 1 - lost);
        expect(out.length).toBeLessThanOrEqual(bytes.length + 1);
      }),
      { numRuns: 500 },
    );
  });

  test("a sequence of 100 000 parameters keeps its beginning and its end", () => {
    const input = encode(`\u001b[7${";1".repeat(100_000)}H`);
    const halves = [input.subarray(0, 100), input.subarray(100)];
    const [sequence = ""] = parse(halves).pieces;
    expect(sequence.length).toBeLessThanOrEqual(4096);
    expect(sequence).toStartWith("\u001b[7;1;1");
    expect(sequence).toEndWith("H");
  });

  test("of an endless string only the beginning is kept", () => {
    let longest = 0;
    const parser = new Parser({
      text: () => undefined,
      sequence: () => undefined,
      string: (_bytes, from, to) => (longest += to - from),
      stringEnd: ({ content, truncated }) => {
        expect(content.length).toBe(MAX_STRING);
        expect(truncated).toBe(true);
      },
    });
    const part = new Uint8Array(65_536).fill(0x41);
    parser.feed(encode("\u001b_G"));
    for (let i = 0; i < 160; i++) parser.feed(part);
    parser.feed(encode("\u001b\\"));
    expect(longest).toBe(160 * 65_536 + 3);
    expect(parser.idle).toBe(true);
    expect.assertions(4);
  });
});
