import { expect, test } from "bun:test";
import { memo } from "../../src/lib/memo.ts";

test("an answer is worked out once, until too many others were asked for", () => {
  const asked: string[] = [];
  const answer = memo((text) => {
    asked.push(text);
    return text === "" ? undefined : text.length;
  }, 2);
  expect(["a", "a", "", "", "b", "a"].map((text) => answer(text))).toEqual([
    1,
    1,
    undefined,
    undefined,
    1,
    1,
  ]);
  expect(asked).toEqual(["a", "", "b", "a"]);
});

test("a long text is not kept", () => {
  let asked = 0;
  const answer = memo(() => (asked += 1));
  const long = "x".repeat(5000);
  expect([answer(long), answer(long)]).toEqual([1, 2]);
});
