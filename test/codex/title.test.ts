import { expect, test } from "bun:test";
import { readTitle } from "../../src/codex/title.ts";

test.each([
  ["proj", "quiet"],
  ["⠋ proj", "busy"],
  ["⠏ Fix login bug | proj", "busy"],
  ["⠸", "busy"],
  ["[ ! ] Action Required | proj", "attention"],
  ["[ . ] Action Required", "attention"],
  ["Action Required | proj", "quiet"],
  ["[ ! ] Action Requirement", "quiet"],
  ["fix ⠋ proj", "quiet"],
  ["⠿ proj", "quiet"],
  ["", undefined],
])("the title %j says %p", (title, hint) => {
  expect(readTitle(title)).toBe(hint as never);
});
