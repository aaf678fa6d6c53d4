import { describe, expect, test } from "bun:test";
import { PANE, SGR, openInput, utf8 } from "./replies-setup.ts";

describe("mouse", () => {
  interface Encoding {
    readonly name: string;
    readonly modes: readonly number[];
    readonly report: (code: number, x: number, y: number, release?: boolean) => string;
  }
  const raw = (...numbers: number[]): string => String.fromCharCode(...numbers.map((n) => n + 32));
  const encodings: readonly Encoding[] = [
    { name: "bytes", modes: [1002], report: (c, x, y, up) => `\x1b[M${raw(up ? 3 : c, x, y)}` },
    {
      name: "UTF-8",
      modes: [1002, 1005],
      report: (c, x, y, up) => `\x1b[M${utf8(raw(up ? 3 : c, x, y))}`,
    },
    { name: "SGR", modes: SGR, report: (c, x, y, up) => `\x1b[<${c};${x};${y}${up ? "m" : "M"}` },
    {
      name: "urxvt",
      modes: [1002, 1015],
      report: (c, x, y, up) => `\x1b[${(up ? 3 : c) + 32};${x};${y}M`,
    },
  ];

  for (const { name, modes, report } of encodings) {
    describe(name, () => {
      const click = (code: number, x: number, y: number): string =>
        report(code, x, y) + report(code, x, y, true);

      test("a click in the child is two rows higher for it", () => {
        const all = openInput({ modes });
        expect(all.feed(click(0, 5, 3) + click(2, 80, 24))).toBe(click(0, 5, 1) + click(2, 80, 22));
        expect(all.clicks).toEqual([]);
      });

      test("a click in the pane is the pane's", () => {
        const all = openInput({ modes });
        expect(all.feed(`x${click(0, 5, 2)}y`)).toBe("xy");
        expect(all.clicks.map(({ kind, x, y }) => [kind, x, y])).toEqual([
          ["press", 5, 2],
          ["release", 5, 2],
        ]);
      });

      test("a drag begun in the child stays the child's, in its first row", () => {
        const all = openInput({ modes });
        const sent = report(0, 5, 4) + report(32, 5, 2) + report(32, 6, 1) + report(0, 6, 1, true);
        const received =
          report(0, 5, 2) + report(32, 5, 1) + report(32, 6, 1) + report(0, 6, 1, true);
        expect(all.feed(sent)).toBe(received);
        expect(all.clicks).toEqual([]);
      });

      test("a drag begun in the pane never reaches the child", () => {
        const all = openInput({ modes });
        expect(all.feed(report(0, 5, 1) + report(32, 5, 9) + report(0, 5, 9, true))).toBe("");
        expect(all.clicks.map(({ kind }) => kind)).toEqual(["press", "drag", "release"]);
        expect(all.feed(click(0, 1, 9))).toBe(click(0, 1, 7));
      });

      test("wheel and bare motion over the pane go nowhere", () => {
        const all = openInput({ modes });
        expect(all.feed(report(64, 1, 1) + report(65, 1, 2) + report(35, 1, 2))).toBe("");
        expect(all.feed(report(64, 1, 9) + report(35, 1, 3))).toBe(
          report(64, 1, 7) + report(35, 1, 1),
        );
        expect(all.clicks).toEqual([]);
      });

      test("cut anywhere", () => {
        const sent =
          report(0, 5, 4) + report(0, 5, 4, true) + report(0, 5, 1) + report(0, 5, 1, true);
        for (let cut = 0; cut <= sent.length; cut++) {
          const all = openInput({ modes });
          expect(all.feed(sent.slice(0, cut)) + all.feed(sent.slice(cut))).toBe(click(0, 5, 2));
          expect(all.clicks.length).toBe(2);
        }
      });

      test("without a pane nothing changes", () => {
        const all = openInput({ modes, pane: 0 });
        const sent = click(0, 5, 1) + report(64, 1, 1);
        expect(all.feed(sent)).toBe(sent);
        expect(all.clicks).toEqual([]);
      });
    });
  }

  test("far coordinates: two-byte UTF-8, and bytes that overflowed", () => {
    expect(openInput({ modes: [1002, 1005] }).feed(encodings[1]!.report(0, 300, 500))).toBe(
      encodings[1]!.report(0, 300, 498),
    );
    expect(openInput({ modes: [1002, 1005] }).feed(encodings[1]!.report(0, 300, 97))).toBe(
      encodings[1]!.report(0, 300, 95),
    );
    expect(openInput({ modes: [1002] }).feed(encodings[0]!.report(0, 223, 223))).toBe(
      encodings[0]!.report(0, 223, 221),
    );
    expect(openInput({ modes: [1002] }).feed("\x1b[M \x00\x00")).toBe("\x1b[M \x00\x00");
  });

  test("modifiers and extra buttons follow the same rule", () => {
    const all = openInput({ modes: SGR });
    expect(all.feed("\x1b[<16;1;5M\x1b[<52;1;1M\x1b[<4;1;1m")).toBe(
      "\x1b[<16;1;3M\x1b[<52;1;1M\x1b[<4;1;1m",
    );
    expect(all.feed("\x1b[<128;1;1M\x1b[<160;1;9M\x1b[<128;1;9m")).toBe("");
    expect(all.clicks.map(({ kind, button }) => [kind, button])).toEqual([
      ["press", 128],
      ["drag", 128],
      ["release", 128],
    ]);
  });

  test("two buttons, each owned by its own press", () => {
    const all = openInput({ modes: SGR });
    expect(all.feed("\x1b[<0;1;5M\x1b[<2;1;1M\x1b[<2;1;5m\x1b[<0;1;1m")).toBe(
      "\x1b[<0;1;3M\x1b[<0;1;1m",
    );
    expect(all.clicks.map(({ kind }) => kind)).toEqual(["press", "release"]);
  });

  test("a release or drag over the pane whose press nobody saw goes nowhere", () => {
    const all = openInput({ modes: SGR });
    expect(all.feed("\x1b[<0;1;1m\x1b[<32;1;2M\x1b[<0;1;9m")).toBe("\x1b[<0;1;7m");
    expect(all.clicks).toEqual([]);
  });

  test("pixels: shifted by what an answer said of a cell, untouched before", () => {
    const all = openInput({ modes: [1003, 1016] });
    expect(all.feed("\x1b[<35;7;41M")).toBe("\x1b[<35;7;41M");
    all.queries.asked("cellPixels", PANE);
    all.feed("\x1b[6;20;10t");
    expect(all.feed("\x1b[<0;15;41M\x1b[<0;15;41m")).toBe("\x1b[<0;15;1M\x1b[<0;15;1m");
    expect(all.feed("\x1b[<0;15;40M\x1b[<0;15;400m")).toBe("");
    expect(all.clicks.map(({ x, y }) => [x, y])).toEqual([
      [2, 2],
      [2, 20],
    ]);
  });

  test("pixels: the height of a cell follows from the size of the whole", () => {
    const all = openInput({ modes: [1003, 1016], asked: ["sizePixels"] });
    all.feed("\x1b[4;480;800t");
    expect(all.feed("\x1b[<35;7;61M")).toBe("\x1b[<35;7;21M");
    const other = openInput({ modes: [1003, 1016] });
    other.feed("\x1b[48;24;80;480;800t");
    expect(other.feed("\x1b[<35;7;61M")).toBe("\x1b[<35;7;21M");
  });

  test("`CSI M` is a key to a child that asked for no mouse", () => {
    expect(openInput().feed("\x1b[M!!\x22")).toBe("\x1b[M!!\x22");
  });

  test("reports still on their way when the child turns them off are shifted, none is dropped", () => {
    expect(openInput().feed("\x1b[<35;7;9M\x1b[<0;4;1M")).toBe("\x1b[<35;7;7M\x1b[<0;4;1M");
  });

  test("a raw report cannot swallow the sequence behind it", () => {
    expect(openInput({ modes: [1000] }).feed("\x1b[M\x1b[A")).toBe("\x1b[M\x1b[A");
  });
});
