import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import { oneAtATime } from "../lib/one-at-a-time.ts";
import type { Spent } from "../session/cost.ts";
import type { SessionEvent } from "../session/event.ts";
import type { Session } from "../session/session.ts";
import type { Disk } from "./disk.ts";
import { isThreadOver, type Followed } from "./followed-thread.ts";
import { addCounts, nothingMet, type Met } from "./met.ts";
import type { RolloutPlace } from "./locate-rollout.ts";
import { newPassedOver } from "./passed-over.ts";
import { newSaid } from "./said.ts";
import type { ThreadFile, ThreadFileListener } from "./thread-file.ts";
import { isLaterFile, lockFolder, threadOfRollout } from "./thread-files.ts";
import { openEnd, openWhole } from "./thread-reach.ts";
import { TodayWatch } from "./today-watch.ts";
import { openWalks } from "./walks.ts";
import type { LockProbe } from "./thread-locks.ts";
import { openSearch, type Found } from "./thread-search.ts";

export interface ThreadsOptions {
  /** Codex's home, an absolute path. */
  readonly home: string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: Log;
  readonly probe: LockProbe;
  /** Something is another; may come many times for one thing. */
  onChange(): void;
}

/** One thread that is being followed. */
export interface Thread {
  readonly id: string;
  readonly session: Session;
  readonly spent: Spent;
  /** Nobody works on it any more; it is kept for what it tells of the account's limits. */
  readonly over: boolean;
}

/** Every thread of a home that lives, whoever runs it, each followed in its rollout. */
export interface Threads extends Disposable {
  /** Looks from now on, at the system's notices and from time to time. */
  start(): void;
  /** Looks once; resolves when everything that was there has been read. Never rejects. */
  look(): Promise<void>;
  all(): readonly Thread[];
  /** What somebody else says of a thread (Codex's daemon); `undefined`: nothing any more. */
  report(thread: string, event: SessionEvent | undefined): void;
  /** Nobody says anything of any thread any more. */
  forget(): void;
  /** What was met that could not be used; for `status` and `doctor`. */
  readonly met: Met;
}

/** A machine has no more live sessions than this, and the system's notices are bounded. */
const maxFollowed = 64;
/** Followed even when over: the newest tell of the account's limits. */
const keptOver = 2;
/** Notices come in heaps. */
const settleMs = 20;
/** At once, so that neither memory nor other work suffers. */
const openAtOnce = 4;
/** So few that more of each is read at once. */
const few = 8;
export function openThreads(options: ThreadsOptions): Threads {
  return new HomeThreads(options);
}

class HomeThreads implements Threads {
  readonly #options: ThreadsOptions;
  readonly #search;
  readonly #listener: ThreadFileListener = {
    onEvent: (file) => this.#wrote(file),
    onRestart: (file) => {
      this.#said.repeat(file);
      this.#wrote(file);
    },
  };
  readonly #followed = new Map<string, Followed>();
  readonly #said = newSaid();
  readonly #passedOver = newPassedOver();
  readonly #release = new DisposableStack();
  readonly #today = this.#release.use(new TodayWatch());
  #locks: Found["locks"] | undefined;
  #dropped = nothingMet;
  readonly #find = oneAtATime(() => this.#lookAround());
  #walks = true;
  #soon: Disposable | undefined;
  #started = false;
  #deepening = false;

  constructor(options: ThreadsOptions) {
    this.#options = options;
    this.#search = openSearch(options.disk, options.home, options.probe);
  }

  get met(): Met {
    const files = [...this.#followed.values()].map(({ file }) => file.counts);
    return files.reduce(addCounts, this.#dropped);
  }

  start(): void {
    const { disk, home, clock } = this.#options;
    this.#started = true;
    // Taken and given back: a session begins or ends. Also told of when the system is polled.
    this.#release.use(disk.watch(`${home}/${lockFolder}`, () => this.#lookSoon()));
    // The first picture is not kept waiting for what is behind ten thousand names.
    this.#walks = false;
    void this.look().then(() => this.#walkNow());
    this.#release.use(
      openWalks(
        clock,
        () => this.#locks?.known === true,
        () => this.#walkNow(),
      ),
    );
  }

  async look(): Promise<void> {
    await this.#find();
    await Promise.all([...this.#followed.values()].map(({ file }) => file.look()));
  }

  all(): readonly Thread[] {
    return [...this.#followed].flatMap(([id, followed]) => {
      const { session, spent } = followed.file;
      // Of an empty file, a pipe, or one that may not be read nothing is known: nobody's session.
      if (session.facts === undefined && session.updatedAt === undefined) return [];
      return { id, session, spent, over: this.#isOver(id, followed) };
    });
  }

  report(thread: string, event: SessionEvent | undefined): void {
    this.#said.set(thread, event);
    const followed = this.#followed.get(thread);
    if (followed === undefined) return;
    if (event === undefined) followed.file.forgetStatus();
    else followed.file.report(event);
    this.#options.onChange();
  }

  forget(): void {
    for (const thread of this.#said.threads) this.report(thread, undefined);
  }

  [Symbol.dispose](): void {
    this.#release.dispose();
    this.#soon?.[Symbol.dispose]();
    for (const { file } of this.#followed.values()) file[Symbol.dispose]();
    this.#followed.clear();
  }

  #lookSoon(): void {
    if (this.#release.disposed || this.#soon !== undefined) return;
    this.#soon = this.#options.clock.after(settleMs, () => {
      this.#soon = undefined;
      void this.#find();
    });
  }

  async #walkNow(): Promise<void> {
    if (this.#release.disposed) return;
    this.#walks = true;
    await this.#find();
  }

  async #lookAround(): Promise<void> {
    try {
      const walk = this.#walks;
      this.#walks = false;
      const { disk, home, clock } = this.#options;
      if (this.#started) this.#today.follow(disk, home, clock, (name) => this.#lookIfNew(name));
      const isKnown = (thread: string): boolean => this.#followed.has(thread);
      const found = await this.#search.look(clock.now(), walk, isKnown);
      this.#locks = found.locks;
      for (const thread of found.locks.held) {
        const followed = this.#followed.get(thread);
        if (followed !== undefined) followed.wasHeld = true;
      }
      await this.#openAll(found.places);
      this.#drop();
    } catch (thrown) {
      this.#options.log.debug("codex", messageOf(thrown));
    }
    if (this.#release.disposed) return;
    this.#options.onChange();
    if (this.#started) void this.#deepen();
  }

  async #openAll(places: readonly RolloutPlace[]): Promise<void> {
    const wanted = places.filter((place) => this.#isWanted(place));
    for (let start = 0; start < wanted.length; start += openAtOnce) {
      if (this.#followed.size >= maxFollowed) break;
      const part = wanted.slice(start, start + openAtOnce);
      // oxlint-disable-next-line no-await-in-loop -- a few at a time, see `openAtOnce`
      await Promise.all(part.map((place) => this.#open(place, wanted.length <= few)));
    }
    // However many agents wrote last: the session that they work for is never left out.
    const parents = new Set(
      [...this.#followed.values()].map((each) => each.file.session.facts?.parent),
    );
    const left = wanted.filter(({ thread }) => parents.has(thread) && !this.#followed.has(thread));
    await Promise.all(left.map((place) => this.#open(place, false)));
  }

  #isWanted(place: RolloutPlace): boolean {
    const { thread, path } = place;
    const known = this.#followed.get(thread);
    if (known !== undefined) return isLaterFile(path, known.place.path);
    if (this.#passedOver.isInternal(path)) return false;
    return this.#isHeld(thread) || !this.#passedOver.has(place);
  }

  async #open(place: RolloutPlace, isFew: boolean): Promise<void> {
    const { clock } = this.#options;
    const file = await openEnd(this.#options.disk, place, this.#listener, isFew);
    if (this.#release.disposed) return file[Symbol.dispose]();
    const before = this.#followed.get(place.thread)?.file;
    if (file.session.facts?.internal === true) {
      this.#passedOver.internal(place.path);
      return this.#letGo(file);
    }
    if (before !== undefined) this.#letGo(before);
    this.#said.repeat(file);
    this.#followed.set(place.thread, {
      file,
      place,
      writtenAt: clock.monotonic() - Math.max(0, clock.now() - place.modifiedAt),
      wasHeld: this.#isHeld(place.thread),
      deep: file.whole,
    });
  }

  #letGo(file: ThreadFile): void {
    this.#dropped = addCounts(this.#dropped, file.counts);
    file[Symbol.dispose]();
  }

  #wrote(file: ThreadFile): void {
    const followed = this.#followed.get(file.thread);
    if (followed?.file !== file) return;
    followed.writtenAt = this.#options.clock.monotonic();
    this.#options.onChange();
  }

  /** Lets go of those that are over, but for the newest. */
  #drop(): void {
    const over = [...this.#followed]
      .filter(([thread, followed]) => this.#isOver(thread, followed))
      .toSorted(([, a], [, b]) => b.writtenAt - a.writtenAt);
    for (const [thread, followed] of over.slice(keptOver)) {
      this.#followed.delete(thread);
      this.#letGo(followed.file);
      this.#passedOver.over(followed.place);
    }
  }

  #isHeld(thread: string): boolean {
    return this.#locks?.stateOf(thread) === "held";
  }

  #isOver(thread: string, followed: Followed): boolean {
    const lock = this.#locks?.stateOf(thread) ?? "unknown";
    return isThreadOver(followed, lock, this.#options.clock.monotonic());
  }

  /** Reads whole, one after the other, what was only read at its end, for all that it cost. */
  async #deepen(): Promise<void> {
    const [next] = [...this.#followed].filter(([, { deep }]) => !deep);
    if (next === undefined || this.#deepening || this.#release.disposed) return;
    this.#deepening = true;
    const [thread, followed] = next;
    followed.deep = true;
    const file = await openWhole(this.#options.disk, followed.file, this.#listener);
    this.#deepening = false;
    if (this.#followed.get(thread) !== followed) return file[Symbol.dispose]();
    followed.file[Symbol.dispose]();
    followed.file = file;
    this.#said.repeat(file);
    this.#options.onChange();
    void this.#deepen();
  }

  /** What is written to a followed rollout is told by that file, and nothing else has changed. */
  #lookIfNew(name: string | undefined): void {
    const thread = name === undefined ? undefined : threadOfRollout(name);
    const path = thread === undefined ? undefined : this.#followed.get(thread)?.place.path;
    if (name === undefined || path?.endsWith(name) !== true) this.#lookSoon();
  }
}
