import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { type ActivityKind, activityKinds } from "../../src/session/activity.ts";
import { textWidth } from "../../src/terminal/text.ts";
import { paneNextChange, paneRows } from "../../src/ui/pane.ts";
import { type PaneSetting, paneHeight } from "../../src/ui/pane-height.ts";
import type { PaneModel } from "../../src/ui/pane-model.ts";
import { themeOf } from "../../src/ui/theme.ts";
import { plain } from "./plain.ts";

const NOW = 1_800_000_000_000;
const theme = themeOf({ LANG: "C.UTF-8", NO_COLOR: "1" });
const colored = themeOf({ LANG: "C.UTF-8", TERM: "xterm", COLORTERM: "truecolor" });
const ascii = themeOf({ NO_COLOR: "1" });
const silent = themeOf({ LANG: "C.UTF-8" }, { screenReader: true });

function model(kind: ActivityKind, more: Partial<PaneModel> = {}, target?: string): PaneModel {
  const activity = { kind, since: NOW, ...(target === undefined ? {} : { target }) };
  return { startedAt: NOW - 65 * 60_000, activity, discord: "connected", ...more };
}
const compact = (cols: number): { rows: number; cols: number } => ({ rows: 2, cols });

describe("two rows", () => {
  const cases: readonly [string, PaneModel, number, readonly [string, string]][] = [
    [
      "working",
      model("running", {}, "npm test"),
      60,
      ["▌CODEX ∙ 1h 05m                          ◉ Discord connected", "▌⠾ Running npm test"],
    ],
    [
      "waiting for approval",
      model("approval", { discord: "absent" }),
      48,
      ["▌CODEX ∙ 1h 05m            ◦ Discord not running", "▌! Waiting for approval"],
    ],
    [
      "a question",
      model("question", { discord: "connecting" }),
      40,
      ["▌CODEX ∙ 1h 05m     ◌ Discord connecting", "▌? Waiting for an answer"],
    ],
    [
      "ready",
      model("idle", { discord: "refused" }),
      40,
      ["▌CODEX ∙ 1h 05m        ✗ Discord refused", "▌◦ Ready"],
    ],
    [
      "an error",
      model("error", { discord: "unknown" }),
      40,
      ["▌CODEX ∙ 1h 05m        ◦ Discord unknown", "▌✗ Stopped by an error"],
    ],
    [
      "limited",
      model("limited", { startedAt: NOW }),
      40,
      ["▌CODEX ∙ 0m          ◉ Discord connected", "▌◷ Usage limit reached"],
    ],
    [
      "too narrow for the time",
      model("thinking"),
      32,
      ["▌CODEX       ◉ Discord connected", "▌⠾ Thinking"],
    ],
    ["too narrow for Discord", model("thinking"), 20, ["▌CODEX", "▌⠾ Thinking"]],
    [
      "a long target",
      model("editing", {}, "src/components/button.tsx"),
      30,
      ["▌CODEX     ◉ Discord connected", "▌⠾ Editing src/components/but…"],
    ],
  ];
  test.each(cases)("%s", (_name, given, cols, expected) => {
    expect(paneRows(given, compact(cols), NOW, theme)).toEqual([...expected]);
  });

  test("without UTF-8", () => {
    expect(paneRows(model("running", {}, "日本 x"), compact(50), NOW, ascii)).toEqual([
      "|CODEX - 1h 05m                * Discord connected",
      "|. Running ? x",
    ]);
  });

  test("a hostile target cannot move the cursor or change the colours", () => {
    const rows = paneRows(
      model("running", {}, "a\x1b[2J\x1b]0;x\x07\nb\u202e\x9b31m"),
      compact(80),
      NOW,
      theme,
    );
    expect(rows[1]).toBe("▌⠾ Running a[2J]0;x b31m");
  });

  test("the bar before the status has the colour of the state", () => {
    const bar = (kind: ActivityKind): string =>
      (paneRows(model(kind), compact(80), NOW, colored)[1] ?? "").split("▌")[0] ?? "";
    expect(bar("thinking")).toContain("\x1b[36m");
    expect(bar("approval")).toContain("\x1b[33m");
    expect(bar("question")).toContain("\x1b[35m");
    expect(bar("error")).toContain("\x1b[31m");
    expect(bar("idle")).toContain("\x1b[2m");
  });
});

describe("eight rows", () => {
  test("the hero banner beside the facts", () => {
    expect(paneRows(model("running", {}, "npm test"), { rows: 8, cols: 80 }, NOW, theme)).toEqual([
      "",
      "  ▄████▄  ▄████▄  █████▄  ██████  ██  ██    ⠾ Running npm test",
      "  ██  ▀▀  ██  ██  ██  ██  ██      ▀█▄▄█▀",
      "  ██      ██  ██  ██  ██  █████     ██      Elapsed   1h 05m",
      "  ██  ▄▄  ██  ██  ██  ██  ██      ▄█▀▀█▄    Discord   ◉ connected",
      "  ▀████▀  ▀████▀  █████▀  ██████  ██  ██",
      "",
      "",
    ]);
  });
  test("the hero banner in ASCII", () => {
    expect(paneRows(model("idle"), { rows: 8, cols: 80 }, NOW, ascii)).toEqual([
      "",
      "  _####_  _####_  #####_  ######  ##  ##    - Ready",
      '  ##  ""  ##  ##  ##  ##  ##      "#__#"',
      "  ##      ##  ##  ##  ##  #####     ##      Elapsed   1h 05m",
      '  ##  __  ##  ##  ##  ##  ##      _#""#_    Discord   * connected',
      '  "####"  "####"  #####"  ######  ##  ##',
      "",
      "",
    ]);
  });
  test("too narrow for the banner: the two rows", () => {
    expect(paneRows(model("idle"), { rows: 8, cols: 75 }, NOW, theme)).toEqual([
      ...paneRows(model("idle"), compact(75), NOW, theme),
      "",
      "",
      "",
      "",
      "",
      "",
    ]);
  });
});

describe("spinner", () => {
  const still: readonly ActivityKind[] = [
    "starting",
    "idle",
    "approval",
    "question",
    "error",
    "limited",
  ];

  test.each([...activityKinds])("%s turns only while Codex works", (kind) => {
    const given = model(kind);
    const turns = !still.includes(kind);
    expect(paneNextChange(given, NOW, theme)).toBe(turns ? 250 : undefined);
    const frames = new Set(
      Array.from({ length: 40 }, (_, i) => paneRows(given, compact(80), NOW + i * 50, theme)[1]),
    );
    expect(frames.size).toBe(turns ? 6 : 1);
  });

  test("four steps a second at most, each at the time that was told", () => {
    const given = model("thinking");
    const rowAt = (now: number): string | undefined => paneRows(given, compact(80), now, theme)[1];
    for (const start of [NOW, NOW + 1, NOW + 249, NOW + 250.5, 0, -1]) {
      const wait = paneNextChange(given, start, theme) ?? 0;
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(250);
      expect(rowAt(start + wait - 0.25)).toBe(rowAt(start));
      expect(rowAt(start + wait)).not.toBe(rowAt(start));
    }
  });

  test("nothing moves for a screen reader", () => {
    expect(paneNextChange(model("thinking"), NOW, silent)).toBeUndefined();
    expect(plain(paneRows(model("thinking"), compact(80), NOW, silent)[1] ?? "")).toBe(
      "▌⠿ Thinking",
    );
  });

  test("between minutes the rows of a waiting pane are the same", () => {
    const rows = (now: number): readonly string[] =>
      paneRows(model("idle"), compact(80), now, colored);
    expect(rows(NOW + 59_999)).toEqual(rows(NOW));
  });
});

describe("height", () => {
  const alone = { alternateScreen: true, screenReader: false };
  const cases: readonly [PaneSetting, number, number, Partial<typeof alone>, number][] = [
    ["auto", 24, 80, {}, 2],
    ["compact", 24, 80, {}, 2],
    ["off", 24, 80, {}, 0],
    ["off", 60, 200, {}, 0],
    ["auto", 12, 40, {}, 2],
    ["auto", 11, 80, {}, 0],
    ["compact", 24, 39, {}, 0],
    ["full", 40, 80, {}, 8],
    ["full", 39, 80, {}, 2],
    ["full", 40, 75, {}, 2],
    ["full", 40, 80, { alternateScreen: false }, 2],
    ["auto", 100, 200, {}, 2],
    ["auto", 24, 80, { screenReader: true }, 0],
    ["compact", 24, 80, { screenReader: true }, 2],
  ];
  test.each(cases)("%s on %d rows, %d columns, %j: %d", (setting, rows, cols, place, height) => {
    expect(paneHeight(setting, { rows, cols }, { ...alone, ...place })).toBe(height);
  });
});

test("any state at any size: as many rows as asked, none too wide, no throw", () => {
  const given = fc.record({
    startedAt: fc.integer(),
    activity: fc.record({
      kind: fc.constantFrom(...activityKinds),
      since: fc.integer(),
      target: fc.string({ unit: "binary" }),
    }),
    discord: fc.constantFrom("connected", "connecting", "absent", "refused", "unknown"),
  });
  const size = fc.record({
    rows: fc.integer({ min: 0, max: 20 }),
    cols: fc.integer({ min: 1, max: 300 }),
  });
  fc.assert(
    fc.property(
      given,
      size,
      fc.integer(),
      fc.constantFrom(theme, colored, ascii, silent),
      (state, area, now, look) => {
        const rows = paneRows(state, area, now, look);
        expect(rows.length).toBe(area.rows);
        for (const row of rows) {
          const seen = plain(row);
          expect(textWidth(seen)).toBeLessThanOrEqual(area.cols);
          expect(Bun.stringWidth(seen)).toBeLessThanOrEqual(area.cols);
          expect(seen).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
        }
      },
    ),
    { numRuns: 500 },
  );
});
