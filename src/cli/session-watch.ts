import packageJson from "../../package.json" with { type: "json" };
import type { Disk } from "../codex/disk.ts";
import type { Met } from "../codex/met.ts";
import { optional } from "../codex/json.ts";
import { openThreadNames, type ThreadNames } from "../codex/thread-names.ts";
import { openThreads, type Threads } from "../codex/threads.ts";
import { probeLock } from "../instance/lock.ts";
import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import type { GitFiles } from "../repository/git-files.ts";
import { openRepositories, type RepositoriesOptions } from "../repository/repositories.ts";
import { activityDueAt } from "../session/activity-of.ts";
import { nothingSpent } from "../session/cost.ts";
import type { PriceMap } from "../session/price.ts";
import { noSessions, type SessionList, type SessionView } from "../session/session-view.ts";
import type { Session } from "../session/session.ts";
import { aggregateOf, holdMs, leaderOf, rank, type Leader } from "../session/sessions.ts";
import { latestLimits } from "../session/usage.ts";
import { FolderLooks } from "./folder-looks.ts";
import { openFolders } from "./surroundings.ts";
import { viewOf, type KnownSession } from "./session-view.ts";

export interface SessionWatchOptions extends RepositoriesOptions {
  /** Codex's home, an absolute path. */
  readonly home: string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: Log;
  /** For the sessions' folders, where others use the same way to their disks. */
  readonly folders?: GitFiles;
  readonly prices?: () => PriceMap;
  /** Whether the person lets sessions be named by their titles; else none is ever read. */
  readonly titles?: () => boolean;
  /** The wrapper's own child, as it is now: better known than by its rollout alone. */
  readonly own?: () => OwnChild | undefined;
  /** Sessions of which others told us; those that a file tells of are known better. */
  readonly told?: () => readonly KnownSession[];
  /** The list is another. */
  readonly onChange?: (list: SessionList) => void;
  /** It was looked at, and is as it was. */
  readonly onLooked?: () => void;
}

export interface OwnChild {
  readonly session: Session;
  readonly surface: "cli" | "exec";
  /** Where it works, before it is told by the thread itself; `undefined` where that is open. */
  readonly cwd: string | undefined;
  /** When the run began, ms since the epoch. */
  readonly startedAt: number;
}

/** All sessions of a home, kept up to date: threads, repositories and usage joined. */
export interface SessionWatch extends Disposable {
  /** Follows from now on; `onChange` tells of each new list. */
  start(): void;
  /** Never rejects. */
  look(): Promise<SessionList>;
  /** As of the last look or change. */
  readonly list: SessionList;
  /** Looks at folders whose last look is older, by monotonic ms; waits as long as one may take. */
  freshen(notBefore: ReadonlyMap<string, number>): Promise<void>;
  /** When the last answered look at a folder began, monotonic ms. */
  checkedAt(folder: string): number;
  /** Leads, whatever else happens, until another one or none (`undefined`) is pinned. */
  pin(id: string | undefined): void;
  /** The own child did something. */
  poke(): void;
  readonly threads: Threads;
  readonly met: Met;
  /** `polling`: the system gives no (more) notices, so changes come late. */
  readonly watchState: Disk["watchState"];
}

/** Events come in heaps; still far below what a person notices. */
const joinMs = 5;
/** The own child before its thread is known. */
const childId = "child";

export function openSessionWatch(options: SessionWatchOptions): SessionWatch {
  return new Watch(options);
}

class Watch implements SessionWatch {
  list: SessionList = noSessions;
  readonly threads: Threads;
  readonly #options: SessionWatchOptions;
  readonly #folders: FolderLooks;
  #told: SessionList | undefined;
  #leader: Leader | undefined;
  #pinned: string | undefined;
  #started = false;
  #disposed = false;
  #daemon: Disposable | undefined;
  #names: ThreadNames | undefined;
  #soon: Disposable | undefined;
  #due: Disposable | undefined;
  #building = false;
  #again = false;

  constructor(options: SessionWatchOptions) {
    const { home, disk, clock, log, folders = openFolders() } = options;
    this.#options = options;
    const onChange = (): void => this.#changed();
    const repositories = openRepositories(folders, clock, options);
    this.#folders = new FolderLooks(repositories, clock, onChange);
    const probe = (path: string) => {
      const { kind } = probeLock(path);
      return kind === "nobody" ? "free" : kind;
    };
    this.threads = openThreads({ home, disk, clock, log, probe, onChange });
  }

  get met(): Met {
    return this.threads.met;
  }

  get watchState(): Disk["watchState"] {
    return this.#options.disk.watchState;
  }

  start(): void {
    this.#started = true;
    this.threads.start();
    void this.#listen();
  }

  /** Loaded only here: `node:net` takes a tenth of the time that `status` may. */
  async #listen(): Promise<void> {
    const { home, clock, log } = this.#options;
    const [{ openDaemon }, { daemonSocket }] = await Promise.all([
      import("../codex/daemon.ts"),
      import("./daemon-socket.ts"),
    ]);
    if (this.#disposed) return;
    this.#daemon = openDaemon({
      connect: daemonSocket(home),
      random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
      clock,
      log,
      version: packageJson.version,
      onStatus: (thread, event) => this.threads.report(thread, event),
      onLost: () => this.threads.forget(),
      onThreads: () => void this.threads.look(),
    });
  }

  async look(): Promise<SessionList> {
    await this.threads.look();
    this.#folders.forget();
    await this.#build();
    return this.list;
  }

  async freshen(notBefore: ReadonlyMap<string, number>): Promise<void> {
    await this.#folders.look(this.#known(), notBefore);
    if (!this.#disposed) this.#join();
  }

  checkedAt(folder: string): number {
    return this.#folders.checkedAt(folder);
  }

  pin(id: string | undefined): void {
    this.#pinned = id;
    this.#changed();
  }

  poke(): void {
    this.#changed();
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#soon?.[Symbol.dispose]();
    this.#due?.[Symbol.dispose]();
    this.#daemon?.[Symbol.dispose]();
    this.#names?.[Symbol.dispose]();
    this.threads[Symbol.dispose]();
  }

  #changed(): void {
    if (!this.#started || this.#disposed || this.#soon !== undefined) return;
    this.#soon = this.#options.clock.after(joinMs, () => {
      this.#soon = undefined;
      void this.#rebuild();
    });
  }

  async #rebuild(): Promise<void> {
    this.#again = this.#building;
    if (this.#building || this.#disposed) return;
    this.#building = true;
    try {
      await this.#build();
      if (!this.#disposed) this.#tell();
    } catch (thrown) {
      this.#options.log.debug("sessions", messageOf(thrown));
    } finally {
      this.#building = false;
      if (this.#again) this.#changed();
    }
  }

  #tell(): void {
    const { onChange, onLooked } = this.#options;
    if (Bun.deepEquals(this.#told, this.list)) return onLooked?.();
    this.#told = this.list;
    onChange?.(this.list);
  }

  async #build(): Promise<void> {
    await this.#readNames();
    await this.#folders.look(this.#known());
    this.#join();
  }

  /** Makes the list of what is known by now. */
  #join(): void {
    const { clock } = this.#options;
    const prices = this.#options.prices?.() ?? {};
    const known = this.#known();
    const now = clock.now();
    const views = known.map((each) => viewOf(each, this.#folders.of(each), now, prices));
    const ranked = rank(views);
    const moment = clock.monotonic();
    this.#leader = leaderOf(this.#leader, ranked, moment, this.#pinned);
    const before = new Map(this.list.sessions.map((view) => [view.id, view]));
    const sessions = ranked.map(({ session, activity, agents, updatedAt }): SessionView => {
      const open = session.open || agents > 0;
      return same({ ...session, activity, agents, updatedAt, open }, before.get(session.id));
    });
    const leader = sessions.find(({ id }) => id === this.#leader?.id);
    const limits = same(latestLimits(this.threads.all(), now), this.list.limits);
    this.list = { sessions, leader, aggregate: aggregateOf(ranked), limits };
    this.#wakeFor(known, now, moment);
  }

  /** The live threads; what the wrapper knows of its own child instead of what its rollout says. */
  #known(): readonly KnownSession[] {
    const own = this.#options.own?.();
    const ownThread = own?.session.facts?.thread;
    const reported = this.#options.told?.() ?? [];
    // What their rollouts say of folder, model and usage counts, however long they have rested.
    const wanted = new Set([ownThread, ...reported.map(({ id }) => id)]);
    const live = this.threads.all().filter(({ id, over }) => !over || wanted.has(id));
    const ids = new Set(live.map(({ id }) => id));
    const told = reported.filter(({ id }) => !ids.has(id));
    const read = live.map((thread): KnownSession => {
      const { id, spent } = thread;
      const title = optional("title", this.#names?.of(id));
      if (own === undefined || id !== ownThread) return { ...thread, ...title, own: false };
      return { ...own, ...title, id, spent, own: true };
    });
    const known = [...read, ...told];
    if (own === undefined || known.some((each) => each.own)) return known;
    return [{ ...own, id: ownThread ?? childId, spent: nothingSpent, own: true }, ...known];
  }

  /** Names are read only while the person wants them, and forgotten when not. */
  async #readNames(): Promise<void> {
    const { home, disk, titles } = this.#options;
    if (titles?.() !== true || this.#disposed) {
      this.#names?.[Symbol.dispose]();
      this.#names = undefined;
      return;
    }
    this.#names ??= openThreadNames(disk, home, () => this.#changed());
    await this.#names.look();
  }

  /** Builds anew when an activity, or who leads, becomes another by time alone. */
  #wakeFor(known: readonly KnownSession[], now: number, moment: number): void {
    if (!this.#started) return;
    const { rivalSince } = this.#leader ?? {};
    const waits = known
      .map(({ session }) => activityDueAt(session, now))
      .filter((due) => due !== undefined)
      .map((due) => due - now);
    if (rivalSince !== undefined) waits.push(rivalSince + holdMs - moment);
    this.#due?.[Symbol.dispose]();
    this.#due = undefined;
    if (waits.length === 0) return;
    const wait = Math.max(1, Math.min(...waits));
    this.#due = this.#options.clock.after(wait, () => this.#changed());
  }
}

/** What is as it was stays the same object, and what was made of it is of use still. */
function same<T>(now: T, before: T | undefined): T {
  return before !== undefined && Bun.deepEquals(now, before) ? before : now;
}
