import { begunAfter, isLate, type OpenCall, withCall, withoutCall } from "./calls.ts";
import type {
  Failure,
  Limits,
  SessionEvent,
  SessionFacts,
  Settings,
  StatusState,
  TitleHint,
  TokenCount,
  Work,
} from "./event.ts";

export interface OpenTurn {
  readonly id: string | undefined;
  readonly at: number;
  readonly unattributed: boolean;
  /** Something came that a turn for a mere compaction has not: a prompt, a tool call. */
  readonly explained: boolean;
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
    | { readonly total: TokenCount; readonly last: TokenCount; readonly at: number }
    | undefined;
  readonly contextWindow: number | undefined;
  readonly limits: (Limits & { readonly at: number }) | undefined;
  readonly status: Status | undefined;
  readonly title: { readonly hint: TitleHint; readonly since: number } | undefined;
  /** A title with a spinner was seen, so one without it means rest. */
  readonly titleSpins: boolean;
  /** When the child's screen was last made ready: a short busy blip follows (facts of OSC 7501). */
  readonly readyAt: number | undefined;
  readonly endedAt: number | undefined;
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
  limits: undefined,
  status: undefined,
  title: undefined,
  titleSpins: false,
  readyAt: undefined,
  endedAt: undefined,
  updatedAt: undefined,
};

const maxEndedTurns = 16;
/** A compaction's turn starts a few ms after the person asked for it. */
const compactionLeadMs = 5000;

/**
 * The session after `event`. Pure: replaying a rollout gives what tailing it gave. Events may come
 * late or out of order; none throws and none leaves a call open after its turn has ended.
 */
export function reduce(session: Session, event: SessionEvent): Session {
  const next = apply(session, event);
  const updatedAt = Math.max(session.updatedAt ?? event.at, event.at);
  return next.updatedAt === updatedAt ? next : { ...next, updatedAt };
}

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
      return { ...session, turn: explained(session.turn), compactingSince: undefined };
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
        ...session,
        usage: { total: event.total, last: event.last, at: event.at },
        contextWindow: event.contextWindow ?? session.contextWindow,
      };
    case "limitsReported":
      return { ...session, limits: { ...event.limits, at: event.at } };
    case "statusReported":
      return statusReported(session, event);
    case "titleReported":
      return titleReported(session, event);
    case "screenReset":
      return { ...session, readyAt: event.at };
    case "childEnded":
      return { ...session, ...atRest(event.at), endedAt: event.at };
    default:
      return session;
  }
}

type Of<Type extends SessionEvent["type"]> = Extract<SessionEvent, { readonly type: Type }>;

function turnStarted(session: Session, event: Of<"turnStarted">): Session {
  if (session.endedTurns.includes(event.turn)) return session;
  const asked = session.compactingSince;
  return {
    ...session,
    turn: {
      id: event.turn,
      at: event.at,
      unattributed: event.unattributed ?? false,
      explained: false,
    },
    // A thread has one turn at a time: whatever was open belongs to one that died unseen.
    calls: session.calls.filter((call) => call.turn === event.turn),
    lastSeen: undefined,
    failure: undefined,
    compactingSince: asked !== undefined && event.at - asked < compactionLeadMs ? asked : undefined,
    contextWindow: event.contextWindow ?? session.contextWindow,
  };
}

function turnEnded(session: Session, event: Of<"turnEnded" | "turnAborted">): Session {
  const id = event.turn ?? session.turn?.id;
  const endedTurns =
    id === undefined || session.endedTurns.includes(id)
      ? session.endedTurns
      : [...session.endedTurns.slice(1 - maxEndedTurns), id];
  const running = session.turn;
  if (running !== undefined && running.id !== undefined && running.id !== id) {
    // A line of an older turn that came late: the running one goes on.
    return { ...session, endedTurns, calls: session.calls.filter((call) => call.turn !== id) };
  }
  const failure = event.type === "turnEnded" ? event.failure : undefined;
  const compacted = running?.unattributed === true && !running.explained;
  const stillSaysWorking = session.status?.state === "working";
  return {
    ...session,
    ...atRest(event.at),
    // The child's own word that it is over follows within 15 ms.
    compactingSince: compacted && stillSaysWorking ? running.at : undefined,
    endedTurns,
    failure: failure === undefined ? undefined : { ...failure, at: event.at },
  };
}

function toolStarted(session: Session, event: Of<"toolStarted">): Session {
  const turn = event.turn ?? session.turn?.id;
  if (turn !== undefined && session.endedTurns.includes(turn)) return session;
  if (isLate(event.at, session.status?.quietAt)) return session;
  const { call: id, at, work, composite = false, mayAsk = false } = event;
  return {
    ...session,
    // A file read from its middle shows the call before the start of its turn.
    turn: explained(session.turn) ?? { id: turn, at, unattributed: false, explained: true },
    calls: withCall(session.calls, { id, turn, at, work, composite, mayAsk }),
    lastSeen: undefined,
  };
}

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

function atRest(at: number) {
  return {
    turn: undefined,
    calls: [],
    lastSeen: undefined,
    compactingSince: undefined,
    restedAt: at,
  } as const;
}

function explained(turn: OpenTurn | undefined): OpenTurn | undefined {
  return turn === undefined || turn.explained ? turn : { ...turn, explained: true };
}
