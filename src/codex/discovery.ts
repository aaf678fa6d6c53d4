import type { Clock } from "../lib/clock.ts";
import type { Disk } from "./disk.ts";
import { locateRollout } from "./locate-rollout.ts";
import {
  createdAtOf,
  dayFolder,
  lockFolder,
  shownFolder,
  threadOfLock,
  threadOfRollout,
  threadOfShown,
} from "./thread-files.ts";

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
  /** Looks now; old threads that were written to since `grownSince` count as well. */
  look(grownSince: number): Promise<void>;
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
const maxShown = 64;
const maxFound = 256;
const maxDays = 4;

export function openDiscovery(options: DiscoveryOptions): Discovery {
  return new NameDiscovery(options);
}

class NameDiscovery implements Discovery {
  readonly #options: DiscoveryOptions;
  readonly #found = new Set<string>();
  readonly #shown = new Map<string, number>();
  readonly #days = new Map<string, Disposable>();
  readonly #watches = new DisposableStack();
  /** Modification times of folders whose names have all been looked at. */
  readonly #listed = new Map<string, number>();

  constructor(options: DiscoveryOptions) {
    this.#options = options;
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

  async look(grownSince: number): Promise<void> {
    const { disk, home, since } = this.#options;
    this.#watchDays();
    const days = [...this.#days.keys()];
    const [locks, , ...names] = await Promise.all([
      disk.list(`${home}/${lockFolder}`),
      this.#lookShown(),
      ...days.map((day) => this.#listChanged(day)),
    ]);
    for (const [index, day] of days.entries()) {
      for (const name of names[index] ?? []) this.#takeName(day, name);
    }
    const old = locks
      .map(threadOfLock)
      .filter((thread) => thread !== undefined)
      .filter((thread) => createdAtOf(thread) < since && !this.#options.isKnown(thread));
    await Promise.all([
      ...[...this.#shown.keys()].map((thread) => this.#seek(thread)),
      ...old.map((thread) => this.#seek(thread, grownSince)),
    ]);
  }

  shownAt(thread: string): number | undefined {
    return this.#shown.get(thread);
  }

  shownSince(at: number): readonly string[] {
    return [...this.#shown].filter(([, shown]) => shown >= at).map(([thread]) => thread);
  }

  locate(thread: string): Promise<string | undefined> {
    return locateRollout(this.#options.disk, this.#options.home, thread);
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
    if (modifiedAt === undefined || this.#listed.get(folder) === modifiedAt) return [];
    // Two changes within one tick of the file system's clock look the same.
    if (clock.now() - modifiedAt > settledMs) this.#listed.set(folder, modifiedAt);
    return disk.list(folder);
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
    if (thread === undefined || this.#found.has(thread)) return;
    if (createdAtOf(thread) < this.#options.since - slackMs && !this.#shown.has(thread)) return;
    this.#add(thread, `${folder}/${name}`);
  }

  async #seek(thread: string, grownSince?: number): Promise<void> {
    if (this.#options.isKnown(thread)) return;
    const path = await this.locate(thread);
    if (path === undefined) return;
    if (grownSince !== undefined) {
      const state = await this.#options.disk.stat(path);
      if (state === undefined || state.modifiedAt < grownSince - slackMs) return;
    }
    this.#add(thread, path);
  }

  #add(thread: string, path: string): void {
    if (this.#watches.disposed) return;
    this.#found.add(thread);
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
