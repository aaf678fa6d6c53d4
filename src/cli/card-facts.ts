import type { Clock } from "../lib/clock.ts";
import { type Knowledge, unknown } from "../lib/knowledge.ts";
import { areSame } from "../lib/memo.ts";
import type { CardFacts, FilePlace, Places, Target } from "../presence/facts.ts";
import type { PlacesView } from "../session/places.ts";
import type { SessionList, SessionView } from "../session/session-view.ts";
import type { CapLook, RepositoryCaps } from "../presence/repository-caps.ts";
import type { NamedFile, TargetPlaces } from "./target-places.ts";

/**
 * What a session could put on a card. Nothing is withheld here: that is for `disclose` to judge.
 *
 * @param since when this process first knew of it, monotonic ms
 * @param capOf what the `.codex-presence.json` files above a place ask for; while that is not known,
 *   neither is the place
 * @param placeOf where a file is that the session works on
 */
export function cardFactsOf(
  session: SessionView,
  limits: SessionList["limits"],
  since: number,
  capOf: (places: PlacesView) => CapLook,
  placeOf: (file: NamedFile) => Knowledge<FilePlace>,
): CardFacts {
  const { activity, places, tokens, context } = session;
  return {
    activity: activity.kind,
    activitySince: activity.since,
    open: session.open,
    target: targetOf(session, placeOf),
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
  readonly files: Pick<TargetPlaces, "of" | "checkedAt">;
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
 * The place of a file is not known until the session's folder and the file's were looked at after the
 * session came to it: the folder may be another one by then, or hold another repository.
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
    const place = this.#placeOf(session);
    const of = [limits, since, look, place];
    const known = this.#known.get(session);
    if (known !== undefined && areSame(known.of, of)) return known.facts;
    const facts = cardFactsOf(
      session,
      limits,
      since,
      () => look,
      () => place ?? notYet,
    );
    this.#known.set(session, { of, facts });
    return facts;
  }

  /** Of the file that a session is at. */
  #placeOf(session: SessionView): Knowledge<FilePlace> | undefined {
    const file = fileOf(session);
    if (file === undefined) return undefined;
    const cameAt = this.#targetAt(session);
    const place = this.#options.files.of(file, cameAt);
    return this.#checkedAt(session) < cameAt ? notYet : place;
  }

  /**
   * Whether the looks at a session's places are older than that, or than the file it is at.
   *
   * @param namesFiles the file counts only where it may be named
   */
  isStale(session: SessionView, notBefore: number, namesFiles: boolean): boolean {
    if (session.places === undefined) return false;
    const checkedAt = this.#checkedAt(session);
    const file = namesFiles ? fileOf(session) : undefined;
    if (checkedAt < notBefore || file === undefined) return checkedAt < notBefore;
    const fileAt = Math.min(checkedAt, this.#options.files.checkedAt(file));
    return fileAt < Math.max(notBefore, this.#targetAt(session));
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

const notYet = unknown("it was not looked at yet");

function targetOf(
  session: SessionView,
  placeOf: (file: NamedFile) => Knowledge<FilePlace>,
): Target | undefined {
  const { activity, agents } = session;
  if (activity.kind === "delegating" && agents > 0) {
    return { kind: "program", text: agents === 1 ? "1 sub-agent" : `${agents} sub-agents` };
  }
  const { target: text, path, program } = activity;
  if (text === undefined) return undefined;
  if (path === undefined && activity.kind !== "editing") return { kind: "program", text };
  const file = fileOf(session);
  const place = file === undefined ? unknown("where it is was not said") : placeOf(file);
  return { kind: "file", text, program, place };
}

/** The file that a session works on, where it is told which. */
export function fileOf({ activity, places }: SessionView): NamedFile | undefined {
  const { target, path } = activity;
  if (target === undefined || path === undefined || places === undefined) return undefined;
  return { cwd: places.cwd, path };
}

function placesOf(places: PlacesView, look: CapLook): Places | undefined {
  return look === undefined ? undefined : { ...places, file: look };
}
