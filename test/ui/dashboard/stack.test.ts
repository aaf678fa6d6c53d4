import { expect, test } from "bun:test";
import { empty, type Line } from "../../../src/ui/dashboard/line.ts";
import { type Section, stack } from "../../../src/ui/dashboard/stack.ts";

const line = (text: string): Line => ({ text, width: text.length, spots: [] });
/** A section whose rows are its letter. */
const section = (
  letter: string,
  priority: number,
  min: number,
  ideal: number,
  max: number,
): Section => ({
  priority,
  min,
  ideal,
  max,
  draw: (height) => Array.from({ length: height }, () => line(letter)),
});
const drawn = (sections: readonly Section[], height: number): string =>
  stack(sections, height)
    .map(({ text }) => text || ".")
    .join("");

const a = section("a", 9, 2, 3, 4);
const b = section("b", 7, 1, 2, 9);
const c = section("c", 2, 1, 1, 2);
const all = [a, b, c];

test.each([
  ["the smallest of each", all, 6, "aa.b.c"],
  ["the important grows first", all, 7, "aaa.b.c"],
  ["to its ideal, then the next", all, 8, "aaa.bb.c"],
  ["then beyond it", all, 9, "aaaa.bb.c"],
  ["then the others", all, 17, "aaaa.bbbbbbbbb.cc"],
  ["what nobody wants is left at the end", all, 20, "aaaa.bbbbbbbbb.cc..."],
  ["without room the least important goes", all, 5, "aaa.b"],
  ["and what matters stays rather than a blank row", all, 3, "aab"],
  ["the most important at last", all, 2, "aa"],
  ["cut when there is not even room for that", all, 1, "a"],
  ["no room", all, 0, ""],
  ["no sections", [], 2, ".."],
  ["one that has nothing to say takes no blank row", [a, section("x", 9, 0, 0, 0), b], 4, "aa.b"],
] as const)("%s", (_name, sections, height, expected) => {
  expect(drawn(sections, height)).toBe(expected);
});

test("a section that draws too little or too much moves nobody", () => {
  const short = { ...a, draw: () => [line("s")] };
  const long = { ...a, draw: () => Array.from({ length: 50 }, () => line("l")) };
  expect(drawn([short, b], 4)).toBe("s..b");
  expect(drawn([long, b], 4)).toBe("ll.b");
  expect(stack([short], 3)[2]).toBe(empty);
});
