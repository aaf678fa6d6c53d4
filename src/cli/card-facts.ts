import { areSame } from "../lib/memo.ts";
import type { CardFacts, Places, Target } from "../presence/facts.ts";
import type { PlacesView, SessionList, SessionView } from "../session/session-view.ts";
import type { CapLook, RepositoryCaps } from "../presence/repository-caps.ts";

/**
 * What a session could put on a card. Nothing is withheld here: that is for `disclose` to judge.
 *
 * @param since when this program first knew of it, or when it began itself, ms since the epoch
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
    seenSince: Math.max(since, session.startedAt ?? since),
    places: places === undefined ? undefined : placesOf(places, capOf(places)),
  };
}

/** `cardFactsOf` for one list after the other: facts in which nothing is another stay the same object. */
export class FactsKeeper {
  readonly #caps: Pick<RepositoryCaps, "of">;
  readonly #known = new WeakMap<
    SessionView,
    { readonly of: readonly unknown[]; facts: CardFacts }
  >();

  constructor(caps: Pick<RepositoryCaps, "of">) {
    this.#caps = caps;
  }

  of(session: SessionView, limits: SessionList["limits"], since: number): CardFacts {
    const look = this.lookAt(session);
    const of = [limits, since, look];
    const known = this.#known.get(session);
    if (known !== undefined && areSame(known.of, of)) return known.facts;
    const facts = cardFactsOf(session, limits, since, () => look);
    this.#known.set(session, { of, facts });
    return facts;
  }

  /** Asking is what keeps the files in a session's folders known; what they come to they tell themselves. */
  lookAt({ places, updatedAt }: SessionView): CapLook {
    return places === undefined ? undefined : this.#caps.of(places, updatedAt);
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
  return look === undefined ? undefined : { ...places, file: look.cap };
}
