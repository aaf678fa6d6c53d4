import type { Clock } from "../lib/clock.ts";
import type { Person } from "../presence/compose.ts";
import type { GitProgram } from "../repository/git-program.ts";
import { namesHere } from "./names-here.ts";

export interface PersonOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly git: GitProgram;
  /** All of them but their names. */
  readonly person: Omit<Person, "names">;
  /** The names are known now, or nothing waits for them any more. */
  readonly onChange: () => void;
  /** Asks the machine for the person's names; a test has its own. */
  readonly names?: () => Promise<readonly string[]>;
  /** Before that it is not asked, which takes two runs of git: Codex starts meanwhile. ms */
  readonly afterMs?: number;
}

/** So long the first card waits for the names, ms; after that it goes without all that may hold one. */
const waitMs = 2000;

/** Who sits here. Until their names are known nothing is named that might hold one. */
export class PersonHere implements Disposable {
  #person: Person;
  #isWaiting = true;
  #timer: Disposable | undefined;
  readonly #onChange: () => void;
  readonly #more = new Set<string>();

  constructor({ env, clock, git, person, onChange, names, afterMs = 0 }: PersonOptions) {
    const { home } = person;
    const ask = names ?? (() => namesHere({ env, home, clock, git }));
    this.#person = { ...person, names: undefined };
    this.#onChange = onChange;
    if (afterMs === 0) this.#ask(ask, clock);
    else this.#timer = clock.after(afterMs, () => this.#ask(ask, clock));
  }

  #ask(ask: () => Promise<readonly string[]>, clock: Clock): void {
    const settle = (): void => {
      this.#isWaiting = false;
      this.#onChange();
    };
    this.#timer = clock.after(waitMs, () => {
      if (this.#isWaiting) settle();
    });
    void ask()
      .then((known) => {
        this.#name(known);
        this.#timer?.[Symbol.dispose]();
        return settle();
      })
      .catch(() => undefined); // Lost: the names, so what may hold one stays hidden.
  }

  /** More names of the person, such as git has for one repository alone. */
  add(names: readonly string[]): void {
    const before = this.#more.size;
    for (const name of names) this.#more.add(name);
    if (this.#more.size === before || this.#person.names === undefined) return;
    this.#name(this.#person.names);
    this.#onChange();
  }

  #name(names: readonly string[]): void {
    this.#person = { ...this.#person, names: [...new Set([...names, ...this.#more])] };
  }

  get current(): Person {
    return this.#person;
  }

  /** No card is to go yet. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }
}
