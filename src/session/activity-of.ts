import type { Activity } from "./activity.ts";
import type { OpenCall } from "./calls.ts";
import type { Session, Status } from "./session.ts";

/** Codex is busy for 10 to 30 ms right after it became ready; nobody works then. */
const blipMs = 100;
/** How long after it became ready such a blip may begin. */
const blipWindowMs = 1000;
/** A turn that nobody is named for and no prompt explains by then compacts the context. */
const compactionGuessMs = 100;
/** The approval that a call needs is asked for within 13 to 90 ms; by then it just runs. */
const askingMs = 150;
/** Two clocks of one machine never differ by more than this. */
const skewMs = 1000;
/** Timers count in 32 bits of ms (24 days), and a limit may reset later than that. */
const farMs = 3_600_000;
/** How long work that is known only by its end is still shown. */
const lingerMs = 2000;
/** A turn whose last answer was given ends within ms, unless what ends it was lost. */
const answeredMs = 2000;
/** The same where nothing marks the answer as the last. */
const perhapsAnsweredMs = 30_000;
/** A Codex that begins its first turn, or is given a prompt, has taken less. */
const startingMs = 10_000;
/** A Codex that set its title but no status by then is one that reports none. */
const silentStatusMs = 1000;

/**
 * What the session does at `now` (ms since the epoch). What the child itself reports (OSC 7501)
 * decides between working, blocked and at rest; the rollout tells what it works on. A finished
 * turn nobody has looked at yet ("done") waits for the person: idle.
 */
export function activityOf(session: Session, now: number): Activity {
  if (session.endedAt !== undefined) return { kind: "idle", since: session.endedAt };
  const status = session.status;
  if (status === undefined) return withoutStatus(session, now);
  switch (status.state) {
    case "idle":
    case "done":
    case "clear":
      return { kind: "idle", since: status.restSince ?? status.since };
    case "error":
      // The turn's end, a few ms away, tells whether a limit is the reason.
      if (session.turn !== undefined && isWithin(blipMs, status.since, now)) break;
      return failed(session, status.since, now);
    case "blocked":
      return { kind: status.kind === "question" ? "question" : "approval", since: status.since };
    case "working":
      break;
  }
  if (status.state === "working" && isBlip(session, status, now)) {
    const { readyAt } = session;
    return readyAt === undefined
      ? { kind: "starting", since: status.since }
      : { kind: "idle", since: readyAt };
  }
  return workOf(session, now) ?? { kind: thinkingKind(session), since: thinkingSince(session) };
}

/**
 * When, after `now`, `activityOf` may answer otherwise without a new event; `undefined` if never.
 * Whoever shows the activity looks again then.
 */
export function activityDueAt(session: Session, now: number): number | undefined {
  const newest = session.calls.at(-1);
  const moments = [
    session.status === undefined ? undefined : session.status.since + blipMs,
    newest?.mayAsk === true ? newest.at + askingMs : undefined,
    session.lastSeen === undefined ? undefined : session.lastSeen.at + lingerMs,
    session.turn === undefined ? undefined : session.turn.at + compactionGuessMs,
    answeredBy(session),
    session.livedAt === undefined && session.updatedAt !== undefined
      ? session.updatedAt + startingMs
      : undefined,
    session.status === undefined && session.title !== undefined
      ? session.title.since + silentStatusMs
      : undefined,
    limitReset(session),
  ];
  const ahead = moments.filter((moment) => moment !== undefined).filter((moment) => moment > now);
  return ahead.length === 0 ? undefined : Math.min(...ahead, now + farMs);
}

function workOf(session: Session, now: number): Activity | undefined {
  const open = session.calls.findLast((call) => isUnderWay(call, session.status, now));
  if (open !== undefined) return { ...open.work, since: open.at };
  if (session.compactingSince !== undefined) {
    return { kind: "compacting", since: session.compactingSince };
  }
  const seen = session.lastSeen;
  if (seen !== undefined && isWithin(lingerMs, seen.at, now))
    return { ...seen.work, since: seen.at };
  const turn = session.turn;
  if (turn === undefined) return undefined;
  if (turn.unattributed && !turn.explained && !isWithin(compactionGuessMs, turn.at, now)) {
    return { kind: "compacting", since: turn.at };
  }
  return { kind: thinkingKind(session), since: thinkingSince(session) };
}

/** Whether a call is what the child works on, or waits, or has waited, for the person. */
function isUnderWay(call: OpenCall, status: Status | undefined, now: number): boolean {
  if (status === undefined) return true;
  const spokenSince = status.since > call.at;
  // The child went on after it had asked: that question is answered, that approval given.
  if (call.work.kind === "question") return !spokenSince;
  return !call.mayAsk || spokenSince || !isWithin(askingMs, call.at, now);
}

/** Older releases, `codex exec`, sessions outside a wrapper: the rollout and the title decide. */
function withoutStatus(session: Session, now: number): Activity {
  const { title } = session;
  if (title?.hint === "attention") {
    const asks = session.calls.some((call) => call.work.kind === "question");
    return { kind: asks ? "question" : "approval", since: title.since };
  }
  const work = workOf(session, now);
  const answered = title?.hint !== "busy" && isAnswered(session, now);
  if (work !== undefined && !answered) return work;
  if (title?.hint === "busy") return { kind: thinkingKind(session), since: title.since };
  if (answered) return { kind: "idle", since: session.turn?.reply?.at ?? now };
  if (session.failure !== undefined) return failed(session, session.failure.at, now);
  if (session.restedAt !== undefined) return { kind: "idle", since: session.restedAt };
  if (title !== undefined && (session.titleSpins || !isWithin(silentStatusMs, title.since, now))) {
    return { kind: "idle", since: title.since };
  }
  const { facts, livedAt, updatedAt } = session;
  const since = facts?.createdAt ?? updatedAt ?? now;
  // A child that has told nothing yet, or its first words a moment ago.
  const starts = isWithin(startingMs, updatedAt ?? now, now);
  if (livedAt === undefined && starts) return { kind: "starting", since };
  return { kind: "idle", since: updatedAt ?? now };
}

/** By when a turn is over of which nothing but its answer tells; `undefined` while it works. */
function answeredBy({ turn, calls }: Session): number | undefined {
  const reply = turn?.reply;
  if (reply === undefined || calls.length > 0) return undefined;
  if (reply.final) return reply.at + answeredMs;
  return reply.counted || turn?.implied === true ? reply.at + perhapsAnsweredMs : undefined;
}

function isAnswered(session: Session, now: number): boolean {
  const by = answeredBy(session);
  return by !== undefined && now >= by;
}

function failed(session: Session, since: number, now: number): Activity {
  if (session.failure?.limit !== true) return { kind: "error", since };
  const until = limitReset(session);
  if (until === undefined) return { kind: "limited", since };
  return until > now ? { kind: "limited", since, until } : { kind: "idle", since: until };
}

/** When the quotas that are used up have all started anew; `undefined` if nobody says. */
function limitReset(session: Session): number | undefined {
  if (session.failure?.limit !== true) return undefined;
  const windows = session.limits.flatMap((limit) => limit.windows);
  const usedUp = windows.filter((window) => window.usedPercent >= 100);
  const resets = usedUp.map(({ resetsAt }) => resetsAt).filter((at) => at !== undefined);
  return resets.length === 0 || resets.length < usedUp.length ? undefined : Math.max(...resets);
}

function isBlip(session: Session, status: Status, now: number): boolean {
  const worked = session.turn !== undefined || (session.restedAt ?? 0) > status.since;
  if (worked || !isWithin(blipMs, status.since, now)) return false;
  return session.readyAt === undefined || status.since - session.readyAt < blipWindowMs;
}

/** Less than `ms` ago. What lies far ahead was long ago: the clock was set back since. */
function isWithin(ms: number, since: number, now: number): boolean {
  return now - since < ms && since - now < skewMs;
}

function thinkingKind(session: Session): "planning" | "thinking" {
  return session.settings.planMode === true ? "planning" : "thinking";
}

function thinkingSince(session: Session): number {
  const { turn, status, restedAt } = session;
  const working = status?.state === "working" ? status.since : 0;
  const since = Math.max(turn?.at ?? 0, working, turn === undefined ? 0 : (restedAt ?? 0));
  return since === 0 ? (session.updatedAt ?? 0) : since;
}
