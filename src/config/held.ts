import type { LiveConfig } from "./live.ts";
import type { LoadedConfig } from "./load.ts";

/**
 * The config as it is now, paused where the person has said so and it could not be saved (a full
 * disk, a broken file): for as long as this process runs, or until it is taken back.
 */
export class HeldConfig implements LiveConfig {
  readonly #live: LiveConfig;
  #held = false;
  /** Made once for each config: what others remember for it is worth keeping. */
  #paused: { readonly of: LoadedConfig; readonly loaded: LoadedConfig } | undefined;

  constructor(live: LiveConfig) {
    this.#live = live;
  }

  get current(): LoadedConfig {
    const loaded = this.#live.current;
    if (!this.#held) return loaded;
    if (this.#paused?.of !== loaded) this.#paused = { of: loaded, loaded: paused(loaded) };
    return this.#paused.loaded;
  }

  freshen(): Promise<void> {
    return this.#live.freshen();
  }

  hold(held: boolean): void {
    this.#held = held;
  }

  [Symbol.dispose](): void {
    this.#live[Symbol.dispose]();
  }
}

function paused(loaded: LoadedConfig): LoadedConfig {
  const { config } = loaded;
  return { ...loaded, config: { ...config, display: { ...config.display, paused: true } } };
}
