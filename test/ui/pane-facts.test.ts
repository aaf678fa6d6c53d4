import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { activityKinds } from "../../src/session/activity.ts";
import { textWidth } from "../../src/terminal/text.ts";
import { paneRows } from "../../src/ui/pane.ts";
import type { PaneModel } from "../../src/ui/pane-model.ts";
import { themeOf } from "../../src/ui/theme.ts";
import { NOW, session } from "./pane-models.ts";
import { plain } from "./plain.ts";

const theme = themeOf({ LANG: "C.UTF-8", NO_COLOR: "1" });
const colored = themeOf({ LANG: "C.UTF-8", TERM: "xterm", COLORTERM: "truecolor" });
const ascii = themeOf({ NO_COLOR: "1" });

test("any facts at any size: as many rows as asked, none too wide, nothing that moves the cursor", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("👩‍👩‍👧‍👦".repeat(9), "ﷺ\u202e日本語", "\x1b[2J\n\x9b1m", " "),
  );
  const maybe = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
    fc.option(some, { nil: undefined });
  const number = fc.oneof(fc.double(), fc.integer({ min: 0, max: 100 }));
  const tokens = fc.record({
    input: number,
    cached: number,
    output: number,
    reasoning: number,
    total: number,
  });
  const quota = fc.record({ name: text, usedPercent: number, resetsAt: number });
  const facts = fc.record({
    startedAt: number,
    activity: fc.record({
      kind: fc.constantFrom(...activityKinds),
      since: number,
      target: text,
      until: number,
    }),
    discord: fc.constantFrom("connected", "connecting", "absent", "refused", "unknown"),
    limits: fc.record({
      quotas: fc.array(quota, { maxLength: 3 }),
      observedAt: number,
    }),
    sharing: fc.record(
      {
        level: fc.constantFrom("hidden", "private", "project", "full", "paused", "off"),
        isDefault: fc.boolean(),
        problem: text,
      },
      { requiredKeys: ["level", "isDefault"] },
    ),
    session: fc
      .record({
        project: maybe(text),
        branch: maybe(text),
        effort: maybe(text),
        model: maybe(fc.record({ id: text, label: maybe(text) })),
        agents: number,
        costUsd: maybe(number),
        context: maybe(fc.record({ used: number, window: number, percent: number })),
        tokens: maybe(fc.record({ total: tokens, last: tokens })),
      })
      .map((some) => ({ ...session, ...some })),
  });
  const size = fc.record({ rows: fc.constantFrom(2, 8), cols: fc.integer({ min: 1, max: 260 }) });
  const run = (
    model: PaneModel,
    area: { readonly rows: number; readonly cols: number },
    look: typeof theme,
  ): void => {
    const rows = paneRows(model, area, NOW, look);
    expect(rows.length).toBe(area.rows);
    for (const row of rows.map(plain)) {
      expect(textWidth(row)).toBeLessThanOrEqual(area.cols);
      expect(row).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e]/);
    }
  };
  const looks = fc.constantFrom(theme, colored, ascii);
  fc.assert(fc.property(facts, size, looks, run), { numRuns: 200 });
});
