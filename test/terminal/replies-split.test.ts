import { expect, test } from "bun:test";
import { openEmulator } from "../../src/terminal/emulator.ts";
import { Replies } from "../../src/terminal/replies.ts";
import { Split } from "../../src/terminal/split.ts";
import { widthOf } from "../../src/terminal/text.ts";

/** A child of 22 rows below a pane of two, and the terminal's answers to it. */
function openBoth(): {
  readonly child: (output: string) => void;
  readonly terminal: (input: string) => string;
} {
  const split = new Split({
    size: { rows: 24, cols: 80 },
    paneRows: 2,
    emulator: (size) => openEmulator(size, widthOf),
  });
  const replies = new Replies(split);
  return {
    child: (output) => void split.feedChild(Buffer.from(output)),
    terminal: (input) => Buffer.from(replies.feed(Buffer.from(input)).child).toString(),
  };
}

test("a child's whole life: the main screen, the alternate one, its mouse, and back", () => {
  const { child, terminal } = openBoth();
  child("\x1b[6n\x1b[18t");
  expect(terminal("\x1b[24;1R\x1b[8;24;80t")).toBe("\x1b[24;1R\x1b[8;22;80t");

  child("\x1b[?1049h\x1b[?1000h\x1b[?1002h\x1b[?1003h\x1b[?1006h\x1b[6n\x1b[c");
  expect(terminal("\x1b[3;1R\x1b[?62;22c")).toBe("\x1b[1;1R\x1b[?62;22c");
  expect(terminal("\x1b[1;2R")).toBe("\x1b[1;2R");
  expect(terminal("\x1b[<0;9;24M\x1b[<32;9;1M\x1b[<0;9;1m")).toBe(
    "\x1b[<0;9;22M\x1b[<32;9;1M\x1b[<0;9;1m",
  );
  expect(terminal("\x1b[<0;9;2M\x1b[<0;9;2m")).toBe("");

  child("\x1b[?1006l\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?1049l\x1b[6n");
  expect(terminal("\x1b[1;1R\x1b")).toBe("\x1b[1;1R\x1b");
});

test("a child that asks for its margins is told its own", () => {
  const { child, terminal } = openBoth();
  child("\x1b[?1049h\x1b[5;10r\x1bP$qr\x1b\\");
  expect(terminal("\x1bP1$r7;12r\x1b\\")).toBe("\x1bP1$r5;10r\x1b\\");
});

test("a child that asks whether a mode is known (Codex 0.171: ?1007) gets the terminal's answer", () => {
  const split = new Split({ size: { rows: 24, cols: 80 }, paneRows: 2, emulator: openEmulator });
  const replies = new Replies(split);
  const out = split.feedChild(Buffer.from("\x1b[?1007$p\x1b[6n"));
  expect(Buffer.from(out).toString()).toBe("\x1b[?1007$p\x1b[6n");
  const { child } = replies.feed(Buffer.from("\x1b[?1007;2$y\x1b[1;1R"));
  expect(Buffer.from(child).toString()).toBe("\x1b[?1007;2$y\x1b[1;1R");
  expect(split.queries.outstanding).toBe(0);
});
