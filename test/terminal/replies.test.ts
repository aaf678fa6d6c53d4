import { describe, expect, test } from "bun:test";
import type { QueryKind } from "../../src/terminal/queries.ts";
import { SGR, latin1, openInput, utf8 } from "./replies-setup.ts";

describe("answers lose the pane's rows", () => {
  const cases: readonly [string, QueryKind, string, string][] = [
    ["cursor position", "cpr", "\x1b[24;80R", "\x1b[22;80R"],
    ["cursor position in the child's first row", "cpr", "\x1b[3;1R", "\x1b[1;1R"],
    ["cursor that is above the child", "cpr", "\x1b[2;40R", "\x1b[1;40R"],
    ["extended cursor position", "decxcpr", "\x1b[?24;80R", "\x1b[?22;80R"],
    ["extended cursor position with page", "decxcpr", "\x1b[?24;80;1R", "\x1b[?22;80;1R"],
    ["size in cells", "sizeCells", "\x1b[8;24;80t", "\x1b[8;22;80t"],
    ["size of the screen in cells", "screenCells", "\x1b[9;50;200t", "\x1b[9;48;200t"],
    ["size in pixels", "sizePixels", "\x1b[4;480;800t", "\x1b[4;440;800t"],
    ["size of the screen in pixels", "screenPixels", "\x1b[5;480;800t", "\x1b[5;440;800t"],
    ["size of a cell", "cellPixels", "\x1b[6;20;10t", "\x1b[6;20;10t"],
    ["margins", "margins", "\x1bP1$r3;24r\x1b\\", "\x1bP1$r1;22r\x1b\\"],
    [
      "cursor state",
      "cursorInfo",
      "\x1bP1$u5;1;1;@;@;@;0;2;@;BB%5\x1b\\",
      "\x1bP1$u3;1;1;@;@;@;0;2;@;BB%5\x1b\\",
    ],
  ];
  test.each(cases)("%s", (_name, kind, sent, received) => {
    const all = openInput({ asked: [kind] });
    expect(all.feed(`a${sent}b`)).toBe(`a${received}b`);
    expect(all.queries.outstanding).toBe(0);
  });

  test.each(cases)("%s, cut anywhere", (_name, kind, sent, received) => {
    for (let cut = 0; cut <= sent.length; cut++) {
      const all = openInput({ asked: [kind] });
      expect(all.feed(sent.slice(0, cut)) + all.feed(sent.slice(cut))).toBe(received);
    }
  });

  test.each(cases)("%s, without a pane", (_name, kind, sent) => {
    expect(openInput({ pane: 0, asked: [kind] }).feed(sent)).toBe(sent);
  });

  test("sizes the terminal reports by itself (mode 2048)", () => {
    expect(openInput().feed("\x1b[48;24;80;480;800t")).toBe("\x1b[48;22;80;440;800t");
    expect(openInput().feed("\x1b[48;24;80;0;0t")).toBe("\x1b[48;22;80;0;0t");
    expect(openInput().feed("\x1b[48;1;80;20;800t")).toBe("\x1b[48;1;80;20;800t");
  });

  test("an answer asked for before the pane stood keeps its row", () => {
    const all = openInput();
    all.queries.asked("cpr", 0);
    expect(all.feed("\x1b[24;80R")).toBe("\x1b[24;80R");
    expect(all.queries.outstanding).toBe(0);
  });
});

describe("keys are not answers", () => {
  test("modified F3 without a question is a key", () => {
    expect(openInput().feed("\x1b[1;2R\x1b[24;80R")).toBe("\x1b[1;2R\x1b[24;80R");
  });

  test("modified F3 while an answer is awaited does not take its place", () => {
    const all = openInput({ asked: ["cpr"] });
    expect(all.feed("\x1b[1;2R\x1b[24;80R\x1b[1;5R")).toBe("\x1b[1;2R\x1b[22;80R\x1b[1;5R");
  });

  test("an answer sent twice is shifted once", () => {
    expect(openInput({ asked: ["cpr"] }).feed("\x1b[9;9R\x1b[9;9R")).toBe("\x1b[7;9R\x1b[9;9R");
  });

  test("device attributes and mode reports end the wait for older questions", () => {
    const all = openInput({ asked: ["cpr", "da1", "decrqm"] });
    expect(all.feed("\x1b[?64;1;2c")).toBe("\x1b[?64;1;2c");
    expect(all.queries.outstanding).toBe(1);
    expect(all.feed("\x1b[?2026;2$y")).toBe("\x1b[?2026;2$y");
    expect(all.queries.outstanding).toBe(0);
  });

  const untouched = [
    "hello",
    "\r",
    "\x03",
    "\x1b",
    "\x1b\x1b",
    "\x1ba",
    "\x1b[",
    "\x1bO",
    "\x1bOP",
    "\x1b[A",
    "\x1b[1;5A",
    "\x1b[3~",
    "\x1b[200~",
    "\x1b[[A",
    "\x1b[97;5u",
    "\x1b[97;2:3;65u",
    "\x1b[27;5;13~",
    "\x1b[?7u",
    "\x1b[I",
    "\x1b[O",
    "\x1b]11;rgb:0000/0000/0000\x1b\\",
    "\x1b]52;c;aGk=\x07",
    "\x1bP>|xterm(379)\x1b\\",
    "\x1bP1+r524742=38\x1b\\",
    "\x1bP0$r\x1b\\",
    "\x1bP1$r0m\x1b\\",
    "\x1b_Gi=1;OK\x1b\\",
    "\x1b[?1;2c",
    "\x1b[>41;379;0c",
    "\x1b[M",
    "\x1b[t",
    "\x1b[R",
    "\x1b[;R",
    "\x1b[<M",
    "\x1b[<1;2M",
    "\x1b[<1;2;3;4M",
    "\x1b[<1;2;99999999M",
    "\x1b[8;24t",
    "\x1b[8;0;0t",
    "\x1b[3;10;20t",
    "\x1b[1t",
    "\x1b[48;24;80t",
    "\x1b[4;480;800;1:2t",
    utf8("é中👍"),
    "\x9b1;1R",
    "\xff\xfe\x00",
    `\x1b[${"1;".repeat(200)}R`,
    `\x1b[${"9".repeat(100000)}R`,
  ];
  test.each(untouched)("%j passes untouched", (keys) => {
    for (const modes of [[], SGR]) {
      const all = openInput({ modes });
      const first = all.feed(keys);
      expect(first + latin1(all.replies.flush())).toBe(keys);
      expect(all.clicks).toEqual([]);
    }
  });
});
