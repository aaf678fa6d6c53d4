import type { LinkStatus } from "../../discord/link.ts";
import type { DiscordActivity } from "../../presence/activity.ts";
import type { ActivityKind } from "../../session/activity.ts";
import type { TerminalSize } from "../../terminal/terminal.ts";
import type { Theme } from "../theme.ts";

/** Everything the dashboard shows. All times are in ms since the epoch; all texts may be unclean. */
export interface Model {
  /** Ranked by who fills it: the leader need not be the first. */
  readonly sessions: readonly SessionView[];
  readonly limits: LimitsView | undefined;
  readonly history: History;
  readonly discord: DiscordView;
  readonly card: CardView;
  /** The card at each level, for the preview; the level in force may be among them. */
  readonly previews: Readonly<Partial<Record<Level, CardView>>>;
  /** Oldest first, at most `maxSent`. */
  readonly sent: readonly SentCard[];
  readonly paused: boolean;
  /** The level the config asks for; `card.level` is what a rule made of it. */
  readonly level: Level;
  readonly problems: readonly string[];
  readonly instance: InstanceView | undefined;
  /** Id of the session that the cursor is on; without it, or when it has ended, the leader's. */
  readonly selected: string | undefined;
  readonly panel: Panel;
  readonly size: TerminalSize;
  readonly now: number;
  readonly theme: Theme;
  /** Minutes that local time is ahead of UTC at a time. */
  readonly zone: (at: number) => number;
}

/** Strictest first. */
export const levels = ["hidden", "private", "project", "full"] as const;
export type Level = (typeof levels)[number];

/** One Codex session. What is not known is `undefined`. */
export interface SessionView {
  readonly id: string;
  /** Where it runs: `cli`, `vscode`, `exec` … */
  readonly surface?: string | undefined;
  readonly project?: string | undefined;
  /** Known only where the person turned titles on. */
  readonly title?: string | undefined;
  readonly branch?: string | undefined;
  /** As people say it: `GPT-5.5`. */
  readonly model?: string | undefined;
  readonly effort?: string | undefined;
  /** In a word, where it is not the ordinary one. */
  readonly tier?: string | undefined;
  readonly activity: {
    readonly kind: ActivityKind;
    readonly since: number;
    readonly target?: string | undefined;
    /** When a limit that is reached starts anew. */
    readonly until?: number | undefined;
  };
  readonly startedAt: number;
  readonly updatedAt?: number | undefined;
  readonly tokens?: Tokens | undefined;
  readonly context?: ContextUse | undefined;
  readonly costUsd?: number | undefined;
  /** The child of this very program. */
  readonly own?: boolean;
  /** The one whose card is shown. */
  readonly leader?: boolean;
  readonly pinned?: boolean;
}

/** `cached` is part of `input`; `last` is what the newest response took, where that is known. */
export interface Tokens {
  readonly total: number;
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly last: number | undefined;
}

export interface ContextUse {
  readonly used: number;
  readonly window?: number | undefined;
  /** 0 to 100. */
  readonly percent?: number | undefined;
}

export interface LimitsView {
  readonly plan?: string | undefined;
  readonly windows: readonly LimitView[];
  /** In words: `12.50`, `unlimited`. */
  readonly credits?: string | undefined;
  readonly observedAt: number;
}

export interface LimitView {
  readonly minutes?: number | undefined;
  /** 0 to 100. */
  readonly usedPercent: number;
  readonly resetsAt?: number | undefined;
}

export interface History {
  /** Tokens of each minute of the last hour over all sessions, oldest first, at most 60. */
  readonly tokensPerMinute: readonly number[];
  /** Seconds today over all sessions. */
  readonly activitySeconds: Readonly<Partial<Record<ActivityKind, number>>>;
}

export interface DiscordView {
  readonly status: LinkStatus;
  readonly reason: string;
  /** Which Discord, while connected: `stable`, `ptb` … */
  readonly client?: string | undefined;
  /** When Discord was last sent a card or a clear. */
  readonly sentAt?: number | undefined;
}

/** What others see, and why. */
export interface CardView {
  /** What Discord was sent, else what it will be sent first; `undefined` when nothing is shown. */
  readonly activity: CardActivity | undefined;
  readonly level: Level;
  readonly why: readonly string[];
  /** `false` while it only waits to be sent. */
  readonly isSent?: boolean;
  /** What else is to be said of it: that another one waits, or that it was not taken. */
  readonly note?: string | undefined;
}

export type CardActivity = Pick<
  DiscordActivity,
  "name" | "details" | "state" | "timestamps" | "assets" | "buttons"
>;

/** A card or a clear (without lines) that was sent, and what became of it. */
export interface SentCard {
  readonly at: number;
  readonly details?: string | undefined;
  readonly state?: string | undefined;
  readonly answer: "accepted" | "refused" | "lost" | "waiting";
  /** What Discord said when it refused. */
  readonly reason?: string | undefined;
}

export interface InstanceView {
  readonly pid: number;
  /** `dashboard`, `wrapper`, `headless`. */
  readonly mode: string;
  readonly startedAt: number;
}

/** What is open beside or over the rest. `top` is the first line shown of a long one. */
export type Panel =
  | { readonly kind: "none" }
  | { readonly kind: "details" }
  | { readonly kind: "log" | "help"; readonly top: number }
  | { readonly kind: "level"; readonly choice: Level };

/** Sent cards that are kept. */
export const maxSent = 50;

/** A dashboard that knows nothing yet. */
export function newModel(given: Pick<Model, "size" | "now" | "theme" | "zone">): Model {
  return {
    sessions: [],
    limits: undefined,
    history: { tokensPerMinute: [], activitySeconds: {} },
    discord: { status: "unknown", reason: "" },
    card: { activity: undefined, level: "private", why: [] },
    previews: {},
    sent: [],
    paused: false,
    level: "private",
    problems: [],
    instance: undefined,
    selected: undefined,
    panel: { kind: "none" },
    ...given,
  };
}

/** The session that leads: marked so, else the first. */
export function leaderOf({ sessions }: Pick<Model, "sessions">): SessionView | undefined {
  return sessions.find(({ leader }) => leader === true) ?? sessions[0];
}

/** Where the cursor is in the list; -1 while it is empty. */
export function selectedIndex(model: Pick<Model, "sessions" | "selected">): number {
  const { sessions, selected } = model;
  const at = sessions.findIndex(({ id }) => id === selected);
  if (at >= 0) return at;
  const leader = leaderOf(model);
  return leader === undefined ? -1 : sessions.indexOf(leader);
}
