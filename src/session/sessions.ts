import type { Activity, ActivityKind } from "./activity.ts";

/** What ranking needs to know of one session that is not over. */
export interface RankedSession {
  readonly id: string;
  /** The session it is a sub-agent of. */
  readonly parent: string | undefined;
  /** Where that is known: the session that the parents of its parents began with. */
  readonly root?: string | undefined;
  /** The wrapper's own child. */
  readonly own: boolean;
  readonly activity: Activity;
  /** The turn that runs. */
  readonly turn: string | undefined;
  /** Names the project, one text for all of its worktrees; `undefined` while nobody knows. */
  readonly projectKey: string | undefined;
  /** ms since the epoch. */
  readonly startedAt: number;
  readonly updatedAt: number;
}

/** A session with its sub-agents. */
export interface Group<S extends RankedSession> {
  /** The session itself; the oldest agent where it does not live any more. */
  readonly session: S;
  /** What is to be said of all of them together. */
  readonly activity: Activity;
  /** Sub-agents at work. */
  readonly agents: number;
  /** Of whichever wrote last. */
  readonly updatedAt: number;
}

/** Sub-agents have sub-agents, but no circle of parents keeps us. */
const maxDepth = 16;

/**
 * Sessions with their sub-agents, first the one to be shown: the own child, then whoever waits for
 * the person, then whoever works, then whoever wrote last. The same sessions in any order give the
 * same ranking.
 */
export function rank<S extends RankedSession>(sessions: readonly S[]): readonly Group<S>[] {
  const byId = new Map(sessions.map((session) => [session.id, session]));
  const families = Map.groupBy(byId.values(), (session) => rootOf(session, byId));
  return [...families.values()].flatMap(groupOf).toSorted(compare);
}

function rootOf<S extends RankedSession>(session: S, byId: ReadonlyMap<string, S>): string {
  let root = session.id;
  let parent = session.parent;
  let told = session.root;
  for (let depth = 0; parent !== undefined && depth < maxDepth; depth += 1) {
    root = parent;
    const next = byId.get(parent);
    parent = next?.parent;
    told = next?.root ?? told;
  }
  // An agent between may be over while those that it began work on.
  return byId.has(root) ? root : (told ?? root);
}

function groupOf<S extends RankedSession>(family: readonly S[]): readonly Group<S>[] {
  const byAge = family.toSorted((a, b) => a.startedAt - b.startedAt || byText(a.id, b.id));
  const session = byAge.find((one) => one.parent === undefined) ?? byAge[0];
  if (session === undefined) return [];
  const agents = byAge.filter((one) => one !== session);
  const atWork = agents.filter((agent) => classOf(agent.activity) !== resting);
  const updatedAt = Math.max(...family.map((one) => one.updatedAt));
  const activity = togetherOf(session.activity, atWork);
  return [{ session, activity, agents: atWork.length, updatedAt }];
}

/** An agent that waits for the person stops all; one that works keeps a resting session at it. */
function togetherOf(own: Activity, agents: readonly RankedSession[]): Activity {
  const waiting = agents.find((agent) => classOf(agent.activity) === blocked);
  if (waiting !== undefined && classOf(own) !== blocked) return waiting.activity;
  if (agents.length === 0 || classOf(own) !== resting) return own;
  return { kind: "delegating", since: Math.min(...agents.map((agent) => agent.activity.since)) };
}

const blocked = 0;
const working = 1;
const resting = 2;

const classes: Readonly<Record<ActivityKind, number>> = {
  approval: blocked,
  question: blocked,
  thinking: working,
  reading: working,
  searching: working,
  editing: working,
  running: working,
  planning: working,
  tool: working,
  delegating: working,
  compacting: working,
  starting: resting,
  idle: resting,
  error: resting,
  limited: resting,
};

/** Where a session stands among others by what it does. */
function classOf({ kind }: Activity): number {
  return classes[kind];
}

function compare(a: Group<RankedSession>, b: Group<RankedSession>): number {
  return (
    Number(b.session.own) - Number(a.session.own) ||
    classOf(a.activity) - classOf(b.activity) ||
    b.updatedAt - a.updatedAt ||
    byText(a.session.id, b.session.id)
  );
}

function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Who is shown, and who is about to be. Moments are on the monotonic clock, in ms. */
export interface Leader {
  readonly id: string;
  /** Its newest turn, while that runs. */
  readonly turn: string | undefined;
  /** Ranked first instead of the leader since then. */
  readonly rivalSince: number | undefined;
}

/** How long another one must rank first before it leads. */
export const holdMs = 10_000;

/**
 * Who leads now. So that two busy sessions do not take turns on the card, another one leads only
 * when it would have led for 10 s, when the leader's turn has ended, or when the leader is over. An
 * own child leads at once, and so does a session that the person has pinned.
 *
 * @returns `undefined` when there is nobody; `rivalSince + holdMs` is when to ask again
 */
export function leaderOf(
  before: Leader | undefined,
  ranked: readonly Group<RankedSession>[],
  now: number,
  pinned?: string,
): Leader | undefined {
  const first = ranked.find(({ session }) => session.id === pinned) ?? ranked[0];
  if (first === undefined) return undefined;
  const leading = ranked.find(({ session }) => session.id === before?.id);
  const change = { id: first.session.id, turn: first.session.turn, rivalSince: undefined };
  if (before === undefined || leading === undefined) return change;
  const { turn } = leading.session;
  const turnEnded = turn === undefined || (before.turn !== undefined && turn !== before.turn);
  const stay = { id: before.id, turn, rivalSince: undefined };
  if (first === leading) return stay;
  const { session } = first;
  const atOnce = session.id === pinned || (session.own && !leading.session.own);
  const rivalSince = Math.min(before.rivalSince ?? now, now);
  if (atOnce || turnEnded || now - rivalSince >= holdMs) return change;
  return { ...stay, rivalSince };
}

/** For "2 sessions in 2 projects". */
export interface Aggregate {
  readonly sessions: number;
  readonly projects: number;
  /** When the first of them began, ms since the epoch. */
  readonly startedAt: number | undefined;
}

export function aggregateOf(ranked: readonly Group<RankedSession>[]): Aggregate {
  const sessions = ranked.map(({ session }) => session);
  // One whose folder is not known is taken for a project of its own.
  const projects = new Set(sessions.map(({ projectKey, id }) => projectKey ?? id));
  const starts = sessions.map(({ startedAt }) => startedAt);
  return {
    sessions: sessions.length,
    projects: projects.size,
    startedAt: starts.length === 0 ? undefined : Math.min(...starts),
  };
}
