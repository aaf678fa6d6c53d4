import { begunAfter, type OpenCall, withoutCall } from "./calls.ts";
import type {
  Failure,
  SessionEvent,
  SessionFacts,
  Settings,
  StatusState,
  TitleHint,
  TokenCount,
  Work,
} from "./event.ts";
import { withLimits, type ReportedLimits } from "./limits.ts";
import {
  atRest,
  goneOn,
  modelReplied,
  responseCounted,
  toolStarted,
  turnEnded,
  turnStarted,
  userPrompted,
} from "./turns.ts";

export interface OpenTurn {
  readonly id: string | undefined;
  readonly at: number;
  readonly unattributed: boolean;
  /** Something came that a turn for a mere compaction has not: a prompt, a tool call. */
  readonly explained: boolean;
  /** No line marks its start: older releases write none, or it was not read. */
  readonly implied: boolean;
  /** The last answer of the model, unless it went on with something else since. */
  readonly reply: TurnReply | undefined;
}

export interface TurnReply {
  readonly at: number;
  /** Codex marks it as the turn's last answer. */
  readonly final: boolean;
  /** The response that it is part of was counted, and asked for no tool. */
  readonly counted: boolean;
}

/** What the child last said through its terminal, with when this state began. */
export interface Status {
  readonly state: StatusState;
  readonly kind: "permission" | "question" | undefined;
  readonly since: number;
  /** Since when it rests; a finished turn that was looked at ("done" to "idle") rests on. */
  readonly restSince: number | undefined;
  /** When the child last stopped being busy (idle, done, error), by its own word. */
  readonly quietAt: number | undefined;
}

/**
 * What is known of one session. Built only by `reduce`; read by `activityOf` and the views.
 * Everything in it is untrusted text or a number as Codex gave it.
 */
export interface Session {
  readonly facts: SessionFacts | undefined;
  readonly settings: Settings;
  readonly turn: OpenTurn | undefined;
  /** Open calls, oldest first. */
  readonly calls: readonly OpenCall[];
  /** When the last call ended, or the last turn. */
  readonly restedAt: number | undefined;
  /** Ids of the turns that ended last, so that a late line opens nothing. */
  readonly endedTurns: readonly string[];
  readonly lastSeen: { readonly work: Work; readonly at: number } | undefined;
  readonly compactingSince: number | undefined;
  readonly failure: (Failure & { readonly at: number }) | undefined;
  readonly usage:
    | { readonly total: TokenCount; readonly last: TokenCount | undefined; readonly at: number }
    | undefined;
  readonly contextWindow: number | undefined;
  /** The account's own limit, and those of single models, each as it was reported last. */
  readonly limits: readonly ReportedLimits[];
  readonly status: Status | undefined;
  readonly title: { readonly hint: TitleHint; readonly since: number } | undefined;
  /** A title with a spinner was seen, so one without it means rest. */
  readonly titleSpins: boolean;
  /** When the child's screen was last made ready: a short busy blip follows (facts of OSC 7501). */
  readonly readyAt: number | undefined;
  readonly endedAt: number | undefined;
  /** Of the first sign of life: a turn, a prompt, a call, a count. */
  readonly livedAt: number | undefined;
  /** Of the newest event, ms since the epoch. */
  readonly updatedAt: number | undefined;
}

export const newSession: Session = {
  facts: undefined,
  settings: {},
  turn: undefined,
  calls: [],
  restedAt: undefined,
  endedTurns: [],
  lastSeen: undefined,
  compactingSince: undefined,
  failure: undefined,
  usage: undefined,
  contextWindow: undefined,
  limits: [],
  status: undefined,
  title: undefined,
  titleSpins: false,
  readyAt: undefined,
  endedAt: undefined,
  livedAt: undefined,
  updatedAt: undefined,
};

/**
 * The session after `event`. Pure: replaying a rollout gives what tailing it gave. Events may come
 * late or out of order; none throws and none leaves a call open after its turn has ended.
 */
export function reduce(session: Session, event: SessionEvent): Session {
  const next = apply(session, event);
  const updatedAt = Math.max(session.updatedAt ?? event.at, event.at);
  const livedAt = session.livedAt ?? (lifeless.has(event.type) ? undefined : event.at);
  const same = next.updatedAt === updatedAt && next.livedAt === livedAt;
  return same ? next : { ...next, updatedAt, livedAt };
}

/** What comes before anything is done, or from the child's terminal. */
const lifeless: ReadonlySet<SessionEvent["type"]> = new Set([
  "sessionStarted",
  "settingsApplied",
  "limitsReported",
  "statusReported",
  "titleReported",
  "screenReset",
  "compactionStarted",
  "childStarted",
]);

/**
 * The session a child shows from now on: what is known of the thread, and what the child's
 * terminal said, which belongs to the child whatever thread it shows.
 */
export function switchThread(shown: Session, thread: Session): Session {
  const { status, title, titleSpins, readyAt, endedAt } = shown;
  return { ...thread, status, title, titleSpins, readyAt, endedAt };
}

function apply(session: Session, event: SessionEvent): Session {
  switch (event.type) {
    case "sessionStarted":
      // A sub-agent's file repeats its parent's head: the first is its own.
      return session.facts === undefined ? { ...session, facts: event.facts } : session;
    case "settingsApplied":
      return { ...session, settings: { ...session.settings, ...event.settings } };
    case "turnStarted":
      return turnStarted(session, event);
    case "turnEnded":
    case "turnAborted":
      return turnEnded(session, event);
    case "userPrompted":
      return { ...userPrompted(session, event), compactingSince: undefined };
    case "modelReasoned":
      return goneOn(session, event);
    case "modelReplied":
      return modelReplied(session, event);
    case "toolStarted":
      return toolStarted(session, event);
    case "toolEnded":
      return toolEnded(session, event);
    case "workSeen":
      return workSeen(session, event);
    case "compactionStarted":
      return { ...session, compactingSince: event.at };
    case "compacted":
      return { ...session, compactingSince: undefined };
    case "usageReported":
      return {
        ...responseCounted(session, event.at),
        usage: { total: event.total, last: event.last, at: event.at },
        contextWindow: event.contextWindow ?? session.contextWindow,
      };
    case "limitsReported":
      return { ...session, limits: withLimits(session.limits, event.limits, event.at) };
    case "statusReported":
      return statusReported(session, event);
    case "titleReported":
      return titleReported(session, event);
    case "screenReset":
      return { ...session, readyAt: event.at };
    case "childEnded":
      return { ...session, ...atRest(event.at), endedAt: event.at };
    case "childStarted":
    default:
      return session;
  }
}

type Of<Type extends SessionEvent["type"]> = Extract<SessionEvent, { readonly type: Type }>;

function toolEnded(session: Session, event: Of<"toolEnded">): Session {
  const calls = withoutCall(session.calls, event.call, event.work);
  if (calls === session.calls) return session;
  return calls.length < session.calls.length
    ? { ...session, calls, restedAt: event.at }
    : { ...session, calls };
}

function workSeen(session: Session, event: Of<"workSeen">): Session {
  if (session.turn === undefined || session.calls.length > 0) return session;
  return { ...session, lastSeen: { work: event.work, at: event.at } };
}

function statusReported(session: Session, event: Of<"statusReported">): Session {
  const before = session.status;
  // As with a child that reports none: the rollout and the title decide until it says what we know.
  if (event.state === "unknown") return { ...session, status: undefined };
  const quiet = event.state === "idle" || event.state === "done" || event.state === "error";
  const rests = quiet || event.state === "clear";
  const same = before?.state === event.state && before.kind === event.kind;
  const status: Status = {
    state: event.state,
    kind: event.kind,
    since: same ? before.since : event.at,
    restSince: rests ? (before?.restSince ?? event.at) : undefined,
    quietAt: quiet ? event.at : before?.quietAt,
  };
  const firstIdle = event.state === "idle" && session.readyAt === undefined;
  return {
    ...session,
    status,
    readyAt: firstIdle ? event.at : session.readyAt,
    // By the child's own word nothing older runs any more, whatever the file has not yet said.
    calls: quiet ? begunAfter(session.calls, event.at) : session.calls,
    compactingSince: quiet ? undefined : session.compactingSince,
  };
}

function titleReported(session: Session, event: Of<"titleReported">): Session {
  const since = session.title?.hint === event.hint ? session.title.since : event.at;
  return {
    ...session,
    title: { hint: event.hint, since },
    titleSpins: session.titleSpins || event.hint === "busy",
  };
}
