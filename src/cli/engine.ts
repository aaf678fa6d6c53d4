import { openConfig } from "../config/live.ts";
import { type LoadedConfig } from "../config/load.ts";
import type { ConfigReader } from "../config/reader.ts";
import type { Config } from "../config/schema.ts";
import type { Json, Verb } from "../instance/message.ts";
import type { Mode } from "../instance/metadata.ts";
import type { RoleState } from "../instance/seek.ts";
import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import { aboutCard } from "../presence/about.ts";
import { composeCard, type Composed } from "../presence/compose.ts";
import type { DiscordState, Sent } from "../presence/recipient.ts";
import { leaderFirst, type SessionList } from "../session/session-view.ts";
import { Starts } from "../session/starts.ts";
import type { Files } from "../tail/files.ts";
import { HeldConfig } from "../config/held.ts";
import { CardSources } from "./card-sources.ts";
import { DueTimer } from "./due-timer.ts";
import { FreshCard } from "./fresh-card.ts";
import { addressIn } from "./chosen-discord.ts";
import { presenceJson } from "./presence-json.ts";
import { PresenceRole } from "./presence-role.ts";
import { dueWith, mergeReports, reportOf, toldIn, withOwn } from "./session-report.ts";
import type { SessionReport } from "./session-report.ts";
import { openSessionWatch, type OwnChild, type SessionWatch } from "./session-watch.ts";

export interface EngineOptions {
  /** What this process is among those of its home (instance/role.ts). */
  readonly mode: Mode;
  /** Start of this run, ms since the epoch. */
  readonly startedAt: number;
  /** Codex's home, which exists and is ours. */
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: Files;
  /** One that has begun to read. */
  readonly config?: ConfigReader | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** The wrapper's own child. */
  readonly own?: () => OwnChild | undefined;
  /** Sessions, card or Discord's state changed. */
  readonly onChange: () => void;
  /** Told of each card sent, and again of its fate. */
  readonly onSent?: (sent: Sent) => void;
}

/** What the engine knows, for whoever shows it. */
export interface EngineState {
  readonly list: SessionList;
  /** Of our own connection; of the publisher's, as far as it is known, while another one publishes. */
  readonly discord: DiscordState;
  /** Who publishes: we, another process, nobody yet. */
  readonly role: RoleState;
  readonly composed: Composed | undefined;
  readonly config: LoadedConfig;
}

/**
 * From Codex's files to Discord: sessions, config, card, role and publisher joined. Of all engines
 * of a home one publishes; the others tell it what only they know. Never throws.
 */
export class Engine implements AsyncDisposable {
  readonly #options: EngineOptions;
  readonly #release = new DisposableStack();
  readonly #watch: SessionWatch;
  readonly #sources: CardSources;
  readonly #card: FreshCard;
  readonly #config: HeldConfig;
  readonly #role: PresenceRole;
  readonly #starts = new Starts();
  readonly #due: DueTimer;
  #reports: readonly SessionReport[] = [];
  #pinned: string | undefined;
  #address: string;
  #composed: Composed | undefined;
  #isConnecting = false;
  #closing: Promise<void> | undefined;

  constructor(options: EngineOptions) {
    const { home, files, config: reader, clock, log, own } = options;
    this.#options = options;
    const notices = () => files.watchState === "watching";
    const onChange = (loaded: LoadedConfig) => this.#configured(loaded);
    const watch: typeof files.watch = (folder, tell) => files.watch(folder, tell);
    const live = openConfig({ home, reader, watch, notices, clock, log, onChange });
    this.#config = this.#release.use(new HeldConfig(live));
    this.#sources = new CardSources({
      env: options.env,
      startsCodex: own !== undefined,
      config: () => this.#config.current.config,
      clock,
      watch: () => this.#watch,
      list: () => this.#list(),
      onChange: () => this.#changed(),
    });
    this.#release.use(this.#sources);
    this.#address = addressIn(live.current.config);
    this.#watch = this.#release.use(
      openSessionWatch({
        home,
        disk: files,
        clock,
        log,
        folders: this.#sources.folders,
        remotes: this.#sources.remotes,
        prices: () => this.#config.current.config.display.prices,
        titles: () => this.#config.current.config.privacy.show_title,
        ...(own === undefined ? {} : { own }),
        told: () => toldIn(this.#reports),
        onChange: () => this.#changed(),
        onLooked: () => this.#sources.rest(),
      }),
    );
    this.#due = this.#release.use(new DueTimer(clock, () => this.#changed()));
    this.#card = this.#release.use(
      new FreshCard({
        clock,
        log,
        sources: this.#sources,
        draft: () => this.preview(this.#config.current.config),
        onCard: (composed) => this.#use(composed),
        onChecked: () => this.#changed(),
        readConfig: () => this.#config.freshen(),
        readRollouts: () => this.#watch.threads.look(),
      }),
    );
    this.#role = new PresenceRole({
      ...options,
      discord: () => this.#config.current.config.display.discord,
      clientId: () => this.#config.current.config.discord_client_id,
      answer: (verb) => this.#answer(verb),
      onSessions: (reports) => this.#hear(reports),
      recheck: () => this.#card.recheck(),
    });
  }

  get state(): EngineState {
    const list = this.#list();
    const { discord, state: role } = this.#role;
    return { list, discord, role, composed: this.#composed, config: this.#config.current };
  }

  /** The card as it would be with another config. */
  preview(config: Config): Composed {
    const { clock } = this.#options;
    const [now, moment, { person }] = [clock.now(), clock.monotonic(), this.#sources];
    const sessions = this.#sources.factsOf(this.#list());
    return composeCard({ sessions, config, person, now, moment });
  }

  /** Begins to read; the first card is ready some ms later. */
  start(): void {
    this.#watch.start();
    this.#watch.poke();
  }

  /**
   * Takes its part among the instances; who publishes looks for Discord. Not before the config has
   * been read: it says which Discord, and whose application.
   */
  connect(): void {
    this.#isConnecting = true;
    if (this.#config.current.source === "pending") return;
    this.#role.start();
    this.#report();
  }

  /** Leads, whatever else happens, until another one or none is pinned. */
  pin(id: string | undefined): void {
    this.#pinned = id;
    this.#pin();
  }

  /** Paused, or no longer, without the config: where that could not be saved. */
  hold(held: boolean): void {
    this.#config.hold(held);
    this.#changed();
  }

  reconnect(): void {
    this.#role.reconnect();
  }

  /** The own child did something: the card follows at once, the facts about it a little later. */
  poke(): void {
    this.#watch.poke();
    this.#changed();
  }

  /** After a sleep of the machine. */
  check(): void {
    this.#role.check();
    this.#watch.poke();
    void this.#card.recheck();
  }

  /** Before this process stops itself: the card goes, and the role to whoever wants it. */
  async rest(): Promise<void> {
    await this.#role.rest();
  }

  wake(): void {
    this.#role.wake();
  }

  /** Takes the card away (150 ms at most) and everything down. Resolves always. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    await this.#role.close();
    this.#release.dispose();
  }

  /** A dashboard shows first whom the person pinned, else the newest wrapper; a wrapper its own. */
  #pin(): void {
    const newest = this.#options.own === undefined ? this.#reports[0]?.thread : undefined;
    this.#watch.pin(this.#pinned ?? newest);
  }

  #hear(reports: readonly SessionReport[]): void {
    this.#reports = reports;
    this.#pin();
    this.#changed();
  }

  /** As the watch built it last, with what we and the other wrappers know by now. */
  #list(): SessionList {
    const own = this.#options.own?.();
    const now = this.#now();
    const list = own === undefined ? this.#watch.list : withOwn(this.#watch.list, own, now);
    return this.#starts.begun(mergeReports(list, this.#reports, now), now);
  }

  readonly #now = (): number => this.#options.clock.now();

  /** What is changed stands in the config, which is read again by itself, if it could be saved. */
  #answer(verb: Verb): Json {
    if (verb === "status") return presenceJson(this.state);
    if (verb === "why") return [...(this.#composed?.why ?? [])];
    if (verb === "pause" || verb === "resume") this.hold(verb === "pause");
    if (verb === "reconnect") this.reconnect();
    return true;
  }

  /** Another application or Discord needs another connection; all else is of the next card. */
  #configured({ config, problems }: LoadedConfig): void {
    for (const problem of problems) this.#options.log.debug("config", problem);
    const address = addressIn(config);
    if (address !== this.#address) this.#role.reconnect();
    this.#address = address;
    this.#sources.forgetRules();
    if (this.#isConnecting) this.connect();
    this.#watch.poke(); // Titles may be wanted, or not any more.
    this.#changed();
  }

  #report(): void {
    const own = this.#options.own?.();
    if (own !== undefined) this.#role.report(reportOf(own, this.#options.clock.now()));
  }

  #changed(): void {
    if (this.#closing !== undefined) return;
    try {
      this.#card.make();
      this.#report();
    } catch (error) {
      this.#options.log.debug("card", messageOf(error));
      // The card before may show what is to be shown no more.
      this.#card.forget();
      this.#composed = undefined;
      this.#role.publish(undefined);
    }
    this.#options.onChange();
  }

  #use(composed: Composed): void {
    const { config } = this.#config.current;
    this.#composed = composed;
    const { card, shown } = composed;
    const session = shown === undefined ? undefined : leaderFirst(this.#list())[shown];
    const about = aboutCard(composed, session, config);
    this.#role.publish(this.#sources.isWaiting ? undefined : card, about);
    this.#due.set(dueWith(this.#reports, composed.dueAt, this.#now()));
  }
}
