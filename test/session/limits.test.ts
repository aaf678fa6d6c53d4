import { expect, test } from "bun:test";
import { newestOwnLimit, withLimits, type ReportedLimits } from "../../src/session/limits.ts";
import { latestLimits } from "../../src/session/usage.ts";

const window = (usedPercent: number, minutes: number) => ({ usedPercent, minutes });
const told = (...reports: readonly Parameters<typeof withLimits>[1][]): readonly ReportedLimits[] =>
  reports.reduce<readonly ReportedLimits[]>((all, report, at) => withLimits(all, report, at), []);
const own = (limits: readonly ReportedLimits[]) => newestOwnLimit([limits], 40);

test("a model's own limit stands apart, before and after the account's", () => {
  const spark = { id: "codex_bengalfox", name: "Spark", windows: [window(0, 300)] };
  const account = { id: "codex", windows: [window(63, 300)] };
  for (const reports of [[spark, account], [account, spark], [spark]]) {
    const limits = told(...reports);
    expect(limits).toHaveLength(reports.length);
    const expected = reports.length === 1 ? undefined : [window(63, 300)];
    expect(own(limits)?.windows).toEqual(expected as never);
  }
});

test("a report without an id is the account's; one without windows wipes none", () => {
  const limits = told(
    { windows: [window(5, 300)], plan: "pro" },
    { id: "codex", windows: [], credits: { has: true, unlimited: false } },
  );
  expect(own(limits)).toEqual({
    id: "codex",
    windows: [window(5, 300)],
    plan: "pro",
    credits: { has: true, unlimited: false },
    at: 0,
  });
});

test("the newest report of any session counts, unless it names no windows", () => {
  const at = (when: number, windows: ReportedLimits["windows"]): readonly ReportedLimits[] => [
    { id: "codex", windows, plan: `p${when}`, at: when },
  ];
  const sessions = [at(30, []), at(20, [window(2, 300)]), at(10, [window(1, 300)])];
  for (const order of [sessions, sessions.toReversed()]) {
    expect(newestOwnLimit(order, 40)).toMatchObject({
      windows: [window(2, 300)],
      plan: "p30",
      at: 20,
    });
    const shown = latestLimits(
      order.map((limits) => ({ session: { limits } })),
      40,
    );
    expect(shown).toMatchObject({ quotas: [{ usedPercent: 2 }], observedAt: 20 });
  }
});

test("a report that is ahead of now, for the clock was set back, gives way to any other", () => {
  const at = (when: number, usedPercent: number): readonly ReportedLimits[] => [
    { id: "codex", windows: [window(usedPercent, 300)], at: when },
  ];
  const now = 10_000_000;
  const used = (...sessions: readonly (readonly ReportedLimits[])[]) =>
    newestOwnLimit(sessions, now)?.windows[0]?.usedPercent;
  expect(used(at(now + 3_600_000, 90), at(now - 60_000, 5))).toBe(5);
  expect(used(at(now - 60_000, 5), at(now + 3_600_000, 90))).toBe(5);
  expect(used(at(now + 500, 90), at(now - 60_000, 5))).toBe(90);
  expect(used(at(now + 3_600_000, 90))).toBe(90);
});
