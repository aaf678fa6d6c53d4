import { describe, expect, test } from "bun:test";
import { Terminal as Emulator } from "@xterm/headless";
import * as fc from "fast-check";
import { type Frame, nextFrame, noFrame, screenModes } from "../../src/terminal/frame.ts";

const size = { rows: 3, cols: 6 };
const shell = noFrame(size);
const frame = (rows: readonly string[], more: Partial<Frame> = {}): Frame => ({
  rows,
  modes: screenModes,
  size,
  ...more,
});

describe("what is written", () => {
  const cases: readonly [string, Frame, Frame, string][] = [
    ["nothing when nothing changed", frame(["a", "b"]), frame(["a", "b"]), ""],
    ["nothing for empty rows at the end", frame(["a", "b"]), frame(["a", "b", ""]), ""],
    [
      "the row that changed, and what stood behind it erased",
      frame(["a", "bbbb", "c"]),
      frame(["a", "b", "c"]),
      "\x1b[?2026h\x1b[2;1Hb\x1b[m\x1b[K\x1b[?2026l",
    ],
    [
      "only the middle of a row, in its attributes",
      frame(["  \x1b[36ma\x1b[39m b"]),
      frame(["  \x1b[36mc\x1b[39m b"]),
      "\x1b[?2026h\x1b[1;3H\x1b[36mc\x1b[m\x1b[?2026l",
    ],
    [
      "the whole row when its end moves",
      frame(["ab c"]),
      frame(["a c"]),
      "\x1b[?2026h\x1b[1;1Ha c\x1b[m\x1b[K\x1b[?2026l",
    ],
    [
      "the whole row when its end takes on another colour",
      frame(["a\x1b[31mbc\x1b[39m"]),
      frame(["a\x1b[32mdc\x1b[39m"]),
      "\x1b[?2026h\x1b[1;1Ha\x1b[32mdc\x1b[39m\x1b[m\x1b[K\x1b[?2026l",
    ],
    [
      "the whole row behind characters whose width terminals disagree about",
      frame(["◉ a c"]),
      frame(["◉ b c"]),
      "\x1b[?2026h\x1b[1;1H◉ b c\x1b[m\x1b[K\x1b[?2026l",
    ],
    [
      "the whole of a colour, not only the digits that differ",
      frame(["a\x1b[31mb\x1b[39m\x1b[1mc\x1b[22m d"]),
      frame(["a\x1b[31mx\x1b[39m\x1b[1my\x1b[22m d"]),
      "\x1b[?2026h\x1b[1;2H\x1b[31mx\x1b[39m\x1b[1my\x1b[m\x1b[?2026l",
    ],
    [
      "the whole row when what changes is of such a width",
      frame(["a日 c"]),
      frame(["a😀 c"]),
      "\x1b[?2026h\x1b[1;1Ha😀 c\x1b[m\x1b[K\x1b[?2026l",
    ],
    [
      "the whole row when a letter keeps its mark",
      frame(["ae\u0301 c"]),
      frame(["ao\u0301 c"]),
      "\x1b[?2026h\x1b[1;1Hao\u0301 c\x1b[m\x1b[K\x1b[?2026l",
    ],
    [
      "a step of a spinner",
      frame(["a ⠾ c"]),
      frame(["a ⠷ c"]),
      "\x1b[?2026h\x1b[1;3H⠷\x1b[m\x1b[?2026l",
    ],
    [
      "a full row behind the erase, which would take its last character",
      frame(["a"]),
      frame(["\x1b[1mabcdef\x1b[22m"]),
      "\x1b[?2026h\x1b[1;1H\x1b[K\x1b[1mabcdef\x1b[22m\x1b[m\x1b[?2026l",
    ],
    [
      "a wide full row too",
      frame(["a"]),
      frame(["日本語"]),
      "\x1b[?2026h\x1b[1;1H\x1b[K日本語\x1b[m\x1b[?2026l",
    ],
    [
      "a row that is gone",
      frame(["a", "b"]),
      frame(["a"]),
      "\x1b[?2026h\x1b[2;1H\x1b[m\x1b[K\x1b[?2026l",
    ],
    [
      "no row below the screen",
      frame(["a"]),
      frame(["a", "b", "c", "d", "e"], { size }),
      "\x1b[?2026h\x1b[2;1Hb\x1b[m\x1b[K\x1b[3;1Hc\x1b[m\x1b[K\x1b[?2026l",
    ],
    [
      "everything after a resize",
      frame(["a", "b"]),
      frame(["a", "b"], { size: { rows: 2, cols: 9 } }),
      "\x1b[?2026h\x1b[m\x1b[2J\x1b[1;1Ha\x1b[m\x1b[2;1Hb\x1b[m\x1b[?2026l",
    ],
    [
      "the first: the alternate screen before all else",
      shell,
      frame(["a"]),
      "\x1b[?2026h\x1b[?1049h\x1b[?25l\x1b[?1000h\x1b[?1006h\x1b[?2004h\x1b[?7l\x1b[m\x1b[2J\x1b[1;1Ha\x1b[m\x1b[?2026l",
    ],
    [
      "the last: everything back, the shell's screen at the end",
      frame(["a"]),
      shell,
      "\x1b[?2026l\x1b[m\x1b[?7h\x1b[?2004l\x1b[?1006l\x1b[?1000l\x1b[?25h\x1b[?1049l",
    ],
    ["nothing when there never was one", shell, shell, ""],
    [
      "a mode alone",
      frame(["a"]),
      frame(["a"], { modes: { ...screenModes, mouse: false } }),
      "\x1b[?2026h\x1b[?1000l\x1b[?1006l\x1b[?2026l",
    ],
  ];
  test.each(cases)("%s", (_name, before, after, expected) => {
    expect(nextFrame(before, after)).toBe(expected);
  });
});

test("a terminal that got every difference shows the last frame, attributes and all", async () => {
  const piece = fc.constantFrom(
    "a",
    "b",
    " ",
    "日",
    "é",
    "e\u0301",
    "e\u0302",
    "😀",
    "😃",
    "\x1b[32ma\x1b[39m",
    "\x1b[31ma\x1b[39m",
    "\x1b[1m\x1b[32mb\x1b[39m\x1b[22m",
  );
  const row = fc.array(piece, { maxLength: 3 }).map((pieces) => pieces.join(""));
  const frames = fc.array(fc.array(row, { maxLength: 4 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(frames, async (all) => {
      const emulator = new Emulator({ ...size, allowProposedApi: true });
      const anew = new Emulator({ ...size, allowProposedApi: true });
      let shown = shell;
      for (const rows of all) {
        await written(emulator, nextFrame(shown, frame(rows)));
        shown = frame(rows);
      }
      await written(anew, nextFrame(shell, shown));
      expect(cellsOf(emulator)).toEqual(cellsOf(anew));
      expect(emulator.buffer.active.type).toBe("alternate");
      await written(emulator, nextFrame(shown, shell));
      expect(emulator.buffer.active.type).toBe("normal");
      emulator.dispose();
      anew.dispose();
    }),
    {
      numRuns: 150,
      // The emulator's own table of widths is of Unicode 6, where no emoji is wide.
      examples: [
        [[["日aa"], ["😀😃😃"]]],
        [[["a😃\x1b[31ma\x1b[39m"], ["a日\x1b[31ma\x1b[39m"]]],
        [[["aa\x1b[1m\x1b[32mb\x1b[39m\x1b[22m"], ["😃\x1b[1m\x1b[32mb\x1b[39m\x1b[22m"]]],
      ],
    },
  );
});

test("the shell's screen and cursor are as they were", async () => {
  const emulator = new Emulator({ rows: 5, cols: 20, allowProposedApi: true });
  await written(emulator, "$ ls\r\na b c\r\n$ cdp");
  const before = [
    screenOf(emulator),
    emulator.buffer.active.cursorX,
    emulator.buffer.active.cursorY,
  ];
  const at = { rows: 5, cols: 20 };
  const shown = frame(["one", "two"], { size: at });
  await written(emulator, nextFrame(noFrame(at), shown));
  expect(screenOf(emulator)[0]).toBe("one");
  await written(emulator, nextFrame(shown, noFrame(at)));
  expect([
    screenOf(emulator),
    emulator.buffer.active.cursorX,
    emulator.buffer.active.cursorY,
  ]).toEqual(before);
  emulator.dispose();
});

function written(emulator: Emulator, text: string): Promise<void> {
  return new Promise((done) => emulator.write(text, done));
}

function screenOf(emulator: Emulator): string[] {
  const { active } = emulator.buffer;
  return Array.from(
    { length: emulator.rows },
    (_, i) => active.getLine(active.baseY + i)?.translateToString(true) ?? "",
  );
}

/** Every cell as its character, colour and weight; one that was erased is a space. */
function cellsOf(emulator: Emulator): string[] {
  const { active } = emulator.buffer;
  return Array.from({ length: emulator.rows * emulator.cols }, (_, i) => {
    const line = active.getLine(active.baseY + Math.floor(i / emulator.cols));
    const cell = line?.getCell(i % emulator.cols);
    const letter = cell?.getChars() || " ";
    return letter === " " ? " " : `${letter} ${cell?.getFgColor()} ${cell?.isBold()}`;
  });
}
