import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { homedir, hostname, userInfo } from "node:os";
import { loadConfig, type LoadedConfig } from "../config/load.ts";
import { findSockets } from "../discord/client.ts";
import type { Clock } from "../lib/clock.ts";
import { codeOf, messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import { composeCard, type Composed, type Person } from "../presence/compose.ts";
import type { RepositoryCap } from "../presence/facts.ts";
import { Publisher, type PublisherState } from "../presence/publisher.ts";
import { type FileLook, readCaps } from "../presence/repository-file.ts";
import type { PlacesView, SessionList } from "../session/session-view.ts";
import type { Files } from "../tail/files.ts";
import { cardFactsOf } from "./card-facts.ts";
import { openSessionWatch, type OwnChild, type SessionWatch } from "./session-watch.ts";

export interface EngineOptions {
  /** Codex's home, which exists and is ours. */
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  /** The wrapper's own child. */
  readonly own?: () => OwnChild | undefined;
  /** Sessions, card or Discord's state changed. */
  readonly onChange: () => void;
}

/** What the engine knows, for whoever shows it. */
export interface EngineState {
  readonly list: SessionList;
  readonly discord: PublisherState;
  readonly composed: Composed | undefined;
  readonly config: LoadedConfig;
}

/** The bounded size of a `.codex-presence.json`. */
const maxFileBytes = 64 * 1024;
/** How long what such a file said may be believed, ms. */
const capMs = 1000;
/** Timers cannot wait longer than some 24 days; nothing here needs to. */
const longestWaitMs = 3_600_000;

/** From Codex's files to Discord: sessions, config, card and publisher joined. Never throws. */
export class Engine implements AsyncDisposable {
  readonly #options: EngineOptions;
  readonly #release = new DisposableStack();
  readonly #watch: SessionWatch;
  readonly #publisher: Publisher;
  readonly #person: Person;
  readonly #caps = new Map<
    string,
    { readonly at: number; readonly cap: RepositoryCap | undefined }
  >();
  #config: LoadedConfig;
  #composed: Composed | undefined;
  #due: Disposable | undefined;
  #shown = true;
  #closing: Promise<void> | undefined;

  constructor(options: EngineOptions) {
    const { home, env, files, clock, log, own } = options;
    this.#options = options;
    this.#config = loadConfig(home);
    for (const problem of this.#config.problems) log.debug("config", problem);
    this.#person = whoIsHere();
    const prices = this.#config.config.display.prices;
    this.#watch = this.#release.use(
      openSessionWatch({
        home,
        disk: files,
        clock,
        log,
        prices,
        ...(own === undefined ? {} : { own }),
        onChange: () => this.#changed(),
      }),
    );
    const clientId = this.#config.config.discord_client_id;
    this.#publisher = new Publisher({ clientId, clock, log, find: () => findSockets(env) });
    this.#release.use(this.#publisher.onState(() => options.onChange()));
    this.#release.defer(() => this.#due?.[Symbol.dispose]());
  }

  get state(): EngineState {
    const { list } = this.#watch;
    const { state: discord } = this.#publisher;
    return { list, discord, composed: this.#composed, config: this.#config };
  }

  /** Begins to read; the first card is ready some ms later. */
  start(): void {
    this.#watch.start();
    this.#watch.poke();
  }

  /** Begins to look for Discord. Loads its package once there is one: some 30 ms in one piece. */
  connect(): void {
    this.#publisher.start();
  }

  /** The own child did something. */
  poke(): void {
    this.#watch.poke();
  }

  /** After a sleep of the machine. */
  check(): void {
    this.#publisher.check();
    this.#watch.poke();
  }

  /** Takes the card away while the job is stopped, and puts it back. */
  show(shown: boolean): void {
    this.#shown = shown;
    this.#changed();
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
    await this.#publisher.close();
    this.#release.dispose();
  }

  #changed(): void {
    if (this.#closing !== undefined) return;
    try {
      this.#compose();
    } catch (error) {
      this.#options.log.debug("card", messageOf(error));
    }
    this.#options.onChange();
  }

  #compose(): void {
    const { clock } = this.#options;
    const { sessions, leader, limits } = this.#watch.list;
    const led = leader === undefined ? sessions : [leader, ...sessions.filter((s) => s !== leader)];
    const facts = led.map((session) =>
      cardFactsOf(session, limits, (places) => this.#capOf(places)),
    );
    const now = clock.now();
    const { config } = this.#config;
    this.#composed = composeCard({ sessions: facts, config, person: this.#person, now });
    const { card, dueAt } = this.#composed;
    this.#publisher.publish(this.#shown ? card : undefined);
    this.#due?.[Symbol.dispose]();
    if (dueAt === undefined) return;
    const wait = Math.min(longestWaitMs, Math.max(1, dueAt - now));
    this.#due = clock.after(wait, () => this.#changed());
  }

  #capOf(places: PlacesView): RepositoryCap | undefined {
    const { cwd, realPath, root, mainWorktree } = places;
    const now = this.#options.clock.monotonic();
    const known = this.#caps.get(cwd);
    if (known !== undefined && now - known.at < capMs) return known.cap;
    const folders = [cwd, realPath, mainWorktree].filter((folder) => folder !== undefined);
    const stops = [root, mainWorktree, this.#person.home].filter((folder) => folder !== undefined);
    const cap = readCaps(folders, stops, lookAtFile);
    if (this.#caps.size > 64) this.#caps.clear();
    this.#caps.set(cwd, { at: now, cap });
    return cap;
  }
}

/** Whose machine this is: their names are never on a card. */
function whoIsHere(): Person {
  const names = [tryName(() => userInfo().username), tryName(hostname)];
  return { home: homedir(), names: names.flatMap((name) => (name ? [name] : [])) };
}

function tryName(ask: () => string): string | undefined {
  try {
    return ask();
  } catch {
    return undefined; // No entry for this user: then there is no name to hide.
  }
}

function lookAtFile(path: string): FileLook {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(fd);
    if (!stat.isFile()) return { kind: "unreadable", reason: "is not a regular file" };
    if (stat.size > maxFileBytes) return { kind: "unreadable", reason: "is larger than 64 KB" };
    return { kind: "text", text: readFileSync(fd, "utf8") };
  } catch (error) {
    const absent = ["ENOENT", "ENOTDIR"].includes(codeOf(error) ?? "");
    return absent ? { kind: "absent" } : { kind: "unreadable", reason: messageOf(error) };
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
