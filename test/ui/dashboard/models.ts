import type { TerminalSize } from "../../../src/terminal/terminal.ts";
import {
  type CardView,
  type Level,
  type Model,
  newModel,
  type SentCard,
  type SessionView,
} from "../../../src/ui/dashboard/model.ts";
import { type Env, themeOf } from "../../../src/ui/theme.ts";

export const now = Date.UTC(2026, 10, 22, 10, 52, 30);
export const minutes = (n: number): number => n * 60_000;

export const themes = {
  plain: { LANG: "C.UTF-8", NO_COLOR: "1" },
  ascii: { LANG: "C", NO_COLOR: "1" },
  color: { LANG: "C.UTF-8", TERM: "xterm-256color" },
  truecolor: { LANG: "C.UTF-8", TERM: "xterm-256color", COLORTERM: "truecolor" },
  "ascii-color": { LANG: "C", TERM: "xterm" },
} as const satisfies Readonly<Record<string, Env>>;

export type ThemeName = keyof typeof themes;

export function session(id: string, more: Partial<SessionView> = {}): SessionView {
  return {
    id,
    surface: "cli",
    project: id,
    branch: "main",
    model: "GPT-5.5",
    effort: "medium",
    activity: { kind: "idle", since: now - minutes(3) },
    startedAt: now - minutes(30),
    updatedAt: now - minutes(1),
    tokens: { total: 4100, input: 3600, cached: 1800, output: 500, last: 900 },
    context: { used: 12_400, window: 258_400, percent: 5 },
    ...more,
  };
}

const leader = session("atlas", {
  project: "codex-discord-presence",
  branch: "feat/dashboard",
  effort: "high",
  activity: { kind: "editing", since: now - minutes(2), target: "session.ts" },
  startedAt: now - minutes(65),
  tokens: { total: 1_238_100, input: 1_200_000, cached: 984_000, output: 38_100, last: 24_100 },
  context: { used: 124_032, window: 258_400, percent: 48 },
  costUsd: 1.23,
  own: true,
  leader: true,
});

export const sessions: readonly SessionView[] = [
  leader,
  session("website", {
    branch: "fix/header",
    activity: { kind: "approval", since: now - minutes(1), target: "npm publish" },
    startedAt: now - minutes(12),
    tokens: { total: 88_000, input: 80_000, cached: 60_000, output: 8000, last: 4000 },
  }),
  session("payments-api", {
    surface: "vscode",
    branch: "main",
    activity: { kind: "running", since: now - minutes(4), target: "cargo test" },
    startedAt: now - minutes(47),
    tokens: { total: 412_000, input: 400_000, cached: 300_000, output: 12_000, last: 9000 },
  }),
  session("notes", { branch: undefined, activity: { kind: "idle", since: now - minutes(40) } }),
  session("infra", {
    surface: "exec",
    activity: { kind: "limited", since: now - minutes(6) },
    startedAt: now - minutes(190),
  }),
];

const base = {
  timestamps: { start: now - minutes(65) },
  assets: {
    large_image: "codex-logo",
    large_text: "Codex",
    small_image: "openai",
    small_text: "OpenAI",
  },
} as const;

export const cards: Readonly<Record<Level, CardView>> = {
  hidden: { level: "hidden", activity: undefined, why: ["privacy.level is hidden"] },
  private: {
    level: "private",
    activity: { ...base, details: "Editing files", state: "Using Codex" },
    why: ["privacy.level is private"],
  },
  project: {
    level: "project",
    activity: {
      ...base,
      details: "Editing files",
      state: "codex-discord-presence ∙ main ∙ GPT-5.5",
      buttons: [{ label: "View repository", url: "https://example.org/a" }],
    },
    why: ["privacy.level is project", "the repository's file allows project"],
  },
  full: {
    level: "full",
    activity: {
      ...base,
      details: "Editing session.ts",
      state: "codex-discord-presence ∙ main ∙ 48% context",
      buttons: [{ label: "View repository", url: "https://example.org/a" }],
    },
    why: ["privacy.level is full"],
  },
};

export const sent: readonly SentCard[] = [
  { at: now - minutes(64), details: "Starting up", state: "Using Codex", answer: "accepted" },
  { at: now - minutes(30), answer: "accepted" },
  {
    at: now - minutes(20),
    details: "Thinking",
    state: "Using Codex",
    answer: "refused",
    reason: 'child "activity" fails because details is too long',
  },
  { at: now - minutes(10), details: "Thinking", state: "Using Codex", answer: "lost" },
  { at: now - minutes(2), details: "Editing files", state: "Using Codex", answer: "accepted" },
  { at: now, details: "Running a command", state: "Using Codex", answer: "waiting" },
];

export const tokensPerMinute = Array.from({ length: 60 }, (_, i) =>
  i < 8 || (i > 26 && i < 31)
    ? 0
    : Math.round(9000 + 8000 * Math.sin(i / 3.1) + 6000 * Math.sin(i * 1.7)),
);

/** A dashboard in the midst of a busy morning. */
export function busy(
  size: TerminalSize,
  theme: ThemeName = "plain",
  more: Partial<Model> = {},
): Model {
  return {
    ...newModel({ size, now, theme: themeOf(themes[theme]), zone: () => 60 }),
    sessions,
    limits: {
      plan: "Plus",
      windows: [
        { minutes: 300, usedPercent: 38, resetsAt: now + minutes(108) },
        { minutes: 10_080, usedPercent: 74, resetsAt: now + minutes(4 * 1440 + 67) },
      ],
      observedAt: now - minutes(1),
    },
    history: {
      tokensPerMinute,
      activitySeconds: {
        thinking: 4300,
        reading: 1500,
        editing: 2900,
        running: 2200,
        approval: 500,
      },
    },
    discord: {
      status: "connected",
      reason: "connected",
      client: "stable",
      sentAt: now - minutes(2),
    },
    card: cards.private,
    previews: cards,
    sent,
    instance: { pid: 4242, mode: "dashboard", startedAt: now - minutes(64) },
    ...more,
  };
}
