import type { SessionView } from "../../src/session/session-view.ts";
import type { PaneModel } from "../../src/ui/pane-model.ts";

export const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;

const last = { input: 100_000, cached: 80_000, output: 5000, reasoning: 1000, total: 105_000 };

export const session: SessionView = {
  id: "019b0000-0000-7000-8000-000000000001",
  parent: undefined,
  own: true,
  activity: { kind: "running", since: NOW, target: "npm test" },
  turn: "1",
  projectKey: "cdp",
  startedAt: NOW - 2 * HOUR,
  updatedAt: NOW,
  surface: "cli",
  open: true,
  agents: 0,
  project: "cdp",
  branch: "main",
  repository: undefined,
  title: undefined,
  model: { id: "gpt-5.5", label: "GPT-5.5" },
  effort: "high",
  serviceTier: undefined,
  evidence: "rollout",
  tokens: { total: { ...last, total: 412_345 }, last },
  context: { used: 105_000, window: 258_400, percent: 41 },
  costUsd: 0.42,
  places: undefined,
};

/** A session at work of which everything is known, at a level that the person chose. */
export const known = {
  startedAt: NOW - 65 * 60_000,
  activity: session.activity,
  discord: "connected",
  session,
  limits: {
    quotas: [
      { name: "7d", usedPercent: 20 },
      { name: "5h", usedPercent: 38, resetsAt: NOW + HOUR },
    ],
    observedAt: NOW,
  },
  sharing: { level: "project", isDefault: false },
} as const satisfies PaneModel;

export const atDefault: PaneModel["sharing"] = { level: "private", isDefault: true };
