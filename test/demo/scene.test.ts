import { describe, expect, test } from "bun:test";
import { Terminal as Emulator } from "@xterm/headless";
import * as fc from "fast-check";
import { enterBytes, leaveBytes, Painter, titleBytes } from "../../src/demo/paint.ts";
import { builtInRecording, parseRecording, type Recording } from "../../src/demo/recording.ts";
import { frameOf, sceneAt } from "../../src/demo/scene.ts";
import { textWidth } from "../../src/terminal/text.ts";

const builtIn = parseRecording(builtInRecording);
const sizes = [
  [6, 20],
  [6, 200],
  [24, 80],
  [60, 20],
  [60, 200],
  [1, 1],
  [2, 3],
] as const;

function textAt(recording: Recording, at: number, rows = 30, cols = 100): string {
  const frame = frameOf(sceneAt(recording, at), at, { rows, cols });
  return frame.rows.map((row) => row.map((span) => span.text).join("")).join("\n");
}

function expectFits(recording: Recording, at: number, rows: number, cols: number): void {
  const frame = frameOf(sceneAt(recording, at), at, { rows, cols });
  expect(frame.rows).toHaveLength(rows);
  for (const row of frame.rows) {
    expect(textWidth(row.map((span) => span.text).join(""))).toBeLessThanOrEqual(cols);
  }
  expect(frame.cursor?.row ?? 1).toBeWithin(1, rows + 1);
  expect(frame.cursor?.col ?? 1).toBeWithin(1, cols + 1);
}

const screen = (show: string, text: string): string =>
  JSON.stringify({ at: 0, type: "screen", show, text });

describe("the stand-in's screen", () => {
  test.each(sizes)("fits into %d rows of %d columns, at every moment", (rows, cols) => {
    for (let at = 0; at <= builtIn.length; at += 500) expectFits(builtIn, at, rows, cols);
  });

  test("fits whatever text a recording holds", () => {
    const part = fc.constantFrom("header", "footer", "typing", "busy", "cell", "ask");
    const text = fc.string({ unit: "grapheme", maxLength: 300 });
    const step = fc.tuple(part, text).map(([show, shown]) => screen(show, shown));
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 8 }),
        fc.integer({ min: 6, max: 60 }),
        fc.integer({ min: 20, max: 200 }),
        (lines, rows, cols) => expectFits(parseRecording(lines.join("\n")), 0, rows, cols),
      ),
      { numRuns: 200 },
    );
  });

  test.each([
    [1000, /› “next high tide” fails ab$/m],
    [1950, /› “next high tide” fails .* and fix it$/m],
    [3000, /• Working \(0s • esc to interrupt\)/],
    [6000, /• Exploring\n {2}└ Read/],
    [18_000, /Would you like to run[^]*› 1\. Yes, proceed/],
    [24_500, /15 \+ {3}const today = dayIn/],
    [30_000, /Worked for 27s[^]*› Ask Codex to do anything/],
  ])("after %d ms", (at, wanted) => {
    expect(textAt(builtIn, at)).toMatch(wanted);
  });

  test("types and streams one character after the other, wide ones whole", () => {
    const wide = parseRecording(
      JSON.stringify({ at: 0, type: "screen", show: "cell", text: "潮🌊汐", over: 300 }),
    );
    expect([50, 150, 250, 300].map((at) => textAt(wide, at, 9, 20).split("\n")[1])).toEqual([
      "",
      "潮",
      "潮🌊",
      "潮🌊汐",
    ]);
  });

  test("breaks between words and indents what follows", () => {
    const text = "• one two three four five";
    const rows = textAt(parseRecording(screen("cell", text)), 0, 12, 12).split("\n");
    expect(rows.slice(1, 4).map((row) => row.trimEnd())).toEqual([
      "• one two",
      "  three four",
      "  five",
    ]);
  });
});

describe("a frame", () => {
  const at = 24_500;
  const size = { rows: 24, cols: 70 };
  const frame = frameOf(sceneAt(builtIn, at), at, size);

  /** What a terminal shows after these bytes. */
  async function shown(bytes: string): Promise<{ rows: string[]; cursor: number[] }> {
    const emulator = new Emulator({ ...size, allowProposedApi: true });
    await new Promise<void>((done) => emulator.write(bytes, done));
    const { active } = emulator.buffer;
    const rows = Array.from({ length: size.rows }, (_, i) =>
      (active.getLine(i)?.translateToString(true) ?? "").trimEnd(),
    );
    const cursor = [active.cursorY + 1, active.cursorX + 1];
    emulator.dispose();
    return { rows, cursor };
  }

  test.each([true, false])("draws the screen, in colour: %p", async (color) => {
    const { rows, cursor } = await shown(enterBytes + new Painter(color).frame(frame));
    expect(rows).toEqual(
      textAt(builtIn, at, 24, 70)
        .split("\n")
        .map((row) => row.trimEnd()),
    );
    expect(cursor).toEqual([22, 3]);
  });

  test("after others shows the same as when drawn alone", async () => {
    const painter = new Painter(true);
    let bytes = enterBytes;
    for (let time = 0; time <= at; time += 250) {
      bytes += painter.frame(frameOf(sceneAt(builtIn, time), time, size));
    }
    expect((await shown(bytes)).rows).toEqual((await shown(new Painter(true).frame(frame))).rows);
  });

  test("that shows nothing new is not written; after a reset it is written whole", () => {
    const painter = new Painter(true);
    const first = painter.frame(frame);
    expect(painter.frame(frame)).toBe("");
    painter.reset();
    expect(painter.frame(frame)).toBe(first);
  });

  test("uses no colour where none is wanted", () => {
    expect(new Painter(false).frame(frame)).not.toMatch(/\x1b\[[\d;]*[34]8;/);
  });

  test("before it and after it the plain screen stands, with the cursor shown", async () => {
    const { rows } = await shown(
      `before${enterBytes}${new Painter(true).frame(frame)}${leaveBytes}`,
    );
    expect(rows.join("")).toBe("before");
    expect(leaveBytes).toEndWith("\x1b[?25h\x1b]7501;state=clear\x1b\\");
  });
});

test.each([
  ["none", 0, "\x1b]0;tide\x07"],
  ["spinner", 0, "\x1b]0;⠋ tide\x07"],
  ["spinner", 999, "\x1b]0;⠏ tide\x07"],
  ["attention", 999, "\x1b]0;[ ! ] tide\x07"],
  ["attention", 1000, "\x1b]0;[ . ] tide\x07"],
] as const)("a title with %s at %d ms", (sign, at, bytes) => {
  expect(titleBytes("tide", sign, at)).toBe(bytes);
});
