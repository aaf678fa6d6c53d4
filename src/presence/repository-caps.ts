import type { Clock } from "../lib/clock.ts";
import type { RepositoryCap } from "./facts.ts";
import { filesAbove, type LookAtFile, readCaps } from "./repository-file.ts";
import type { PlacesView } from "../session/session-view.ts";

export interface RepositoryCapsOptions {
  readonly home: string | undefined;
  readonly look: (path: string) => Promise<ReturnType<LookAtFile>>;
  readonly clock: Clock;
  /** A look came to something else than the one before. */
  readonly onChange: () => void;
}

/** What was found: `undefined` before the first look, or a cap, or none. */
export type CapLook = { readonly cap: RepositoryCap | undefined } | undefined;

interface Entry {
  found: CapLook;
  /** Moment of the last look, monotonic ms. */
  at: number;
  /** What had been written by then, as `of` was told. */
  wroteAt: number;
  looking: boolean;
}

/** How long what such a file said may be believed, ms; and where nobody has written anything. */
const freshMs = 1000;
const restMs = 8000;
/** More than sessions can be followed and reported; below that, each look would push out another. */
const maxEntries = 256;
/** A disk that does not answer holds a thread for each look. */
const maxLooks = 2;

/**
 * The `.codex-presence.json` files above the sessions, looked at again when somebody asks and the
 * last look is a second old, or eight where the session has done nothing since. Never waits: a
 * network disk that is gone must not stop the child's output, and what it said last holds.
 */
export class RepositoryCaps {
  readonly #options: RepositoryCapsOptions;
  readonly #entries = new Map<string, Entry>();
  /** By folder: asked for while as many looks as may be were under way. */
  readonly #waiting = new Map<string, PlacesView>();
  #looks = 0;

  constructor(options: RepositoryCapsOptions) {
    this.#options = options;
  }

  /** @param wroteAt when the session last did something, ms since the epoch */
  of(places: PlacesView, wroteAt: number): CapLook {
    const entry = this.#entries.get(places.cwd) ?? {
      found: undefined,
      at: -Infinity,
      wroteAt: -Infinity,
      looking: false,
    };
    this.#entries.delete(places.cwd);
    this.#entries.set(places.cwd, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > maxEntries && oldest !== undefined) {
      this.#entries.delete(oldest);
      this.#waiting.delete(oldest);
    }
    const age = this.#options.clock.monotonic() - entry.at;
    const isStale = age >= (wroteAt > entry.wroteAt ? freshMs : restMs);
    if (isStale && !entry.looking) {
      entry.wroteAt = wroteAt;
      this.#waiting.set(places.cwd, places);
    }
    this.#lookOn();
    return entry.found;
  }

  #lookOn(): void {
    for (const [cwd, places] of this.#waiting) {
      if (this.#looks >= maxLooks) return;
      this.#waiting.delete(cwd);
      const entry = this.#entries.get(cwd);
      if (entry !== undefined) void this.#look(entry, places);
    }
  }

  async #look(entry: Entry, places: PlacesView): Promise<void> {
    const { look, clock, onChange } = this.#options;
    entry.looking = true;
    this.#looks += 1;
    const before = JSON.stringify(entry.found);
    try {
      entry.found = { cap: await capAbove(places, this.#options.home, look) };
    } catch {
      // Lost: why. What was known holds; what was not is looked for again.
    }
    this.#looks -= 1;
    entry.looking = false;
    entry.at = clock.monotonic();
    this.#lookOn();
    if (JSON.stringify(entry.found) !== before) onChange();
  }
}

async function capAbove(
  { cwd, realPath, root, mainWorktree }: PlacesView,
  home: string | undefined,
  look: RepositoryCapsOptions["look"],
): Promise<RepositoryCap | undefined> {
  const folders = [cwd, realPath, mainWorktree].filter((folder) => folder !== undefined);
  const stops = [root, mainWorktree, home].filter((folder) => folder !== undefined);
  const looks = new Map<string, ReturnType<LookAtFile>>();
  for (const path of filesAbove(folders, stops)) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other, see `maxLooks`
    looks.set(path, await look(path));
  }
  return readCaps(folders, stops, (path) => looks.get(path) ?? { kind: "absent" });
}
