import { type Clock, untilBeat } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import { isLocal } from "../lib/local-disk.ts";
import type { Log } from "../lib/log.ts";
import { configName, configPath, type Place } from "./file.ts";
import { type ConfigNews, type LoadedConfig, pending, unanswered, understood } from "./load.ts";
import { type ConfigReader, openConfigReader } from "./reader.ts";
import type { Config } from "./schema.ts";

/** The config as it is now. */
export interface LiveConfig extends Disposable {
  /** `pending` at first: nothing is read while this is opened. */
  readonly current: LoadedConfig;
  /** Reads it again, whatever notices there were; resolves when its disk has answered. */
  freshen(): Promise<void>;
}

export interface LiveConfigOptions {
  /** Codex's home. */
  readonly home: string;
  /** One that has begun to read; it is disposed with this. */
  readonly reader?: ConfigReader | undefined;
  /** Tells of changes in a folder by name, or without one when anything may have changed. */
  readonly watch: (folder: string, onChange: (name: string | undefined) => void) => Disposable;
  /** Whether `watch` is known to tell of changes. */
  readonly notices?: () => boolean;
  /** Whether to ask for notices of a folder takes no more than a moment. */
  readonly isNear?: (folder: string) => boolean;
  readonly clock: Clock;
  readonly log: Log;
  /** What counts is another, or there are other problems with it; the first answer included. */
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
/** After this without an answer the person is told. */
const silentMs = 200;

/**
 * The config under `home`, read again within a second of each change, whichever way it is saved:
 * in place, by renaming, through links. While the file is broken, or its disk does not answer, what
 * it said before counts, with the problem; deleted, the defaults do. Before the first answer, and
 * while it cannot be read, it counts as hidden.
 */
export function openConfig(options: LiveConfigOptions): LiveConfig {
  return new LiveFile(options);
}

class LiveFile implements LiveConfig {
  current: LoadedConfig = pending;
  readonly #options: LiveConfigOptions;
  readonly #reader: ConfigReader;
  readonly #home: Disposable;
  #linked: (Disposable & { readonly place: Place; readonly isNear: boolean }) | undefined;
  /** The last answer of the disk, and of the last file that could be parsed what it said. */
  #answered: LoadedConfig = pending;
  #good: Config | undefined;
  #print: string | undefined;
  #looking: Promise<void> | undefined;
  #isToldMeanwhile = false;
  #next: Disposable | undefined;
  #soonLook: Disposable | undefined;
  #silence: Disposable | undefined;
  #closed = false;

  constructor(options: LiveConfigOptions) {
    this.#options = options;
    this.#reader = options.reader ?? openConfigReader(configPath(options.home));
    // Watched before it is read, so that no change falls in between.
    this.#home = options.watch(options.home, (name) => {
      if (name === configName) this.#soon();
      if (name === undefined) void this.#look(this.#print, false);
    });
    void this.#look(undefined, true);
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    const waits = [this.#next, this.#soonLook, this.#silence];
    for (const part of [this.#home, this.#linked, ...waits, this.#reader]) {
      part?.[Symbol.dispose]();
    }
  }

  async freshen(): Promise<void> {
    // The look that pends may have begun too early.
    await this.#looking;
    await this.#look(this.#print, false);
  }

  #soon(ms = settleMs, isSecond = false): void {
    if (this.#closed) return;
    this.#soonLook ??= this.#options.clock.after(ms, () => {
      this.#soonLook = undefined;
      void this.#look(undefined, isSecond);
    });
  }

  /** One look at a time: what comes during one that pends is seen by the next. */
  #look(print: string | undefined, isSecond: boolean): Promise<void> {
    if (this.#looking !== undefined && print === undefined) this.#isToldMeanwhile = true;
    this.#looking ??= this.#lookNow(print, isSecond);
    return this.#looking;
  }

  async #lookNow(print: string | undefined, isSecond: boolean): Promise<void> {
    if (this.#closed) return;
    this.#isToldMeanwhile = false;
    const { clock } = this.#options;
    this.#silence = clock.after(silentMs, () => this.#become(unanswered(this.#answered)));
    const look = await this.#reader.read(print);
    this.#silence[Symbol.dispose]();
    this.#looking = undefined;
    if (this.#closed) return;
    this.#print = look.print;
    this.#watchLinked(look.place);
    if (look.kind === "same") this.#become(this.#answered);
    else this.#take(look, isSecond);
    if (this.#isToldMeanwhile) this.#soon();
    this.#lookLater();
  }

  #lookLater(): void {
    const { clock, notices } = this.#options;
    const areTold = notices?.() === true && this.#linked?.isNear !== false;
    const wait = areTold ? untilBeat(clock, rarelyMs) : pollMs;
    this.#next?.[Symbol.dispose]();
    this.#next = clock.after(wait, () => void this.#look(this.#print, false));
  }

  /** The folder that a link leads to gets notices of its own, if its disk is sure to answer. */
  #watchLinked(place: Place | undefined): void {
    const { folder, name } = this.#linked?.place ?? {};
    if (place?.folder === folder && place?.name === name) return;
    this.#linked?.[Symbol.dispose]();
    this.#linked = undefined;
    if (place === undefined) return;
    const { isNear: isNearHere = isLocal, watch } = this.#options;
    const isNear = isNearHere(place.folder);
    const onChange = (changed: string | undefined) => {
      if (changed === place.name) this.#soon();
      if (changed === undefined) void this.#look(this.#print, false);
    };
    const notices = isNear ? watch(place.folder, onChange) : undefined;
    this.#linked = { place, isNear, [Symbol.dispose]: () => notices?.[Symbol.dispose]() };
  }

  #take(look: ConfigNews, isSecond: boolean): void {
    const loaded = understood(look, this.#good);
    const { source } = this.#answered;
    if (loaded.source !== "file" && loaded.source !== source && !isSecond) {
      this.#soon(secondLookMs, true);
      return;
    }
    this.#answered = loaded;
    if (loaded.source === "file") this.#good = loaded.config;
    if (loaded.source === "absent") this.#good = undefined;
    this.#become(loaded);
  }

  #become(loaded: LoadedConfig): void {
    if (same(loaded, this.current)) return;
    this.current = loaded;
    const { log, onChange } = this.#options;
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
  if (a === b) return true;
  const what = ({ config, problems, source }: LoadedConfig) =>
    JSON.stringify([config, problems, source]);
  return what(a) === what(b);
}
