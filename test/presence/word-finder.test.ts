import { expect, test } from "bun:test";
import { array, assert, constantFrom, property, string } from "fast-check";
import { wordFinder } from "../../src/presence/word-finder.ts";

test("words that overlap, hold one another, and come twice", () => {
  const find = wordFinder(["aba", "b", "xyz"]);
  expect([...find("ababa xy xyz")].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 9, 10, 11]);
  expect(find("").size).toBe(0);
  expect(wordFinder([])("anything").size).toBe(0);
});

test("it finds what a search for each word finds", () => {
  const text = string({ unit: constantFrom("a", "b", " "), maxLength: 30 });
  const word = string({ unit: constantFrom("a", "b", " "), minLength: 1, maxLength: 4 });
  assert(
    property(text, array(word), (whole, words) => {
      const expected = new Set<number>();
      for (const each of words) {
        for (let at = whole.indexOf(each); at !== -1; at = whole.indexOf(each, at + 1)) {
          for (let i = at; i < at + each.length; i += 1) expected.add(i);
        }
      }
      expect(wordFinder(words)(whole)).toEqual(expected);
    }),
  );
});
