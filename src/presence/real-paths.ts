/** Where a path leads with its links followed, if anywhere; `undefined` before it was looked at. */
export type RealLook = { readonly path: string | undefined } | undefined;

export interface RealPathsOptions {
  /** Follows the links of an absolute path as far as it exists. */
  readonly real: (path: string) => Promise<string | undefined>;
  /** What was asked for is known by now. */
  readonly onChange: () => void;
}

/** As many as rules may name, in the config before as well. */
const maxPaths = 512;
/** A disk that does not answer holds a thread for each look. */
const maxLooks = 2;

/** Looks once at each path that is asked for, and never waits: its disk may be gone. */
export class RealPaths {
  readonly #options: RealPathsOptions;
  readonly #known = new Map<string, RealLook>();
  readonly #waiting: string[] = [];
  #looks = 0;

  constructor(options: RealPathsOptions) {
    this.#options = options;
  }

  of(path: string): RealLook {
    if (!this.#known.has(path)) {
      this.#note(path, undefined);
      this.#waiting.push(path);
      this.#next();
    }
    return this.#known.get(path);
  }

  #note(path: string, look: RealLook): void {
    this.#known.set(path, look);
    const [oldest] = this.#known.keys();
    if (this.#known.size > maxPaths && oldest !== undefined) this.#known.delete(oldest);
  }

  #next(): void {
    const path = this.#looks < maxLooks ? this.#waiting.shift() : undefined;
    if (path !== undefined) void this.#look(path);
  }

  async #look(path: string): Promise<void> {
    this.#looks += 1;
    let found: string | undefined;
    try {
      found = await this.#options.real(path);
    } catch {
      // Lost: why. A rule holds by the name it has, then.
    }
    this.#looks -= 1;
    this.#note(path, { path: found });
    this.#next();
    if (this.#waiting.length === 0) this.#options.onChange();
  }
}
