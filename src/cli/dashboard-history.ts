import { createRolloutReader } from "../codex/events.ts";
import type { RolloutPlace } from "../codex/locate-rollout.ts";
import { openRecentRollouts } from "../codex/recent-rollouts.ts";
import { activityOf } from "../session/activity-of.ts";
import type { ActivityKind } from "../session/activity.ts";
import { newSession, reduce, type Session } from "../session/session.ts";
import type { SessionView } from "../session/session-view.ts";
import type { Files } from "../tail/files.ts";
import type { History } from "../ui/dashboard/model.ts";

/** Minutes that local time is ahead of UTC at a time. */
type Zone = (at: number) => number;

/** A session at a moment (ms since the epoch). */
interface Moment {
  readonly at: number;
  readonly kind: ActivityKind;
  /** Tokens so far; `undefined` while unknown. */
  readonly total: number | undefined;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
const plotMinutes = 60;
/** After a longer silence nobody knows what a session did meanwhile. */
const longestMs = 900_000;
/** What of the earlier day is read: enough for a busy one, and done within half a second. */
const maxRollouts = 24;
const maxBytes = 1_048_576;

/** Tokens of the last hour and what the day went into, over all sessions; of bounded size. */
export class HistoryLog {
  readonly #zone: Zone;
  readonly #since: number;
  readonly #live = new Map<string, Moment>();
  readonly #minutes = new Map<number, number>();
  #seconds: Partial<Record<ActivityKind, number>> = {};
  /** As of the minute's first look: the plot of the day moves on with the ages beside it. */
  #told: { readonly minute: number; readonly seconds: History["activitySeconds"] } | undefined;
  #day: number;

  /** @param since now: what was before comes from `addRollout` */
  constructor(since: number, zone: Zone) {
    this.#since = since;
    this.#zone = zone;
    this.#day = this.#dayOf(since);
  }

  /** The sessions as they are now. */
  observe(sessions: readonly SessionView[], now: number): void {
    this.#turnTo(now);
    for (const { id, activity, tokens, startedAt } of sessions) {
      const total = tokens?.total.total;
      const isNew = (startedAt ?? 0) >= this.#since;
      const start = { at: now, kind: activity.kind, total: isNew ? 0 : total };
      const before = this.#live.get(id) ?? start;
      const after = { at: now, kind: activity.kind, total: total ?? before.total };
      this.#add(before, after);
      this.#live.set(id, after);
    }
    for (const id of this.#live.keys()) {
      if (!sessions.some((session) => session.id === id)) this.#live.delete(id);
    }
  }

  /** What a rollout, or the end of one, tells of the time before this program's start. */
  addRollout(bytes: Uint8Array): void {
    const reader = createRolloutReader();
    let session = newSession;
    let before: Moment | undefined;
    for (const line of linesOf(bytes)) {
      for (const event of reader.read(line)) {
        session = reduce(session, event);
        if (!("at" in event) || event.at > this.#since) continue;
        const after = momentOf(session, event.at);
        this.#add(before ?? { ...after, total: undefined }, after, session.usage?.last?.total);
        before = after;
      }
    }
    this.#told = undefined;
  }

  view(now: number): History {
    this.#turnTo(now);
    const last = Math.floor(now / minuteMs);
    const tokensPerMinute = Array.from(
      { length: plotMinutes },
      (_, i) => this.#minutes.get(last - plotMinutes + 1 + i) ?? 0,
    );
    if (this.#told?.minute !== last) this.#told = { minute: last, seconds: { ...this.#seconds } };
    return { tokensPerMinute, activitySeconds: this.#told.seconds };
  }

  /** @param last what the newest response took: all that is known of the first one met */
  #add(before: Moment, after: Moment, last = 0): void {
    const minute = Math.floor(after.at / minuteMs);
    const total = after.total ?? 0;
    const tokens = total - (before.total ?? Math.max(0, total - last));
    if (tokens > 0 && minute > Math.floor(this.#since / minuteMs) - plotMinutes) {
      this.#minutes.set(minute, (this.#minutes.get(minute) ?? 0) + tokens);
    }
    const from = Math.max(before.at, this.#midnight());
    const ms = Math.min(after.at - from, longestMs);
    if (ms <= 0) return;
    this.#seconds[before.kind] = (this.#seconds[before.kind] ?? 0) + ms / 1000;
  }

  /** Forgets the minutes that have left the plot, and the day when it is over. */
  #turnTo(now: number): void {
    const first = Math.floor(now / minuteMs) - plotMinutes;
    for (const minute of this.#minutes.keys()) if (minute <= first) this.#minutes.delete(minute);
    const day = this.#dayOf(now);
    if (day === this.#day) return;
    this.#day = day;
    this.#seconds = {};
  }

  #dayOf(at: number): number {
    return Math.floor((at + this.#zone(at) * minuteMs) / dayMs);
  }

  #midnight(): number {
    const utc = this.#day * dayMs;
    return utc - this.#zone(utc) * minuteMs;
  }
}

/** Adds what the newest rollouts tell of today, one after the other. Never rejects. */
export async function addRecent(
  log: HistoryLog,
  files: Pick<Files, "list" | "stat">,
  home: string,
  now: number,
): Promise<void> {
  const found = await openRecentRollouts(files, home).look(now);
  const recent = found
    .filter(({ modifiedAt }) => modifiedAt > now - dayMs)
    .toSorted((a, b) => b.modifiedAt - a.modifiedAt)
    .slice(0, maxRollouts);
  for (const place of recent) {
    // oxlint-disable-next-line no-await-in-loop -- in the background, keys and frames between them
    log.addRollout(await endOf(place));
  }
}

async function endOf({ path }: RolloutPlace): Promise<Uint8Array> {
  try {
    const file = Bun.file(path);
    const { size } = file;
    return await file.slice(Math.max(0, size - maxBytes), size).bytes();
  } catch {
    return new Uint8Array(); // Gone meanwhile, or not ours to read.
  }
}

function momentOf(session: Session, at: number): Moment {
  const { usage } = session;
  return { at, kind: activityOf(session, at).kind, total: usage?.total.total };
}

function* linesOf(bytes: Uint8Array): Generator<Uint8Array> {
  let start = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    yield bytes.subarray(start, end);
    start = end + 1;
  }
}
