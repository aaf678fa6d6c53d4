import type { Clock } from "../lib/clock.ts";
import { known, type Knowledge, unknown } from "../lib/knowledge.ts";

/** Where the links of a rule's path lead. */
export interface Links {
  /**
   * What a path is called with its links followed: "nothing" where no other name is known. Never
   * waits: a path that was not looked at yet is unknown.
   */
  of(path: string): Knowledge<readonly string[]>;
  /** Another number when an answer became another. */
  readonly version: number;
}

export interface RealPathsOptions {
  /** Follows the links of an absolute path as far as it exists. */
  readonly follow: (
    path: string,
  ) => Promise<Knowledge<{ readonly path: string; readonly isWhole: boolean }>>;
  readonly clock: Clock;
  /** An answer became another. */
  readonly onChange: () => void;
}

interface Entry {
  answer: Knowledge<readonly string[]>;
  /** Where it led when all of it existed last. */
  whole: string | undefined;
  /** When the last look began, monotonic ms. */
  at: number;
  isLooking: boolean;
  /** By the config in use. */
  isAsked: boolean;
}

/** Looks at once: each waits for the ones before it on the same disk, and must not seem late for that. */
const together = 32;

/** Follows the links in the paths of rules, again when a card is to be made and the last look is old. */
export class RealPaths implements Links {
  version = 0;
  readonly #options: RealPathsOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #waiting: string[] = [];
  #looks = 0;
  #changed = false;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(options: RealPathsOptions) {
    this.#options = options;
  }

  of(path: string): Knowledge<readonly string[]> {
    const entry = this.#entries.get(path);
    if (entry !== undefined) {
      entry.isAsked = true;
      return entry.answer;
    }
    const answer = unknown("was not looked at yet");
    const fresh = { answer, whole: undefined, at: -Infinity, isLooking: false, isAsked: true };
    this.#entries.set(path, fresh);
    // @guard links-not-looked-at
    this.#lookAt([path]);
    return answer;
  }

  /** Whether no answer in use is older, by monotonic ms. */
  isFresh(notBefore: number): boolean {
    for (const { isAsked, at } of this.#entries.values()) {
      if (isAsked && at < notBefore) return false;
    }
    return true;
  }

  /** Looks again where the last look is older; resolves when all are answered, or late. */
  freshen(notBefore: number): Promise<void> {
    const old = [...this.#entries].filter(
      ([, { isAsked, at, isLooking }]) => isAsked && !isLooking && at < notBefore,
    );
    this.#lookAt(old.map(([path]) => path));
    return this.#idle?.promise ?? Promise.resolve();
  }

  /** The config is another: paths that its rules do not name are looked at no more. */
  forget(): void {
    for (const entry of this.#entries.values()) entry.isAsked = false;
    // Whatever was made of the answers asks for them again.
    this.version += 1;
  }

  #lookAt(paths: readonly string[]): void {
    if (paths.length === 0) return;
    this.#idle ??= Promise.withResolvers();
    for (const path of paths) {
      const entry = this.#entries.get(path);
      if (entry === undefined || entry.isLooking) continue;
      entry.isLooking = true;
      this.#waiting.push(path);
    }
    this.#next();
  }

  #next(): void {
    while (this.#looks < together) {
      const path = this.#waiting.pop();
      if (path === undefined) return;
      void this.#look(path);
    }
  }

  async #look(path: string): Promise<void> {
    const entry = this.#entries.get(path);
    if (entry === undefined) return;
    this.#looks += 1;
    const at = this.#options.clock.monotonic();
    const answer = await this.#answer(path, entry).catch(() => unknown("cannot be looked at"));
    this.#changed ||= JSON.stringify(answer) !== JSON.stringify(entry.answer);
    entry.answer = answer;
    entry.at = at;
    entry.isLooking = false;
    this.#looks -= 1;
    this.#next();
    if (this.#looks > 0) return;
    const { onChange } = this.#options;
    const [idle, changed] = [this.#idle, this.#changed];
    this.#idle = undefined;
    this.#changed = false;
    if (changed) this.version += 1;
    if (changed) onChange();
    idle?.resolve();
  }

  /** A path that does not exist (any more) leads on to where it led. */
  async #answer(path: string, entry: Entry): Promise<Knowledge<readonly string[]>> {
    const found = await this.#options.follow(path);
    // @guard links-unknown
    if (found.kind === "unknown") return unknown(`cannot be looked at: ${found.reason}`);
    if (found.kind === "nothing") return { kind: "nothing" };
    if (found.value.isWhole) entry.whole = found.value.path;
    // @guard links-before-gone
    const names = new Set([found.value.path, entry.whole ?? found.value.path]);
    names.delete(path);
    return names.size === 0 ? { kind: "nothing" } : known([...names]);
  }
}
