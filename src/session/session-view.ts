import type { PlacesView } from "./places.ts";
import type { Aggregate, RankedSession } from "./sessions.ts";
import type { Usage } from "./usage.ts";

/** Who tells what a session does, from the surest on. */
export const evidences = ["terminal", "wrapper", "daemon", "title", "rollout"] as const;
export type Evidence = (typeof evidences)[number];

/**
 * One session as `status`, the dashboard and the card know it. Everything in it is as Codex and the
 * repository gave it: scrubbed and sanitized by whoever shows it.
 */
export interface SessionView extends RankedSession {
  readonly surface: "cli" | "vscode" | "app" | "exec" | "unknown";
  readonly evidence: Evidence;
  /** A tool, an approval or a sub-agent is open. */
  readonly open: boolean;
  /** Sub-agents at work. */
  readonly agents: number;
  /** The project's name: of the repository's root folder, else of the folder itself. */
  readonly project: string | undefined;
  /** Or the start of a commit, when none is checked out. */
  readonly branch: string | undefined;
  readonly repository: RepositoryView | undefined;
  /** The thread's name; known only where the person turned titles on. */
  readonly title: string | undefined;
  /** As Codex names it, and as people say it. */
  readonly model: { readonly id: string; readonly label: string | undefined } | undefined;
  /** As Codex names it. */
  readonly effort: string | undefined;
  /** In a word; absent where it is the ordinary one. */
  readonly serviceTier: string | undefined;
  readonly tokens: Usage["tokens"];
  readonly context: Usage["context"];
  /** `undefined` where a price or a response is not known: never a guess. */
  readonly costUsd: number | undefined;
  /** For privacy rules; `undefined` until the folder was looked at. */
  readonly places: PlacesView | undefined;
}

export interface RepositoryView {
  readonly host: string;
  readonly owner: string | undefined;
  readonly name: string;
  readonly url: string | undefined;
  readonly credentials: boolean;
}

/** All sessions that live, best first. */
export interface SessionList {
  readonly sessions: readonly SessionView[];
  /** The one to be shown: not always the first, see `leaderOf`. */
  readonly leader: SessionView | undefined;
  readonly aggregate: Aggregate;
  /** The account's limits, as told last in any session. */
  readonly limits: Usage["limits"];
}

/** In the order in which they may be shown. */
export function leaderFirst({ sessions, leader }: SessionList): readonly SessionView[] {
  return leader === undefined ? sessions : [leader, ...sessions.filter((one) => one !== leader)];
}

export const noSessions: SessionList = {
  sessions: [],
  leader: undefined,
  aggregate: { sessions: 0, projects: 0, startedAt: undefined },
  limits: undefined,
};
