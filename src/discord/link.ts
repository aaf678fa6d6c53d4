import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import type { FoundSocket } from "./client.ts";
import type { Connection } from "./connection.ts";
import * as pacing from "./pace.ts";
import type { Attempt } from "./race.ts";
import type { SocketPlace } from "./socket-paths.ts";
import type { WireEnd } from "./wire.ts";

/** Where we stand with Discord, as `cdp status` names it. */
export type LinkStatus = "connected" | "connecting" | "absent" | "refused" | "unknown";

export interface LinkOptions {
  readonly clientId: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** The sockets there are, best first. */
  readonly find: () => readonly FoundSocket[];
  readonly connect: (options: {
    readonly clientId: string;
    readonly places: readonly SocketPlace[];
    readonly opened: () => void;
    readonly signal: AbortSignal;
  }) => Promise<Attempt>;
  readonly onStatus: (status: LinkStatus, reason: string) => void;
  /** A new connection is ready: Discord shows nothing of ours yet. */
  readonly onConnected: (connection: Connection) => void;
}

/** Looking whether Discord has appeared: about 100 `lstat` calls each time. */
const pollMs = 5000;
const wakeUpPongMs = 5000;
const rateLimited = 4002;

/**
 * Keeps one connection to Discord: waits until Discord is there, connects, and connects again with
 * backoff. One timer and at most one attempt at any time, however long Discord stays away.
 */
export class Link {
  readonly #options: LinkOptions;
  #clientId: string;
  #pace = pacing.freshPace;
  #seen = "";
  #connection: Connection | undefined;
  #attempt: AbortController | undefined;
  #timer: Disposable | undefined;
  #refused = false;
  #life: "new" | "running" | "stopped" = "new";

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#clientId = options.clientId;
  }

  get connection(): Connection | undefined {
    return this.#connection;
  }

  start(): void {
    if (this.#life !== "new") return;
    this.#life = "running";
    this.#look();
  }

  /** Connects anew and at once, whatever backoff or refusal there was. */
  reconnect(clientId: string = this.#clientId): void {
    this.#clientId = clientId;
    this.#pace = pacing.freshPace;
    this.#refused = false;
    this.#abandon()?.close("reconnecting");
    this.#look();
  }

  /** After a suspend: is the connection alive, and has Discord come or gone meanwhile? */
  check(): void {
    if (this.#connection === undefined) this.#look();
    else void this.#connection.alive(wakeUpPongMs);
  }

  /** Looks and connects no more, for good. The connection, if there is one, is the caller's to close. */
  stop(): Connection | undefined {
    this.#life = "stopped";
    return this.#abandon();
  }

  #abandon(): Connection | undefined {
    const connection = this.#connection;
    this.#timer?.[Symbol.dispose]();
    this.#attempt?.abort();
    this.#attempt = undefined;
    this.#connection = undefined;
    return connection;
  }

  #look(): void {
    this.#timer?.[Symbol.dispose]();
    if (this.#life !== "running" || this.#refused) return;
    if (this.#connection !== undefined || this.#attempt !== undefined) return;
    const found = this.#options.find();
    const usable = found.filter(({ verdict }) => verdict === "usable");
    this.#notice(usable);
    const now = this.#options.clock.monotonic();
    const wait = pacing.mayConnectAt(this.#pace, now) - now;
    if (usable.length === 0) this.#options.onStatus("absent", absence(found));
    else if (wait <= 0) return this.#connect(usable);
    const pause = usable.length === 0 ? pollMs : Math.min(pollMs, Math.ceil(wait));
    this.#timer = this.#options.clock.after(pause, () => this.#look());
  }

  #notice(usable: readonly FoundSocket[]): void {
    const seen = usable.map(({ identity }) => identity).join(" ");
    if (seen !== this.#seen) this.#pace = pacing.paceAppeared(this.#pace);
    this.#seen = seen;
  }

  #connect(usable: readonly FoundSocket[]): void {
    const { clock, connect, onStatus } = this.#options;
    const attempt = new AbortController();
    this.#attempt = attempt;
    let heard = false;
    onStatus("connecting", `trying ${usable.map(({ place }) => place.path).join(", ")}`);
    void connect({
      clientId: this.#clientId,
      places: usable.map(({ place }) => place),
      opened: () => {
        if (!heard) this.#pace = pacing.paceOpened(this.#pace, clock.monotonic());
        heard = true;
      },
      signal: attempt.signal,
    })
      .catch((error: unknown): Attempt => ({ kind: "failed", reason: messageOf(error) }))
      .then((outcome) => this.#arrive(attempt, outcome, heard));
  }

  #arrive(attempt: AbortController, outcome: Attempt, heard: boolean): void {
    if (this.#attempt !== attempt) {
      if (outcome.kind === "connected") outcome.connection.close();
      return;
    }
    this.#attempt = undefined;
    switch (outcome.kind) {
      case "connected":
        return this.#settle(outcome.connection);
      case "refused":
        this.#refused = true;
        return this.#options.onStatus("refused", outcome.reason);
      case "absent":
        this.#options.onStatus("absent", outcome.reason);
        return this.#retry("unheard");
      case "limited":
      case "failed":
        this.#options.onStatus("unknown", outcome.reason);
        return this.#retry(outcome.kind === "failed" && !heard ? "unheard" : outcome.kind);
    }
  }

  #settle(connection: Connection): void {
    this.#connection = connection;
    this.#pace = pacing.paceConnected(this.#pace);
    this.#options.onStatus("connected", `connected at ${connection.place.path}`);
    this.#options.onConnected(connection);
    connection.adopt({
      opened: () => undefined,
      ready: () => undefined,
      ended: (end) => this.#lost(connection, end),
    });
  }

  #lost(connection: Connection, end: WireEnd): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    const reason = end.kind === "closed" ? `closed: ${end.code} ${end.message}` : end.reason;
    this.#options.onStatus("connecting", `connection lost (${reason.trim()})`);
    this.#retry(end.kind === "closed" && end.code === rateLimited ? "limited" : "lost");
  }

  #retry(end: pacing.PaceEnd): void {
    const { clock, random } = this.#options;
    this.#pace = pacing.paceEnded(this.#pace, end, clock.monotonic(), random());
    this.#look();
  }
}

function absence(found: readonly FoundSocket[]): string {
  const other = found.find(({ verdict }) => verdict === "foreign");
  if (other !== undefined) return `${other.place.path} belongs to another user`;
  const closed = found.find(({ verdict }) => verdict === "unreadable");
  return closed === undefined ? "Discord is not running" : `${closed.place.path} cannot be read`;
}
