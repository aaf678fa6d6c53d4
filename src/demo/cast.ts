import type { Act, Character } from "./rollout-items.ts";

/** An invented session: who it is, and what it does again and again. */
export interface Role extends Character {
  /** Minutes since it began, and since it last did anything. */
  readonly age: number;
  readonly quiet: number;
  /** Seconds that each act takes; before the demo they were some times as many. */
  readonly round: readonly (readonly [seconds: number, act: Act])[];
}

/** Before the demo everything took so many times as long. */
export const stretch = 4;

/** The invented sessions of the demo's dashboard. The first ones lead. */
export const cast: readonly Role[] = [
  {
    project: "tidewatch",
    branch: "fix/utc",
    model: "gpt-5.5",
    effort: "high",
    originator: "codex-tui",
    source: "cli",
    age: 64,
    quiet: 0,
    context: [18_000, 124_000],
    limits: {
      limit_id: "codex",
      primary: { used_percent: 38, window_minutes: 300, resets_at: "$seconds+6480" },
      secondary: { used_percent: 74, window_minutes: 10_080, resets_at: "$seconds+349200" },
      plan_type: "plus",
    },
    round: [
      [4, "$ cat src/harbour.ts"],
      [5, "edit src/tides.ts"],
      [6, "$ npm test -- next-high-tide"],
      [6, "think"],
      [4, "edit src/harbour.ts"],
      [9, "$ npm test"],
      [8, "think"],
    ],
  },
  {
    project: "lantern-api",
    branch: "feat/rate-limits",
    model: "gpt-5.5",
    effort: "medium",
    originator: "codex_vscode",
    source: "vscode",
    age: 47,
    quiet: 0,
    context: [12_000, 61_000],
    round: [
      [11, "$ cargo test"],
      [5, "think"],
      [4, "edit src/limiter.rs"],
      [8, "$ cargo clippy"],
    ],
  },
  {
    project: "orchard-web",
    branch: "main",
    model: "gpt-5.4",
    effort: "medium",
    originator: "codex-tui",
    source: "cli",
    age: 21,
    quiet: 0,
    context: [9000, 38_000],
    round: [
      [6, "$ npm run build"],
      [5, "edit src/App.tsx"],
      [4, "$ rg -n oldName src"],
      [9, "ask"],
      [8, "think"],
    ],
  },
  {
    project: "field-notes",
    branch: "main",
    model: "gpt-5.4-mini",
    effort: "low",
    originator: "codex-tui",
    source: "cli",
    age: 33,
    quiet: 8,
    context: [6000, 14_000],
    round: [
      [6, "$ cat README.md"],
      [5, "edit README.md"],
      [9, "rest"],
    ],
  },
];
