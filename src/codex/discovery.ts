import type { Clock } from "../lib/clock.ts";
import type { Disk } from "./disk.ts";
import { openLineages, type Lineages } from "./lineages.ts";
import { openLocator, type RolloutLocator, type RolloutPlace } from "./locate-rollout.ts";
import { placeAt } from "./recent-rollouts.ts";
import {
  begunAtOf,
  createdAtOf,
  dayFolder,
  rolloutNameAt,
  shownFolder,
  threadOfRollout,
  threadOfShown,
} from "./thread-files.ts";
import type { ThreadLocks } from "./thread-locks.ts";

export interface DiscoveryOptions {
  readonly home: string;
  readonly disk: Disk;
  readonly clock: Clock;
  /** Threads older than this (ms since the epoch) count only when shown or grown since. */
  readonly since: number;
  onFound(thread: string, path: string): void;
  /** Whether the thread need not be found again. */
  isKnown(thread: string): boolean;
  /** A terminal, ours or another, now shows this thread. */
  onShown(thread: string): void;
}

/** Finds the rollouts that may be a child's, by names and notices, never by walking the tree. */
export interface Discovery extends Disposable {
  start(): void;
  /** Looks now; old threads with a lock that were written to since `grownSince` count as well. */
  look(grownSince: number, locks: ThreadLocks): Promise<void>;
  /** When a terminal last attached itself to the thread, as far as was seen. */
  shownAt(thread: string): number | undefined;
  /** The threads shown at or after a moment. */
  shownSince(at: number): readonly string[];
  /** The rollout of a thread, if it has one. */
  locate(thread: string): Promise<string | undefined>;
}

/** Clocks of file names and processes are not quite ours. */
const slackMs = 2000;
const settledMs = 100;
/** Summer time ends by one hour; names are in local time. */
const clockChangeMs = 2 * 3_600_000;
/** Old threads without a known holder that are looked for in one look. */
const maxSought = 16;
const maxShown = 64;
const maxFound = 256;
const maxDays = 4;

/** A large folder rests after it was listed; meanwhile the system's notices name what is new. */
const restMsPerName = 0.1;

interface Listed {
  readonly modifiedAt: number | undefined;
  readonly restUntil: number;
}

export function openDiscovery(options: DiscoveryOptions): Discovery {
  return new NameDiscovery(options);
}

class NameDiscovery implements Discovery {
  readonly #options: DiscoveryOptions;
  readonly #found = new Set<string>();
  readonly #shown = new Map<string, number>();
  readonly #days = new Map<string, Disposable>();
  readonly #watches = new DisposableStack();
  /** Folders whose names have all been looked at. */
  readonly #listed = new Map<string, Listed>();

  readonly #locator: RolloutLocator;
  readonly #lineages: Lineages;
  #lineagesFrom = Number.POSITIVE_INFINITY;
  #lineagesRead: Promise<void> | undefined;
  /** What a name of our child's first moment is not below, whatever was done to the clock. */
  readonly #leastName: string;
  #turn = 0;

  constructor(options: DiscoveryOptions) {
    this.#options = options;
    this.#locator = openLocator(options.disk, options.home);
    this.#lineages = openLineages(options.disk, options.home);
    this.#leastName = rolloutNameAt(options.since - clockChangeMs);
  }

  start(): void {
    const { disk, home, clock } = this.#options;
    this.#watches.use(
      disk.watch(`${home}/${shownFolder}`, (name) => {
        const thread = name === undefined ? undefined : threadOfShown(name);
        if (thread !== undefined) this.#noteShown(thread, clock.now());
        else void this.#lookShown();
      }),
    );
    this.#watchDays();
  }

  async look(grownSince: number, locks: ThreadLocks): Promise<void> {
    this.#watchDays();
    const days = [...this.#days.keys()];
    const [, ...names] = await Promise.all([
      this.#lookShown(),
      ...days.map((day) => this.#listChanged(day)),
    ]);
    for (const [index, day] of days.entries()) {
      for (const name of names[index] ?? []) {
        if (name >= this.#leastName) this.#takeName(day, name);
      }
    }
    await Promise.all([
      ...[...this.#shown.keys()].map((thread) => this.#seek(thread)),
      ...this.#oldOnes(locks).map((thread) => this.#seek(thread, grownSince)),
    ]);
  }

  shownAt(thread: string): number | undefined {
    return this.#shown.get(thread);
  }

  shownSince(at: number): readonly string[] {
    return [...this.#shown].filter(([, shown]) => shown >= at).map(([thread]) => thread);
  }

  async locate(thread: string): Promise<string | undefined> {
    return (await this.#placeOf(thread))?.path;
  }

  /** Of an old thread the file that is in use: it may have been rewound on any day since. */
  async #placeOf(thread: string): Promise<RolloutPlace | undefined> {
    const first = await this.#locator.find(thread);
    if (first === undefined) return undefined;
    // Rewinds from now on show by the names that appear.
    const from = createdAtOf(thread);
    if (from < this.#lineagesFrom) {
      this.#lineagesFrom = from;
      this.#lineagesRead = this.#lineages.read(from);
    }
    await this.#lineagesRead;
    const path = this.#lineages.laterOf(thread);
    return path === undefined ? first : ((await placeAt(this.#options.disk, path)) ?? first);
  }

  [Symbol.dispose](): void {
    this.#watches.dispose();
    for (const watch of this.#days.values()) watch[Symbol.dispose]();
    this.#days.clear();
  }

  /** The days whose folders get our child's files: of its start, and today. */
  #watchDays(): void {
    if (this.#watches.disposed) return;
    const { disk, home, clock, since } = this.#options;
    for (const at of [since, clock.now()]) {
      const day = dayFolder(home, at);
      if (this.#days.has(day) || this.#days.size >= maxDays) continue;
      const watch = disk.watch(day, (name) => {
        if (name !== undefined) this.#takeName(day, name);
      });
      this.#days.set(day, watch);
    }
  }

  /** The names in a folder, or none while it is as it was: some have ten thousand. */
  async #listChanged(folder: string): Promise<readonly string[]> {
    const { disk, clock } = this.#options;
    const modifiedAt = (await disk.stat(folder))?.modifiedAt;
    const known = this.#listed.get(folder);
    if (modifiedAt === undefined || known?.modifiedAt === modifiedAt) return [];
    const moment = clock.monotonic();
    if (moment < (known?.restUntil ?? 0)) return [];
    const names = await disk.list(folder);
    this.#listed.set(folder, {
      // Two changes within one tick of the file system's clock look the same.
      modifiedAt: clock.now() - modifiedAt > settledMs ? modifiedAt : undefined,
      restUntil: moment + names.length * restMsPerName,
    });
    return names;
  }

  /** Threads that came to be shown before we could be told, or without a notice. */
  async #lookShown(): Promise<void> {
    const { disk, home, since } = this.#options;
    const folder = `${home}/${shownFolder}`;
    const threads = (await this.#listChanged(folder))
      .map(threadOfShown)
      .filter((thread) => thread !== undefined)
      .filter((thread) => !this.#shown.has(thread));
    const fresh = threads.filter((thread) => createdAtOf(thread) >= since);
    for (const thread of fresh) this.#noteShown(thread, createdAtOf(thread));
    // Older ones were resumed if touched since; of ten thousand only notices tell.
    if (threads.length > maxShown) return;
    const old = threads.filter((thread) => createdAtOf(thread) < since);
    const states = await Promise.all(old.map((thread) => disk.stat(`${folder}/${thread}`)));
    for (const [index, thread] of old.entries()) {
      const at = states[index]?.modifiedAt ?? 0;
      if (at >= since) this.#noteShown(thread, at);
    }
  }

  #noteShown(thread: string, at: number): void {
    if (this.#watches.disposed) return;
    remember(this.#shown, thread, at, maxShown);
    this.#options.onShown(thread);
    void this.#seek(thread);
  }

  #takeName(folder: string, name: string): void {
    const thread = threadOfRollout(name);
    const path = `${folder}/${name}`;
    if (thread === undefined || this.#found.has(path)) return;
    if (begunAtOf(name) < this.#options.since - slackMs && !this.#shown.has(thread)) return;
    this.#lineages.note(folder, [name]);
    this.#add(thread, path);
  }

  /**
   * Old threads with a lock, of which one may have been resumed in our child: those that are held
   * and, as the system may not tell of all, some of the others in each look. Killed ones leave many.
   */
  #oldOnes({ held, threads }: ThreadLocks): readonly string[] {
    const isOld = (thread: string): boolean =>
      createdAtOf(thread) < this.#options.since && !this.#options.isKnown(thread);
    const others = threads.filter(isOld);
    if (this.#turn >= others.length) this.#turn = 0;
    const next = others.slice(this.#turn, this.#turn + maxSought);
    this.#turn += maxSought;
    return [...new Set([...held.filter(isOld), ...next])];
  }

  async #seek(thread: string, grownSince = 0): Promise<void> {
    if (this.#options.isKnown(thread)) return;
    const place = await this.#placeOf(thread);
    if (place === undefined || place.modifiedAt < grownSince - slackMs) return;
    this.#add(thread, place.path);
  }

  #add(thread: string, path: string): void {
    if (this.#watches.disposed) return;
    this.#found.add(path);
    const [oldest] = this.#found;
    if (this.#found.size > maxFound && oldest !== undefined) this.#found.delete(oldest);
    this.#options.onFound(thread, path);
  }
}

/** Puts the newest last and drops the oldest. */
function remember<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, max: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > max && oldest !== undefined) map.delete(oldest);
}
