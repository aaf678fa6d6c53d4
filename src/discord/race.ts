import type { Clock } from "../lib/clock.ts";
import { Connection, type Bounds } from "./connection.ts";
import type { SocketPlace } from "./socket-paths.ts";
import type { OpenWire, WireEnd } from "./wire.ts";

/**
 * How an attempt to connect ended. `absent`: nobody listens. `foreign`: only other users do.
 * `refused`: Discord does not know the client id, so trying again is of no use. `limited`: Discord
 * asks for a pause.
 */
export type Attempt =
  | { readonly kind: "connected"; readonly connection: Connection }
  | { readonly kind: "absent"; readonly reason: string }
  | { readonly kind: "foreign"; readonly reason: string }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "limited"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

export interface RaceOptions {
  readonly clientId: string;
  /** Best first; only sockets that may be trusted. */
  readonly places: readonly SocketPlace[];
  readonly open: OpenWire;
  readonly clock: Clock;
  readonly bounds: Bounds;
  /** Told when the first socket was accepted: from here Discord counts a connection. */
  readonly opened: () => void;
  /** Judges a connection that is READY; one that is not wanted is closed, and the next is tried. */
  readonly wanted?: (connection: Connection) => boolean;
  readonly signal: AbortSignal;
}

/** Close codes of Discord's RPC. */
const invalidClientId = 4000;
const rateLimited = 4002;
const nobodyListens = new Set(["ENOENT", "ECONNREFUSED"]);

/**
 * Tries the places one after the other: the next one when the last failed or has been silent for
 * `bounds.stagger`, while those before stay open, since a READY that is late and a socket that is
 * hung look the same. The first READY that is wanted wins and the others are closed. Never rejects.
 */
export function connectFirst(options: RaceOptions): Promise<Attempt> {
  return new Promise((resolve) => new Race(options, resolve).start());
}

class Race {
  readonly #options: RaceOptions;
  readonly #resolve: (attempt: Attempt) => void;
  readonly #running = new Set<Connection>();
  readonly #ends: { readonly place: SocketPlace; readonly end: WireEnd }[] = [];
  #next = 0;
  #newest: SocketPlace | undefined;
  #over = false;
  #stagger: Disposable | undefined;
  #limit: Disposable | undefined;

  constructor(options: RaceOptions, resolve: (attempt: Attempt) => void) {
    this.#options = options;
    this.#resolve = resolve;
  }

  start(): void {
    const { clock, bounds, signal } = this.#options;
    const abort = (): void => this.#finish({ kind: "failed", reason: "given up" });
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    this.#limit = clock.after(bounds.attempt, () =>
      this.#finish({ kind: "failed", reason: `no READY from Discord in ${bounds.attempt} ms` }),
    );
    this.#tryNext();
  }

  #tryNext(): void {
    this.#stagger?.[Symbol.dispose]();
    this.#stagger = undefined;
    const place = this.#options.places[this.#next];
    if (this.#over) return;
    if (place === undefined) {
      if (this.#running.size === 0) this.#finish(verdict(this.#ends));
      return;
    }
    this.#next += 1;
    this.#newest = place;
    this.#open(place);
  }

  #open(place: SocketPlace): void {
    const { open, clientId, clock, bounds, opened } = this.#options;
    const entry: { connection?: Connection } = {};
    entry.connection = new Connection({
      open,
      clientId,
      place,
      clock,
      bounds,
      events: {
        opened,
        ready: () => {
          if (entry.connection !== undefined) this.#judge(entry.connection);
        },
        ended: (end) => {
          this.#ends.push({ place, end });
          if (entry.connection !== undefined) this.#running.delete(entry.connection);
          // The end of one that was passed over must not cut short the wait for the newest.
          if (this.#running.size === 0 || this.#newest === place) this.#tryNext();
        },
      },
    });
    if (entry.connection.ended || this.#over) return;
    this.#running.add(entry.connection);
    this.#stagger = clock.after(bounds.stagger, () => this.#tryNext());
  }

  #judge(connection: Connection): void {
    if (this.#over) return;
    // @guard race-unwanted
    if (this.#options.wanted?.(connection) === false) return connection.close("not the one wanted");
    this.#running.delete(connection);
    this.#finish({ kind: "connected", connection });
  }

  #finish(attempt: Attempt): void {
    if (this.#over) return;
    this.#over = true;
    this.#stagger?.[Symbol.dispose]();
    this.#limit?.[Symbol.dispose]();
    // @guard race-losers
    for (const connection of this.#running) connection.close();
    this.#running.clear();
    this.#resolve(attempt);
  }
}

/** What all the ends together mean; the most telling one speaks. */
function verdict(ends: readonly { readonly place: SocketPlace; readonly end: WireEnd }[]): Attempt {
  const closes = ends.map(({ end }) => end).filter((end) => end.kind === "closed");
  const refused = closes.find((end) => end.code === invalidClientId);
  if (refused !== undefined) {
    return { kind: "refused", reason: `Discord refused the client id (${said(refused)})` };
  }
  const limited = closes.find((end) => end.code === rateLimited);
  if (limited !== undefined) return { kind: "limited", reason: `Discord asks for a pause` };
  const telling =
    ends.find(({ end }) => end.kind !== "foreign" && !nobodyAt(end)) ??
    ends.find(({ end }) => end.kind === "foreign") ??
    ends[0];
  if (telling === undefined) return { kind: "absent", reason: "no Discord socket found" };
  const { place, end } = telling;
  if (end.kind === "foreign") return { kind: "foreign", reason: end.reason };
  if (nobodyAt(end)) return { kind: "absent", reason: `nobody listens at ${place.path}` };
  return { kind: "failed", reason: `${place.path}: ${said(end)}` };
}

function nobodyAt(end: WireEnd): boolean {
  return end.kind === "lost" && end.code !== undefined && nobodyListens.has(end.code);
}

function said(end: WireEnd): string {
  return end.kind === "closed" ? `${end.code} ${end.message}`.trim() : end.reason;
}
