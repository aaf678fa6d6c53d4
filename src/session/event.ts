import type { ActivityKind } from "./activity.ts";

/** What a tool call is doing, as far as its start tells. */
export type WorkKind = Extract<
  ActivityKind,
  | "reading"
  | "searching"
  | "editing"
  | "running"
  | "planning"
  | "tool"
  | "delegating"
  | "question"
  | "thinking"
>;

export interface Work {
  readonly kind: WorkKind;
  /** A file's base name, a program and subcommand, a tool. Untrusted until scrubbed. */
  readonly target?: string;
  /**
   * Of a file: absolute, or from the session's folder; absent where that is not known. The target of
   * "running" is a file's name only where there is a path.
   */
  readonly path?: string;
  /** Of a file that an interpreter runs: the interpreter, which may be named where the file may not. */
  readonly program?: string;
}

/** Tokens as Codex counts them; `cached` is part of `input`, `reasoning` part of `output`. */
export interface TokenCount {
  readonly input: number;
  readonly cached: number;
  /** Part of `input` that was put into the cache, which some models bill; absent for none. */
  readonly cacheWrite?: number;
  readonly output: number;
  readonly reasoning: number;
  readonly total: number;
}

/** One quota: how much of it is used and when it starts anew (ms since the epoch). */
export interface LimitWindow {
  readonly usedPercent: number;
  readonly minutes?: number;
  readonly resetsAt?: number;
}

/** The quotas of one limit, as one report tells of them. */
export interface Limits {
  /** Which limit: the account's own (`ownLimit`) where absent, else one of a single model. */
  readonly id?: string;
  readonly name?: string;
  readonly windows: readonly LimitWindow[];
  readonly plan?: string;
  readonly credits?: {
    readonly has: boolean;
    readonly unlimited: boolean;
    readonly balance?: string;
  };
}

/** The limit of the account itself, as Codex names it. */
export const ownLimit = "codex";

/** Why a turn failed: `limit` when the account's or the service's quota is used up. */
export interface Failure {
  readonly reason: string;
  readonly limit: boolean;
}

/** The program status of the child itself (OSC 7501). */
export type StatusState = "idle" | "working" | "blocked" | "done" | "error" | "clear";

/** What the window title tells of a Codex that reports no status. */
export type TitleHint = "busy" | "attention" | "quiet";

/** Facts a session states about itself once, when it begins. */
export interface SessionFacts {
  readonly thread: string;
  readonly parent?: string;
  /** Of a sub-agent: the thread that its parent's parents began with. */
  readonly root?: string;
  /** Codex runs it for itself (a review, a guardian): it is no person's session. */
  readonly internal?: boolean;
  /** When the thread was created, ms since the epoch; not when its first message came. */
  readonly createdAt?: number;
  readonly cwd?: string;
  readonly originator?: string;
  readonly source?: string;
  readonly version?: string;
  readonly branch?: string;
  readonly repository?: string;
}

/** Facts that may change from turn to turn; what is absent stays as it was. */
export interface Settings {
  readonly cwd?: string;
  readonly model?: string;
  readonly effort?: string;
  readonly serviceTier?: string;
  readonly planMode?: boolean;
}

/**
 * Something that happened in a session, in the past tense. `at` is when, in ms since the epoch, by
 * the clock of whoever saw it first (the rollout's own timestamp, or ours for what the child
 * reports through its terminal). Optional parts that a source does not know are absent.
 */
export type SessionEvent = { readonly at: number } & (
  | { readonly type: "sessionStarted"; readonly facts: SessionFacts }
  | { readonly type: "settingsApplied"; readonly settings: Settings }
  | {
      readonly type: "turnStarted";
      readonly turn: string;
      /** Its release names a cause, and it has none: a manual compaction, unless a prompt follows. */
      readonly unattributed?: boolean;
      readonly contextWindow?: number;
    }
  | { readonly type: "turnEnded"; readonly turn?: string; readonly failure?: Failure }
  | { readonly type: "turnAborted"; readonly turn?: string }
  | { readonly type: "userPrompted"; readonly turn?: string; readonly clientId?: string }
  | { readonly type: "modelReasoned"; readonly turn?: string }
  /** `final`: Codex marks it as the last answer of its turn, or as one after which it goes on. */
  | { readonly type: "modelReplied"; readonly turn?: string; readonly final?: boolean }
  | {
      readonly type: "toolStarted";
      readonly call: string;
      readonly turn?: string;
      readonly work: Work;
      /** A program that calls tools itself (code mode): what it does shows later. */
      readonly composite?: boolean;
      /** It needs the person's approval, unless that was given for good. */
      readonly mayAsk?: boolean;
    }
  /** `work`: what it turned out to be, which corrects the composite call it was made in. */
  | { readonly type: "toolEnded"; readonly call: string; readonly work?: Work }
  /** Work that is known only now that it is over: a web search. */
  | { readonly type: "workSeen"; readonly turn?: string; readonly work: Work }
  | { readonly type: "compactionStarted" }
  | { readonly type: "compacted" }
  | {
      readonly type: "usageReported";
      readonly total: TokenCount;
      /** Absent where only the running total is reported. */
      readonly last?: TokenCount;
      readonly contextWindow?: number;
    }
  | { readonly type: "limitsReported"; readonly limits: Limits }
  | {
      readonly type: "statusReported";
      /** `unknown`: a state of a later release, so that the last one is over. */
      readonly state: StatusState | "unknown";
      readonly kind?: "permission" | "question";
    }
  | { readonly type: "titleReported"; readonly hint: TitleHint }
  /** The child's screen was emptied for another thread (/clear, /new, resume). */
  | { readonly type: "screenReset" }
  /** The child's screen is up; it may still ask something before it takes a prompt. */
  | { readonly type: "childStarted" }
  | { readonly type: "childEnded" }
);
