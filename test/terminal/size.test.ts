import { expect, test } from "bun:test";
import { sameSize, sizeBelow } from "../../src/terminal/size.ts";
import { openInput } from "./replies-setup.ts";

test.each([
  [30, 600, 2, 28, 560],
  [30, 600, 0, 30, 600],
  [60, 1079, 3, 57, 1025],
  [2, 40, 5, 1, 20],
])("of %d rows, %d px high, below %d rows: %d rows, %d px", (rows, height, pane, left, high) => {
  const size = { rows, cols: 100, pixels: { width: 1000, height } };
  expect(sizeBelow(size, pane)).toEqual({
    rows: left,
    cols: 100,
    pixels: { width: 1000, height: high },
  });
});

test("a terminal that does not tell its pixels has a child that is not told any", () => {
  expect(sizeBelow({ rows: 30, cols: 100 }, 2)).toEqual({ rows: 28, cols: 100 });
});

test("another font is another size", () => {
  const size = { rows: 30, cols: 100 };
  const pixels = { width: 1000, height: 600 };
  expect(sameSize(size, { ...size })).toBe(true);
  expect(sameSize({ ...size, pixels }, { ...size, pixels: { ...pixels } })).toBe(true);
  expect(sameSize(size, { ...size, pixels })).toBe(false);
  expect(sameSize({ ...size, pixels }, { ...size, pixels: { ...pixels, width: 900 } })).toBe(false);
  expect(sameSize({ ...size, pixels }, { ...size, pixels: { ...pixels, height: 700 } })).toBe(
    false,
  );
  expect(sameSize(size, { rows: 31, cols: 100 })).toBe(false);
  expect(sameSize(size, { rows: 30, cols: 101 })).toBe(false);
});

test("asked in band the child is told the same height, also where no cell has whole pixels", () => {
  const { height } = sizeBelow(
    { rows: 24, cols: 80, pixels: { width: 800, height: 491 } },
    2,
  ).pixels!;
  expect(openInput({ asked: ["sizePixels"] }).feed("\x1b[4;491;800t")).toBe(
    `\x1b[4;${height};800t`,
  );
  expect(openInput().feed("\x1b[48;24;80;491;800t")).toBe(`\x1b[48;22;80;${height};800t`);
});
