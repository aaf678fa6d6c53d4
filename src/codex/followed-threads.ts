import { messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import type { Disk } from "./disk.ts";
import {
  openThreadFile,
  type Reach,
  type ThreadFile,
  type ThreadFileListener,
} from "./thread-file.ts";
import { isLaterFile } from "./thread-files.ts";

/** The rollouts that may be a child's, each followed; sub-agents' left out. */
export interface FollowedThreads extends Disposable {
  /**
   * Follows a rollout, unless that thread is followed in it or in a later one; resolves with it
   * once it has been read. It takes the place of an earlier file of the thread.
   */
  open(thread: string, path: string): Promise<ThreadFile | undefined>;
  /**
   * Follows one that was read at its end alone from further up, in place of the given one, if
   * something happened in it since `since`; `undefined` when there is no more, or it is too much.
   */
  readMore(file: ThreadFile, since: number | undefined): Promise<ThreadFile | undefined>;
  get(thread: string): ThreadFile | undefined;
  all(): readonly ThreadFile[];
  /** Whether the thread is followed, is being opened, or was left out. */
  knows(thread: string): boolean;
}

const maxFiles = 12;
/** How much is read of the end of a file that is larger, each time it told too little. */
const reaches: readonly [Reach, ...Reach[]] = [
  { whole: 1_048_576, last: 262_144 },
  { whole: 4_194_304, last: 4_194_304 },
  { whole: 67_108_864, last: 67_108_864 },
];
const maxPassedOver = 1024;

/** @param isKept whether a file is in use, so that the oldest other one makes room */
export function openFollowedThreads(
  disk: Disk,
  log: Log,
  listener: ThreadFileListener,
  isKept: (file: ThreadFile) => boolean,
): FollowedThreads {
  return new FollowedFiles(disk, log, listener, isKept);
}

class FollowedFiles implements FollowedThreads {
  readonly #disk: Disk;
  readonly #log: Log;
  readonly #listener: ThreadFileListener;
  readonly #isKept: (file: ThreadFile) => boolean;
  readonly #files = new Map<string, ThreadFile>();
  /** The file of each thread that is followed, is being opened, or was left out. */
  readonly #paths = new Map<string, string>();
  /** How far up each was read, by the index of its reach. */
  readonly #steps = new WeakMap<ThreadFile, number>();
  #disposed = false;

  constructor(
    disk: Disk,
    log: Log,
    listener: ThreadFileListener,
    isKept: (file: ThreadFile) => boolean,
  ) {
    this.#disk = disk;
    this.#log = log;
    this.#listener = listener;
    this.#isKept = isKept;
  }

  async open(thread: string, path: string): Promise<ThreadFile | undefined> {
    const known = this.#paths.get(thread);
    if (this.#disposed || (known !== undefined && !isLaterFile(path, known))) return undefined;
    this.#paths.set(thread, path);
    try {
      const file = await openThreadFile(this.#disk, thread, path, this.#listener, reaches[0]);
      const { parent, internal } = file.session.facts ?? {};
      const isLeftOut = parent !== undefined || internal === true;
      if (this.#disposed || isLeftOut || this.#paths.get(thread) !== path) {
        file[Symbol.dispose]();
        this.#forgetSome();
        return undefined;
      }
      this.#files.get(thread)?.[Symbol.dispose]();
      this.#files.set(thread, file);
      this.#makeRoom();
      return file;
    } catch (thrown) {
      this.#log.debug("codex", messageOf(thrown));
      return undefined;
    }
  }

  async readMore(file: ThreadFile, since: number | undefined): Promise<ThreadFile | undefined> {
    if (since === undefined || (file.session.updatedAt ?? 0) < since) return undefined;
    const step = (this.#steps.get(file) ?? 0) + 1;
    const reach = file.whole ? undefined : reaches[step];
    this.#steps.set(file, step);
    if (reach === undefined) return undefined;
    const more = await openThreadFile(this.#disk, file.thread, file.path, this.#listener, reach);
    if (this.#files.get(file.thread) !== file) {
      more[Symbol.dispose]();
      return undefined;
    }
    this.#steps.set(more, step);
    this.#files.set(file.thread, more);
    file[Symbol.dispose]();
    return more;
  }

  get(thread: string): ThreadFile | undefined {
    return this.#files.get(thread);
  }

  all(): readonly ThreadFile[] {
    return [...this.#files.values()];
  }

  knows(thread: string): boolean {
    return this.#paths.has(thread);
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    for (const file of this.#files.values()) file[Symbol.dispose]();
    this.#files.clear();
  }

  #makeRoom(): void {
    const oldest = this.all().find((file) => !this.#isKept(file));
    if (this.#files.size <= maxFiles || oldest === undefined) return;
    oldest[Symbol.dispose]();
    this.#files.delete(oldest.thread);
    this.#paths.delete(oldest.thread);
  }

  #forgetSome(): void {
    const left = [...this.#paths.keys()].find((thread) => !this.#files.has(thread));
    if (this.#paths.size > maxPassedOver && left !== undefined) this.#paths.delete(left);
  }
}
