import { describe, expect, test } from "bun:test";
import { noSessions, type SessionList, type SessionView } from "../../src/session/session-view.ts";
import { reportJson } from "../../src/ui/report-json.ts";
import { reportText, type Report } from "../../src/ui/report.ts";
import { themeOf } from "../../src/ui/theme.ts";

const now = Date.parse("2026-01-02T10:00:00Z");
const minute = 60_000;
const plain = themeOf({ NO_COLOR: "1", LANG: "C.UTF-8" });

const count = (total: number) => ({ input: total, cached: 0, output: 0, reasoning: 0, total });
const busy: SessionView = {
  id: "01a2",
  parent: undefined,
  own: false,
  surface: "vscode",
  activity: { kind: "running", since: now - 3 * minute, target: "npm test" },
  open: true,
  agents: 2,
  turn: "t",
  projectKey: "/p",
  project: "demo",
  branch: "main",
  repository: undefined,
  title: "Fix the login",
  model: { id: "gpt-5.5", label: "GPT-5.5" },
  effort: "high",
  serviceTier: undefined,
  evidence: "rollout",
  tokens: { total: count(12_345), last: count(900) },
  context: { used: 900, window: 1000, percent: 90 },
  costUsd: 1.5,
  startedAt: now - 65 * minute,
  updatedAt: now,
  places: undefined,
};
const bare: SessionView = {
  ...busy,
  id: "01a3",
  surface: "unknown",
  activity: { kind: "idle", since: now },
  agents: 0,
  project: undefined,
  branch: undefined,
  title: undefined,
  model: undefined,
  effort: undefined,
  tokens: undefined,
  context: undefined,
  costUsd: undefined,
};
const list: SessionList = {
  sessions: [busy, bare],
  leader: busy,
  aggregate: { sessions: 2, projects: 1, startedAt: now - 65 * minute },
  limits: {
    quotas: [
      { name: "5h", minutes: 300, usedPercent: 12.4, resetsAt: now + 61 * minute },
      { usedPercent: 100 },
    ],
    plan: "plus",
    credits: { has: true, unlimited: false, balance: "9.99" },
    observedAt: now - 5 * minute,
  },
};
const quiet: Report = {
  instance: { state: "not_running" },
  presence: {
    paused: false,
    discord: "unknown",
    level: "private",
    lastSentAt: undefined,
    card: undefined,
    acknowledged: undefined,
    pending: undefined,
  },
  list: noSessions,
  problems: [],
};
const loud: Report = {
  instance: {
    state: "running",
    pid: 123,
    mode: "wrapper",
    startedAt: "2026-01-02T09:50:00Z",
    version: "1.0.0",
  },
  presence: {
    paused: false,
    discord: "connected",
    level: "project",
    lastSentAt: now - 2 * minute,
    card: {
      name: undefined,
      details: "Running a command",
      state: "demo",
      startedAt: now - 3 * minute,
      buttons: ["Repository"],
    },
    acknowledged: true,
    pending: undefined,
    why: ["level project"],
  },
  list,
  problems: ["the config is broken"],
};

describe("as text", () => {
  test("everything that is known, and nothing where nothing is", () => {
    expect(reportText(loud, plain, undefined, now).split("\n")).toEqual([
      "2 sessions in 1 project, the first began 1h 05m ago",
      "",
      "demo on main ∙ Fix the login",
      "  Running npm test (2 agents), for 3m",
      "  VS Code ∙ GPT-5.5 high ∙ 12.3k tokens ∙ context 90% ∙ $1.50 ∙ open for 1h 05m",
      "",
      "somewhere",
      "  Ready, just now",
      "  open for 1h 05m",
      "",
      "Usage limits, plus, as of 5m ago",
      "  5h: 12% used, starts anew in 1h 01m",
      "  limit: 100% used",
      "  credits: 9.99",
      "",
      "Published by wrapper, pid 123, began 10m ago",
      "  Discord connected, level project",
      "  Sent 2m ago:",
      "  ╭────────────────────────────────────╮",
      "  │ Playing Codex                      │",
      "  │ Running a command                  │",
      "  │ demo                               │",
      "  │ 3m elapsed                         │",
      "  │ [ Repository ]                     │",
      "  ╰────────────────────────────────────╯",
      "",
      "! the config is broken",
      "",
    ]);
  });

  test("a home where nothing happens", () => {
    expect(reportText(quiet, plain, undefined, now)).toBe(
      "No Codex session is open.\n\nNothing is published: no cdp runs.\n  level private\n",
    );
  });

  test.each<[SessionList["limits"], string | undefined]>([
    [{ quotas: [], observedAt: now }, undefined],
    [{ quotas: [], plan: "plus", observedAt: now }, "Plan plus, as of just now"],
    [{ quotas: [], plan: "plus", observedAt: now + minute }, "Plan plus, as of just now"],
    [{ quotas: [], credits: { has: false, unlimited: false }, observedAt: now }, undefined],
    [
      { quotas: [], credits: { has: true, unlimited: true }, observedAt: now },
      "Usage limits, as of just now\n  credits: unlimited",
    ],
    [
      { quotas: [{ usedPercent: 5, resetsAt: now + 9 }], observedAt: now },
      "Usage limits, as of just now\n  limit: 5% used, starts anew within a minute",
    ],
  ])("limits %#: no heading without anything below it", (limits, shown) => {
    const text = reportText({ ...quiet, list: { ...noSessions, limits } }, plain, undefined, now);
    const [, block = ""] = text.split("\n\n");
    expect(block).toBe(shown ?? "Nothing is published: no cdp runs.\n  level private\n");
  });

  test.each<[number, number, string]>([
    [0, 1, "1 session without a prompt yet"],
    [1, 2, "1 session; 2 sessions without a prompt yet"],
    [2, 0, "2 sessions in 1 project, the first began 5m ago"],
  ])("%d sessions and %d without a prompt", (sessions, unseen, shown) => {
    const aggregate = { sessions, projects: 1, startedAt: now - 5 * minute };
    const report = { ...quiet, list: { ...noSessions, aggregate }, unseen };
    expect(reportText(report, plain, undefined, now).split("\n")[0]).toBe(shown);
  });

  test("a reached limit says when it starts anew, a model its tier", () => {
    const activity = { kind: "limited", since: now, until: now + 61 * minute } as const;
    const limited = { ...busy, activity, agents: 0, serviceTier: "fast" };
    const report = { ...quiet, list: { ...list, sessions: [limited] } };
    const text = reportText(report, plain, undefined, now);
    expect(text).toContain("\n  Usage limit reached, just now, again in 1h 01m\n");
    expect(text).toContain("GPT-5.5 high fast ∙");
  });

  test("what somebody else named moves no cursor and breaks no line", () => {
    const evil = {
      ...busy,
      project: "a\u001b[2J\nb\u202e",
      branch: "x\u0007",
      title: "\u001b]0;y\n",
    };
    const report = { ...quiet, list: { ...list, sessions: [evil] } };
    const text = reportText(report, plain, undefined, now);
    expect(text).toContain("a[2J b on x ∙ ]0;y\n");
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  test.each([
    ["connected at /run/discord-ipc-0", "Discord connected, level"],
    [
      "Discord refused the card: 4000 bad",
      "Discord connected (Discord refused the card: 4000 bad),",
    ],
    ["discord-ipc-0 (stable): connected; discord-ipc-1: gone", "connected (discord-ipc-0 (stable)"],
  ])("connected, and %s", (reason, said) => {
    const presence = { ...loud.presence, discord: "connected", reason } as const;
    expect(reportText({ ...loud, presence }, plain, undefined, now)).toContain(said);
  });

  test("fits the terminal", () => {
    const lines = reportText(loud, plain, 24, now).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(24);
    expect(lines).toContain("  Running npm test (2 a…");
    // What explains goes on below instead.
    const problem = "no card is shown until the config is fixed";
    const text = reportText({ ...quiet, problems: [problem] }, plain, 24, now);
    expect(text).toEndWith("! no card is shown until\nthe config is fixed\n");
  });

  test("colours only where they are wanted", () => {
    const painted = reportText(loud, themeOf({ TERM: "xterm" }, { terminal: true }), 80, now);
    const piped = reportText(loud, themeOf({ TERM: "xterm" }, { terminal: false }), undefined, now);
    expect(painted).toContain("\u001b[");
    expect(piped).not.toContain("\u001b");
  });
});

describe("as JSON", () => {
  test("the stable keys, null where nothing is known", () => {
    expect(JSON.parse(reportJson(quiet))).toEqual({
      schema: 1,
      instance: { state: "not_running", pid: null, mode: null, started_at: null, version: null },
      presence: {
        paused: false,
        discord: "unknown",
        reason: null,
        level: "private",
        why: [],
        last_sent_at: null,
        card: null,
        payload: null,
        acknowledged: null,
        pending: null,
      },
      sessions: [],
      limits: { plan: null, windows: [], credits: null, observed_at: null },
      problems: [],
    });
  });

  test("everything that is known", () => {
    const { sessions, limits, instance, presence } = JSON.parse(reportJson(loud));
    expect(sessions[0]).toEqual({
      id: "01a2",
      surface: "vscode",
      activity: "running",
      target: "npm test",
      project: "demo",
      title: "Fix the login",
      branch: "main",
      model: "gpt-5.5",
      effort: "high",
      tokens: { total: 12_345, input: 12_345, cached: 0, output: 0, last: 900 },
      context: { used: 900, window: 1000, percent: 90 },
      cost_usd: 1.5,
      agents: 2,
      started_at: "2026-01-02T08:55:00.000Z",
      updated_at: "2026-01-02T10:00:00.000Z",
    });
    expect(Object.keys(sessions[1])).toEqual(Object.keys(sessions[0]));
    expect(sessions[1]).toMatchObject({ project: null, model: null, tokens: null, cost_usd: null });
    expect(limits.windows).toEqual([
      { minutes: 300, used_percent: 12.4, resets_at: "2026-01-02T11:01:00.000Z" },
      { minutes: null, used_percent: 100, resets_at: null },
    ]);
    expect(instance).toMatchObject({ state: "running", pid: 123, mode: "wrapper" });
    expect(presence.last_sent_at).toBe("2026-01-02T09:58:00.000Z");
  });

  test("a moment that is none is null", () => {
    const odd = { ...busy, startedAt: Number.NaN, updatedAt: 1e300 };
    const json = reportJson({ ...quiet, list: { ...list, sessions: [odd] } });
    expect(JSON.parse(json).sessions[0]).toMatchObject({ started_at: null, updated_at: null });
  });
});
