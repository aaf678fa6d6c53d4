import { readFile } from "node:fs/promises";
import packageJson from "../../package.json" with { type: "json" };
import { type Inheritance, type Json, noInheritance, type Verb } from "../instance/message.ts";
import { metadataPath, type Mode } from "../instance/metadata.ts";
import { askPublisher } from "../instance/request.ts";
import { Role } from "../instance/role.ts";
import type { RoleState } from "../instance/seek.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { About } from "../presence/frame.ts";
import type { WholeCard } from "../presence/layout.ts";
import { Publisher } from "../presence/publisher.ts";
import { type DiscordState, notStarted, type Sent } from "../presence/recipient.ts";
import { choiceHere, socketsHere } from "./chosen-discord.ts";
import { discordIn } from "./presence-json.ts";
import { readReports, type SessionReport } from "./session-report.ts";

export interface PresenceRoleOptions {
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Log;
  readonly mode: Mode;
  /** Start of this run, ms since the epoch. */
  readonly startedAt: number;
  /** The Discord application, and which Discord, as the config has them now. */
  readonly clientId: () => string;
  readonly discord: () => string;
  readonly answer: (verb: Verb) => Json;
  /** What the wrappers that wait say of their sessions, newest wrapper first. */
  readonly onSessions: (reports: readonly SessionReport[]) => void;
  /** Role or Discord's state changed. */
  readonly onChange: () => void;
  /** As of `Publisher`. */
  readonly onSent?: (sent: Sent) => void;
  readonly recheck?: () => Promise<void> | undefined;
}

/** How old the publisher's word on Discord may be, and how long it may take to say it, ms. */
const askEveryMs = 10_000;
const askMs = 500;

/** Role and publisher joined: of all that run for a home, one has a connection to Discord. */
export class PresenceRole {
  readonly #options: PresenceRoleOptions;
  #role: Role | undefined;
  #state: RoleState = { kind: "seeking" };
  #publisher: Publisher | undefined;
  #card: WholeCard | undefined;
  #about: About = {};
  #inheritance: Inheritance = noInheritance;
  #elsewhere = notStarted;
  #askedAt = -Infinity;
  #closed = false;

  constructor(options: PresenceRoleOptions) {
    this.#options = options;
  }

  get state(): RoleState {
    return this.#state;
  }

  /** Of our own connection; else, as far as it is known, of the publisher's. */
  get discord(): DiscordState {
    return this.#publisher?.state ?? this.#elsewhere;
  }

  start(): void {
    if (this.#role !== undefined || this.#closed) return;
    const { home, env, clock, log, mode, startedAt, answer, onSessions } = this.#options;
    this.#role = new Role({
      home,
      env,
      clock,
      log,
      mode,
      startedAt,
      version: packageJson.version,
      publish: (inherited) => this.#publish(inherited),
      yield: () => this.#yield(),
      inheritance: () => this.#leave(),
      answer,
      onSessions: (remote) => onSessions(readReports(remote)),
      onState: (state) => this.#play(state),
      answers: () => answerOf(home),
    });
  }

  /** The card that is wanted now; sent by us, if we are the publisher. */
  publish(card: WholeCard | undefined, about: About = {}): void {
    this.#card = card;
    this.#about = about;
    this.#publisher?.publish(card, about);
    this.#askElsewhere();
  }

  /** What only we know of our own session, for whoever publishes. */
  report(session: Json): void {
    this.#role?.report(session);
  }

  reconnect(): void {
    this.#publisher?.reconnect(this.#options.clientId());
  }

  check(): void {
    this.#publisher?.check();
  }

  async rest(): Promise<void> {
    await this.#role?.handOver();
  }

  wake(): void {
    this.#role?.rejoin();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#role?.[Symbol.asyncDispose]();
  }

  #publish({ sendAges }: Inheritance): void {
    const { env, clock, log, onChange, onSent, recheck } = this.#options;
    const clientId = this.#options.clientId();
    this.#publisher = new Publisher({
      clientId,
      clock,
      log,
      find: () => socketsHere(env, this.#options.discord()),
      choice: () => choiceHere(env, this.#options.discord()),
      inheritedAges: sendAges,
      ...(recheck === undefined ? {} : { recheck }),
      onSent: (sent) => {
        // In case we are killed: the next one must count this send too.
        this.#role?.inheritanceChanged();
        onSent?.(sent);
        onChange();
      },
    });
    this.#publisher.onState(() => {
      this.#role?.inheritanceChanged();
      onChange();
    });
    this.#publisher.publish(this.#card, this.#about);
    this.#publisher.start();
  }

  async #yield(): Promise<void> {
    const publisher = this.#publisher;
    await publisher?.close();
    this.#inheritance = this.#leave();
    this.#publisher = undefined;
    this.#options.onChange();
  }

  #leave(): Inheritance {
    const sendAges = this.#publisher?.sendAges;
    if (sendAges === undefined) return this.#inheritance;
    return { sendAges, timerStart: this.#card?.startedAt };
  }

  #play(state: RoleState): void {
    this.#state = state;
    if (state.kind === "following") this.#askElsewhere();
    this.#options.log.debug("role", state.kind);
    this.#options.onChange();
  }

  /** What the publisher says of Discord, for our own pane. */
  #askElsewhere(): void {
    const { home, clock } = this.#options;
    const now = clock.monotonic();
    if (this.#state.kind !== "following" || now - this.#askedAt < askEveryMs) return;
    this.#askedAt = now;
    const { pid } = process;
    const { version } = packageJson;
    void askPublisher({ home, verb: "status", pid, version, clock, timeoutMs: askMs }).then(
      (answer) => {
        this.#elsewhere = { ...notStarted, discord: discordIn(answer) };
        return this.#options.onChange();
      },
    );
  }
}

/** Resolves when the home's disk answers: a network file system always asks for what is opened. */
async function answerOf(home: string): Promise<void> {
  try {
    await readFile(metadataPath(home));
  } catch {
    // An error is an answer too.
  }
}
