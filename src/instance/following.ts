import type { Clock } from "../lib/clock.ts";
import type { Channel } from "./channel.ts";
import { connectControl } from "./control.ts";
import type { Json, Message } from "./message.ts";
import type { ControlAddress } from "./metadata.ts";
import type { Legacy, Self } from "./self.ts";

/** What a wrapper knows when the publisher it waited behind is gone. */
export interface Parting {
  /** False where it was never heard of: it may be another's socket, or full. */
  readonly welcomed: boolean;
  readonly reason: string;
  readonly legacy: Legacy | undefined;
  /** How many wrappers come before this one. */
  readonly newer: number;
  /** The process that takes over, where one has asked. */
  readonly to: number | undefined;
}

export interface FollowingOptions {
  readonly address: ControlAddress;
  readonly self: Self;
  readonly clock: Clock;
  /** What is to be told first, once the publisher listens. */
  readonly session: Json | undefined;
  /** The publisher answers, or has ceased to. */
  readonly onHealth: (answers: boolean) => void;
  readonly onEnd: (parting: Parting) => void;
}

/** How often the publisher is asked for a sign of life, and how long it may take, ms. */
const pingMs = 5000;
const pongMs = 2000;
/** Changes within so many ms are told as one. */
const tellMs = 20;

/** A wrapper's end of its connection to the publisher: tells its session, waits for its turn. */
export class Following implements Disposable {
  readonly #options: FollowingOptions;
  readonly #connection: Disposable;
  #channel: Channel | undefined;
  #session: Json | undefined;
  #telling: Disposable | undefined;
  #ping: Disposable | undefined;
  #answers: boolean | undefined;
  #parting: Parting = {
    welcomed: false,
    reason: "",
    legacy: undefined,
    newer: 0,
    to: undefined,
  };

  constructor(options: FollowingOptions) {
    this.#options = options;
    this.#session = options.session;
    const events = {
      opened: (channel: Channel) => this.#greet(channel),
      message: (message: Message) => this.#hear(message),
      closed: (reason: string) => this.#end(reason),
    };
    this.#connection = connectControl(options.address, events, options.clock);
    // Until it is welcomed, a connection is only the kernel's word.
    this.#expectAnswer();
  }

  /** The session is this now. */
  tell(session: Json): void {
    this.#session = session;
    this.#telling ??= this.#options.clock.after(tellMs, () => {
      this.#telling = undefined;
      this.#channel?.send({ type: "session", session: this.#session ?? null });
    });
  }

  [Symbol.dispose](): void {
    this.#connection[Symbol.dispose]();
  }

  #greet(channel: Channel): void {
    const { pid, version, startedAt } = this.#options.self;
    const { token } = this.#options.address;
    const hello = { type: "hello", role: "wrapper", pid, version, startedAt } as const;
    channel.send(token === undefined ? hello : { ...hello, token });
    this.#channel = channel;
    if (this.#session !== undefined) channel.send({ type: "session", session: this.#session });
  }

  #hear(message: Message): void {
    const heardAt = this.#options.clock.monotonic();
    this.#answered();
    if (message.type === "welcome") {
      this.#parting = { ...this.#parting, welcomed: true };
    } else if (message.type === "inherit" || message.type === "handover") {
      const { inheritance, newer } = message;
      const to = message.type === "handover" ? message.to : undefined;
      this.#parting = { ...this.#parting, legacy: { inheritance, heardAt }, newer, to };
    }
  }

  #answered(): void {
    this.#ping?.[Symbol.dispose]();
    if (this.#answers !== true) this.#options.onHealth(true);
    this.#answers = true;
    this.#ping = this.#options.clock.after(pingMs, () => {
      this.#channel?.send({ type: "ping" });
      this.#expectAnswer();
    });
  }

  #expectAnswer(): void {
    this.#ping = this.#options.clock.after(pongMs, () => {
      this.#answers = false;
      this.#options.onHealth(false);
    });
  }

  #end(reason: string): void {
    this.#ping?.[Symbol.dispose]();
    this.#telling?.[Symbol.dispose]();
    this.#options.onEnd({ ...this.#parting, reason });
  }
}
