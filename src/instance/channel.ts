import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import { encodeMessage, LineReader, parseMessage, type Message } from "./message.ts";

/** What a channel needs of a socket of `node:net`. */
export interface ChannelSocket {
  readonly writableLength: number;
  write(text: string): unknown;
  end(): unknown;
  destroy(): unknown;
  on(event: "data", heard: (chunk: Uint8Array) => void): unknown;
  on(event: "error", heard: (error: Error) => void): unknown;
  on(event: "end" | "close", heard: () => void): unknown;
}

export interface ChannelEvents {
  readonly message: (message: Message) => void;
  /** Called once, at the end. */
  readonly closed: (reason: string) => void;
}

export type Hello = Extract<Message, { readonly type: "hello" }>;

export interface Door {
  /** What a hello must bring, where the system names no peer. */
  readonly token: string | undefined;
  readonly onChannel: (channel: Channel) => ChannelEvents;
}

/** Of a peer that reads nothing, so much is kept. */
const maxPendingBytes = 1024 * 1024;
/** Messages a peer may send in one second. */
const maxRate = 200;
/** A peer that does not introduce itself is no instance, ms. */
const helloMs = 2000;

/** Messages over one socket, in both directions. What no instance would send ends it. */
export class Channel {
  readonly #socket: ChannelSocket;
  readonly #clock: Clock;
  readonly #reader = new LineReader();
  #events: ChannelEvents;
  #hello: Hello | undefined;
  #closed = false;
  #second = 0;
  #heard = 0;

  constructor(socket: ChannelSocket, clock: Clock, events: ChannelEvents) {
    this.#socket = socket;
    this.#clock = clock;
    this.#events = events;
    // The listeners stay for the socket's whole life: an EPIPE long after is no crash.
    socket.on("error", (error) => this.#end(messageOf(error)));
    socket.on("end", () => this.#end("the other end has hung up"));
    socket.on("close", () => this.#end("the other end has hung up"));
    socket.on("data", (chunk) => this.#receive(chunk));
  }

  /** The other end of `connectControl`: nothing is heard before a hello. */
  static accept(socket: ChannelSocket, clock: Clock, door: Door): Channel {
    // @guard channel-hello-in-time
    const timer = clock.after(helloMs, () => channel.close("no hello"));
    const quiet = () => timer[Symbol.dispose]();
    const channel: Channel = new Channel(socket, clock, {
      message: (message) => {
        // @guard channel-hello-first
        if (message.type !== "hello") return channel.close("no hello");
        // @guard channel-token
        if (door.token !== undefined && door.token !== message.token) {
          return channel.close("a wrong token");
        }
        quiet();
        channel.#hello = message;
        channel.#events = door.onChannel(channel);
        if (channel.#closed) channel.#events.closed("hung up at once");
      },
      closed: quiet,
    });
    return channel;
  }

  /** What the other end said of itself. */
  get hello(): Hello | undefined {
    return this.#hello;
  }

  /** Hands it to the socket. False: it is longer than a message may be, and was not sent. */
  send(message: Message): boolean {
    const line = encodeMessage(message);
    if (line === undefined) return false;
    if (this.#closed) return true;
    // @guard channel-pending
    if (this.#socket.writableLength > maxPendingBytes) {
      this.close("it does not read");
      return true;
    }
    try {
      this.#socket.write(line);
    } catch (error) {
      this.#end(messageOf(error));
    }
    return true;
  }

  /** Hangs up; what was sent still arrives. */
  close(reason: string): void {
    this.#end(reason);
  }

  #receive(chunk: Uint8Array): void {
    if (this.#closed) return;
    const lines = this.#reader.feed(chunk);
    if (lines === undefined) return this.#end("too long a message");
    for (const line of lines) {
      if (this.#closed) return;
      if (this.#isFlood()) return this.#end("too many messages");
      const message = parseMessage(line);
      // @guard channel-garbage
      if (message === undefined) return this.#end("no message of ours");
      if (message !== "unknown") this.#events.message(message);
    }
  }

  #isFlood(): boolean {
    const second = Math.floor(this.#clock.monotonic() / 1000);
    if (second !== this.#second) this.#heard = 0;
    this.#second = second;
    this.#heard += 1;
    // @guard channel-flood
    return this.#heard > maxRate;
  }

  #end(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    // What was written is with the kernel already and reaches a peer that reads.
    this.#socket.destroy();
    this.#events.closed(reason);
  }
}
