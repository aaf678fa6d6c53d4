import { untilBeat } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import { ownProcess, signalProcess } from "./identity.ts";
import { placeOf } from "./inspect.ts";
import { type Lock, lockPath, takerHolder, tryLock } from "./lock.ts";
import { noInheritance, type Inheritance, type Json, type Verb } from "./message.ts";
import { removeMetadata, type Mode } from "./metadata.ts";
import { Publishing, type RemoteSession } from "./publishing.ts";
import { Queue } from "./queue.ts";
import { askForRole } from "./request.ts";
import { pace, Wakeup, type RoleState, type Seeker, type Taken } from "./seek.ts";
import { seize } from "./seize.ts";
import { aged, type Legacy, type Self, type Surroundings } from "./self.ts";

export interface RoleOptions extends Surroundings {
  readonly mode: Mode;
  readonly version: string;
  /** Start of this run, ms since the epoch. */
  readonly startedAt: number;
  /** Begin to publish: from now until `yield` has resolved nobody else does. */
  readonly publish: (inherited: Inheritance) => void;
  /** Clear the card and close the connection to Discord. The role is given up when it resolves. */
  readonly yield: () => Promise<void>;
  /** What the next publisher goes on from, as it is now. Asked after `yield` too. */
  readonly inheritance: () => Inheritance;
  /** The reply to `cdp status`, `why`, `pause` …: no more than the config lets be seen. */
  readonly answer: (verb: Verb) => Json | Promise<Json>;
  /** What the waiting wrappers say of their sessions, newest wrapper first. Untrusted until read. */
  readonly onSessions: (sessions: readonly RemoteSession[]) => void;
  readonly onState: (state: RoleState) => void;
  /** Resolves when the home's disk answers. Not given: it always does. */
  readonly answers?: () => Promise<void>;
}

/** How long the home's disk is waited for before it is left alone, ms. */
const answerMs = 150;
/** How often a publisher looks whether lock and metadata are still there, ms. */
const keepMs = 10_000;
/** How long a successor is given to take the role, ms. */
const sweep = { turns: 10, ms: 5 } as const;

/**
 * This instance's part in "one publisher for one home". A dashboard takes the role from whoever has
 * it and ends when it is taken over; a wrapper takes the role when nobody has it, gives it to a
 * dashboard that asks, and otherwise waits and tells the publisher its session. Everything is told
 * by the options' callbacks, never from within a call of ours; nothing here throws or prints.
 */
export class Role implements AsyncDisposable {
  readonly #options: RoleOptions;
  readonly #self: Self;
  readonly #wakeup: Wakeup;
  readonly #seeker: Seeker;
  readonly #queue: Queue;
  readonly #done: Promise<void>;
  #state: RoleState = { kind: "seeking" };
  #publishing: Publishing | undefined;
  #leaving: "no" | "resting" | "closed" = "no";
  #rested: () => void = () => undefined;
  #closed: Promise<void> | undefined;
  /** A question to the home's disk that pends. */
  #asked: Promise<void> | undefined;

  constructor(options: RoleOptions) {
    const { mode, version, startedAt, home, clock } = options;
    this.#options = options;
    const self = { ...ownProcess(), mode, version, startedAt };
    this.#self = self;
    this.#wakeup = new Wakeup(clock);
    this.#seeker = {
      self,
      place: { ...placeOf(home), holder: takerHolder(lockPath(home), () => clock.monotonic()) },
      tryLock: () => tryLock(lockPath(home), self.pid),
      clock,
      isLeaving: () => this.#leaving !== "no",
      pause: (ms) => this.#wakeup.pause(ms),
      wake: () => this.#wakeup.wake(),
      say: (state) => this.#say(state),
    };
    this.#queue = new Queue(this.#seeker);
    this.#done = this.#run();
  }

  get state(): RoleState {
    return this.#state;
  }

  /** A wrapper's own session is this now: told to whoever publishes, at most every 20 ms. */
  report(session: Json): void {
    this.#queue.report(session);
  }

  /** A card was sent, or its timer has changed: those who wait shall know, should we be killed. */
  inheritanceChanged(): void {
    this.#publishing?.tellFollowers();
  }

  /**
   * Before this process stops itself: gives the role up and leaves the others alone until `rejoin`.
   * Resolves when the lock is free.
   */
  async handOver(): Promise<void> {
    if (this.#leaving !== "no") return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#rested = resolve;
    this.#leaving = "resting";
    this.#wakeup.wake();
    await Promise.race([promise, this.#done]);
  }

  /** After `handOver`: goes on as in the beginning. */
  rejoin(): void {
    if (this.#leaving === "resting") this.#leaving = "no";
    this.#rested();
    this.#wakeup.wake();
  }

  /** Gives the role up for good. Resolves when the lock is free and nothing listens any more. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#leaving = "closed";
    this.#wakeup.wake();
    await this.#done;
    if (this.#state.kind === "takenOver") return;
    if (await this.#isAnswering()) await this.#sweep();
  }

  /**
   * The metadata was left for a successor, and that may be leaving too (a terminal with many tabs
   * is closed): the last one takes it away, which only the holder of the lock may do.
   */
  async #sweep(): Promise<void> {
    const { place } = this.#seeker;
    for (let turn = 0; turn < sweep.turns; turn += 1) {
      if (place.metadata().kind === "none" || place.holder().kind !== "nobody") return;
      await this.#wakeup.pause(sweep.ms);
    }
    const attempt = this.#seeker.tryLock();
    if (attempt.kind !== "held") return;
    removeMetadata(this.#options.home);
    attempt.lock[Symbol.dispose]();
  }

  async #run(): Promise<void> {
    try {
      await this.#wakeup.pause(0); // So that no callback comes before the constructor's return.
      while (this.#leaving !== "closed") {
        if (this.#leaving === "resting") await this.#rest();
        else if (await this.#turn()) return;
      }
    } catch (error) {
      this.#say({ kind: "off", reason: `presence failed: ${messageOf(error)}` });
    }
  }

  async #rest(): Promise<void> {
    this.#say({ kind: "resting" });
    this.#rested();
    while (this.#leaving === "resting") await this.#wakeup.pause(undefined);
    this.#say({ kind: "seeking" });
  }

  /** One time in the role, or none. True when that was the end of this instance. */
  async #turn(): Promise<boolean> {
    const taken = await this.#seek();
    if (taken === "failed") return true;
    if (taken === undefined) return false;
    const publishing = await this.#begin(taken.lock);
    if (typeof publishing === "string") {
      this.#say({ kind: "off", reason: publishing });
      const isLeaving = this.#seeker.isLeaving(); // Told while it began: nothing would wake us.
      if (!isLeaving) await this.#wakeup.pause(pace.off);
      return false;
    }
    const by = await this.#publish(publishing, taken.legacy);
    if (by !== undefined && this.#self.mode !== "wrapper") {
      this.#say({ kind: "takenOver", by });
      return true;
    }
    this.#say({ kind: "seeking" });
    return false;
  }

  async #seek(): Promise<Taken | "failed" | undefined> {
    if (this.#self.mode === "wrapper") return await this.#queue.wait();
    return await seize(this.#seeker, {
      ask: (holder) =>
        askForRole(holder, this.#self, this.#options.clock, () => this.#wakeup.wake()),
      signal: (pid, identity, name) => {
        const sent = signalProcess(pid, identity, name);
        this.#debug(`${name} to ${pid}: ${sent ? "sent" : "it is another process by now"}`);
      },
    });
  }

  #begin(lock: Lock): Promise<Publishing | string> {
    const { onSessions } = this.#options;
    const options = {
      ...this.#options,
      self: this.#self,
      inheritance: () => this.#inheritance(),
      onSessions: (sessions: readonly RemoteSession[]) => this.#guard(() => onSessions(sessions)),
      onAsked: () => this.#wakeup.wake(),
    };
    return Publishing.begin(options, lock);
  }

  #inheritance(): Inheritance {
    return this.#guard(this.#options.inheritance) ?? noInheritance;
  }

  /** Holds the role until somebody asks for it or this instance leaves. Returns who asked. */
  async #publish(publishing: Publishing, legacy: Legacy | undefined): Promise<number | undefined> {
    const { clock, onSessions } = this.#options;
    this.#publishing = publishing;
    let failure: unknown;
    try {
      this.#options.publish(aged(legacy, clock.monotonic()));
      this.#say({ kind: "publishing", problem: publishing.problem });
      const isWanted = () => publishing.askedBy === undefined && this.#leaving === "no";
      const { tryLock: lockAgain } = this.#seeker;
      while (isWanted()) {
        const isAnswering = await this.#isAnswering();
        if (!isWanted() || (isAnswering && !publishing.keep(lockAgain))) break;
        await this.#wakeup.pause(untilBeat(clock, keepMs));
      }
    } catch (error) {
      failure = error;
    }
    const by = publishing.askedBy;
    try {
      await this.#options.yield();
    } catch (error) {
      failure ??= error;
    }
    this.#publishing = undefined;
    publishing.end((await this.#isAnswering()) ? undefined : this.#asked);
    this.#queue.yielded({ inheritance: this.#inheritance(), heardAt: clock.monotonic() }, by);
    this.#guard(() => onSessions([]));
    // Tried again at once it would fail again at once.
    if (failure !== undefined) throw failure;
    return by;
  }

  /** Whether the home's disk answers now: what it is asked after that is asked synchronously. */
  async #isAnswering(): Promise<boolean> {
    const { answers, clock } = this.#options;
    if (answers === undefined) return true;
    this.#asked ??= answers().finally(() => (this.#asked = undefined));
    const silence = Promise.withResolvers<boolean>();
    using _ = clock.after(answerMs, () => silence.resolve(false));
    return await Promise.race([this.#asked.then(() => true), silence.promise]);
  }

  #say(state: RoleState): void {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    this.#debug(JSON.stringify(state));
    this.#guard(() => this.#options.onState(state));
  }

  /** What a listener does wrong is not the role's affair. */
  #guard<T>(run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      this.#debug(`a listener failed: ${messageOf(error)}`);
      return undefined;
    }
  }

  #debug(message: string): void {
    this.#options.log.debug("instance", message);
  }
}
