import { messageOf } from "../lib/errors.ts";
import { oneAtATime } from "../lib/one-at-a-time.ts";
import type { SessionEvent } from "../session/event.ts";
import { newSession } from "../session/session.ts";
import { awaitPrompts } from "./awaited-prompts.ts";
import { openDiscovery, type Discovery } from "./discovery.ts";
import type { FollowedFile } from "./disk.ts";
import { openFollowedThreads, type FollowedThreads } from "./followed-threads.ts";
import { looksLikeOurs } from "./guess.ts";
import { heldThreads, holderOf, nothingHeld } from "./held-threads.ts";
import { openLookSeries, type LookSeries } from "./look-series.ts";
import type { OwnThreadOptions } from "./own-thread-options.ts";
import { eventOfEntry, readSessionLogLine, type SessionLogEntry } from "./session-log.ts";
import type { ThreadFile } from "./thread-file.ts";
import { openLockReader, type LockReader } from "./thread-locks.ts";

/** Finds out which thread a child shows, and follows it. */
export interface OwnThread extends Disposable {
  /** The child runs: `spawnedAt` is taken before it was spawned, ms since the epoch. */
  start(child: { readonly pid: number | undefined; readonly spawnedAt: number }): void;
  /** Looks now: the person pressed Enter, or the child changed its status. */
  poke(): void;
}

const maxPokes = 8;
/** A child that has written nothing into its session log by then, or no prompt, never will. */
const silentLogMs = 5000;
/** Looks of a series made even when nothing is awaited: the poke comes before the news. */
const minLooks = 4;
/** A whole series is looked through after a thread was adopted. */
const freshMs = 3000;
/** The other thread is shown a little before the screen is emptied for it. */
const shownBeforeResetMs = 300;

/**
 * Joins child and thread: a prompt's id in the child's session log is found again in the rollout.
 * Without that log (the user keeps it, an older Codex, `exec`), by who holds the thread's lock, or
 * by folder and time. Nothing is read before `start`; a failure is logged and ends nothing else.
 */
export function openOwnThread(options: OwnThreadOptions): OwnThread {
  return new ChildThread(options);
}

class ChildThread implements OwnThread {
  readonly #options: OwnThreadOptions;
  readonly #threads: FollowedThreads;
  readonly #awaited = awaitPrompts();
  readonly #locks: LockReader;
  #held = nothingHeld;
  #pokes: readonly number[] = [];
  #child: { readonly pid: number | undefined; readonly spawnedAt: number } | undefined;
  #current: ThreadFile | undefined;
  #confirmed = false;
  /** The thread that the child's log itself names. */
  #named: string | undefined;
  /** The child's session log gives prompt ids; `undefined` until that is known. */
  #exact: boolean | undefined;
  #logStarted = false;
  #screenSince = 0;
  #adoptedAt = -Infinity; // On the monotonic clock.
  /** Shown before the screen was emptied, so not what it was emptied for. */
  #left: string | undefined;
  #discovery: Discovery | undefined;
  #sessionLog: FollowedFile | undefined;
  #watch: Disposable | undefined;
  readonly #looks: LookSeries;
  readonly #discover = oneAtATime(() => this.#lookAround());
  #disposed = false;

  constructor(options: OwnThreadOptions) {
    this.#options = options;
    this.#threads = openFollowedThreads(
      options.disk,
      options.log,
      {
        onEvent: (from, event) => this.#guard(() => this.#take(from, event)),
        onRestart: (from) => {
          if (from === this.#current) this.#guard(() => options.onThread(from.session));
        },
      },
      (file) => file === this.#current,
    );
    // The child is of our own system, which lists its locks; nobody else's are asked for.
    this.#locks = openLockReader(options.disk, options.home, () => "unknown");
    this.#looks = openLookSeries(options.clock, (step) => this.#look(step));
    if (options.sessionLog === undefined) this.#exact = false;
  }

  start(child: { readonly pid: number | undefined; readonly spawnedAt: number }): void {
    this.#guard(() => {
      const { disk, home, clock, sessionLog } = this.#options;
      this.#child = child;
      this.#screenSince = child.spawnedAt;
      this.#discovery = openDiscovery({
        home,
        disk,
        clock,
        since: child.spawnedAt,
        onFound: (thread, path) => void this.#open(thread, path),
        isKnown: (thread) => this.#threads.knows(thread),
        onShown: () => this.#considerShown(),
      });
      this.#discovery.start();
      if (sessionLog !== undefined) {
        this.#sessionLog = disk.follow(sessionLog.fd, "start", (line) =>
          this.#guard(() => this.#takeEntry(readSessionLogLine(line))),
        );
      }
      // The system's notices may fail without a word; this is the slow way round.
      this.#watch = disk.watch(`${home}/sessions`, () => {
        if (this.#current === undefined || this.#awaited.size > 0) void this.#discover();
      });
      this.#looks.begin();
    });
  }

  poke(): void {
    if (this.#disposed) return;
    this.#guard(() => {
      this.#pokes = [...this.#pokes.slice(1 - maxPokes), this.#options.clock.now()];
      this.#looks.begin();
    });
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#looks[Symbol.dispose]();
    this.#watch?.[Symbol.dispose]();
    this.#discovery?.[Symbol.dispose]();
    this.#sessionLog?.[Symbol.dispose]();
    this.#threads[Symbol.dispose]();
  }

  /** One look of a series; false when nothing is awaited any more. */
  #look(step: number): boolean {
    const awaiting = this.#awaited.size > 0 || this.#current === undefined;
    if (step >= minLooks && !awaiting && !this.#isFresh()) return false;
    void this.#sessionLog?.look();
    void this.#current?.look();
    if (awaiting) void this.#discover();
    return !this.#disposed;
  }

  /** The notices of a file that has just appeared may have been missed. */
  #isFresh(): boolean {
    return this.#options.clock.monotonic() - this.#adoptedAt < freshMs;
  }

  async #lookAround(): Promise<void> {
    const { clock, disk, log } = this.#options;
    const child = this.#child;
    if (this.#disposed || child === undefined) return;
    try {
      const since = this.#logStarted ? this.#pokes[0] : child.spawnedAt;
      const silent = since !== undefined && clock.now() - since > silentLogMs;
      if (this.#exact === undefined && silent) this.#exact = false;
      if (this.#named !== undefined) await this.#openHeld(this.#named);
      const locks = await this.#locks.read(clock.now());
      if (this.#exact === false && child.pid !== undefined) {
        this.#held = await heldThreads(disk, locks, child.pid);
        await Promise.all([...this.#held.own].map((thread) => this.#openHeld(thread)));
      }
      const sentAt = [this.#awaited.earliest, this.#pokes.at(-1), clock.now()];
      await this.#discovery?.look(Math.min(...sentAt.filter((at) => at !== undefined)), locks);
      await Promise.all(this.#threads.all().map((file) => file.look()));
      for (const file of this.#threads.all()) this.#consider(file, true);
      await Promise.all(this.#threads.all().map((file) => this.#readMore(file)));
    } catch (thrown) {
      log.debug("codex", messageOf(thrown));
    }
  }

  async #openHeld(thread: string): Promise<void> {
    if (this.#threads.knows(thread)) return;
    const path = await this.#discovery?.locate(thread);
    if (path !== undefined) await this.#open(thread, path);
  }

  async #open(thread: string, path: string): Promise<void> {
    const file = await this.#threads.open(thread, path);
    if (file === undefined) return; // Else the child's own thread may go on in another file.
    if (this.#current?.thread === thread) this.#adopt(file);
    this.#guard(() => this.#consider(file));
    // Two that run in one folder are told apart by their locks alone.
    if (this.#options.surface === "exec" && this.#current === undefined) void this.#discover();
  }

  /** The prompt may stand above what was read of a large rollout that was found late. */
  async #readMore(file: ThreadFile): Promise<void> {
    const more = await this.#threads.readMore(file, this.#awaited.earliest);
    if (more !== undefined && file === this.#current) this.#adopt(more);
    if (more !== undefined) this.#consider(more, true);
  }

  #take(file: ThreadFile, event: SessionEvent): void {
    if (this.#disposed) return;
    if (file === this.#current) this.#options.onEvent(event);
    if (event.type === "userPrompted" || event.type === "turnStarted") this.#consider(file);
  }

  /** @param looked who holds which lock was asked a moment ago */
  #consider(file: ThreadFile, looked = false): void {
    if (this.#awaited.takeFrom(file) || file.thread === this.#named) {
      this.#confirmed = true;
      this.#adopt(file);
    }
    if (this.#exact !== false) this.#considerShown();
    else if (this.#options.surface === "exec" && !looked) return;
    else if (file !== this.#current && this.#betterGuess(file)) this.#adopt(file);
  }

  /** Before the first prompt: the one thread that a terminal came to show since ours was made. */
  #considerShown(): void {
    if (this.#exact === false || this.#confirmed) return;
    const shown = (this.#discovery?.shownSince(this.#screenSince) ?? []).filter(
      (thread) => thread !== this.#left,
    );
    const [only] = shown;
    const file = only === undefined || shown.length > 1 ? undefined : this.#threads.get(only);
    const ours = file?.session.facts?.cwd === this.#options.cwd ? file : undefined;
    if (ours !== undefined) this.#adopt(ours);
    else if (shown.length > 1 && this.#current !== undefined) this.#release();
  }

  #betterGuess(file: ThreadFile): boolean {
    const { cwd, surface } = this.#options;
    const spawnedAt = this.#child?.spawnedAt ?? 0;
    const shownAt = this.#discovery?.shownAt(file.thread);
    const heldBy = holderOf(this.#held, file.thread);
    const thread = { facts: file.session.facts, turnAt: file.turnAt, shownAt, heldBy };
    if (!looksLikeOurs(thread, { surface, cwd, spawnedAt, pokes: this.#pokes })) return false;
    if (this.#current === undefined) return true;
    const busy = this.#current.session.turn !== undefined;
    return !busy && (file.turnAt ?? 0) > (this.#current.turnAt ?? 0);
  }

  #adopt(file: ThreadFile): void {
    if (file === this.#current) return;
    this.#current = file;
    this.#adoptedAt = this.#options.clock.monotonic();
    this.#looks.begin();
    this.#options.log.debug("codex", `follows thread ${file.thread}`);
    this.#options.onThread(file.session);
  }

  #release(): void {
    this.#current = undefined;
    this.#options.onThread(newSession);
  }

  #takeEntry(entry: SessionLogEntry | undefined): void {
    if (entry === undefined) return;
    const { at } = entry;
    const event = eventOfEntry(entry);
    if (event !== undefined) this.#options.onEvent(event);
    switch (entry.type) {
      case "started":
        // Before any prompt is in it: from here on only the open files know it. A first start that
        // installs the daemon takes longer than a log may be silent.
        this.#options.sessionLog?.unlink();
        this.#logStarted = true;
        this.#exact = undefined;
        return;
      case "prompted":
        this.#exact = entry.clientId !== undefined;
        if (entry.clientId !== undefined) this.#await(entry.clientId, at);
        return;
      case "configured":
        this.#named = entry.thread;
        this.#looks.begin();
        return;
      case "reset":
        this.#screenSince = at - shownBeforeResetMs;
        // With a turn running it is another view of the same work.
        if (this.#current?.session.turn !== undefined) return;
        this.#confirmed = false;
        this.#left = this.#current?.thread;
        if (this.#current !== undefined) this.#release();
        return;
      case "compacting":
      case "asking":
      case "answered":
      case "ended":
    }
  }

  #await(clientId: string, at: number): void {
    this.#awaited.add(clientId, at);
    for (const file of this.#threads.all()) this.#consider(file);
    if (this.#awaited.size > 0) this.#looks.begin();
  }

  #guard(run: () => void): void {
    try {
      run();
    } catch (thrown) {
      this.#options.log.debug("codex", messageOf(thrown));
    }
  }
}
