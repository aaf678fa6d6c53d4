import { describe, expect, test } from "bun:test";
import { cardLine, drawCards } from "../../src/demo/cards.ts";
import type { ReceivedCard } from "../../src/demo/stand-in-discord.ts";
import { textWidth } from "../../src/terminal/text.ts";

const start = Date.UTC(2026, 0, 2);
const card = (after: number, activity?: Record<string, unknown>): ReceivedCard => ({
  at: start + after,
  activity,
});
const thinking = { type: 0, details: "Thinking", state: "Using Codex", timestamps: { start } };

describe("the cards as text", () => {
  test("one line each, with the time at which it came", () => {
    const cards = [
      card(140, thinking),
      card(63_250, { ...thinking, details: "Editing" }),
      card(70_000),
    ];
    expect(cards.map((each) => cardLine(each, start)).join("")).toBe(
      [
        "  +0.1 s  Playing Codex · Thinking · Using Codex · 0:00 elapsed\n",
        " +63.3 s  Playing Codex · Editing · Using Codex · 1:03 elapsed\n",
        " +70.0 s  (no card any more)\n",
      ].join(""),
    );
  });

  test.each([
    [{}, "Playing Codex"],
    [{ type: 3, name: "tides" }, "Watching tides"],
    [{ type: 1 }, "Playing Codex"],
    [{ type: "x", details: 7, state: null, timestamps: "soon" }, "Playing Codex"],
    [{ details: "a\u001b[2J\nb\u202e" }, "Playing Codex · a[2J b"],
    [{ timestamps: { start: start - 3_903_000 } }, "Playing Codex · 1:05:03 elapsed"],
    [{ timestamps: { start: start + 60_000 } }, "Playing Codex · 0:00 elapsed"],
    [{ timestamps: { start: "NaN" } }, "Playing Codex"],
  ])("%j", (activity, text) => {
    expect(cardLine(card(0, activity), start)).toBe(`  +0.0 s  ${text}\n`);
  });
});

describe("the cards as pictures", () => {
  const many = [card(0, thinking), card(3500, thinking), card(9000), card(12_000, thinking)];

  test("show what friends see", () => {
    expect(drawCards([card(3210, thinking)], start, { cols: 80, color: false })).toBe(
      [
        "╭─ +3.2 s ───────────────────────╮",
        "│ ▟▀▀▙  Playing Codex            │",
        "│ ▌>_▐  Thinking                 │",
        "│ ▜▄▄▛  Using Codex              │",
        "│       0:03 elapsed             │",
        "╰────────────────────────────────╯",
        "",
      ].join("\n"),
    );
  });

  test.each([
    [20, 24],
    [34, 24],
    [69, 24],
    [70, 12],
    [105, 12],
    [106, 12],
    [142, 6],
  ])("stand side by side in %d columns: %d rows", (cols, rows) => {
    const drawn = drawCards(many, start, { cols, color: false }).trimEnd().split("\n");
    expect(drawn).toHaveLength(rows);
    for (const row of drawn) expect(textWidth(row)).toBeLessThanOrEqual(Math.max(34, cols));
  });

  test("keep their frame, whatever the text", () => {
    const odd = { details: "潮🌊".repeat(60), state: "\u001b]0;x\u0007a\tb", name: "n".repeat(99) };
    const drawn = drawCards([card(0, odd)], start, { cols: 80, color: false }).trimEnd();
    expect(drawn.split("\n").map(textWidth)).toEqual([34, 34, 34, 34, 34, 34]);
    expect(drawn).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  test("have the same text in colour", () => {
    const plain = drawCards(many, start, { cols: 80, color: false });
    const coloured = drawCards(many, start, { cols: 80, color: true });
    expect(coloured).toContain("\x1b[");
    expect(Bun.stripANSI(coloured)).toBe(plain);
  });
});
