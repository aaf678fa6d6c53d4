import { describe, expect, test } from "bun:test";
import { activityKinds } from "../../src/session/activity.ts";
import { paneNextChange, paneRows } from "../../src/ui/pane.ts";
import { shownLevel } from "../../src/ui/pane-sharing.ts";
import type { PaneModel } from "../../src/ui/pane-model.ts";
import { themeOf } from "../../src/ui/theme.ts";
import { atDefault, known, NOW, session } from "./pane-models.ts";

const theme = themeOf({ LANG: "C.UTF-8", NO_COLOR: "1" });
const colored = themeOf({ LANG: "C.UTF-8", TERM: "xterm", COLORTERM: "truecolor" });
const ascii = themeOf({ NO_COLOR: "1" });

const models = { known, fresh: { ...known, sharing: atDefault } };
const command = "cdp config set privacy.level project";

function compact(model: PaneModel, cols: number, look = theme): readonly [string, string] {
  const [first = "", second = ""] = paneRows(model, { rows: 2, cols }, NOW, look);
  return [first, second];
}
const using = (more: Partial<typeof session>): PaneModel => ({
  ...known,
  session: { ...session, ...more },
});
const sharing = (
  level: "hidden" | "private" | "project" | "full" | "paused" | "off",
): PaneModel => ({
  ...known,
  sharing: { level, isDefault: false },
});
const left = (...used: readonly number[]): PaneModel => ({
  ...known,
  limits: {
    quotas: used.map((usedPercent, i) => ({ name: `${i + 1}h`, usedPercent })),
    observedAt: NOW,
  },
});

describe("what the person must see", () => {
  test.each([40, 48, 60, 80, 100, 160])("%d columns: activity, level and Discord", (cols) => {
    for (const model of Object.values(models)) {
      const [first, second] = compact(model, cols);
      expect(first).toContain(model.sharing?.level ?? "none");
      expect(first).toMatch(/◉ Discord( connected)?$/);
      expect(second).toStartWith("▌⠾ Running npm test");
    }
  });
  test("the command that shows more stands at 60 columns and above, whatever Codex does", () => {
    for (const kind of activityKinds) {
      for (let cols = 64; cols <= 200; cols += 4) {
        const model = { ...models.fresh, activity: { kind, since: NOW } };
        expect(compact(model, cols).join("\n")).toContain(command);
      }
    }
  });
  const silent: readonly PaneModel[] = [
    known,
    sharing("private"),
    { ...known, sharing: { level: "paused", isDefault: true } },
    { ...known, sharing: { level: "off", isDefault: true } },
  ];
  test.each(silent)(
    "no line about a level that somebody chose, or that is not in force",
    (model) => {
      expect(compact(model, 200).join("\n")).not.toContain("cdp config");
      expect(paneRows(model, { rows: 8, cols: 200 }, NOW, theme)[7]).toBe("");
    },
  );
  test.each([60, 80, 120, 200])(
    "%d columns: a problem of the config, in place of that line",
    (cols) => {
      const problem = "line 3: \x1b[2Jbad";
      const given: PaneModel = { ...known, sharing: { level: "hidden", isDefault: true, problem } };
      const rows = compact(given, cols).join("\n");
      expect(rows).toMatch(/! config: l/);
      expect(rows).not.toContain(command);
      expect(rows).not.toContain("\x1b");
    },
  );
});

test("why the card waits, in place of that line", () => {
  const waits = "process 42 holds the role but is stopped";
  const given: PaneModel = { ...known, sharing: { level: "private", isDefault: true, waits } };
  const rows = compact(given, 120).join("\n");
  expect(rows).toContain(`! the card waits: ${waits}`);
  expect(rows).not.toContain(command);
});

test("why presence is off, in place of that line", () => {
  const off = "the disk is \x1b[2Jfull";
  for (const cols of [60, 80, 200]) {
    const given: PaneModel = { ...known, sharing: { level: "off", isDefault: false, off } };
    const rows = compact(given, cols).join("\n");
    expect(rows).toContain("! no card: the d");
    expect(rows).not.toContain("\x1b");
  }
});

describe("the eye", () => {
  const cases = [
    ["hidden", "‹-› hidden", "<-> hidden"],
    ["private", "‹∙› private", "<.> private"],
    ["project", "‹◦› project", "<o> project"],
    ["full", "‹◉› full", "<O> full"],
    ["paused", "‹-› paused", "<-> paused"],
    ["off", "‹-› off", "<-> off"],
  ] as const;
  test.each(cases)("%s", (level, drawn, typed) => {
    expect(compact(sharing(level), 80)[0]).toContain(`  ${drawn} ∙ `);
    expect(compact(sharing(level), 80, ascii)[0]).toContain(`  ${typed} - `);
  });
});

describe("usage", () => {
  const cases: readonly [string, PaneModel, string][] = [
    ["the quota with the least left", left(10, 60, 40), "2h 40% left"],
    ["nothing left", left(100), "1h 0% left"],
    [
      "a quota without a name",
      { ...known, limits: { quotas: [{ usedPercent: 5 }], observedAt: 0 } },
      "limit 95% left",
    ],
    ["no window known", using({ context: { used: 12_340 } }), "context 12.3k"],
    [
      "a model without a label",
      using({ model: { id: "my-model", label: undefined } }),
      "my-model high",
    ],
    ["a model without effort", using({ effort: undefined }), " GPT-5.5 ∙"],
    ["one agent", using({ agents: 1 }), "Running npm test ∙ 1 agent "],
    ["agents", using({ agents: 3 }), "Running npm test ∙ 3 agents "],
    [
      "a bar of an empty context",
      using({ context: { used: 0, window: 1000, percent: 0 } }),
      "⣀⣀⣀⣀⣀⣀⣀⣀ 0% of 1k",
    ],
    [
      "a bar of hardly anything",
      using({ context: { used: 1, window: 1000, percent: 1 } }),
      "⣇⣀⣀⣀⣀⣀⣀⣀ 1%",
    ],
    [
      "a bar of everything",
      using({ context: { used: 9, window: 9, percent: 100 } }),
      "⣿⣿⣿⣿⣿⣿⣿⣿ 100%",
    ],
    [
      "agents at work alone",
      { ...using({ agents: 2 }), activity: { kind: "delegating", since: NOW } },
      "Working with 2 agents ",
    ],
    [
      "when a limit ends",
      { ...known, activity: { kind: "limited", since: NOW, until: NOW + 108 * 60_000 } },
      "Usage limit reached ∙ again in 1h 48m",
    ],
    [
      "what waits for approval",
      { ...known, activity: { kind: "approval", since: NOW, target: "npm publish" } },
      "Waiting for approval: npm publish",
    ],
  ];
  test.each(cases)("%s", (_name, model, text) => {
    expect(compact(model, 160)[1]).toContain(text);
  });

  test("a quota whose window has started anew is left out", () => {
    const model = {
      ...known,
      limits: { ...known.limits, quotas: [{ name: "5h", usedPercent: 90, resetsAt: NOW }] },
    };
    expect(compact(model, 160)[1]).not.toContain("left");
  });
  test("nothing is said of what is not known", () => {
    const given = {
      startedAt: NOW,
      activity: { kind: "idle", since: NOW },
      discord: "connected",
    } as const;
    expect(
      compact(
        {
          ...given,
          session: {
            ...session,
            project: undefined,
            branch: undefined,
            model: undefined,
            effort: undefined,
            tokens: undefined,
            context: undefined,
            costUsd: undefined,
          },
        },
        160,
      ),
    ).toEqual(compact(given, 160));
  });
  test("what runs out is shown before the line about the level", () => {
    const model = { ...left(95), sharing: atDefault };
    expect(compact(model, 80)[1]).toEndWith("1h 5% left");
  });
});

test("between minutes nothing changes while Codex waits, and no wake is asked for", () => {
  const waiting = { ...models.fresh, activity: { kind: "idle", since: NOW } } as const;
  for (const rows of [2, 8]) {
    const size = { rows, cols: 160 };
    for (const later of [1, 999, 30_000, 59_999]) {
      expect(paneRows(waiting, size, NOW + later, colored)).toEqual(
        paneRows(waiting, size, NOW, colored),
      );
    }
  }
  expect(paneNextChange(waiting, NOW, colored)).toBeUndefined();
});

test("the eye shows the level of the card that is out, as long as one is", () => {
  const wanted = { paused: false, level: "private" } as const;
  expect(shownLevel("full", wanted)).toBe("full");
  expect(shownLevel("full", { ...wanted, paused: true })).toBe("full");
  expect(shownLevel(undefined, wanted)).toBe("private");
  expect(shownLevel(undefined, { ...wanted, paused: true })).toBe("paused");
});
