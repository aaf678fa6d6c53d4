import { modelLabel, tierWord } from "../codex/models.ts";
import { surfaceOf } from "../codex/surface.ts";
import { createdAtOf } from "../codex/thread-files.ts";
import { claimOf } from "../repository/remote-claims.ts";
import type { Look, Repository } from "../repository/repositories.ts";
import { activityOf } from "../session/activity-of.ts";
import { costOf, type Spent } from "../session/cost.ts";
import type { PriceMap } from "../session/price.ts";
import type { FolderKnowledge, Place, RemoteClaim } from "../session/places.ts";
import type { Evidence, RepositoryView, SessionView } from "../session/session-view.ts";
import type { Session } from "../session/session.ts";
import { usageOf } from "../session/usage.ts";
import type { FolderState } from "./folder-looks.ts";

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
  folder: FolderState | undefined,
  now: number,
  prices: PriceMap,
): SessionView {
  const { id, own, session, spent } = known;
  const { facts, settings } = session;
  const cwd = cwdOf(known);
  const { tokens, context } = usageOf(session, now);
  const startedAt = known.startedAt ?? facts?.createdAt ?? createdAtOf(id);
  const cost = costOf(spent, prices);
  const repository = folder === undefined ? undefined : repositoryIn(folder.look);
  return {
    id,
    parent: facts?.parent,
    root: facts?.root,
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
    places:
      cwd === undefined || folder === undefined
        ? undefined
        : { cwd, folder: folderOf(folder, facts?.repository) },
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

function repositoryIn(look: Look): Repository | undefined {
  return look.kind === "nothing" ? undefined : look.repository;
}

/**
 * What a look at a folder tells of it.
 *
 * @param written the address of the remote that Codex wrote down when the session began
 */
export function folderOf(
  { look, before }: FolderState,
  written: string | undefined,
): FolderKnowledge {
  const begun = written === undefined ? [] : [claimOf(written)];
  const earlier = before.flatMap((each) => repositoryIn(each)?.remotes ?? []);
  const names = claims(repositoryIn(look)?.remotes ?? [], [...earlier, ...begun]);
  switch (look.kind) {
    case "repository": {
      const { root, main } = look.repository;
      const place = { realPath: look.path, root, mainWorktree: main };
      return { kind: "repository", place, remotes: names };
    }
    case "nothing":
      return { kind: "nothing", place: { realPath: look.path }, remotes: names };
    case "unknown":
    default: {
      const places = unique([look, ...before].flatMap(placeIn));
      const { reason, mayBeLinked } = look;
      const linked = mayBeLinked === undefined ? {} : { mayBeLinked };
      return { kind: "unknown", reason, ...linked, places, remotes: names };
    }
  }
}

function placeIn(look: Look): readonly Place[] {
  const { path: realPath } = look;
  if (realPath === undefined) return [];
  const repository = repositoryIn(look);
  if (repository === undefined) return [{ realPath }];
  return [{ realPath, root: repository.root, mainWorktree: repository.main }];
}

/** All of them, each once; mostly nothing is added to those of the repository. */
function claims(
  known: readonly RemoteClaim[],
  more: readonly RemoteClaim[],
): readonly RemoteClaim[] {
  return more.length === 0 ? known : unique([...known, ...more]);
}

function unique<Value>(values: readonly Value[]): readonly Value[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

function lastPart(path: string | undefined): string | undefined {
  return path?.split(/[\\/]/).findLast((part) => part !== "");
}
