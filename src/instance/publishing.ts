import { messageOf } from "../lib/errors.ts";
import type { Channel, ChannelEvents } from "./channel.ts";
import { openControl, type Control } from "./control.ts";
import type { Lock, LockAttempt } from "./lock.ts";
import type { Inheritance, Json, Message, Verb } from "./message.ts";
import { readMetadata, removeMetadata, writeMetadata } from "./metadata.ts";
import type { Self, Surroundings } from "./self.ts";

/** A session of another wrapper, by its own word. What is in it is untrusted until read. */
export interface RemoteSession {
  readonly pid: number;
  /** Start of the wrapper, ms since the epoch. */
  readonly startedAt: number;
  readonly session: Json;
}

export interface PublishingOptions extends Surroundings {
  readonly self: Self;
  /** What the next publisher goes on from, as it is now. */
  readonly inheritance: () => Inheritance;
  /** The reply to `cdp status`, `why`, `pause` …: no more than the config lets be seen. */
  readonly answer: (verb: Verb) => Json | Promise<Json>;
  /** The sessions of the waiting wrappers, newest wrapper first. */
  readonly onSessions: (sessions: readonly RemoteSession[]) => void;
  /** A process has asked for the role. */
  readonly onAsked: () => void;
}

interface Follower {
  readonly channel: Channel;
  readonly pid: number;
  readonly startedAt: number;
  readonly session: Json | undefined;
}

/** The holder of the lock: found by its metadata, heard through its control socket. */
export class Publishing {
  readonly #options: PublishingOptions;
  #lock: Lock;
  #followers: Follower[] = [];
  #takers: { readonly channel: Channel; readonly pid: number }[] = [];
  #control: Control | undefined;
  #problem: string | undefined;

  private constructor(options: PublishingOptions, lock: Lock) {
    this.#options = options;
    this.#lock = lock;
  }

  /**
   * Begins to listen, then says where. Where nothing can be listened on, `problem` tells; the role is
   * ours anyway. Where that cannot be written (a full disk) nobody could ask us to leave, so the lock
   * is given back, and the reason returned.
   */
  static async begin(options: PublishingOptions, lock: Lock): Promise<Publishing | string> {
    const publishing = new Publishing(options, lock);
    const problem = await publishing.#begin();
    if (problem === undefined) return publishing;
    publishing.#control?.[Symbol.dispose]();
    lock[Symbol.dispose]();
    return problem;
  }

  /** Why others cannot reach this publisher, if so. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** The process that first asked for the role. */
  get askedBy(): number | undefined {
    return this.#takers[0]?.pid;
  }

  /**
   * Puts back what somebody has deleted meanwhile (a cleaned-up folder): the lock's file, by locking
   * it anew, and the metadata. False when another process was faster: the role is no longer ours.
   */
  keep(tryLock: () => LockAttempt): boolean {
    if (!this.#lock.isThere()) {
      const attempt = tryLock();
      if (attempt.kind !== "held") return false;
      this.#lock[Symbol.dispose]();
      this.#lock = attempt.lock;
    }
    if (!this.#isDescribed()) this.#describe();
    return true;
  }

  /** What the next publisher inherits has changed: in case this one is killed. */
  tellFollowers(): void {
    const inheritance = this.#options.inheritance();
    this.#followers.forEach(({ channel }, newer) =>
      channel.send({ type: "inherit", inheritance, newer }),
    );
  }

  /**
   * Gives the role up, after the card is cleared. The metadata stays for whoever follows at once, so
   * that nobody who looks in between finds an empty place.
   *
   * @param answers what is to be left on the home's disk waits for this
   */
  end(answers?: Promise<void>): void {
    const { inheritance } = this.#options;
    const last = inheritance();
    const to = this.askedBy;
    const followers = this.#followers;
    this.#followers = []; // What the hanging up of one changes for the others is no news any more.
    for (const { channel } of this.#takers) channel.send({ type: "bye", inheritance: last });
    followers.forEach(({ channel }, newer) =>
      channel.send({ type: "handover", inheritance: last, newer, to }),
    );
    const isLast = to === undefined && followers.length === 0;
    // Off the disk before the next one may listen; hung up when there is something to be had.
    if (answers === undefined) this.#leave(isLast);
    else void answers.then(() => this.#leave(isLast));
    this.#control?.[Symbol.dispose]();
  }

  #leave(isLast: boolean): void {
    // With the lock's file gone it may be another publisher's by now.
    // @guard metadata-own-removed
    if (isLast && this.#isDescribed()) removeMetadata(this.#options.home);
    this.#control?.close();
    this.#lock[Symbol.dispose]();
  }

  async #begin(): Promise<string | undefined> {
    const { log } = this.#options;
    const onChannel = (channel: Channel) => this.#welcome(channel);
    const opened = await openControl({ ...this.#options, onChannel });
    if (typeof opened === "string") {
      this.#problem = `others cannot reach this publisher: ${opened}`;
      log.debug("instance", this.#problem);
    } else this.#control = opened;
    return this.#describe();
  }

  #isDescribed(): boolean {
    const { home, self } = this.#options;
    const found = readMetadata(home);
    return found.kind === "found" && found.metadata.pid === self.pid;
  }

  /** Returns why the metadata could not be written, if so. */
  #describe(): string | undefined {
    const { home, self } = this.#options;
    const { pid, exePath, identity, mode, version } = self;
    return writeMetadata(home, {
      pid,
      exePath,
      identity,
      mode,
      version,
      startedAt: new Date(self.startedAt).toISOString(),
      control: this.#control?.address,
    });
  }

  #welcome(channel: Channel): ChannelEvents {
    const { pid, version } = this.#options.self;
    channel.send({ type: "welcome", pid, version });
    const hello = channel.hello;
    if (hello?.role === "wrapper") {
      const { startedAt } = hello;
      const follower: Follower = { channel, pid: hello.pid, startedAt, session: undefined };
      // Newest first: that is the order in which they take the role back.
      this.#followers = [...this.#followers, follower].toSorted(
        (a, b) => b.startedAt - a.startedAt || b.pid - a.pid,
      );
      this.tellFollowers();
    }
    return {
      message: (message) => this.#obey(channel, message),
      closed: () => this.#forget(channel),
    };
  }

  #obey(channel: Channel, message: Message): void {
    if (message.type === "takeover") {
      if (this.#takers.some((taker) => taker.channel === channel)) return;
      this.#takers.push({ channel, pid: message.by });
      this.#options.onAsked();
    } else if (message.type === "session") {
      const { session } = message;
      this.#followers = this.#followers.map((follower) =>
        follower.channel === channel ? { ...follower, session } : follower,
      );
      this.#tellSessions();
    } else if (message.type === "ask") {
      void this.#answer(channel, message.verb);
    } else if (message.type === "ping") {
      channel.send({ type: "pong" });
    }
  }

  async #answer(channel: Channel, verb: Verb): Promise<void> {
    try {
      const value = await this.#options.answer(verb);
      if (!channel.send({ type: "answer", verb, value })) throw new Error("too long an answer");
    } catch (error) {
      this.#options.log.debug("instance", `${verb} failed: ${messageOf(error)}`);
      channel.close("no answer");
    }
  }

  #forget(channel: Channel): void {
    this.#takers = this.#takers.filter((taker) => taker.channel !== channel);
    const left = this.#followers.filter((follower) => follower.channel !== channel);
    if (left.length === this.#followers.length) return;
    this.#followers = left;
    this.tellFollowers();
    this.#tellSessions();
  }

  #tellSessions(): void {
    this.#options.onSessions(
      this.#followers.flatMap(({ pid, startedAt, session }) =>
        session === undefined ? [] : [{ pid, startedAt, session }],
      ),
    );
  }
}
