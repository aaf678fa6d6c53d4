import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import type { Input } from "../../src/terminal/key-names.ts";
import { KeyReader } from "../../src/terminal/keys.ts";
import { everySplit } from "../support/every-split.ts";

/** `ctrl+alt+shift+name`, `press left 3,4`. */
function told(inputs: readonly Input[]): string {
  return inputs
    .map((input) => {
      if (input.type === "mouse") {
        const { kind, button, x, y } = input.mouse;
        return `${kind} ${button} ${x},${y}`;
      }
      const { name, ctrl, alt, shift } = input.key;
      return `${ctrl ? "ctrl+" : ""}${alt ? "alt+" : ""}${shift ? "shift+" : ""}${name}`;
    })
    .join(" | ");
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const cases: readonly [string, string, string][] = [
  ["characters", "q?é日", "q | ? | é | 日"],
  ["an emoji", "🚀", "🚀"],
  ["capitals tell their shift themselves", "Q", "Q"],
  ["enter, as both control characters", "\r\n", "enter | enter"],
  ["tab, backspace, space", "\t\x7f\b ", "tab | backspace | backspace | space"],
  ["control keys", "\x03\x1a\x00", "ctrl+c | ctrl+z | ctrl+space"],
  ["arrows", "\x1b[A\x1b[B\x1b[C\x1b[D", "up | down | right | left"],
  ["arrows of the application mode", "\x1bOA\x1bOB", "up | down"],
  ["arrows with modifiers", "\x1b[1;2A\x1b[1;3B\x1b[1;5C", "shift+up | alt+down | ctrl+right"],
  ["home, end", "\x1b[H\x1b[F\x1b[1~\x1b[4~\x1bOH", "home | end | home | end | home"],
  ["pages", "\x1b[5~\x1b[6~\x1b[5;5~", "pageUp | pageDown | ctrl+pageUp"],
  ["back tab", "\x1b[Z", "shift+tab"],
  ["function keys mean nothing", "\x1bOP\x1b[15~q", "q"],
  ["alt and a character", "\x1bq\x1b?", "alt+q | alt+?"],
  ["two escapes", "\x1b\x1bq", "escape | alt+q"],
  ["kitty: a key", "\x1b[113u", "q"],
  [
    "kitty: escape, enter, tab, backspace",
    "\x1b[27u\x1b[13u\x1b[9u\x1b[127u",
    "escape | enter | tab | backspace",
  ],
  ["kitty: a control key", "\x1b[99;5u", "ctrl+c"],
  ["kitty: with its locks on", "\x1b[113;129u", "q"],
  ["kitty: what shift makes of it", "\x1b[47:63;2u", "?"],
  ["kitty: a capital", "\x1b[113;2u", "Q"],
  [
    "kitty: press and repeat count, the release does not",
    "\x1b[113;1:1u\x1b[113;1:2u\x1b[113;1:3u",
    "q | q",
  ],
  ["kitty: arrows with events", "\x1b[1;1:1A\x1b[1;1:3A", "up"],
  ["kitty: with its text", "\x1b[113;;113u", "q"],
  ["kitty: keypad", "\x1b[57419u\x1b[57414u", "up | enter"],
  ["kitty: a modifier by itself", "\x1b[57441u", ""],
  ["modifyOtherKeys", "\x1b[27;5;99~\x1b[27;3;113~", "ctrl+c | alt+q"],
  ["a click", "\x1b[<0;3;4M\x1b[<0;3;4m", "press left 3,4 | release left 3,4"],
  ["other buttons", "\x1b[<1;1;1M\x1b[<2;1;1M", "press middle 1,1 | press right 1,1"],
  ["the wheel", "\x1b[<64;7;8M\x1b[<65;7;8M", "wheel up 7,8 | wheel down 7,8"],
  ["a sideways wheel", "\x1b[<66;7;8M", ""],
  ["a drag, and motion", "\x1b[<32;2;2M\x1b[<35;2;2M", "drag left 2,2 | move none 2,2"],
  ["a click with shift held", "\x1b[<4;5;6M", "press left 5,6"],
  ["a click far out", "\x1b[<0;300;100M", "press left 300,100"],
  ["a click beside the screen", "\x1b[<0;0;0M", ""],
  ["X10 reports", "\x1b[M !!\x1b[M#!!q", "press left 1,1 | release none 1,1 | q"],
  ["pasted text does nothing", "\x1b[200~q\x03\rp\x1b[A\x1b[201~v", "v"],
  ["an end in a paste that is none", "\x1b[200~\x1b[20\x1b[201q\x1b[201~v", "v"],
  ["a colour that the terminal answers", "\x1b]11;rgb:0000/0000/0000\x1b\\v", "v"],
  ["the same, ended by BEL", "\x1b]11;rgb:ffff/ffff/ffff\x07v", "v"],
  [
    "attributes, versions, positions",
    "\x1b[?62;4c\x1bP>|xterm(379)\x1b\\\x1b[12;40R\x1b[?0uv",
    "v",
  ],
  ["focus", "\x1b[I\x1b[Ov", "v"],
  ["an answer of the image protocol", "\x1b_Gi=31;OK\x1b\\v", "v"],
  ["a key in an answer that never ends", "\x1b]11;rgb:\x03", "ctrl+c"],
  ["another sequence in it", "\x1b]11;rgb:\x1b[Aq", "up | q"],
  ["a key in a sequence that never ends", "\x1b[12\x03q", "ctrl+c | q"],
  ["a sequence begun anew", "\x1b[1;\x1b[B", "down"],
  ["nonsense", "\x1b[1;2;3;4;5;6$y\x1b[??Hq", "q"],
  ["too long to be a report", `\x1b[${"1".repeat(5000)}Aq`, "q"],
];

describe("what is typed, however it is cut", () => {
  test.each(cases)("%s", (_name, typed, expected) => {
    const bytes = bytesOf(typed);
    const splits = bytes.length > 500 ? [[bytes]] : everySplit(bytes);
    for (const chunks of splits) {
      const reader = new KeyReader();
      expect(told(chunks.flatMap((chunk) => reader.feed(chunk)))).toBe(expected);
    }
  });
});

describe("a lone ESC", () => {
  test("is pending until something follows or nothing does", () => {
    const reader = new KeyReader();
    expect(reader.pending).toBe(false);
    expect(reader.feed(bytesOf("\x1b"))).toEqual([]);
    expect(reader.pending).toBe(true);
    expect(told(reader.flush())).toBe("escape");
    expect(reader.pending).toBe(false);
    expect(reader.flush()).toEqual([]);
    expect(told(reader.feed(bytesOf("[A")))).toBe("[ | A");
  });

  test("in an answer that never ends is the key, and what follows counts again", () => {
    const reader = new KeyReader();
    expect(reader.feed(bytesOf("\x1b]11;rgb:\x1b"))).toEqual([]);
    expect(told(reader.flush())).toBe("escape");
    expect(told(reader.feed(bytesOf("q")))).toBe("q");
  });

  test("flushing ends no paste and no sequence that is under way", () => {
    const reader = new KeyReader();
    expect(told([...reader.feed(bytesOf("\x1b[200~q")), ...reader.flush()])).toBe("");
    expect(told(reader.feed(bytesOf("q\x1b[201~\x1b[<0;3")))).toBe("");
    expect(told([...reader.flush(), ...reader.feed(bytesOf(";4M"))])).toBe("press left 3,4");
  });
});

test("any bytes, in any pieces: no throw, the same keys, and a paste is silent", () => {
  const bytes = fc.uint8Array({ maxLength: 40 });
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      const whole = new KeyReader();
      const parts = new KeyReader();
      const joined = new Uint8Array([...a, ...b]);
      expect(told([...parts.feed(a), ...parts.feed(b)])).toBe(told(whole.feed(joined)));
    }),
    { numRuns: 400 },
  );
});
