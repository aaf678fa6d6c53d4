import type { SessionList } from "./session-view.ts";

/**
 * When sessions began, never in the future: the clock may have been set back since, or a file may
 * come from another machine. One that is ahead counts as begun when that was first observed, so that
 * its timer does not begin again at every change.
 */
export class Starts {
  readonly #corrected = new Map<string, { readonly given: number; readonly at: number }>();

  /** The list with no session that begins after `now`. */
  begun(list: SessionList, now: number): SessionList {
    if (list.sessions.every(({ startedAt }) => startedAt <= now)) return list;
    const sessions = list.sessions.map((view) => {
      const startedAt = this.of(view.id, view.startedAt, now);
      return startedAt === view.startedAt ? view : { ...view, startedAt };
    });
    const leader = sessions.find(({ id }) => id === list.leader?.id);
    return { ...list, sessions, leader };
  }

  /**
   * @param given when the session `id` began, as it says itself, ms since the epoch
   * @returns at most `now`
   */
  of(id: string, given: number, now: number): number {
    if (given <= now) {
      this.#corrected.delete(id);
      return given;
    }
    const known = this.#corrected.get(id);
    if (known?.given === given && known.at <= now) return known.at;
    if (this.#corrected.size >= maxKept) this.#corrected.clear();
    this.#corrected.set(id, { given, at: now });
    return now;
  }
}

const maxKept = 256;
