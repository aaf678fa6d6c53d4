import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { nextFrame } from "../../../src/terminal/frame.ts";
import { textWidth } from "../../../src/terminal/text.ts";
import { spinnerMs } from "../../../src/ui/dashboard/look.ts";
import type { Line } from "../../../src/ui/dashboard/line.ts";
import type { Model } from "../../../src/ui/dashboard/model.ts";
import { type Message, update } from "../../../src/ui/dashboard/update.ts";
import { nextChange, screen, view } from "../../../src/ui/dashboard/view.ts";
import { plain } from "../plain.ts";
import { anyModel, size } from "./arbitrary.ts";

const RUNS = 200;

/** Exactly as many rows as the terminal has, none wider, nothing in them but text and SGR. */
function expectFits(model: Model): void {
  const { rows, cols } = model.size;
  const lines = screen(model);
  expect(lines.length).toBe(rows);
  expect(lines.filter((line) => !fits(line, cols))).toEqual([]);
}

function fits({ text, width, spots }: Line, cols: number): boolean {
  const seen = plain(text);
  return (
    textWidth(seen) === width &&
    width <= cols &&
    Bun.stringWidth(seen) <= cols &&
    !/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/.test(seen) &&
    spots.every(({ from, to }) => from >= 0 && to <= cols)
  );
}

test("any state, any size from 1x1 to 300x100: no row wider than the terminal, no throw", () => {
  fc.assert(fc.property(anyModel, expectFits), { numRuns: RUNS });
});

test("an unchanged model writes nothing", () => {
  fc.assert(
    fc.property(anyModel, (model) => {
      const first = view(model);
      expect(view({ ...model })).toEqual(first);
      expect(nextFrame(first, view({ ...model }))).toBe("");
      expect(nextChange(model)).not.toBeLessThanOrEqual(0);
    }),
    { numRuns: RUNS / 4 },
  );
});

test("what is remembered is what would be drawn anew, whichever part changed", () => {
  fc.assert(
    fc.property(anyModel, anyModel, (model, other) => {
      for (const [part, value] of Object.entries(other)) {
        screen({ ...model, [part]: value });
        expect(screen(model)).toEqual(drawnAnew(model));
      }
      const later = { ...model, now: model.now + spinnerMs };
      expect(screen(later)).toEqual(drawnAnew(later));
    }),
    { numRuns: RUNS / 2 },
  );
});

/** Nothing remembered has a share in it: all look at the theme. */
function drawnAnew(model: Model): readonly Line[] {
  return screen({ ...model, theme: { ...model.theme } });
}

const names = "q p v d l ? r up down j k home end pageUp pageDown enter escape x space ctrl".split(
  " ",
);
const named = fc.constantFrom(...names);
const message: fc.Arbitrary<Message> = fc.oneof(
  named.map((name): Message => ({
    type: "key",
    key: { name, ctrl: false, alt: false, shift: false },
  })),
  fc
    .record({
      kind: fc.constantFrom("press", "wheel"),
      button: fc.constantFrom("left", "up", "down"),
      x: fc.integer({ min: 1, max: 300 }),
      y: fc.integer({ min: 1, max: 100 }),
    })
    .map((mouse): Message => ({ type: "mouse", mouse })),
  size.map((to): Message => ({ type: "size", size: to })),
);

test("whatever is pressed, clicked and resized, it still fits", () => {
  fc.assert(
    fc.property(anyModel, fc.array(message, { maxLength: 8 }), (model, messages) => {
      let current = model;
      for (const one of messages) current = update(current, one).model;
      expectFits(current);
    }),
    { numRuns: RUNS / 4 },
  );
});
