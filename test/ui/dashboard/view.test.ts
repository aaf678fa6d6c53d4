import { describe, expect, test } from "bun:test";
import { nextFrame } from "../../../src/terminal/frame.ts";
import { spinnerMs } from "../../../src/ui/dashboard/look.ts";
import type { Model } from "../../../src/ui/dashboard/model.ts";
import { layoutOf, nextChange, screen, view } from "../../../src/ui/dashboard/view.ts";
import { themeOf } from "../../../src/ui/theme.ts";
import { plain } from "../plain.ts";
import { busy, cards, minutes, now, session, sessions, themes } from "./models.ts";

const full = { rows: 30, cols: 100 };
const shown = (model: Model): string =>
  screen(model)
    .map(({ text }) => plain(text))
    .join("\n");
const painted = (model: Model): string =>
  screen(model)
    .map(({ text }) => text)
    .join("\n");

describe("layouts", () => {
  test.each([
    [100, 30, "full"],
    [300, 100, "full"],
    [99, 30, "compact"],
    [100, 29, "compact"],
    [60, 16, "compact"],
    [59, 40, "minimal"],
    [200, 15, "minimal"],
    [40, 10, "minimal"],
    [39, 10, "tiny"],
    [40, 9, "tiny"],
    [1, 1, "tiny"],
  ] as const)("%i columns, %i rows: %s", (cols, rows, layout) => {
    expect(layoutOf({ cols, rows })).toBe(layout);
  });

  test("too small says so, in one line", () => {
    const rows = view(busy({ rows: 4, cols: 39 })).rows;
    expect(rows).toEqual(["cdp needs 40x10, this is 39x4", "", "", ""]);
  });
});

test("that Discord has not taken the last card, or its end, stands beside the level, paused or not", () => {
  const note = "Discord has not taken it";
  const gone = { level: "private", activity: undefined, why: [], note } as const;
  const wide = { rows: 30, cols: 160 };
  expect(shown(busy(wide, "plain", { card: gone }))).toContain(`private, ${note}`);
  expect(shown(busy(wide, "plain", { paused: true, card: gone }))).toContain(`paused, ${note}`);
  // Where there is no room for both, the level stands elsewhere.
  for (const paused of [false, true]) {
    const narrow = shown(busy(full, "plain", { paused, card: { ...cards.private, note } }));
    expect(narrow).toContain(`─ ${note}`);
  }
});

describe("limits by what is left", () => {
  const colours = { green: "\x1b[32m", yellow: "\x1b[33m", red: "\x1b[31m" };
  test.each([
    [0, "100% left", "green"],
    [40, "60% left", "green"],
    [41, "59% left", "yellow"],
    [70, "30% left", "yellow"],
    [71, "29% left", "red"],
    [99, "1% left", "red"],
    [NaN, "100% left", "green"],
  ] as const)("%d used is %s, a %s bar", (usedPercent, words, colour) => {
    const model = busy(full, "color", {
      limits: { windows: [{ minutes: 300, usedPercent }], observedAt: now },
    });
    const row = screen(model).find(({ text }) => text.includes(words))?.text ?? "";
    const bar = row.slice(row.indexOf("5h"));
    expect(bar).toContain(`${colours[colour]}${bar.includes("━") ? "━" : "╸"}`);
    for (const [name, sequence] of Object.entries(colours)) {
      expect(bar.includes(sequence)).toBe(name === colour);
    }
  });

  test("an empty bar when more is used than there is", () => {
    const windows = [{ minutes: 300, usedPercent: 130 }];
    expect(shown(busy(full, "plain", { limits: { windows, observedAt: now } }))).toMatch(
      /5h +─+ +0% left/,
    );
  });

  test("the reset as time of day, with its weekday when far, in the local zone", () => {
    const at = (zone: number): string =>
      shown(busy({ rows: 45, cols: 160 }, "plain", { zone: () => zone }));
    expect(at(0)).toContain("resets 12:40, in 1h48");
    expect(at(0)).toContain("resets Thu 11:59, in 4d01h");
    expect(at(-480)).toContain("resets 04:40, in 1h48");
  });

  test("how old they are, once that matters", () => {
    const seen = (ago: number): string =>
      shown(
        busy(full, "plain", {
          limits: { windows: [], plan: "Pro", observedAt: now - minutes(ago) },
        }),
      );
    expect(seen(9)).toMatch(/Limits ─+ Pro$/m);
    expect(seen(75)).toMatch(/Limits ─+ Pro, 1h15 ago$/m);
  });
});

describe("what must never be missing", () => {
  test.each([
    [100, 30],
    [80, 24],
    [60, 16],
    [40, 10],
  ])("%ix%i: project, what it does, Discord, the card, quit and help", (cols, rows) => {
    const text = shown(busy({ cols, rows }));
    for (const wanted of [
      /codex-disc/,
      /Editing sess/,
      /connected/,
      /Editing files/,
      /q quit/,
      /\? help/,
    ]) {
      expect(text).toMatch(wanted);
    }
  });

  test("why Discord is not there", () => {
    const discord = { status: "absent", reason: "no socket found" } as const;
    expect(shown(busy(full, "plain", { discord }))).toContain("no socket found");
  });

  test("the card's lines, its timer, buttons, level and rule", () => {
    const text = shown(
      busy({ rows: 30, cols: 120 }, "plain", { level: "full", card: cards.project }),
    );
    for (const wanted of [
      "Editing files",
      "codex-discord-presence ∙ main",
      "1h05 elapsed",
      "View repository",
      "project, config says full",
      "the repository's file allows project",
    ]) {
      expect(text).toContain(wanted);
    }
  });

  test("the preview shows the card of the level that is chosen, paused or not", () => {
    const panel = { kind: "level", choice: "full" } as const;
    for (const paused of [false, true]) {
      const text = shown(busy(full, "plain", { panel, paused }));
      expect(text).toContain("preview, enter keeps it");
      expect(text).toMatch(/▌full/);
      expect(text).toMatch(/Editing session\.ts +│/);
    }
  });

  test("the selected session, however long the list and wherever it is", () => {
    const many = Array.from({ length: 40 }, (_, i) => session(`project-${i}`));
    for (const at of [0, 1, 20, 38, 39]) {
      for (const [cols, rows] of [
        [100, 30],
        [80, 24],
        [40, 10],
      ] as const) {
        const text = shown(
          busy({ cols, rows }, "plain", { sessions: many, selected: `project-${at}` }),
        );
        expect(text).toMatch(new RegExp(`▌. project-${at} `));
      }
    }
  });
});

describe("untrusted text", () => {
  test("reaches the terminal without its escapes and directions", () => {
    const evil = "a\x1b]0;owned\x07\u202e\x1b[2J\nb";
    const text = painted(
      busy(full, "plain", {
        sessions: [
          session("x", {
            project: evil,
            branch: evil,
            activity: { kind: "running", since: now, target: evil },
          }),
        ],
        card: { level: "full", activity: { details: evil, state: evil }, why: [evil] },
        discord: { status: "refused", reason: evil },
      }),
    );
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f\u202e]/);
    expect(text).toContain("a]0;owned[2J b");
  });

  test("without UTF-8 there is nothing but ASCII", () => {
    const text = painted(
      busy(full, "ascii", { sessions: [session("日本語", { branch: "é" }), ...sessions] }),
    );
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
  });

  test("with NO_COLOR there is no attribute", () => {
    expect(painted(busy(full, "plain"))).not.toContain("\x1b");
  });
});

describe("time", () => {
  const resting = busy(full, "plain", { sessions: [session("a")] });
  test.each([
    [
      "while the leader works: the spinner's next step",
      busy(full, "plain", { now: now + 30 }),
      spinnerMs - 30,
    ],
    ["at rest: the next minute", resting, 30_000],
    [
      "at rest while another works",
      { ...resting, sessions: [session("a", { leader: true }), ...sessions.slice(1)] },
      30_000,
    ],
    [
      "without anything to turn",
      { ...busy(full), theme: { ...themeOf(themes.plain), animated: false } },
      30_000,
    ],
    ["too small for a spinner", busy({ rows: 3, cols: 3 }), 30_000],
  ] as const)("%s", (_name, model, ms) => {
    expect(nextChange(model)).toBe(ms);
  });

  test("details of one that works turn too", () => {
    const both = [session("a", { leader: true }), ...sessions.slice(2)];
    const model = busy(full, "plain", {
      sessions: both,
      selected: "payments-api",
      panel: { kind: "details" },
    });
    expect(nextChange(model)).toBe(spinnerMs);
  });

  test("between two changes the rows are equal; at a step only the leader's row differs", () => {
    const model = busy(full);
    const before = view(model).rows;
    expect(view({ ...model, now: now + spinnerMs - 1 }).rows).toEqual(before);
    const after = view({ ...model, now: now + spinnerMs }).rows;
    expect(after.filter((text, i) => text !== before[i]).length).toBe(1);
    expect(view({ ...resting, now: now + 29_999 }).rows).toEqual(view(resting).rows);
    expect(view({ ...resting, now: now + 30_000 }).rows).not.toEqual(view(resting).rows);
  });

  test("a step of the spinner is a few bytes", () => {
    const model = busy({ rows: 45, cols: 160 }, "truecolor");
    const bytes = nextFrame(view(model), view({ ...model, now: now + spinnerMs }));
    expect(bytes.length).toBeGreaterThan(0);
    expect(bytes.length).toBeLessThan(60);
  });

  test("a frame that was drawn before is not shown for another model", () => {
    const model = busy(full);
    expect(view(model).rows.join("\n")).toContain("Editing session.ts");
    const other = { ...model, sessions: [session("other")] };
    expect(view(other).rows.join("\n")).not.toContain("Editing session.ts");
    expect(view({ ...other, paused: true }).rows.join("\n")).toContain("paused");
    expect(view(model).rows.join("\n")).toContain("Editing session.ts");
  });
});

test("a reached limit says when it starts anew", () => {
  const activity = { kind: "limited", since: now, until: now + minutes(61) } as const;
  const limited = session("a", { leader: true, activity, tier: "fast" });
  expect(shown(busy(full, "plain", { sessions: [limited] }))).toContain("again in 1h 01m");
  const panel = { kind: "details" } as const;
  expect(shown(busy(full, "plain", { sessions: [limited], panel }))).toMatch(/Model.*, fast/);
});

test("details name the title, where it is known", () => {
  const details = (title: string | undefined): string => {
    const given = [session("a", { leader: true, title })];
    return shown(busy(full, "plain", { sessions: given, panel: { kind: "details" } }));
  };
  expect(details("Fix the\u202e login")).toMatch(/Title +Fix the login/);
  expect(details(undefined)).not.toContain("Title");
});
