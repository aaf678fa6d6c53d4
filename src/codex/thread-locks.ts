import type { Disk } from "./disk.ts";
import { readHeldLocks, type HeldLock } from "./held-locks.ts";
import { newestNames, restAfter } from "./newest-names.ts";
import { lockFolder, threadOfLock } from "./thread-files.ts";

/**
 * Whether a process has a thread loaded. `stale`: its lock file was left by one that was killed;
 * `absent`: it has none, as after a clean exit; `unknown`: this home has no locks, or none is told.
 */
export type LockState = "held" | "stale" | "absent" | "unknown";

/** Asks the system about one lock file, without waiting and without keeping anything. */
export type LockProbe = (path: string) => "held" | "free" | "unknown";

export interface ThreadLocks {
  stateOf(thread: string): LockState;
  /** The process that the system lists as holding the thread's lock. */
  holderOf(thread: string): number | undefined;
  /** Whether whoever runs a thread in this home takes a lock. */
  readonly known: boolean;
  /** Whether the system lists who holds what (Linux). */
  readonly listed: boolean;
  /** Newest first. */
  readonly held: readonly string[];
  /** Those with a lock file, held or not, newest first. */
  readonly threads: readonly string[];
}

export interface LockReader {
  read(now: number): Promise<ThreadLocks>;
}

/** A lock file; it stays the same one as long as it is there. */
interface LockFile {
  readonly thread: string;
  readonly path: string;
  readonly inode: number;
  /** What the last probe said of it. */
  probed: LockState | undefined;
}

/** Lock files of killed processes stay for good, so the newest names alone are looked at. */
const maxLocks = 512;
/** Bytes of the system's list; the first are enough nearly always, and asked for again and again. */
const procTexts = [16_384, 262_144] as const;
/** Of a changed folder these are looked at again, in case one was deleted and made anew. */
const lookedAtAgain = 64;
/** Looked at together; between them everything else gets its turn. */
const batch = 32;
/** Free ones that are probed again in each look, for a holder that the system does not list. */
const probedAgain = 16;
/** Two changes within one tick of the file system's clock look the same. */
const settledMs = 100;
const text = new TextDecoder();

/**
 * Tells which threads are being written, by the locks that are held. `/proc/locks` tells most of
 * them at once (Linux); it leaves out holders in other containers, so what it does not list is
 * probed: when it is new, when it is asked for, and a few of the others in each look. The files
 * themselves are looked at only when their folder changed.
 */
export function openLockReader(
  disk: Pick<Disk, "list" | "stat" | "head">,
  home: string,
  probe: LockProbe,
): LockReader {
  return new FolderReader(disk, `${home}/${lockFolder}`, probe);
}

class FolderReader implements LockReader {
  readonly #disk: Pick<Disk, "list" | "stat" | "head">;
  readonly #folder: string;
  readonly #probe: LockProbe;
  /** By name, newest first. */
  #files: ReadonlyMap<string, LockFile> = new Map();
  #listedAt: number | undefined;
  #restsUntil = 0;
  #restMs = 0;
  #turn = 0;
  /** Those that were probed in this look. */
  #fresh = new Set<LockFile>();

  constructor(disk: Pick<Disk, "list" | "stat" | "head">, folder: string, probe: LockProbe) {
    this.#disk = disk;
    this.#folder = folder;
    this.#probe = probe;
  }

  async read(now: number): Promise<ThreadLocks> {
    const modifiedAt = (await this.#disk.stat(this.#folder))?.modifiedAt;
    if (modifiedAt === undefined) return noLocks;
    const list = await this.#listed();
    const pids = new Map(list?.map(({ inode, pid }) => [inode, pid]));
    this.#fresh = new Set();
    this.#probeAgain(pids);
    // A clock that was set back ends the rest.
    const rests = now < this.#restsUntil && now >= this.#restsUntil - this.#restMs;
    if (modifiedAt !== this.#listedAt && !rests) {
      this.#listedAt = now - modifiedAt > settledMs ? modifiedAt : undefined;
      this.#restMs = restAfter(await this.#refresh(pids));
      this.#restsUntil = now + this.#restMs;
    }
    return this.#locks(pids, list !== undefined);
  }

  async #listed(): Promise<readonly HeldLock[] | undefined> {
    for (const max of procTexts) {
      // oxlint-disable-next-line no-await-in-loop -- the second time only when the list is long
      const list = await this.#disk.head("/proc/locks", max);
      if (list === undefined) return undefined;
      if (list.length < max || max === procTexts[1]) return readHeldLocks(text.decode(list));
    }
    return undefined;
  }

  /** Resolves with the number of names there are. */
  async #refresh(pids: ReadonlyMap<number, number>): Promise<number> {
    const all = await this.#disk.list(this.#folder);
    const names = newestNames(all, maxLocks, (name) => threadOfLock(name) !== undefined);
    const files = new Map<string, LockFile>();
    for (let start = 0; start < names.length; start += batch) {
      const part = names.slice(start, start + batch);
      // oxlint-disable-next-line no-await-in-loop -- in batches, see `batch`
      const found = await Promise.all(
        part.map((name, i) => this.#lookAt(name, start + i < lookedAtAgain)),
      );
      for (const [index, file] of found.entries()) {
        if (file === undefined) continue;
        files.set(part[index] ?? "", file);
        if (!pids.has(file.inode) && file.probed === undefined) this.#ask(file);
      }
    }
    this.#files = files;
    return all.length;
  }

  async #lookAt(name: string, again: boolean): Promise<LockFile | undefined> {
    const known = this.#files.get(name);
    if (known !== undefined && !again) return known;
    const thread = threadOfLock(name) ?? "";
    const path = `${this.#folder}/${name}`;
    const inode = (await this.#disk.stat(path))?.inode;
    if (inode === undefined || inode === known?.inode) return inode === undefined ? inode : known;
    return { thread, path, inode, probed: undefined };
  }

  #ask(file: LockFile): void {
    if (this.#fresh.has(file)) return;
    const found = this.#probe(file.path);
    file.probed = found === "free" ? "stale" : found;
    this.#fresh.add(file);
  }

  /** All that were held, and of the others the next few. */
  #probeAgain(pids: ReadonlyMap<number, number>): void {
    const files = [...this.#files.values()].filter(({ inode }) => !pids.has(inode));
    const others = files.filter(({ probed }) => probed !== "held");
    if (this.#turn >= others.length) this.#turn = 0;
    const next = others.slice(this.#turn, this.#turn + probedAgain);
    this.#turn += probedAgain;
    for (const file of files) {
      if (file.probed === "held" || next.includes(file)) this.#ask(file);
    }
  }

  #locks(pids: ReadonlyMap<number, number>, listed: boolean): ThreadLocks {
    const files = [...this.#files.values()];
    const byThread = new Map(files.map((file) => [file.thread, file]));
    const isHeld = ({ inode, probed }: LockFile): boolean => pids.has(inode) || probed === "held";
    const fresh = this.#fresh;
    return {
      known: true,
      listed,
      threads: files.map(({ thread }) => thread),
      held: files.filter(isHeld).map(({ thread }) => thread),
      holderOf: (thread) => pids.get(byThread.get(thread)?.inode ?? -1),
      stateOf: (thread) => {
        const file = byThread.get(thread);
        if (file === undefined) return "absent";
        if (pids.has(file.inode)) return "held";
        if (fresh === this.#fresh) this.#ask(file);
        return file.probed ?? "unknown";
      },
    };
  }
}

const noLocks: ThreadLocks = {
  stateOf: () => "unknown",
  holderOf: () => undefined,
  known: false,
  listed: false,
  held: [],
  threads: [],
};
