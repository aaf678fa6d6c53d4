import * as v from "valibot";
import type { Json } from "../instance/message.ts";
import type { RemoteSession } from "../instance/publishing.ts";
import { activityOf } from "../session/activity-of.ts";
import { activityKinds } from "../session/activity.ts";
import { nothingSpent } from "../session/cost.ts";
import { newSession, type Session } from "../session/session.ts";
import type { SessionList, SessionView } from "../session/session-view.ts";
import type { KnownSession } from "./session-view.ts";
import type { OwnChild } from "./session-watch.ts";

/** What a wrapper tells the publisher of its own child: what no file says. */
const reportSchema = v.object({
  /** Absent before the first prompt: then no file tells of the session. */
  thread: v.exactOptional(v.pipe(v.string(), v.maxLength(64))),
  activity: v.object({
    kind: v.picklist(activityKinds),
    since: v.number(),
    target: v.exactOptional(v.pipe(v.string(), v.maxLength(256))),
    path: v.exactOptional(v.pipe(v.string(), v.maxLength(4096))),
    until: v.exactOptional(v.number()),
  }),
  open: v.boolean(),
  startedAt: v.number(),
  /** Where it works; absent while that is open. */
  cwd: v.exactOptional(v.pipe(v.string(), v.maxLength(4096), v.regex(/^(?:[/\\]|[a-z]:)/i))),
});

export type SessionReport = v.InferOutput<typeof reportSchema>;

/** The report of our own child. */
export function reportOf({ session, startedAt, cwd: begun }: OwnChild, now: number): Json {
  const thread = session.facts?.thread;
  const cwd = session.settings.cwd ?? session.facts?.cwd ?? begun;
  const { kind, since, target, path, until } = activityOf(session, now);
  return {
    ...(thread === undefined ? {} : { thread }),
    activity: {
      kind,
      since,
      ...(target === undefined ? {} : { target }),
      ...(path === undefined ? {} : { path }),
      ...(until === undefined ? {} : { until }),
    },
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
    };
  });
}

function idOf({ thread, startedAt }: SessionReport): string {
  return thread ?? `new-${startedAt}`;
}

/** The list with what the wrappers know better: their children's state, and since when they run. */
export function mergeReports(list: SessionList, reports: readonly SessionReport[]): SessionList {
  if (reports.length === 0) return list;
  return replaced(list, (view) => {
    const report = reports.find((each) => idOf(each) === view.id);
    if (report === undefined || view.own) return view;
    const { activity, open, startedAt } = report;
    return { ...view, activity, evidence: "wrapper", open: open || view.agents > 0, startedAt };
  });
}

function replaced(list: SessionList, better: (view: SessionView) => SessionView): SessionList {
  const sessions = list.sessions.map(better);
  const leader = sessions.find(({ id }) => id === list.leader?.id);
  return { ...list, sessions, leader };
}
