import { modelLabel, tierWord } from "../codex/models.ts";
import { surfaceOf } from "../codex/surface.ts";
import { createdAtOf } from "../codex/thread-files.ts";
import type { Look, Repository } from "../repository/repositories.ts";
import { activityOf } from "../session/activity-of.ts";
import { costOf, type Spent } from "../session/cost.ts";
import type { PriceMap } from "../session/price.ts";
import type { Evidence, PlacesView, RepositoryView, SessionView } from "../session/session-view.ts";
import type { Session } from "../session/session.ts";
import { usageOf } from "../session/usage.ts";

/** One session with all that it takes to show it. */
export interface KnownSession {
  readonly id: string;
  readonly own: boolean;
  readonly session: Session;
  readonly spent: Spent;
  /** Where it works, if that is known other than from the rollout. */
  readonly cwd?: string | undefined;
  /** Through which program, likewise. */
  readonly surface?: SessionView["surface"];
  /** The thread's name, where titles are on. */
  readonly title?: string;
  /** ms since the epoch; else by the thread's own start. */
  readonly startedAt?: number;
  /** Known by the word of its wrapper alone: no rollout tells of it. */
  readonly reported?: true;
}

/** The folder a session works in, as it names it. */
export function cwdOf({ session, cwd }: KnownSession): string | undefined {
  return session.settings.cwd ?? session.facts?.cwd ?? cwd;
}

/** What is to be known of a session by itself, at `now` (ms since the epoch). */
export function viewOf(
  known: KnownSession,
  look: Look | undefined,
  now: number,
  prices: PriceMap,
): SessionView {
  const { id, own, session, spent } = known;
  const { facts, settings } = session;
  const cwd = cwdOf(known);
  const { tokens, context } = usageOf(session, now);
  const startedAt = known.startedAt ?? facts?.createdAt ?? createdAtOf(id);
  const cost = costOf(spent, prices);
  const repository = look?.kind === "repository" ? look.repository : undefined;
  return {
    id,
    parent: facts?.parent,
    own,
    surface: known.surface ?? surfaceOf(facts?.originator, facts?.source),
    activity: activityOf(session, now),
    evidence: evidenceOf(known),
    open: session.calls.length > 0 || session.status?.state === "blocked",
    agents: 0,
    turn: session.turn === undefined ? undefined : (session.turn.id ?? ""),
    projectKey: repository?.main ?? cwd,
    project: repository?.name ?? lastPart(cwd),
    // By the files now; by what Codex wrote where those cannot be read.
    branch: repository === undefined ? facts?.branch : repository.branch?.name,
    repository: repositoryView(repository),
    title: known.title,
    model: settings.model === undefined ? undefined : namedModel(settings.model),
    effort: settings.effort,
    serviceTier: settings.serviceTier === undefined ? undefined : tierWord(settings.serviceTier),
    tokens,
    context,
    costUsd: cost?.complete === true ? cost.usd : undefined,
    startedAt,
    updatedAt: session.updatedAt ?? startedAt,
    places: cwd === undefined ? undefined : placesOf(cwd, look),
  };
}

function evidenceOf({ own, session, reported }: KnownSession): Evidence {
  if (reported === true) return "wrapper";
  if (session.status !== undefined) return own ? "terminal" : "daemon";
  return session.title === undefined ? "rollout" : "title";
}

function namedModel(id: string): SessionView["model"] {
  return { id, label: modelLabel(id) };
}

function repositoryView(repository: Repository | undefined): RepositoryView | undefined {
  const remote = repository?.remote;
  if (remote === undefined) return undefined;
  const { host, owner, name, https, credentials } = remote;
  return { host, owner, name, url: https, credentials };
}

function placesOf(cwd: string, look: Look | undefined): PlacesView | undefined {
  if (look === undefined || look.kind === "unknown") return undefined;
  if (look.kind === "none") {
    const nowhere = { root: undefined, mainWorktree: undefined, remoteKnown: true, remotes: [] };
    return { cwd, realPath: look.path, ...nowhere };
  }
  const { root, main, remoteKnown } = look.repository;
  const remotes = look.repository.remotes.map(({ host, owner, name }) => ({ host, owner, name }));
  return { cwd, realPath: look.path, root, mainWorktree: main, remoteKnown, remotes };
}

function lastPart(path: string | undefined): string | undefined {
  return path?.split(/[\\/]/).findLast((part) => part !== "");
}
