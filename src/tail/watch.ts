import { stat, statSync, watch, type Stats } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Clock, untilBeat } from "../lib/clock.ts";
import { codeOf, messageOf } from "../lib/errors.ts";
import { isLocal } from "../lib/local-disk.ts";
import type { Log } from "../lib/log.ts";

/** `polling`: the system gives no (more) notices, or the bound is reached; changes come late. */
export type WatchState = "watching" | "polling";

/** Tells of changes of files and folders, by the system's notices and by a slow poll beside them. */
export interface Watcher extends Disposable {
  /**
   * Calls `onChange` with the name that changed in a folder, or without one when anything may have
   * (a poll, a folder that came into being). A path that does not exist yet is waited for.
   */
  watch(path: string, onChange: (name: string | undefined) => void): Disposable;
  /** The same for one file: a poll that finds it as it was calls nobody. */
  watchFile(path: string, onChange: () => void): Disposable;
  readonly state: WatchState;
}

export interface WatcherOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Notices in use at once. */
  readonly limit?: number;
  /** Between polls while the system tells of changes, and while it does not, in ms. */
  readonly pollMs?: number;
  readonly degradedPollMs?: number;
  readonly notices?: typeof watch;
  /** Whether to ask for a path's notices takes no more than a moment; else it is polled. */
  readonly isNear?: (path: string) => boolean;
  readonly stat?: Stat;
}

/** `fs.stat`, as much of it as is used. */
type Stat = (path: string, answer: (error: Error | null, found: Stats) => void) => void;

interface Watched {
  readonly path: string;
  readonly onChange: (name: string | undefined) => void;
  /** Polls tell only of changes. */
  readonly isFile: boolean;
  notices: { close(): void } | undefined;
  /** Whom the notices are about: the path or, while it does not exist, its nearest ancestor. */
  at: string;
  /** The name to appear in that ancestor. */
  awaited: string | undefined;
  /** Of what is at `at`; a number alone is soon given to the next folder. */
  identity: string | undefined;
  /** A file's size and time when a poll last looked. */
  seen: string | undefined;
  /** A poll pends; its disk may hang. */
  isAsked: boolean;
}

/** A watcher of any number of paths, of which at most `limit` get the system's notices. */
export function openWatcher(options: WatcherOptions): Watcher {
  return new PathWatcher(options);
}

class PathWatcher implements Watcher {
  readonly #options: Required<WatcherOptions>;
  readonly #watched = new Set<Watched>();
  #timer: Disposable | undefined;

  constructor(options: WatcherOptions) {
    this.#options = {
      limit: 128,
      pollMs: 10_000,
      degradedPollMs: 500,
      notices: watch,
      isNear: isLocal,
      stat,
      ...options,
    };
  }

  get state(): WatchState {
    return [...this.#watched].some((each) => each.notices === undefined) ? "polling" : "watching";
  }

  watch(path: string, onChange: (name: string | undefined) => void): Disposable {
    return this.#add(path, onChange, false);
  }

  watchFile(path: string, onChange: () => void): Disposable {
    return this.#add(path, onChange, true);
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    for (const watched of this.#watched) watched.notices?.close();
    this.#watched.clear();
  }

  #add(path: string, onChange: Watched["onChange"], isFile: boolean): Disposable {
    const watched: Watched = {
      path,
      onChange,
      isFile,
      notices: undefined,
      at: path,
      awaited: undefined,
      identity: undefined,
      seen: undefined,
      isAsked: false,
    };
    const before = this.state;
    this.#watched.add(watched);
    this.#attach(watched);
    if (this.#timer === undefined || this.state !== before) this.#schedule();
    return {
      [Symbol.dispose]: () => {
        watched.notices?.close();
        this.#watched.delete(watched);
      },
    };
  }

  #schedule(): void {
    const { clock, pollMs, degradedPollMs } = this.#options;
    this.#timer?.[Symbol.dispose]();
    const wait = this.state === "watching" ? untilBeat(clock, pollMs) : degradedPollMs;
    this.#timer = clock.after(wait, () => {
      this.#timer = undefined;
      if (this.#watched.size > 0) this.#schedule();
      for (const watched of this.#watched) {
        this.#recheck(watched);
        if (!watched.isFile) this.#tell(watched, undefined);
      }
    });
  }

  /** Asks for notices of the path or, while it does not exist, of its nearest ancestor. */
  #attach(watched: Watched, tries = 2): void {
    watched.notices?.close();
    watched.notices = undefined;
    watched.awaited = undefined;
    watched.at = watched.path;
    if (!this.#options.isNear(watched.path)) return;
    let path = watched.path;
    let missing: string | undefined;
    for (;;) {
      // Asked before: what replaces it in between is then found to be another.
      watched.identity = identityNow(path);
      watched.at = path;
      const failure = this.#tryAttach(watched, path);
      if (failure !== "ENOENT" && failure !== "ENOTDIR") break;
      const parent = dirname(path);
      if (parent === path) break;
      missing = path;
      path = parent;
    }
    if (missing === undefined) return;
    watched.awaited = basename(missing);
    // It may have appeared before its parent's notices were asked for.
    if (tries > 0 && identityNow(missing) !== undefined) this.#attach(watched, tries - 1);
  }

  /** The error's code when it failed. */
  #tryAttach(watched: Watched, path: string): string | undefined {
    const inUse = [...this.#watched].filter((each) => each.notices !== undefined).length;
    if (inUse >= this.#options.limit) return "limit";
    try {
      const notices = this.#options.notices(path, (_event, name) => {
        const changed = typeof name === "string" ? name : undefined;
        if (watched.awaited === undefined) this.#tell(watched, changed);
        // An ancestor may be busy with other things.
        else if (changed === undefined || changed === watched.awaited) this.#reattach(watched);
      });
      notices.on("error", () => this.#drop(watched));
      watched.notices = notices;
      return undefined;
    } catch (thrown) {
      const code = codeOf(thrown) ?? "unknown";
      if (code !== "ENOENT") this.#options.log.debug("tail", `no notices: ${messageOf(thrown)}`);
      return code;
    }
  }

  #reattach(watched: Watched): void {
    if (!this.#watched.has(watched)) return;
    this.#attach(watched);
    if (watched.awaited === undefined) this.#tell(watched, undefined);
  }

  #tell(watched: Watched, name: string | undefined): void {
    try {
      watched.onChange(name);
    } catch (thrown) {
      this.#options.log.debug("tail", messageOf(thrown));
    }
  }

  #drop(watched: Watched): void {
    watched.notices?.close();
    watched.notices = undefined;
  }

  /** Notices die silently with the inode they were asked for. */
  #recheck(watched: Watched): void {
    const { at, awaited, isFile } = watched;
    if (watched.notices === undefined) this.#attach(watched);
    else if (awaited !== undefined) {
      stat(join(at, awaited), (error) => {
        if (error === null) this.#reattach(watched);
      });
    }
    if ((watched.notices === undefined && !isFile) || watched.isAsked) return;
    watched.isAsked = true;
    this.#options.stat(at, (error, found) => {
      watched.isAsked = false;
      if (!this.#watched.has(watched) || at !== watched.at) return;
      const stats = error === null ? found : undefined;
      if (watched.notices !== undefined && identityOf(stats) !== watched.identity) {
        this.#reattach(watched);
      }
      const seen = `${identityOf(stats)} ${stats?.size} ${stats?.mtimeMs}`;
      if (isFile && seen !== watched.seen) this.#tell(watched, undefined);
      watched.seen = seen;
    });
  }
}

function identityNow(path: string): string | undefined {
  try {
    return identityOf(statSync(path, { throwIfNoEntry: false }));
  } catch {
    return undefined; // Lost: why it cannot be looked at; asking for notices will say the same.
  }
}

function identityOf(stats: Stats | undefined): string | undefined {
  return stats === undefined ? undefined : `${stats.dev}:${stats.ino}:${stats.birthtimeMs}`;
}
