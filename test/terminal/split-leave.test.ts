import { describe, expect, test } from "bun:test";

import { openEmulator } from "../../src/terminal/emulator.ts";
import { Split } from "../../src/terminal/split.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const ALWAYS = "\u000f\u001b(B^m";

/** What `leave` writes after the child wrote `sent`; `^` stands for CSI. */
function left(sent: string): string {
  const split = new Split({ size: { rows: 12, cols: 40 }, paneRows: 2, emulator: openEmulator });
  split.feedChild(encode(sent.replaceAll("^", "\u001b[")));
  return new TextDecoder().decode(split.leave()).replaceAll("\u001b[", "^");
}

describe("however it ends, what the child left changed is put back, and nothing else", () => {
  for (const [name, sent, got] of [
    ["nothing changed", "^c^?u", ALWAYS],
    ["a tidy child", "^?2004h^?1049h^?1003h^>7u^<1u^?1003l^?1049l^?2004l", ALWAYS],
    ["paste and focus", "^?2004h^?1004h", "\u000f\u001b(B^?2004l^?1004l^m"],
    ["mouse", "^?1000h^?1002h^?1003h^?1006h", "\u000f\u001b(B^?1006l^?1003l^?1002l^?1000l^m"],
    ["the kitty keyboard on the main screen", "^>7u", "^<1u\u000f\u001b(B^m"],
    [
      "modifyOtherKeys, cursor style, keypad",
      "^>4;2m^4 q\u001b=",
      "\u000f\u001b(B^>4;0m\u001b>^0 q^m",
    ],
    ["the cursor, wrapping, insert mode", "^?25l^?7l^4h", "^4l\u000f\u001b(B^?7h^?25h^m"],
  ] as const) {
    test(name, () => expect(left(sent)).toBe(got));
  }

  test("killed within a frame on the alternate screen", () => {
    const got = left("^?1049h^>7u^?2026h^?25l^1;1Hworking");
    expect(got).toStartWith("^?2026l^<1u^r^?1049l");
    expect(got).toContain("^?25h");
    expect(got).not.toContain("pane");
  });

  test("a second time nothing is taken away again", () => {
    const split = new Split({ size: { rows: 12, cols: 40 }, paneRows: 2, emulator: openEmulator });
    split.feedChild(encode("\u001b[?1049h\u001b[1;1Hx"));
    split.leave();
    expect(new TextDecoder().decode(split.leave())).not.toContain("1049");
  });
});
