import { type Clock, untilBeat } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import { configName, configPath, fingerprint, realPlace } from "./file.ts";
import { type LoadedConfig, loadConfig } from "./load.ts";
import { defaultConfig } from "./schema.ts";

/** The config as it is now. */
export interface LiveConfig extends Disposable {
  readonly current: LoadedConfig;
}

export interface LiveConfigOptions {
  /** Codex's home. */
  readonly home: string;
  /** Tells of changes in a folder by name, or without one when anything may have changed. */
  readonly watch: (folder: string, onChange: (name: string | undefined) => void) => Disposable;
  /** Whether `watch` is known to tell of changes. */
  readonly notices?: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
  /** What counts is another, or there are other problems with it. */
  readonly onChange: (loaded: LoadedConfig) => void;
}

/** Notices come in bursts; one look serves them all. */
const settleMs = 30;
/** A file that is gone or broken may be in the middle of being saved: a second look decides. */
const secondLookMs = 200;
/** Where the system tells nothing (network disks), a change is still seen within a second. */
const pollMs = 700;
/** Where it tells, a look now and then is for what it may have missed; each one wakes the machine. */
const rarelyMs = 20_000;

/**
 * The config under `home`, read again within a second of each change, whichever way it is saved:
 * in place, by renaming, through links. While the file is broken what it said before counts, with
 * the problem; deleted, the defaults do.
 */
export function openConfig(options: LiveConfigOptions): LiveConfig {
  return new LiveFile(options);
}

class LiveFile implements LiveConfig {
  current: LoadedConfig;
  readonly #options: LiveConfigOptions;
  readonly #path: string;
  readonly #home: Disposable;
  #linked: (Disposable & { readonly folder: string; readonly name: string }) | undefined;
  #print: string | undefined;
  #poll: Disposable | undefined;
  #look: Disposable | undefined;
  #closed = false;

  constructor(options: LiveConfigOptions) {
    this.#options = options;
    this.#path = configPath(options.home);
    // Watched before it is read, so that no change falls in between.
    this.#home = options.watch(options.home, (name) => {
      if (name === configName) this.#soon();
      if (name === undefined) void this.#compare();
    });
    this.#watchLinked();
    this.current = loadConfig(options.home);
    void this.#compare();
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    for (const held of [this.#home, this.#linked, this.#poll, this.#look]) held?.[Symbol.dispose]();
  }

  /** The folder that a link leads to gets notices of its own. */
  #watchLinked(): void {
    const place = realPlace(this.#path);
    const { folder, name } = this.#linked ?? {};
    if (place?.folder === folder && place?.name === name) return;
    this.#linked?.[Symbol.dispose]();
    this.#linked = undefined;
    if (place === undefined) return;
    const notices = this.#options.watch(place.folder, (changed) => {
      if (changed === undefined || changed === place.name) this.#soon();
    });
    this.#linked = { ...place, [Symbol.dispose]: () => notices[Symbol.dispose]() };
  }

  async #compare(): Promise<void> {
    const print = await fingerprint(this.#path);
    if (this.#closed) return;
    if (print !== this.#print) this.#soon();
    this.#print = print;
    const { clock, notices } = this.#options;
    const wait = notices?.() === true ? untilBeat(clock, rarelyMs) : pollMs;
    this.#poll?.[Symbol.dispose]();
    this.#poll = clock.after(wait, () => void this.#compare());
  }

  #soon(ms = settleMs, isSecond = false): void {
    if (this.#closed) return;
    this.#look ??= this.#options.clock.after(ms, () => {
      this.#look = undefined;
      this.#read(isSecond);
    });
  }

  #read(isSecond: boolean): void {
    this.#watchLinked();
    const { home, log, onChange } = this.#options;
    const before = this.current;
    const good = before.config === defaultConfig ? undefined : before.config;
    const loaded = loadConfig(home, good);
    if (loaded.source !== "file" && loaded.source !== before.source && !isSecond) {
      this.#soon(secondLookMs, true);
      return;
    }
    if (same(loaded, before)) return;
    this.current = loaded;
    log.debug("config", `${loaded.source}, ${loaded.problems.length} problems`);
    try {
      onChange(loaded);
    } catch (thrown) {
      log.debug("config", messageOf(thrown));
    }
  }
}

/** Both are made by the same code, key by key in the same order. */
function same(a: LoadedConfig, b: LoadedConfig): boolean {
  const what = ({ config, problems, source }: LoadedConfig) =>
    JSON.stringify([config, problems, source]);
  return what(a) === what(b);
}
