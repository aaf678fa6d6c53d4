import type { SessionEvent } from "../session/event.ts";
import { newSession, reduce, type Session } from "../session/session.ts";
import type { Disk, FollowedFile } from "./disk.ts";
import { createRolloutReader } from "./events.ts";

/** A rollout that is being followed, with what is known of its thread so far. */
export interface ThreadFile extends Disposable {
  readonly thread: string;
  readonly path: string;
  readonly session: Session;
  /** Whether a prompt with this id was seen. */
  hasPrompt(clientId: string): boolean;
  /** When its newest turn started. */
  readonly turnAt: number | undefined;
  look(): Promise<void>;
}

/** Files up to this size are read whole; of larger ones the head and this much of the end. */
const wholeBytes = 1_048_576;
const lastBytes = 262_144;
/** The first line of a rollout has 20 to 60 KB, most of it instructions. */
const firstLineBytes = 262_144;
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
): Promise<ThreadFile> {
  const file = new FollowedThread(disk, thread, path, listener);
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
  #reader = createRolloutReader();
  #followed: FollowedFile | undefined;
  #disposed = false;

  constructor(disk: Disk, thread: string, path: string, listener: ThreadFileListener) {
    this.#disk = disk;
    this.thread = thread;
    this.path = path;
    this.#listener = listener;
  }

  async start(): Promise<void> {
    const large = ((await this.#disk.stat(this.path))?.size ?? 0) > wholeBytes;
    if (large) await this.#readHead();
    if (this.#disposed) return;
    this.#followed = this.#disk.follow(
      this.path,
      large ? { last: lastBytes } : "start",
      (line, whole) => this.#take(line, whole),
      (change) => {
        if (change === "truncated" || change === "replaced") this.#startAnew();
      },
    );
    await this.look();
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
    const head = await this.#disk.head(this.path, firstLineBytes);
    const end = head?.indexOf(10) ?? -1;
    if (head !== undefined && end >= 0) this.#take(head.subarray(0, end), true);
  }

  #startAnew(): void {
    this.#reader = createRolloutReader();
    this.session = newSession;
    this.#listener.onRestart(this);
  }

  #take(line: Uint8Array, whole: boolean): void {
    for (const event of this.#reader.read(line, whole)) {
      this.session = reduce(this.session, event);
      if (event.type === "turnStarted") this.turnAt = event.at;
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
