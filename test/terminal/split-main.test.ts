import { describe, expect, test } from "bun:test";

import { openEmulator } from "../../src/terminal/emulator.ts";
import { Split, type SplitOptions } from "../../src/terminal/split.ts";
import { Judge } from "../support/judge.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** A terminal of 8 rows where a shell has written, and a pane of 2 rows about to stand in it. */
function setUp(shell: string, options: Partial<SplitOptions> = {}) {
  const size = { rows: 8, cols: 20 };
  const terminal = new Judge(size);
  terminal.write(shell);
  const split = new Split({ size, paneRows: 2, emulator: openEmulator, ...options });
  terminal.write(split.setPane(["pane 1", "pane 2"]));
  const feed = (text: string): void => terminal.write(split.feedChild(encode(text)));
  const all = (): string[] => [
    ...terminal.scrollback.map((line) => line.translateToString(true, 0, size.cols)),
    ...terminal.screen,
  ];
  return { terminal, split, feed, all };
}

const SHELL = "one\r\ntwo\r\nthree\r\n$ program\r\n";

describe("before the child's first cell on the main screen", () => {
  test("nothing is painted or scrolled, whatever else it writes", () => {
    const { terminal, feed, split } = setUp(SHELL);
    feed("\u001b[?2004h\u001b[>7u\u001b[6n\u001b[c\u001b]0;t\u0007\u001b[3;3H\u001b[31m\u0007");
    expect(terminal.screen).toEqual(["one", "two", "three", "$ program", "", "", "", ""]);
    expect(terminal.cursor).toEqual([5, 1]);
    expect(split.standing).toBe(false);
  });

  test("a child that goes to the alternate screen never has a pane on the main one", () => {
    const { terminal, feed, split } = setUp(SHELL);
    feed("\u001b[?2004h\u001b[?1049h\u001b[1;1Happ");
    expect(terminal.screen.slice(0, 4)).toEqual(["pane 1", "pane 2", "app", ""]);
    feed("\u001b[1;1H\u001b[J\u001b[?1049l\u001b[?2004lbye\r\n");
    terminal.write(split.leave());
    expect(terminal.screen).toEqual(["one", "two", "three", "$ program", "bye", "", "", ""]);
    expect(terminal.cursor).toEqual([6, 1]);
    expect(terminal.scrollback).toEqual([]);
  });

  test("where the pane is for the alternate screen only, the main screen stays as it is", () => {
    const { terminal, feed } = setUp(SHELL, { mainScreen: false });
    feed("hello\r\n");
    expect(terminal.screen.slice(0, 6)).toEqual(["one", "two", "three", "$ program", "hello", ""]);
  });
});

describe("from the child's first cell on", () => {
  test("what the shell left is in the scrollback, the pane above the child", () => {
    const { terminal, feed, all } = setUp(SHELL);
    feed("\u001b[1mhello\r\n");
    expect(all()).toEqual([
      "one",
      "two",
      "three",
      "$ program",
      "pane 1",
      "pane 2",
      "hello",
      "",
      "",
      "",
      "",
      "",
    ]);
    expect(terminal.cursor).toEqual([4, 1]);
  });

  test("also from the bottom of a full screen, and where the child moved the cursor first", () => {
    const { feed, all } = setUp(`${"x\r\n".repeat(9)}$ program\r\n`);
    feed("\u001b[3;1Hhello");
    expect(all().filter((line) => line !== "")).toEqual([
      ...Array.from({ length: 9 }, () => "x"),
      "$ program",
      "pane 1",
      "pane 2",
      "hello",
    ]);
  });

  test("a child that clears the screen loses what it would have lost alone", () => {
    const { terminal, feed } = setUp(SHELL);
    feed("\u001b[H\u001b[Jhello");
    expect(terminal.screen.slice(0, 3)).toEqual(["pane 1", "pane 2", "hello"]);
    expect(terminal.scrollback).toEqual([]);
  });

  test("a cursor that the terminal reported is where the child begins", () => {
    const { terminal, feed, split } = setUp("one\r\n$ ");
    split.cursorAt(2, 3);
    feed("hello");
    expect(terminal.screen.slice(0, 4)).toEqual(["pane 1", "pane 2", "", "  hello"]);
  });

  test("lines that leave the child's top are in the scrollback once, in order, wraps and colours kept", () => {
    const { terminal, feed } = setUp("");
    let output = "";
    for (let at = 1; at <= 40; at++)
      output += `\u001b[3${at % 8}mline ${at}\u001b[m, which is too long\r\n`;
    feed(output);
    const lines = terminal.scrollback.map((line) => line.translateToString(true, 0, 20));
    const expected = Array.from({ length: 40 }, (_, at) => `line ${at + 1}, which is too long`);
    expect(lines.join("").startsWith(expected.slice(0, 37).join(""))).toBe(true);
    expect(terminal.scrollback.filter(({ isWrapped }) => isWrapped).length).toBeGreaterThan(30);
    expect(terminal.screen.slice(0, 2)).toEqual(["pane 1", "pane 2"]);
  });

  test("a link is kept in the scrollback", () => {
    const { feed, split } = setUp("");
    feed("\u001b]8;;http://example.invalid\u001b\\link\u001b]8;;\u001b\\");
    const out = decode(split.feedChild(encode("\r\n".repeat(8))));
    expect(out.split("\u001b]8;;").slice(1)).toEqual([
      "http://example.invalid\u001b\\link\u001b[0m",
      expect.stringMatching(/^\u001b\\/),
    ]);
  });

  test("where the terminal keeps the lines of any region, none are fed", () => {
    const { split } = setUp("", { keepsRegions: true });
    split.feedChild(encode("$ "));
    expect(
      decode(split.feedChild(encode("1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7\r\n8\r\n"))),
    ).not.toContain("\u001b[1;2r");
  });

  test("there, what is cleared at once is scrolled away first, as tmux does with a whole screen", () => {
    for (const clear of ["\u001b[2J", "\u001b[H\u001b[J"]) {
      const { split } = setUp("", { keepsRegions: true });
      split.feedChild(encode("one\r\ntwo"));
      const out = decode(split.feedChild(encode(clear)));
      expect(out).toContain("\u001b[3;8r\u001b[8;1H\n\n\u001b[3;8r");
      expect(decode(split.feedChild(encode(clear)))).not.toContain("\n");
    }
  });

  test("3J clears the scrollback, lines on their way to it included", () => {
    const { terminal, feed } = setUp("");
    feed(
      `${"x\r\n".repeat(20)}\u001b[?2026h${"y\r\n".repeat(20)}\u001b[3J\u001b[?2026l\u001b[1;1H`,
    );
    expect(terminal.scrollback).toEqual([]);
  });

  test("lines wait while the child holds a frame open, but not without end", () => {
    const { terminal, feed } = setUp("");
    feed(`$ \u001b[?2026h${"x\r\n".repeat(50)}`);
    expect(terminal.scrollback).toEqual([]);
    for (let at = 0; at < 20; at++) feed("x\r\n".repeat(100));
    feed("\u001b[?2026l\u001b[1;1H");
    expect(terminal.scrollback).toHaveLength(2050 - 5);
  });

  test("at the end the pane is gone and the prompt comes below the last line", () => {
    const { terminal, split, feed, all } = setUp(SHELL);
    feed("\u001b[?25l\u001b[?1000hhello\r\nworld\r\n");
    terminal.write(split.leave());
    terminal.write("$ ");
    expect(all().filter((line) => line !== "")).toEqual([
      "one",
      "two",
      "three",
      "$ program",
      "hello",
      "world",
      "$",
    ]);
    expect(terminal.state).toContain('"hidden":false,"mouse":"NONE"');
    terminal.write("\r\n".repeat(8));
    expect(terminal.screen.join("")).toBe("");
  });

  test("the alternate screen and back: the pane is on both", () => {
    const { terminal, feed } = setUp("");
    feed("hello\u001b[?1049h\u001b[2Japp\u001b[?1049l, again");
    expect(terminal.screen.slice(0, 4)).toEqual(["pane 1", "pane 2", "hello, again", ""]);
  });
});

describe("a terminal that becomes lower pushes the pane's rows and the child's into its scrollback", () => {
  for (const heights of [[7], [6], [4], [7, 6, 5], [5, 8], [6, 8, 4]]) {
    test(`none of the child's lines is lost: 8 rows, then ${heights.join(", then ")}`, () => {
      const { terminal, feed, split, all } = setUp("");
      const lines = Array.from({ length: 12 }, (_, at) => `line ${at + 1}`);
      feed(`${lines.join("\r\n")}\r\n$ `);
      for (const rows of heights) {
        terminal.resize({ rows, cols: 20 });
        terminal.write(split.resize({ rows, cols: 20 }).bytes);
        feed("");
      }
      terminal.write(split.leave());
      expect(all().filter((row) => row !== "" && !row.startsWith("pane"))).toEqual([...lines, "$"]);
    });
  }
});
