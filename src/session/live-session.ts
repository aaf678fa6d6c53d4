import type { Clock } from "../lib/clock.ts";
import { activityDueAt, activityOf } from "./activity-of.ts";
import type { Activity } from "./activity.ts";
import type { SessionEvent } from "./event.ts";
import { newSession, reduce, type Session, switchThread } from "./session.ts";

/** The session that a child shows, kept up to date: events in, its activity out. */
export class LiveSession implements Disposable {
  readonly #clock: Clock;
  readonly #onActivity: (activity: Activity) => void;
  #session: Session = newSession;
  #activity: Activity;
  #due: Disposable | undefined;

  /** @param onActivity told whenever the kind or the target becomes another */
  constructor(clock: Clock, onActivity: (activity: Activity) => void) {
    this.#clock = clock;
    this.#onActivity = onActivity;
    this.#activity = { kind: "starting", since: clock.now() };
  }

  get session(): Session {
    return this.#session;
  }

  get activity(): Activity {
    return this.#activity;
  }

  report(event: SessionEvent): void {
    this.#session = reduce(this.#session, event);
    this.#look();
  }

  /** The child shows another thread, of which this is known. */
  showThread(thread: Session): void {
    this.#session = switchThread(this.#session, thread);
    this.#look();
  }

  [Symbol.dispose](): void {
    this.#due?.[Symbol.dispose]();
  }

  #look(): void {
    const now = this.#clock.now();
    const next = activityOf(this.#session, now);
    const { kind, target } = this.#activity;
    this.#activity = next;
    this.#due?.[Symbol.dispose]();
    const dueAt = activityDueAt(this.#session, now);
    this.#due =
      dueAt === undefined ? undefined : this.#clock.after(dueAt - now, () => this.#look());
    if (next.kind !== kind || next.target !== target) this.#onActivity(next);
  }
}
