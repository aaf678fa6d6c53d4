import type { Choice } from "../discord/choice.ts";
import { connectDiscord } from "../discord/client.ts";
import type { Bounds, Connection } from "../discord/connection.ts";
import type { HoldingDisk } from "../discord/disk.ts";
import { Link, type LinkStatus } from "../discord/link.ts";
import type { FoundSocket } from "../discord/search.ts";
import type { Reply } from "../discord/wire.ts";
import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import { guard, type Log } from "../lib/log.ts";
import type { DiscordActivity } from "./activity.ts";
import {
  type Delivery,
  isTaken,
  type LastSend,
  lastSend,
  noDelivery,
  waitsFor,
} from "./delivery.ts";
import type { Frame } from "./frame.ts";
import type { SendAge } from "./places.ts";
import * as scheduling from "./schedule.ts";

/** Where we stand with Discord, and why, in words for people. */
export interface DiscordState {
  readonly discord: LinkStatus;
  readonly reason: string;
  /** Which Discord, while connected: `stable`, `ptb`, `canary`, `vesktop` … */
  readonly client: string | undefined;
  readonly delivery: Delivery;
}

export interface RecipientOptions {
  readonly clientId: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly find: () => Promise<readonly FoundSocket[]>;
  /** Asks for the sockets that it connects to; the process's own unless a test says otherwise. */
  readonly disk?: HoldingDisk | undefined;
  readonly choice: Choice;
  readonly random?: (() => number) | undefined;
  readonly bounds?: Bounds | undefined;
  readonly limits?: scheduling.Limits | undefined;
  /** Ages (ms) of another publisher's sends, which Discord still counts. */
  readonly inheritedAges: readonly SendAge[];
  readonly onSent?: ((sent: Sent) => void) | undefined;
  readonly onState: () => void;
  /**
   * Asked before a card goes out: `undefined` where it is still as it should be, else resolves when it
   * was made again (`show`) or that takes too long.
   */
  readonly recheck?: (() => Promise<void> | undefined) | undefined;
}

/** A card or a clear (`activity` undefined) that went out. */
export interface Sent {
  /** Wall clock, ms: the same when its answer comes. */
  readonly at: number;
  readonly activity: DiscordActivity | undefined;
  /** `undefined` while it is awaited. */
  readonly reply: Reply | undefined;
}

const maxReason = 300;
/** How long the end of the program may wait for Discord to have taken the card away. */
const farewellMs = 150;
export const notStarted: DiscordState = {
  discord: "unknown",
  reason: "not started",
  client: undefined,
  delivery: noDelivery,
};

/**
 * One Discord that is told of the card, with a connection, a schedule and limits of its own: sends
 * when the schedule lets it, again after each reconnect, and takes the card away at the end.
 */
export class Recipient {
  readonly #options: RecipientOptions;
  readonly #link: Link;
  #state: Omit<DiscordState, "delivery"> = notStarted;
  #wanted: Frame | undefined;
  #wantedAt = 0;
  #schedule: scheduling.Schedule;
  #timer: Disposable | undefined;
  #lastReply: Promise<unknown> = Promise.resolve();
  #last: LastSend | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: RecipientOptions) {
    this.#options = options;
    const { clock, bounds, disk, inheritedAges, limits } = options;
    this.#schedule = scheduling.inherit(inheritedAges, clock.monotonic(), limits);
    this.#link = new Link({
      ...options,
      random: options.random ?? Math.random,
      connect: (attempt) =>
        connectDiscord({
          ...attempt,
          clock,
          ...(bounds === undefined ? {} : { bounds }),
          ...(disk === undefined ? {} : { disk }),
        }),
      onStatus: (status, reason) => this.#say(status, reason),
      onConnected: () => {
        this.#schedule = scheduling.reconnected(this.#schedule, clock.monotonic());
        this.#guard(() => this.#pump());
      },
    });
  }

  get state(): DiscordState {
    return { ...this.#state, delivery: this.#delivery() };
  }

  get isConnected(): boolean {
    return this.#link.connection !== undefined;
  }

  /** Ages (ms) of the sends that Discord still counts. */
  get sendAges(): readonly SendAge[] {
    return scheduling.sendAges(this.#schedule, this.#options.clock.monotonic());
  }

  start(): void {
    this.#guard(() => this.#link.start());
  }

  show(wanted: Frame | undefined): void {
    this.#guard(() => {
      this.#wanted = wanted;
      this.#wantedAt = this.#options.clock.monotonic();
      this.#pump();
    });
  }

  reconnect(clientId?: string): void {
    this.#guard(() => this.#link.reconnect(clientId));
  }

  check(): void {
    this.#guard(() => this.#link.check());
  }

  /** As of `Publisher`. */
  close(): Promise<void> {
    this.#closing ??= this.#farewell().catch((error: unknown) => this.#debug(messageOf(error)));
    return this.#closing;
  }

  async #farewell(): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    this.#wanted = undefined;
    this.#wantedAt = this.#options.clock.monotonic();
    const connection = this.#link.stop();
    if (connection !== undefined) {
      const { told, nextId } = this.#schedule;
      // Where there is no place for it, the end of the connection must do.
      const last = scheduling.farewell(this.#schedule, this.#wantedAt, this.#options.limits);
      if (told.kind === "sent" && told.what !== undefined && last !== undefined) {
        // Counted for whoever publishes next: a clear too many would be dropped without a word.
        this.#schedule = last;
        this.#send(connection, undefined, nextId);
      }
      await this.#within(farewellMs, this.#lastReply);
      connection.close();
    }
    this.#say("unknown", "closed");
  }

  /**
   * Sends what is due and sets the timer for what is not.
   *
   * @param isChecked the card that is wanted was made again just now, as far as that was possible
   */
  #pump(isChecked = false): void {
    this.#timer?.[Symbol.dispose]();
    const { connection } = this.#link;
    if (connection === undefined || this.#closing !== undefined) return;
    const { clock, limits } = this.#options;
    const now = clock.monotonic();
    const decision = scheduling.decide(this.#schedule, this.#wanted, now, limits);
    const isDue = isChecked || decision.send === undefined || scheduling.takesAway(decision);
    const checked = isDue ? undefined : this.#options.recheck?.();
    if (checked !== undefined) {
      // Nothing was sent, so the schedule stays; by then another card may be wanted, or none.
      void checked.then(() => this.#guard(() => this.#pump(true)));
      return;
    }
    this.#schedule = decision.schedule;
    if (decision.wakeAt !== undefined) {
      const wait = Math.max(0, Math.ceil(decision.wakeAt - now));
      this.#timer = clock.after(wait, () => this.#guard(() => this.#pump()));
    }
    if (decision.hangUp) return connection.close("the card had to go at once");
    const { send } = decision;
    if (send !== undefined) this.#send(connection, send.what, send.id);
  }

  /** Hands a card or a clear to the socket. The stamps let latency be measured from outside. */
  #send(connection: Connection, what: Frame | undefined, id: number): void {
    const { clock } = this.#options;
    const held = clock.monotonic() - this.#wantedAt;
    const activity = what?.activity;
    const reply = connection.setActivity(activity);
    const at = clock.now();
    const mono = clock.monotonic();
    const wall = performance.timeOrigin + performance.now();
    this.#last = lastSend(this.#last, { at, mono, text: what?.text });
    const stamps = `mono=${mono.toFixed(3)} wall=${wall.toFixed(3)} held=${held.toFixed(3)}`;
    this.#debug(`sent #${id} ${stamps} ${what?.text ?? "clear"}`);
    this.#guard(() => this.#options.onSent?.({ at, activity, reply: undefined }));
    this.#lastReply = reply.then((value) => {
      this.#guard(() => this.#heard(connection, id, value));
      this.#guard(() => this.#options.onSent?.({ at, activity, reply: value }));
    });
  }

  #heard(connection: Connection, id: number, reply: Reply): void {
    this.#debug(`reply #${id} ${JSON.stringify(reply)}`);
    if (this.#schedule.nextId === id + 1 && this.#last !== undefined)
      this.#last = { ...this.#last, reply };
    if (this.#link.connection !== connection) return;
    switch (reply.kind) {
      case "accepted":
        this.#settle(id, "accepted");
        return this.#say("connected", `connected at ${connection.place.path}`);
      case "rejected":
        this.#settle(id, "rejected");
        return this.#say("connected", `Discord refused the card: ${reply.code} ${reply.message}`);
      case "unanswered":
        this.#say("unknown", reply.reason);
        // Slow or dead? A pong keeps the connection, silence ends it. Discord answers in order: with
        // the pong the card was read too.
        void connection.alive().then((alive) => {
          const isSame = this.#link.connection === connection;
          return alive && isSame ? this.#guard(() => this.#settle(id, "accepted")) : undefined;
        });
    }
  }

  /** A send came through: from now on its place is counted, and what waited for that may go. */
  #settle(id: number, answer: "accepted" | "rejected"): void {
    const now = this.#options.clock.monotonic();
    this.#schedule = scheduling.answered(this.#schedule, id, now, answer);
    this.#pump();
  }

  #delivery(): Delivery {
    const { told } = this.#schedule;
    const { clock, limits } = this.#options;
    const [now, last] = [clock.monotonic(), this.#last];
    const isConnected = this.isConnected && told.kind === "sent";
    return {
      sentAt: last?.at,
      card: isConnected ? told.what : undefined,
      acknowledged: isConnected && last !== undefined ? isTaken(last, now) : undefined,
      pending: this.isConnected ? this.#pending(now, limits) : waitsFor(this.#wanted),
    };
  }

  #pending(now: number, limits: scheduling.Limits | undefined): Delivery["pending"] {
    const pending = scheduling.pendingOf(this.#schedule, this.#wanted, now, limits);
    if (pending === undefined) return undefined;
    return { card: pending.what, dueAt: this.#options.clock.now() + pending.due - now };
  }

  #within(ms: number, promise: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.clock.after(ms, resolve);
      void promise.then(() => {
        timer[Symbol.dispose]();
        return resolve();
      });
    });
  }

  /** Tells the state. A reason may quote Discord or a path, and will be shown in a terminal. */
  #say(discord: LinkStatus, quoted: string): void {
    const before = this.#state;
    const reason = quoted.replaceAll(/\p{C}+/gu, " ").slice(0, maxReason);
    this.#state = { ...before, discord, reason, client: this.#link.connection?.client };
    if (before.discord === discord && before.reason === reason) return;
    this.#debug(`${discord}: ${reason}`);
    this.#guard(() => this.#options.onState());
  }

  /** A fault of this part must reach nobody else. */
  #guard(run: () => void): void {
    guard(this.#options.log, "discord", run);
  }

  #debug(message: string): void {
    this.#options.log.debug("discord", message);
  }
}
