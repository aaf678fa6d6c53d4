import { isLate, withCall } from "./calls.ts";
import type { SessionEvent } from "./event.ts";
import type { OpenTurn, Session } from "./session.ts";

type Of<Type extends SessionEvent["type"]> = Extract<SessionEvent, { readonly type: Type }>;

const maxEndedTurns = 16;
/** A compaction's turn starts a few ms after the person asked for it. */
const compactionLeadMs = 5000;

export function turnStarted(session: Session, event: Of<"turnStarted">): Session {
  if (session.endedTurns.includes(event.turn)) return session;
  const asked = session.compactingSince;
  const before = session.turn?.id;
  return {
    ...session,
    // A thread has one turn at a time: the one before has ended, if no other line says so.
    endedTurns: before === event.turn ? session.endedTurns : withEnded(session.endedTurns, before),
    turn: {
      id: event.turn === "" ? undefined : event.turn,
      at: event.at,
      unattributed: event.unattributed ?? false,
      explained: false,
      implied: false,
      reply: undefined,
    },
    // Whatever was open belongs to a turn that died unseen.
    calls: session.calls.filter((call) => call.turn !== undefined && call.turn === event.turn),
    lastSeen: undefined,
    failure: undefined,
    compactingSince: asked !== undefined && event.at - asked < compactionLeadMs ? asked : undefined,
    contextWindow: event.contextWindow ?? session.contextWindow,
  };
}

/** The end of the turn that runs, unless it names one that has ended before: Codex's own rule. */
export function turnEnded(session: Session, event: Of<"turnEnded" | "turnAborted">): Session {
  const { turn: id } = event;
  const running = session.turn;
  if (running !== undefined && id !== undefined && id !== running.id) {
    // A line of an older turn that came late: the running one goes on.
    if (session.endedTurns.includes(id) || event.at < running.at) {
      const calls = session.calls.filter((call) => call.turn !== id);
      return { ...session, calls, endedTurns: withEnded(session.endedTurns, id) };
    }
  }
  const endedTurns = withEnded(withEnded(session.endedTurns, running?.id), id);
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

function withEnded(turns: readonly string[], id: string | undefined): readonly string[] {
  if (id === undefined || turns.includes(id)) return turns;
  return [...turns.slice(1 - maxEndedTurns), id];
}

/** Whether an event is of a turn that is over, or of before the child rested. */
function isOfThePast(session: Session, event: { at: number; turn?: string | undefined }): boolean {
  const { turn, at } = event;
  if (turn !== undefined && session.endedTurns.includes(turn)) return true;
  return isLate(at, session.status?.quietAt);
}

/** A turn that is known by what is done in it: its start was not read, or is not written. */
function impliedTurn(event: { at: number; turn?: string | undefined }): OpenTurn {
  const { at, turn: id } = event;
  return { id, at, unattributed: false, explained: true, implied: true, reply: undefined };
}

export function userPrompted(session: Session, event: Of<"userPrompted">): Session {
  if (isOfThePast(session, event)) return session;
  const { turn } = session;
  const other = event.turn !== undefined && turn?.id !== undefined && event.turn !== turn.id;
  // Releases that do not say when a turn begins do not say that the one before was given up.
  if (turn === undefined || other || (turn.implied && event.turn === undefined)) {
    const begun = impliedTurn({ ...event, turn: event.turn ?? turn?.id });
    const endedTurns = other ? withEnded(session.endedTurns, turn.id) : session.endedTurns;
    return {
      ...session,
      endedTurns,
      turn: begun,
      calls: [],
      lastSeen: undefined,
      failure: undefined,
    };
  }
  return { ...session, turn: { ...turn, explained: true, reply: undefined } };
}

/** The model works on: a turn runs, and its last answer was not the end. */
export function goneOn(session: Session, event: Of<"modelReasoned" | "modelReplied">): Session {
  if (isOfThePast(session, event)) return session;
  const { turn } = session;
  if (turn === undefined) return { ...session, turn: impliedTurn(event), failure: undefined };
  if (turn.reply === undefined || turn.reply.final) return session;
  return { ...session, turn: { ...turn, reply: undefined } };
}

export function modelReplied(session: Session, event: Of<"modelReplied">): Session {
  const { turn } = session;
  if (turn === undefined || isOfThePast(session, event)) return session;
  const { at, final } = event;
  if (final === false) return goneOn(session, event);
  // The legacy dialect has the same answer twice; only one of them may be marked as the last.
  const reply = { at, final: final === true || turn.reply?.final === true, counted: false };
  return ended({ ...session, turn: { ...turn, reply } }, at);
}

export function responseCounted(session: Session, at: number): Session {
  const { turn, calls } = session;
  if (turn?.reply === undefined || calls.length > 0) return session;
  return ended({ ...session, turn: { ...turn, reply: { ...turn.reply, counted: true } } }, at);
}

/** Where no line ends a turn, an answer that is the last, or is all of a response, does. */
function ended(session: Session, at: number): Session {
  const reply = session.turn?.implied === true ? session.turn.reply : undefined;
  const isLast = reply !== undefined && (reply.final || reply.counted);
  return isLast && session.calls.length === 0 ? { ...session, ...atRest(at) } : session;
}

export function toolStarted(session: Session, event: Of<"toolStarted">): Session {
  const turn = event.turn ?? session.turn?.id;
  if (isOfThePast(session, { at: event.at, turn })) return session;
  const { call: id, at, work, composite = false, mayAsk = false } = event;
  const running = session.turn;
  return {
    ...session,
    // A file read from its middle shows the call before the start of its turn.
    turn:
      running === undefined
        ? impliedTurn({ at, turn })
        : { ...running, explained: true, reply: undefined },
    calls: withCall(session.calls, { id, turn, at, work, composite, mayAsk }),
    lastSeen: undefined,
  };
}

/** What nothing is open in any more. */
export function atRest(at: number) {
  return {
    turn: undefined,
    calls: [],
    lastSeen: undefined,
    compactingSince: undefined,
    restedAt: at,
  } as const;
}
