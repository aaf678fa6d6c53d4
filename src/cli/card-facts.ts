import type { Clock } from "../lib/clock.ts";
import { areSame } from "../lib/memo.ts";
import type { CardFacts, Places, Target } from "../presence/facts.ts";
import type { PlacesView } from "../session/places.ts";
import type { SessionList, SessionView } from "../session/session-view.ts";
import type { CapLook, RepositoryCaps } from "../presence/repository-caps.ts";

/**
 * What a session could put on a card. Nothing is withheld here: that is for `disclose` to judge.
 *
 * @param since when this process first knew of it, monotonic ms
 * @param capOf what the `.codex-presence.json` files above a place ask for; while that is not known,
 *   neither is the place
 */
export function cardFactsOf(
  session: SessionView,
  limits: SessionList["limits"],
  since: number,
  capOf: (places: PlacesView) => CapLook,
): CardFacts {
  const { activity, places, tokens, context } = session;
  return {
    activity: activity.kind,
    activitySince: activity.since,
    open: session.open,
    target: targetOf(session),
    project: session.project,
    branch: session.branch,
    repository: session.repository,
    model: session.model?.label,
    effort: session.effort,
    tokens: tokens?.total.total,
    context:
      context?.window === undefined ? undefined : { used: context.used, window: context.window },
    cost: session.costUsd,
    quotas: (limits?.quotas ?? []).map(({ usedPercent, minutes, resetsAt }) => ({
      usedPercent,
      minutes,
      resetsAt,
    })),
    plan: limits?.plan,
    title: session.title,
    startedAt: session.startedAt ?? activity.since,
    seenSince: since,
    places: places === undefined ? undefined : placesOf(places, capOf(places)),
  };
}

export interface FactsKeeperOptions {
  readonly caps: Pick<RepositoryCaps, "of" | "checkedAt">;
  /** When the last answered look at a folder began, monotonic ms. */
  readonly checkedAt: (cwd: string) => number;
  readonly clock: Pick<Clock, "monotonic">;
}

/** A file that a session is at, and since when this process knows of it, monotonic ms. */
interface TargetSince {
  readonly key: string;
  readonly at: number;
}

/**
 * `cardFactsOf` for one list after the other: facts in which nothing is another stay the same object.
 * A file is left out until the session's folder was looked at after the session came to it: the
 * folder may be another one by then, or hold another repository.
 */
export class FactsKeeper {
  readonly #options: FactsKeeperOptions;
  #targets: ReadonlyMap<string, TargetSince> = new Map();
  readonly #known = new WeakMap<
    SessionView,
    { readonly of: readonly unknown[]; facts: CardFacts }
  >();

  constructor(options: FactsKeeperOptions) {
    this.#options = options;
  }

  /** Notes what these sessions, which are all that there are, are at. */
  note(sessions: readonly SessionView[]): void {
    const now = this.#options.clock.monotonic();
    const seen = sessions.map(({ id, activity }): [string, TargetSince] => {
      const key = JSON.stringify([activity.target, activity.path]);
      const before = this.#targets.get(id);
      return [id, before?.key === key ? before : { key, at: now }];
    });
    this.#targets = new Map(seen);
  }

  of(session: SessionView, limits: SessionList["limits"], since: number): CardFacts {
    const look = this.lookAt(session);
    const withheld = this.#checkedAt(session) < this.#targetAt(session);
    const of = [limits, since, look, withheld];
    const known = this.#known.get(session);
    if (known !== undefined && areSame(known.of, of)) return known.facts;
    const facts = cardFactsOf(session, limits, since, () => look);
    const target = withheld && facts.target?.kind === "file" ? undefined : facts.target;
    const named = { ...facts, target };
    this.#known.set(session, { of, facts: named });
    return named;
  }

  /**
   * Whether the looks at a session's places are older than that, or than the file it is at.
   *
   * @param namesFiles the file counts only where it may be named
   */
  isStale(session: SessionView, notBefore: number, namesFiles: boolean): boolean {
    if (session.places === undefined) return false;
    const checkedAt = this.#checkedAt(session);
    const isNamed = namesFiles && targetOf(session)?.kind === "file";
    return checkedAt < notBefore || (isNamed && checkedAt < this.#targetAt(session));
  }

  /** When the older one of the last looks at a session's folder and at the files in it began. */
  #checkedAt({ places }: SessionView): number {
    if (places === undefined) return -Infinity;
    const { caps, checkedAt } = this.#options;
    return Math.min(checkedAt(places.cwd), caps.checkedAt(places));
  }

  /** Since when this process knows that a session is at what it is at, monotonic ms. */
  #targetAt({ id }: SessionView): number {
    return this.#targets.get(id)?.at ?? Infinity;
  }

  /** Asking is what keeps the files in a session's folders known; what they come to they tell themselves. */
  lookAt({ places, updatedAt }: SessionView): CapLook {
    return places === undefined ? undefined : this.#options.caps.of(places, updatedAt);
  }
}

function targetOf({ activity, agents }: SessionView): Target | undefined {
  if (activity.kind === "delegating" && agents > 0) {
    return { kind: "program", text: agents === 1 ? "1 sub-agent" : `${agents} sub-agents` };
  }
  const { target: text, path } = activity;
  if (text === undefined) return undefined;
  const isFile = path !== undefined || activity.kind === "editing";
  return isFile ? { kind: "file", text, path } : { kind: "program", text };
}

function placesOf(places: PlacesView, look: CapLook): Places | undefined {
  return look === undefined ? undefined : { ...places, file: look };
}
