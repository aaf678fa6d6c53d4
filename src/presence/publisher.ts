import type { Choice } from "../discord/choice.ts";
import { findSockets } from "../discord/client.ts";
import type { Bounds } from "../discord/connection.ts";
import type { HoldingDisk } from "../discord/disk.ts";
import { absence } from "../discord/link.ts";
import type { FoundSocket } from "../discord/search.ts";
import type { SocketPlace } from "../discord/socket-paths.ts";
import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import { guard, type Log } from "../lib/log.ts";
import { toActivity, type CardExtras } from "./activity.ts";
import type { Card } from "./card.ts";
import { noDelivery } from "./delivery.ts";
import type { About, Frame } from "./frame.ts";
import { type DiscordState, notStarted, Recipient, type Sent } from "./recipient.ts";
import { agesOfAll, olderBy, type SendAge } from "./places.ts";
import { stateOfAll } from "./recipients.ts";
import type { Limits } from "./schedule.ts";

export interface PublisherOptions {
  readonly clientId: string;
  readonly clock: Clock;
  readonly log: Log;
  /** The sockets there are; `findSockets` unless something narrows the choice. */
  readonly find?: () => Promise<readonly FoundSocket[]>;
  readonly disk?: HoldingDisk;
  /** Which of them is meant, asked at the start and at each `reconnect`; the first by default. */
  readonly choice?: () => Choice;
  readonly random?: () => number;
  readonly bounds?: Bounds;
  readonly limits?: Limits;
  /** Ages (ms) of another publisher's sends, which Discord still counts. */
  readonly inheritedAges?: readonly SendAge[];
  /** As of `Recipient`. */
  readonly recheck?: () => Promise<void> | undefined;
  /** Told of each send, and again of what became of it. */
  readonly onSent?: (sent: Sent) => void;
}

type Life = "new" | "running" | "closed";

interface Told {
  readonly to: Recipient;
  /** `undefined` for the one that finds its socket itself. */
  readonly place: SocketPlace | undefined;
}

/** How often Discords that have come or gone are looked for, where all are meant. */
const lookMs = 5000;
/** Nobody runs more Discords than there are numbers for their sockets. */
const maxRecipients = 10;
/** So long Codex may take to start up before that is worth a card, ms. */
const startingMs = 2000;
const anywhere = "";
const first: Choice = { kind: "first" };

/**
 * The one that talks to Discord: to the first that answers, to the one that is chosen, or to all,
 * each with a connection and limits of its own. Never prints, never throws.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #listeners = new Set<(state: DiscordState) => void>();
  readonly #recipients = new Map<string, Told>();
  #choice: Choice = first;
  #clientId: string;
  #inherited: { readonly ages: readonly SendAge[]; readonly at: number };
  #found: readonly FoundSocket[] = [];
  #wanted: Frame | undefined;
  #life: Life = "new";
  #timer: Disposable | undefined;
  #announced = notStarted;
  /** Those of another choice take their cards away; the next begin when they have. */
  #leaving: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#clientId = options.clientId;
    this.#inherited = { ages: options.inheritedAges ?? [], at: options.clock.monotonic() };
  }

  get state(): DiscordState {
    if (this.#life === "new") return notStarted;
    if (this.#life === "closed") return { ...this.#announced, ...closed };
    const single = this.#recipients.get(anywhere);
    if (single !== undefined) return single.to.state;
    const all = [...this.#recipients.values()].flatMap(({ to: { state }, place }) =>
      place === undefined ? [] : [{ place, state }],
    );
    return stateOfAll(all, absence(this.#found));
  }

  /** Ages (ms) of the sends that Discord still counts, for the publisher that comes after. */
  get sendAges(): readonly SendAge[] {
    const told = [...this.#recipients.values()].map(({ to }) => to.sendAges);
    return agesOfAll(told.length === 0 ? [this.#inheritedAges()] : told);
  }

  /** Begins to look for Discord. The first connection loads a package (tens of ms, once). */
  start(): void {
    if (this.#life !== "new") return;
    this.#life = "running";
    this.#guard(() => this.#begin());
  }

  /** Shows this card as soon as the limits let it; `undefined` takes the card away. */
  publish(card: (Card & CardExtras) | undefined, about: About = {}): void {
    this.#guard(() => {
      const wanted = card === undefined ? undefined : this.#encode(card, about);
      if (isSameFrame(wanted, this.#wanted)) return;
      this.#wanted = wanted;
      for (const { to } of this.#recipients.values()) to.show(wanted);
    });
  }

  /** Calls `listener` at every change of state; disposing ends it. */
  onState(listener: (state: DiscordState) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Connects anew and at once: with another client id where one is given, as is chosen now. */
  reconnect(clientId: string = this.#clientId): void {
    this.#clientId = clientId;
    this.#guard(() => {
      // Whoever begins when the others have left asks what is chosen by then.
      if (this.#life !== "running" || this.#leaving !== undefined) return;
      if (isSame(this.#options.choice?.() ?? first, this.#choice)) {
        for (const { to } of this.#recipients.values()) to.reconnect(clientId);
      } else this.#beginAnew();
    });
  }

  /** After a suspend: is the connection alive, and has Discord come or gone meanwhile? */
  check(): void {
    for (const { to } of this.#recipients.values()) to.check();
  }

  /**
   * Takes the card away, waits at most 150 ms for Discord to say so, and closes. Closing alone
   * takes it away as well, only not in every version at once. Resolves always, at every call.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    const told = [...this.#recipients.values()];
    await Promise.all([this.#leaving, ...told.map(({ to }) => to.close())]);
    this.#life = "closed";
    this.#announce();
    this.#listeners.clear();
  }

  #begin(): void {
    if (this.#life !== "running" || this.#closing !== undefined) return;
    this.#choice = this.#options.choice?.() ?? first;
    if (this.#choice.kind === "all") void this.#lookAround();
    else this.#add(anywhere, undefined);
    this.#announce();
  }

  /** Another choice: those who were told are told that it is over, then the others begin. */
  #beginAnew(): void {
    this.#timer?.[Symbol.dispose]();
    const told = [...this.#recipients.values()];
    this.#leaving = Promise.all(told.map(({ to }) => to.close())).then(() => {
      this.#leaving = undefined;
      this.#inherited = { ages: this.sendAges, at: this.#options.clock.monotonic() };
      this.#recipients.clear();
      return this.#guard(() => this.#begin());
    });
  }

  /** A recipient for every socket there is, and none for those that are gone. */
  async #lookAround(): Promise<void> {
    const { clock } = this.#options;
    const usable = (await this.#find()).filter(({ verdict }) => verdict === "usable");
    if (!this.#isLooking()) return;
    const paths = usable.map(({ place }) => place.path);
    for (const [path, { to }] of this.#recipients) {
      if (paths.includes(path) || to.isConnected) continue;
      this.#recipients.delete(path);
      void to.close();
    }
    for (const { place } of usable) {
      const { size } = this.#recipients;
      if (size < maxRecipients && !this.#recipients.has(place.path)) this.#add(place.path, place);
    }
    this.#timer = clock.after(lookMs, () => void this.#lookAround());
    this.#announce();
  }

  /** Still for all Discords, now that the disk has answered. */
  #isLooking(): boolean {
    if (this.#life !== "running" || this.#choice.kind !== "all") return false;
    return this.#closing === undefined && this.#leaving === undefined;
  }

  #add(key: string, place: SocketPlace | undefined): void {
    const to = new Recipient({
      ...this.#options,
      clientId: this.#clientId,
      choice: this.#choice,
      inheritedAges: this.#inheritedAges(),
      find: async () =>
        (await this.#find()).filter((socket) => place === undefined || isAt(socket, place)),
      onState: () => this.#announce(),
    });
    this.#recipients.set(key, { to, place });
    to.show(this.#wanted);
    to.start();
  }

  #inheritedAges(): readonly SendAge[] {
    const { ages, at } = this.#inherited;
    const elapsed = this.#options.clock.monotonic() - at;
    return ages.map((age) => olderBy(age, elapsed));
  }

  async #find(): Promise<readonly FoundSocket[]> {
    try {
      this.#found = await (this.#options.find ?? findSockets)();
    } catch (error) {
      this.#debug(`looking for Discord failed: ${messageOf(error)}`);
      this.#found = [];
    }
    return this.#found;
  }

  #encode(card: Card & CardExtras, about: About): Frame {
    const { activity, dropped } = toActivity(card);
    if (dropped.length > 0) this.#debug(`left out of the card: ${dropped.join(", ")}`);
    const frame = { activity, text: JSON.stringify(activity), about };
    if (about.starting !== true) return frame;
    const before = this.#wanted?.notBefore;
    return { ...frame, notBefore: before ?? this.#options.clock.monotonic() + startingMs };
  }

  #announce(): void {
    const before = this.#announced;
    this.#announced = this.state;
    const { discord, reason } = this.#announced;
    if (before.discord === discord && before.reason === reason) return;
    for (const listener of this.#listeners) this.#guard(() => listener(this.state));
  }

  /** A fault of this part must reach nobody else. */
  #guard(run: () => void): void {
    guard(this.#options.log, "discord", run);
  }

  #debug(message: string): void {
    this.#options.log.debug("discord", message);
  }
}

const closed = {
  discord: "unknown",
  reason: "closed",
  client: undefined,
  delivery: noDelivery,
} as const;

function isSameFrame(a: Frame | undefined, b: Frame | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.text === b.text && JSON.stringify(a.about) === JSON.stringify(b.about);
}

function isSame(a: Choice, b: Choice): boolean {
  return (
    a.kind === b.kind && (a.kind !== "edition" || b.kind !== "edition" || a.edition === b.edition)
  );
}

function isAt({ place }: FoundSocket, { path }: SocketPlace): boolean {
  return place.path === path;
}
