import { describe, expect, test } from "bun:test";
import { assert, constantFrom, property, record } from "fast-check";
import { showsLess } from "../../src/presence/frame.ts";
import { frameOf } from "../support/frames.ts";

const timer = { timestamps: { start: 1 } };
const pictures = { assets: { large_image: "codex-logo", large_text: "gpt" } };

describe("while the privacy is the same", () => {
  test.each([
    ["the same card", frameOf("a", {}, timer), frameOf("a", {}, timer), false],
    ["another text", frameOf("a", {}, timer), frameOf("b", {}, timer), false],
    ["one field less", frameOf("a", {}, timer), frameOf("a"), true],
    ["one inner field less", frameOf("a", {}, pictures), frameOf("a", {}, { assets: {} }), true],
    ["one field more", frameOf("a"), frameOf("a", {}, timer), false],
    ["one field less, another more", frameOf("a", {}, timer), frameOf("a", {}, pictures), false],
    ["no card", frameOf("a"), undefined, true],
  ])("%s", (_, before, after, less) => {
    expect(showsLess(before, after)).toBe(less);
  });
});

describe("where the privacy has changed, what is not certainly more is less", () => {
  const before = frameOf("a", { privacy: "1" }, timer);
  const about = { privacy: "2" };
  test.each([
    ["the same card", frameOf("a", about, timer), false],
    ["one field more", frameOf("a", about, { ...timer, state: "b" }), false],
    ["one field less", frameOf("a", about), true],
    ["another text", frameOf("b", about, timer), true],
    ["another timer", frameOf("a", about, { timestamps: { start: 2 } }), true],
    ["no card", undefined, true],
  ])("%s", (_, after, less) => {
    expect(showsLess(before, after)).toBe(less);
  });
});

test("nothing that was shown and is not shown any more passes for as much, where the privacy changed", () => {
  const frames = record({
    details: constantFrom("a", "b"),
    state: constantFrom("c", "d", undefined),
    start: constantFrom(1, 2, undefined),
    privacy: constantFrom("1", "2"),
  }).map(({ details, state, start, privacy }) =>
    frameOf(
      details,
      { privacy },
      {
        ...(state === undefined ? {} : { state }),
        ...(start === undefined ? {} : { timestamps: { start } }),
      },
    ),
  );
  assert(
    property(frames, frames, (before, after) => {
      if (before.about.privacy === after.about.privacy || showsLess(before, after)) return;
      const { details, state, timestamps } = before.activity;
      expect(after.activity.details).toBe(details);
      if (state !== undefined) expect(after.activity.state).toBe(state);
      if (timestamps !== undefined) expect(after.activity.timestamps).toEqual(timestamps);
    }),
  );
});
