import { describe, expect, test } from "bun:test";
import {
  array,
  assert,
  constantFrom,
  integer,
  oneof,
  option,
  property,
  record,
  string,
  webUrl,
} from "fast-check";
import {
  clampText,
  toActivity,
  type CardExtras,
  type DiscordActivity,
} from "../../src/presence/activity.ts";
import type { Card } from "../../src/presence/card.ts";
import { complaint } from "../support/fake-discord-rules.ts";

const family = "👨‍👩‍👧‍👦"; // 11 UTF-16 units, one grapheme
const flag = "🏳️‍🌈"; // 6 units

describe("texts", () => {
  const cases: readonly (readonly [string, string, string | undefined])[] = [
    ["as it is", "Using Codex", "Using Codex"],
    ["nothing", "", undefined],
    ["white space", " \n\t ", undefined],
    ["trimmed", "  ab ", "ab"],
    ["one unit is padded", "x", "x\u200B"],
    ["one emoji of two units is not", "👍", "👍"],
    ["exactly 128", "x".repeat(128), "x".repeat(128)],
    ["129 are cut", "x".repeat(129), `${"x".repeat(127)}…`],
    ["a megabyte is cut", "x".repeat(1e6), `${"x".repeat(127)}…`],
    ["21 flags fit", flag.repeat(21), flag.repeat(21)],
    ["22 flags lose whole ones", flag.repeat(22), `${flag.repeat(21)}…`],
    ["a family at the cut goes as a whole", `${"x".repeat(120)}${family}y`, `${"x".repeat(120)}…`],
    ["no space before the mark", `${"x".repeat(126)}  yyyy`, `${"x".repeat(126)}…`],
    ["one grapheme too long for any line", `e${"\u0301".repeat(300)}`, undefined],
    ["half a surrogate pair is replaced", "ab\uD800", "ab\uFFFD"],
  ];
  test.each([...cases])("%s", (_, given, expected) => {
    const clamped: unknown = clampText(given);
    expect(clamped).toBe(expected);
  });
});

describe("fields", () => {
  const least: DiscordActivity = { type: 0, details: "Using Codex", instance: false };

  test("a whole card in Discord's words", () => {
    const { activity, dropped } = toActivity({
      name: "Codex",
      details: "Using Codex",
      state: "Thinking",
      startedAt: 1_767_225_600_000.7,
      largeImage: "Codex-Logo",
      largeText: "Codex",
      largeUrl: "https://example.org/",
      smallImage: "https://example.org/A.png",
      smallText: "OpenAI",
      statusDisplay: "details",
      buttons: [{ label: "Repository", url: "https://example.org/r" }],
    });
    expect(dropped).toEqual([]);
    expect(activity).toEqual({
      type: 0,
      name: "Codex",
      details: "Using Codex",
      state: "Thinking",
      timestamps: { start: 1_767_225_600_000 },
      assets: {
        large_image: "codex-logo",
        large_text: "Codex",
        large_url: "https://example.org/",
        small_image: "https://example.org/A.png",
        small_text: "OpenAI",
      },
      status_display_type: 2,
      buttons: [{ label: "Repository", url: "https://example.org/r" }],
      instance: false,
    });
  });

  test("the least there can be", () => {
    expect(toActivity({ details: "Using Codex" }).activity).toEqual(least);
  });

  const bad: readonly (readonly [string, Partial<Card & CardExtras>])[] = [
    ["timestamps", { startedAt: 0 }],
    ["timestamps", { startedAt: Number.NaN }],
    ["timestamps", { startedAt: -1 }],
    ["state", { state: "  " }],
    ["large_image", { largeImage: "k".repeat(257) }],
    ["large_image", { largeImage: `https://example.org/${"p".repeat(257)}` }],
    ["large_image", { largeImage: "file:///etc/passwd" }],
    ["large_url", { largeUrl: "javascript:alert(1)" }],
    ["buttons", { buttons: [{ label: "x", url: "ftp://example.org" }] }],
    ["buttons", { buttons: [{ label: "", url: "https://example.org" }] }],
    ["buttons", { buttons: [{ label: "x", url: `https://example.org/${"p".repeat(513)}` }] }],
  ];
  test.each([...bad])("a bad %s is left out and named, the card stays", (name, fields) => {
    const { activity, dropped } = toActivity({ details: "Using Codex", ...fields });
    expect(dropped).toEqual([name]);
    expect(activity).toEqual(least);
  });

  test("of three buttons the first two stay, and a label of 33 units is cut to 31", () => {
    const button = (label: string) => ({ label, url: "https://example.org/" });
    const { activity, dropped } = toActivity({
      details: "Using Codex",
      buttons: [button("a"), button("b".repeat(33)), button("c")],
    });
    expect(activity.buttons).toEqual([button("a"), button(`${"b".repeat(30)}…`)]);
    expect(dropped).toEqual(["buttons"]);
  });

  test("the member list shows no line that is not there", () => {
    const { activity } = toActivity({ details: "Using Codex", statusDisplay: "state" });
    expect(activity.status_display_type).toBeUndefined();
  });
});

test("no card, however odd, breaks Discord's rules", () => {
  const text = oneof(
    string({ unit: "binary", maxLength: 300 }),
    string({ unit: "grapheme", maxLength: 200 }),
    constantFrom("", "x", " ", "\u0000", "\uD800", flag.repeat(30), family.repeat(20)),
  );
  const url = oneof(text, webUrl(), constantFrom("http://", "https://a b", "https://x.y:99999"));
  const optional = <T>(arbitrary: Parameters<typeof option<T>>[0]) =>
    option(arbitrary, { nil: undefined });
  const cards = record({
    details: text,
    state: optional(text),
    name: optional(text),
    startedAt: optional(oneof(integer(), constantFrom(Number.NaN, Infinity, 0.5, 1e300))),
    largeImage: optional(oneof(text, url)),
    largeText: optional(text),
    largeUrl: optional(url),
    smallImage: optional(oneof(text, url)),
    smallText: optional(text),
    statusDisplay: optional(constantFrom("name", "state", "details")),
    buttons: optional(array(record({ label: text, url }), { maxLength: 4 })),
  });
  assert(
    property(cards, (card) => {
      const given = Object.fromEntries(Object.entries(card).filter(([, v]) => v !== undefined));
      const { activity } = toActivity({ details: "", ...given });
      const sent: unknown = JSON.parse(JSON.stringify(activity));
      expect(complaint({ pid: 100, activity: sent })).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});
