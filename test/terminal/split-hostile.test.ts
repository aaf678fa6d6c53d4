import { describe, expect, test } from "bun:test";
import { assert, integer, property, uint8Array } from "fast-check";

import { openEmulator } from "../../src/terminal/emulator.ts";
import { Split } from "../../src/terminal/split.ts";
import { Judge } from "../support/judge.ts";

const SIZE = { rows: 12, cols: 20 };
const PANE = ["the pane, row 1", "the pane, row 2"];
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function setUp(): { readonly split: Split; readonly terminal: Judge } {
  const split = new Split({ size: SIZE, paneRows: 2, emulator: openEmulator });
  const terminal = new Judge(SIZE);
  terminal.write(split.setPane(PANE));
  terminal.write(split.feedChild(encode("\u001b[?1049h\u001b[2J")));
  return { split, terminal };
}

const paneOf = (terminal: Judge): string[] => [terminal.text(1), terminal.text(2)];

describe("hostile output leaves the pane alone, fails nowhere, ends soon", () => {
  test("any bytes", () => {
    assert(
      property(uint8Array({ maxLength: 400 }), integer({ min: 1, max: 50 }), (bytes, cut) => {
        const { split, terminal } = setUp();
        for (let at = 0; at < bytes.length; at += cut) {
          terminal.write(split.feedChild(bytes.slice(at, at + cut)));
        }
        terminal.write(split.feedChild(encode("\u0018\u001b[?2026l\u001b[?1049h\u001b[1;1H")));
        expect(paneOf(terminal)).toEqual(PANE);
      }),
      { numRuns: 300, seed: 2026 },
    );
  }, 30_000);

  for (const [name, sequence] of [
    ["rows of 10^9", "\u001b[1000000000;1000000000Hx\u001b[1000000000Ax\u001b[1000000000Bx"],
    [
      "10^9 of everything that repeats",
      "@LMPSTXIZb"
        .split("")
        .map((f) => `\u001b[999999999${f}`)
        .join(""),
    ],
    ["a position of 100 000 parameters", `\u001b[1${";1".repeat(100_000)}Hx`],
    ["modes of 100 000 parameters", `\u001b[?25${";25".repeat(100_000)}h`],
    ["an endless number", `\u001b[${"9".repeat(100_000)};1Hx`],
    ["endless intermediates", `\u001b[1${" ".repeat(100_000)}Hx`],
    ["an endless hyperlink", `\u001b]8;;${"u".repeat(100_000)}\u001b\\x`],
    [
      "200 000 hyperlinks",
      Array.from({ length: 2000 }, (_, at) => `\u001b]8;;u${at}\u0007x`).join(""),
    ],
  ] as const) {
    test(
      name,
      () => {
        const { split } = setUp();
        const shown = new Judge(SIZE);
        const safe = name.startsWith("10^9") ? undefined : shown;
        shown.write(split.resize(SIZE).bytes);
        for (const bytes of [
          split.feedChild(encode(sequence)),
          split.feedChild(encode("\u001b[1;1H")),
        ]) {
          safe?.write(bytes);
        }
        safe?.write(split.setPane(["new row 1", "new row 2"]));
        if (safe !== undefined) expect(paneOf(shown)).toEqual(["new row 1", "new row 2"]);
        expect(split.idle).toBe(true);
      },
      5000,
    );
  }

  test("a picture of 10 MB passes in pieces, unchanged and without being kept", () => {
    const { split } = setUp();
    const part = new Uint8Array(65_536).fill(0x41);
    let length = split.feedChild(encode("\u001bPq")).length;
    for (let at = 0; at < 160; at++) {
      const out = split.feedChild(part);
      expect(out).toEqual(part);
      length += out.length;
    }
    length += split.feedChild(encode("\u001b\\")).length;
    expect(length).toBe(160 * 65_536 + 5);
  });
});
