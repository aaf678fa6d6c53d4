import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import { type Choice, isChosen, mayBe } from "./choice.ts";
import type { Connection } from "./connection.ts";
import * as pacing from "./pace.ts";
import type { Attempt } from "./race.ts";
import type { FoundSocket } from "./search.ts";
import type { SocketPlace } from "./socket-paths.ts";
import type { WireEnd } from "./wire.ts";

/** Where we stand with Discord, as `cdp status` names it. */
export type LinkStatus = "connected" | "connecting" | "absent" | "refused" | "unknown";

export interface LinkOptions {
  readonly clientId: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** The sockets there are, best first. */
  readonly find: () => Promise<readonly FoundSocket[]>;
  readonly connect: (options: {
    readonly clientId: string;
    readonly places: readonly SocketPlace[];
    readonly opened: () => void;
    readonly wanted: (connection: Connection) => boolean;
    readonly signal: AbortSignal;
  }) => Promise<Attempt>;
  /** Which Discord is meant; any, where this is not given. */
  readonly choice?: Choice;
  readonly onStatus: (status: LinkStatus, reason: string) => void;
  /** A new connection is ready: Discord shows nothing of ours yet. */
  readonly onConnected: (connection: Connection) => void;
}

/** Looking whether Discord has appeared: about 30 calls of the disk each time. */
const pollMs = 5000;
const wakeUpPongMs = 5000;
const rateLimited = 4002;
/** For so long a socket that cannot be told from its successor (a pipe) is taken for another's. */
const otherFor = 120_000;

/**
 * Keeps one connection to Discord: waits until Discord is there, connects, and connects again with
 * backoff. One timer and at most one attempt at any time, however long Discord stays away.
 */
export class Link {
  readonly #options: LinkOptions;
  #clientId: string;
  #pace = pacing.freshPace;
  #seen = "";
  #tried: readonly FoundSocket[] = [];
  /** Sockets at which another client than the chosen one answered: until when, and which. */
  readonly #others = new Map<string, { readonly until: number; readonly client: string }>();
  /** Sockets whose last connection did not last: the others come first. */
  readonly #unsteady = new Set<string>();
  #connection: Connection | undefined;
  #attempt: AbortController | undefined;
  /** The newest search; what an older one finds was looked for before something changed. */
  #search = 0;
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
    if (this.#life === "running") this.#options.onStatus("connecting", "looking for Discord");
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
    this.#search += 1;
    this.#timer?.[Symbol.dispose]();
    this.#attempt?.abort();
    this.#attempt = undefined;
    this.#connection = undefined;
    return connection;
  }

  #look(): void {
    this.#timer?.[Symbol.dispose]();
    if (!this.#isFree()) return;
    this.#search += 1;
    const search = this.#search;
    void this.#options
      .find()
      .catch((): readonly FoundSocket[] => [])
      .then((found) => {
        if (search === this.#search && this.#isFree()) this.#choose(found);
      });
  }

  #isFree(): boolean {
    if (this.#life !== "running" || this.#refused) return false;
    return this.#connection === undefined && this.#attempt === undefined;
  }

  #choose(found: readonly FoundSocket[]): void {
    const now = this.#options.clock.monotonic();
    // @guard link-usable
    const there = found.filter(({ verdict }) => verdict === "usable");
    this.#notice(there, now);
    const usable = there.filter((socket) => this.#mayBeChosen(socket));
    const wait = pacing.mayConnectAt(this.#pace, now) - now;
    if (usable.length === 0) this.#options.onStatus("absent", this.#absence(found));
    else if (wait <= 0) return this.#connect(usable);
    const pause = usable.length === 0 ? pollMs : Math.min(pollMs, Math.ceil(wait));
    this.#timer = this.#options.clock.after(pause, () => this.#look());
  }

  #notice(there: readonly FoundSocket[], now: number): void {
    const identities = there.map(({ identity }) => identity);
    const seen = identities.join(" ");
    if (seen !== this.#seen) this.#pace = pacing.paceAppeared(this.#pace);
    this.#seen = seen;
    for (const [identity, { until }] of this.#others) {
      if (until <= now || !identities.includes(identity)) this.#others.delete(identity);
    }
    for (const identity of this.#unsteady) {
      if (!identities.includes(identity)) this.#unsteady.delete(identity);
    }
  }

  #mayBeChosen({ identity, place }: FoundSocket): boolean {
    const { choice } = this.#options;
    return choice === undefined || (mayBe(choice, place) && !this.#others.has(identity));
  }

  /** Looks who it is that said READY, and remembers who is not to be asked again. */
  #judge(connection: Connection): boolean {
    const { choice, clock } = this.#options;
    // @guard link-choice
    if (choice === undefined || isChosen(choice, connection)) return true;
    const socket = this.#socketOf(connection);
    if (socket !== undefined) {
      const tells = socket.identity !== socket.place.path;
      const until = tells ? Infinity : clock.monotonic() + otherFor;
      this.#others.set(socket.identity, { until, client: connection.client });
    }
    return false;
  }

  #socketOf({ place: { path } }: Connection): FoundSocket | undefined {
    return this.#tried.find(({ place }) => place.path === path);
  }

  #absence(found: readonly FoundSocket[]): string {
    const { choice } = this.#options;
    const others = [...new Set([...this.#others.values()].map(({ client }) => said(client)))];
    return choice?.kind === "edition" && others.length > 0
      ? `Discord ${choice.edition} is not running, only ${others.join(", ")}`
      : absence(found);
  }

  #connect(usable: readonly FoundSocket[]): void {
    const { clock, connect, onStatus } = this.#options;
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#tried = usable;
    let heard = false;
    onStatus("connecting", `trying ${usable.map(({ place }) => place.path).join(", ")}`);
    void connect({
      clientId: this.#clientId,
      places: [
        ...usable.filter(({ identity }) => !this.#unsteady.has(identity)),
        ...usable.filter(({ identity }) => this.#unsteady.has(identity)),
      ].map(({ place }) => place),
      wanted: (connection) => this.#judge(connection),
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
      // @guard link-late
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
      case "foreign":
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
    this.#pace = pacing.paceConnected(this.#pace, this.#options.clock.monotonic());
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
    this.#mark(connection);
    const reason = end.kind === "closed" ? `closed: ${end.code} ${end.message}` : end.reason;
    this.#options.onStatus("connecting", `connection lost (${reason.trim()})`);
    this.#retry(end.kind === "closed" && end.code === rateLimited ? "limited" : "lost");
  }

  #mark(connection: Connection): void {
    const identity = this.#socketOf(connection)?.identity;
    if (identity === undefined) return;
    const lasted = this.#options.clock.monotonic() - this.#pace.readyAt >= pacing.lastsFrom;
    if (lasted) this.#unsteady.delete(identity);
    else this.#unsteady.add(identity);
  }

  #retry(end: pacing.PaceEnd): void {
    const { clock, random } = this.#options;
    this.#pace = pacing.paceEnded(this.#pace, end, clock.monotonic(), random());
    this.#look();
  }
}

/** Why there is nobody to connect to. */
export function absence(found: readonly FoundSocket[]): string {
  const other = found.find(({ verdict }) => verdict === "foreign");
  if (other !== undefined) return `${other.place.path} belongs to another user`;
  const closed = found.find(({ verdict }) => verdict === "unreadable");
  if (closed !== undefined) return `${closed.place.path} cannot be read`;
  const silent = found.find(({ verdict }) => verdict === "unanswered");
  return silent === undefined
    ? "Discord is not running"
    : `the disk of ${silent.place.path} does not answer`;
}

function said(client: string): string {
  return client === "discord" ? "one that does not say which it is" : client;
}
