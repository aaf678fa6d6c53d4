import type { Clock } from "../lib/clock.ts";
import { type SocketPlace, tellsClient } from "./socket-paths.ts";
import type { OpenWire, Reply, Wire, WireEnd } from "./wire.ts";

/** Bounds of every wait, in ms. */
export interface Bounds {
  /** Without READY for so long, the next socket is tried while this one stays open. */
  readonly stagger: number;
  /** One whole attempt. Discord delays READY by up to a minute when it limits connections. */
  readonly attempt: number;
  /** Discord's reply to one command. */
  readonly reply: number;
  /** Between two pings of an idle connection, and the wait for each pong. */
  readonly heartbeat: number;
  readonly pong: number;
}

export const defaultBounds: Bounds = {
  stagger: 3000,
  attempt: 90_000,
  reply: 5000,
  heartbeat: 30_000,
  pong: 15_000,
};

export interface ConnectionEvents {
  /** The socket was accepted. */
  opened(): void;
  ready(): void;
  /** Comes once, `close()` included. */
  ended(end: WireEnd): void;
}

/** One socket to one Discord with our own bounds on every wait. Never throws, never rejects. */
export class Connection {
  readonly place: SocketPlace;
  readonly #clock: Clock;
  readonly #bounds: Bounds;
  readonly #wire: Wire;
  readonly #pongs = new Map<string, () => void>();
  #events: ConnectionEvents;
  #edition: string | undefined;
  #heartbeat: Disposable | undefined;
  #ended: WireEnd | undefined;
  #pings = 0;

  constructor(options: {
    readonly open: OpenWire;
    readonly clientId: string;
    readonly place: SocketPlace;
    readonly clock: Clock;
    readonly bounds: Bounds;
    readonly events: ConnectionEvents;
  }) {
    this.place = options.place;
    this.#clock = options.clock;
    this.#bounds = options.bounds;
    this.#events = options.events;
    this.#wire = options.open(options.clientId, options.place, {
      opened: () => this.#events.opened(),
      ready: (edition) => this.#ready(edition),
      pong: (data) => this.#pong(data),
      ended: (end) => this.#end(end),
    });
  }

  /**
   * `stable`, `ptb`, `canary`, `vesktop` … as the path of a package says, else as Discord does:
   * clients of others call themselves stable. `discord` where neither tells.
   */
  get client(): string {
    return tellsClient(this.place) ? this.place.client : (this.#edition ?? "discord");
  }

  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /** Hands the listeners over to a new owner, who is told at once if it is too late. */
  adopt(events: ConnectionEvents): void {
    this.#events = events;
    if (this.#ended !== undefined) events.ended(this.#ended);
  }

  /** Sends SET_ACTIVITY before it returns; `undefined` clears. Waits at most `waitMs`. */
  setActivity(activity: object | undefined, waitMs = this.#bounds.reply): Promise<Reply> {
    if (this.#ended !== undefined) return Promise.resolve(unanswered("not connected"));
    const reply = this.#wire.setActivity(activity);
    return new Promise((resolve) => {
      const timer = this.#clock.after(waitMs, () =>
        resolve(unanswered(`no answer from Discord in ${waitMs} ms`)),
      );
      void reply.then((value) => {
        timer[Symbol.dispose]();
        return resolve(value);
      });
    });
  }

  /** True when Discord answers a ping in time; otherwise the connection is closed. */
  alive(waitMs = this.#bounds.pong): Promise<boolean> {
    if (this.#ended !== undefined) return Promise.resolve(false);
    this.#pings += 1;
    const name = `cdp-${this.#pings}`;
    return new Promise((resolve) => {
      const timer = this.#clock.after(waitMs, () => {
        this.#pongs.delete(name);
        this.close(`no pong from Discord in ${waitMs} ms`);
        resolve(false);
      });
      this.#pongs.set(name, () => {
        timer[Symbol.dispose]();
        resolve(this.#ended === undefined);
      });
      this.#wire.ping(name);
    });
  }

  close(reason = "closed by us"): void {
    this.#end({ kind: "lost", reason, code: undefined });
    this.#wire.close();
  }

  #ready(edition: string | undefined): void {
    if (this.#ended !== undefined || this.#heartbeat !== undefined) return;
    this.#edition = edition;
    this.#beat();
    this.#events.ready();
  }

  #beat(): void {
    this.#heartbeat = this.#clock.after(this.#bounds.heartbeat, () => {
      void this.alive().then((alive) => {
        if (alive) this.#beat();
        return undefined;
      });
    });
  }

  /** Any pong proves life, so a server that echoes something else is alive too. */
  #pong(data: unknown): void {
    const name = typeof data === "string" && this.#pongs.has(data) ? data : undefined;
    const answered = name === undefined ? [...this.#pongs.keys()] : [name];
    for (const each of answered) {
      const resolve = this.#pongs.get(each);
      this.#pongs.delete(each);
      resolve?.();
    }
  }

  #end(end: WireEnd): void {
    if (this.#ended !== undefined) return;
    this.#ended = end;
    this.#heartbeat?.[Symbol.dispose]();
    for (const resolve of this.#pongs.values()) resolve();
    this.#pongs.clear();
    this.#events.ended(end);
  }
}

function unanswered(reason: string): Reply {
  return { kind: "unanswered", reason };
}
