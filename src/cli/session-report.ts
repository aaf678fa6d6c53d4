import * as v from "valibot";
import type { Json } from "../instance/message.ts";
import type { RemoteSession } from "../instance/publishing.ts";
import { activityOf } from "../session/activity-of.ts";
import { type ActivityKind, activityKinds } from "../session/activity.ts";
import { nothingSpent } from "../session/cost.ts";
import { newSession, type Session } from "../session/session.ts";
import type { SessionList, SessionView } from "../session/session-view.ts";
import type { KnownSession } from "./session-view.ts";
import type { OwnChild } from "./session-watch.ts";

/**
 * What a wrapper tells the publisher of its own child: what no file says. What the child works on
 * stands in its rollout, and is taken from nowhere else.
 */
const reportSchema = v.object({
  /** Absent before the first prompt: then no file tells of the session. */
  // @guard report-thread-length
  thread: v.exactOptional(v.pipe(v.string(), v.maxLength(64))),
  activity: v.object({ kind: v.picklist(activityKinds), since: v.number() }),
  open: v.boolean(),
  startedAt: v.number(),
  /** Where it works; absent while that is open. */
  // @guard report-cwd-absolute
  // @guard report-cwd-length
  cwd: v.exactOptional(v.pipe(v.string(), v.maxLength(4096), v.regex(/^(?:[/\\]|[a-z]:)/i))),
});

/** Two clocks of one machine never differ by more than this. */
const skewMs = 1000;

export type SessionReport = v.InferOutput<typeof reportSchema>;

/** The report of our own child. */
export function reportOf({ session, startedAt, cwd: begun }: OwnChild, now: number): Json {
  const thread = session.facts?.thread;
  const cwd = session.settings.cwd ?? session.facts?.cwd ?? begun;
  const { kind, since } = activityOf(session, now);
  return {
    ...(thread === undefined ? {} : { thread }),
    activity: { kind, since },
    open: isOpen(session),
    startedAt,
    ...(cwd === undefined ? {} : { cwd }),
  };
}

function isOpen(session: Session): boolean {
  return session.calls.length > 0 || session.status?.state === "blocked";
}

/** The list with our own child's state as it is at `now`. */
export function withOwn(list: SessionList, own: OwnChild, now: number): SessionList {
  const { session } = own;
  return replaced(list, (view) =>
    view.own ? { ...view, activity: activityOf(session, now), open: isOpen(session) } : view,
  );
}

/** Reads what other processes sent; what is not understood is left out. Newest wrapper first. */
export function readReports(remote: readonly RemoteSession[]): readonly SessionReport[] {
  return remote.flatMap(({ session }) => {
    const read = v.safeParse(reportSchema, session);
    return read.success ? [read.output] : [];
  });
}

/** The sessions that are reported, as far as they can be known by that: where, and since when. */
export function toldIn(reports: readonly SessionReport[]): readonly KnownSession[] {
  return reports.map((report) => {
    const { cwd, startedAt } = report;
    const id = idOf(report);
    return {
      id,
      own: false,
      session: newSession,
      spent: nothingSpent,
      surface: "cli",
      cwd,
      startedAt,
      reported: true,
    };
  });
}

function idOf({ thread, startedAt }: SessionReport): string {
  return thread ?? `new-${startedAt}`;
}

/**
 * For so long a wrapper's word may be ahead of the rollout, which is written some 100 ms later at
 * most; on a disk that is slow, later.
 */
const aheadMs = 10_000;

/**
 * The list with what the wrappers know better: since when their children run, and what these do as
 * far as their rollouts do not say otherwise.
 *
 * @param now ms since the epoch
 */
export function mergeReports(
  list: SessionList,
  reports: readonly SessionReport[],
  now: number,
): SessionList {
  if (reports.length === 0) return list;
  return replaced(list, (view) => {
    const report = reports.find((each) => idOf(each) === view.id);
    // @guard report-own
    if (report === undefined || view.own) return view;
    const { open, startedAt, activity } = report;
    // @guard report-outranked
    if (!outranks(activity, view, now)) return { ...view, startedAt };
    return { ...view, activity, evidence: "wrapper", open: open || view.agents > 0, startedAt };
  });
}

/** What a claim of a wrapper is measured by. */
interface Claim {
  /** The rollout has a turn that has not ended. */
  readonly isInTurn: boolean;
  /** The rollout has no newer line. */
  readonly isNewer: boolean;
  /** Newer, and the rollout need not say the same yet. */
  readonly isAhead: boolean;
}

// No rollout tells of these, but they are of a turn, and its end does stand there.
const untold = ({ isInTurn, isAhead }: Claim): boolean => isInTurn || isAhead;
// @guard report-turn
const work = ({ isInTurn, isAhead }: Claim): boolean => !isInTurn && isAhead;
// The rollout has the reason, a moment later.
const failure = ({ isAhead }: Claim): boolean => isAhead;
// A turn that died leaves no line; one that goes on leaves newer ones.
const rest = ({ isNewer }: Claim): boolean => isNewer;

const stands: Readonly<Record<ActivityKind, (claim: Claim) => boolean>> = {
  approval: untold,
  question: untold,
  compacting: untold,
  idle: rest,
  error: failure,
  limited: failure,
  starting: work,
  thinking: work,
  reading: work,
  searching: work,
  editing: work,
  running: work,
  planning: work,
  tool: work,
  delegating: work,
};

/**
 * Whether what a wrapper says its child does stands against what the child's rollout says. The
 * rollout is ours to read, and the wrapper may be any program of this user.
 */
function outranks(said: SessionReport["activity"], view: SessionView, now: number): boolean {
  if (view.evidence === "wrapper") return true; // No rollout tells of this session.
  // @guard report-future
  // @guard report-older
  const isNewer = said.since >= view.updatedAt && said.since <= now + skewMs;
  // @guard report-stale
  const isAhead = isNewer && now - said.since < aheadMs;
  return stands[said.kind]({ isInTurn: view.turn !== undefined, isNewer, isAhead });
}

/** The sooner of `due` and of when a report may stand no longer, after `now` (ms). */
export function dueWith(
  reports: readonly SessionReport[],
  due: number | undefined,
  now: number,
): number | undefined {
  const ends = reports.map(({ activity }) => activity.since + aheadMs).filter((end) => end > now);
  const soonest = Math.min(due ?? Infinity, ...ends);
  return soonest === Infinity ? undefined : soonest;
}

function replaced(list: SessionList, better: (view: SessionView) => SessionView): SessionList {
  const sessions = list.sessions.map(better);
  const leader = sessions.find(({ id }) => id === list.leader?.id);
  return { ...list, sessions, leader };
}
