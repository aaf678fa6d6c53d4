import type { Spent } from "../session/cost.ts";
import type { SessionEvent } from "../session/event.ts";
import { newSession, reduce, type Session } from "../session/session.ts";
import type { Disk, FollowedFile } from "./disk.ts";
import { createRolloutReader, type LineCounts } from "./events.ts";

/** A rollout that is being followed, with what is known of its thread so far. */
export interface ThreadFile extends Disposable {
  readonly thread: string;
  readonly path: string;
  readonly session: Session;
  /** Whether a prompt with this id was seen. */
  hasPrompt(clientId: string): boolean;
  /** When its newest turn started. */
  readonly turnAt: number | undefined;
  /** What its responses took, as far as they were read. */
  readonly spent: Spent;
  readonly counts: FileCounts;
  /** Whether it was read from its beginning. */
  readonly whole: boolean;
  /** Something about the thread that does not stand in its rollout. */
  report(event: SessionEvent): void;
  /** Whoever reported a status does not any more. */
  forgetStatus(): void;
  look(): Promise<void>;
}

/** What was met in one file that nobody can use; for `status` and `doctor`. */
export interface FileCounts extends LineCounts {
  /** Lines too long to be kept. */
  readonly long: number;
  /** How often it began anew: truncated, or replaced by another. */
  readonly restarts: number;
  /** Its name is gone: deleted, or moved to the archive. */
  readonly gone: boolean;
  /** It cannot be read, or is no file. */
  readonly refused: boolean;
}

/** Files up to `whole` bytes are read whole; of larger ones the head and `last` bytes of the end. */
export interface Reach {
  readonly whole: number;
  readonly last: number;
}

/** The first line of a rollout has 20 to 60 KB, most of it instructions; seldom more. */
const firstLineBytes = [65_536, 262_144] as const;
const maxPrompts = 64;

/** `onEvent` comes after the event is in `session`; `onRestart` when the file began anew. */
export interface ThreadFileListener {
  onEvent(file: ThreadFile, event: SessionEvent): void;
  onRestart(file: ThreadFile): void;
}

/** Follows the rollout of `thread`. Resolves once what was there has been read. */
export async function openThreadFile(
  disk: Disk,
  thread: string,
  path: string,
  listener: ThreadFileListener,
  reach: Reach,
): Promise<ThreadFile> {
  const file = new FollowedThread(disk, thread, path, listener, reach);
  await file.start();
  return file;
}

class FollowedThread implements ThreadFile {
  readonly thread: string;
  readonly path: string;
  session: Session = newSession;
  turnAt: number | undefined;
  readonly #disk: Disk;
  readonly #listener: ThreadFileListener;
  readonly #prompts = new Set<string>();
  #reader;
  #followed: FollowedFile | undefined;
  whole = true;
  #disposed = false;
  readonly #reach: Reach;
  #long = 0;
  #restarts = 0;
  #gone = false;
  #refused = false;

  constructor(
    disk: Disk,
    thread: string,
    path: string,
    listener: ThreadFileListener,
    reach: Reach,
  ) {
    this.#reach = reach;
    this.#disk = disk;
    this.thread = thread;
    this.path = path;
    this.#listener = listener;
    this.#reader = createRolloutReader(thread);
  }

  async start(): Promise<void> {
    const size = (await this.#disk.stat(this.path))?.size ?? 0;
    const large = size > this.#reach.whole && size > this.#reach.last;
    this.whole = !large;
    if (large) await this.#readHead();
    if (large) this.#reader.skip();
    if (this.#disposed) return;
    this.#followed = this.#disk.follow(
      this.path,
      large ? { last: this.#reach.last } : "start",
      (line, whole) => this.#take(line, whole),
      (change) => {
        this.#gone = change === "gone";
        this.#refused = change === "refused";
        if (change === "truncated" || change === "replaced") this.#startAnew();
      },
    );
    await this.look();
  }

  get spent(): Spent {
    return this.#reader.spent;
  }

  get counts(): FileCounts {
    return {
      ...this.#reader.counts,
      long: this.#long,
      restarts: this.#restarts,
      gone: this.#gone,
      refused: this.#refused,
    };
  }

  report(event: SessionEvent): void {
    this.session = reduce(this.session, event);
  }

  forgetStatus(): void {
    this.session = { ...this.session, status: undefined };
  }

  hasPrompt(clientId: string): boolean {
    return this.#prompts.has(clientId);
  }

  async look(): Promise<void> {
    await this.#followed?.look();
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#followed?.[Symbol.dispose]();
  }

  async #readHead(): Promise<void> {
    for (const bytes of firstLineBytes) {
      // oxlint-disable-next-line no-await-in-loop -- the second time only when the first was too short
      const head = await this.#disk.head(this.path, bytes);
      const end = head?.indexOf(10) ?? -1;
      if (head === undefined || (end < 0 && bytes !== firstLineBytes[1])) continue;
      this.#take(end < 0 ? head : head.subarray(0, end), end >= 0);
      return;
    }
  }

  #startAnew(): void {
    this.whole = true;
    this.#restarts += 1;
    this.#reader = createRolloutReader(this.thread);
    this.session = newSession;
    this.#listener.onRestart(this);
  }

  #take(line: Uint8Array, whole: boolean): void {
    const { items } = this.#reader.counts;
    const events = this.#reader.read(line, whole);
    // What its beginning tells was taken, so nothing was passed over.
    if (!whole && this.#reader.counts.items === items) this.#long += 1;
    for (const event of events) {
      this.session = reduce(this.session, event);
      this.turnAt = this.session.turn?.at ?? this.turnAt;
      if (event.type === "userPrompted") this.#remember(event.clientId);
      this.#listener.onEvent(this, event);
    }
  }

  #remember(clientId: string | undefined): void {
    if (clientId === undefined) return;
    this.#prompts.add(clientId);
    const [oldest] = this.#prompts;
    if (this.#prompts.size > maxPrompts && oldest !== undefined) this.#prompts.delete(oldest);
  }
}
