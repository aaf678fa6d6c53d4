import * as v from "valibot";
import type { Json } from "../instance/message.ts";
import type { RemoteSession } from "../instance/publishing.ts";
import { activityOf } from "../session/activity-of.ts";
import { activityKinds } from "../session/activity.ts";
import type { Session } from "../session/session.ts";
import type { SessionList, SessionView } from "../session/session-view.ts";
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
});

export type SessionReport = v.InferOutput<typeof reportSchema>;

/** The report of our own child. */
export function reportOf({ session, startedAt }: OwnChild, now: number): Json {
  const thread = session.facts?.thread;
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

/** The list with what the wrappers know better: their children's state, and since when they run. */
export function mergeReports(list: SessionList, reports: readonly SessionReport[]): SessionList {
  if (reports.length === 0) return list;
  const known = new Set(list.sessions.map(({ id }) => id));
  const unseen = reports.filter(({ thread }) => thread === undefined || !known.has(thread));
  return replaced(withUnseen(list, unseen), (view) => {
    const report = reports.find(({ thread }) => thread === view.id);
    if (report === undefined || view.own) return view;
    const { activity, open, startedAt } = report;
    return { ...view, activity, open: open || view.agents > 0, startedAt };
  });
}

/** Sessions of which no file tells yet: they are there, and nothing about them can be named. */
function withUnseen(list: SessionList, reports: readonly SessionReport[]): SessionList {
  if (reports.length === 0) return list;
  const added = reports.map((report) => unseenView(report));
  const { aggregate } = list;
  return {
    ...list,
    sessions: [...list.sessions, ...added],
    leader: list.leader ?? added[0],
    aggregate: { ...aggregate, sessions: aggregate.sessions + added.length },
  };
}

function unseenView({ thread, activity, open, startedAt }: SessionReport): SessionView {
  return {
    id: thread ?? `new-${startedAt}`,
    parent: undefined,
    own: false,
    surface: "cli",
    activity,
    open,
    agents: 0,
    turn: undefined,
    projectKey: undefined,
    project: undefined,
    branch: undefined,
    repository: undefined,
    title: undefined,
    model: undefined,
    effort: undefined,
    serviceTier: undefined,
    tokens: undefined,
    context: undefined,
    costUsd: undefined,
    startedAt,
    updatedAt: activity.since,
    places: undefined,
  };
}

function replaced(list: SessionList, better: (view: SessionView) => SessionView): SessionList {
  const sessions = list.sessions.map(better);
  const leader = sessions.find(({ id }) => id === list.leader?.id);
  return { ...list, sessions, leader };
}
