import { expect, test } from "bun:test";
import { newestNames } from "../../src/codex/newest-names.ts";

const digits = (name: string): boolean => /^\d+$/.test(name);

test.each([
  [[], []],
  [["1"], ["1"]],
  [
    ["1", "x", "3", "2"],
    ["3", "2", "1"],
  ],
  [
    ["5", "1", "4", "zz", "2", "3", "9", "8", "7", "6"],
    ["9", "8", "7"],
  ],
  [
    ["9", "8", "7", "6", "5", "4", "3", "2", "1"],
    ["9", "8", "7"],
  ],
])("of %j the newest three are %j", (names, newest) => {
  expect(newestNames(names, 3, digits)).toEqual([...newest]);
});

test("of a hundred thousand few are taken apart", () => {
  const names = Array.from({ length: 100_000 }, (_, i) => `${100_000 + ((i * 48_271) % 100_000)}`);
  let asked = 0;
  const isWanted = (): boolean => (asked += 1) > 0;
  expect(newestNames(names, 64, isWanted)).toEqual(names.toSorted().toReversed().slice(0, 64));
  expect(asked).toBeLessThan(2000);
  expect(newestNames(names, Number.POSITIVE_INFINITY, isWanted)).toHaveLength(100_000);
});
