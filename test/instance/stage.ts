import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { spawned, type Spawned } from "../support/spawned.ts";

const root = join(import.meta.dir, "../..");

/** A home of Codex for one test, gone with it, and the processes that share it. */
export class Stage implements AsyncDisposable {
  readonly home: string;
  readonly runtime: string;
  readonly #processes: Spawned[] = [];

  constructor() {
    const scratch = join(root, ".scratch");
    mkdirSync(scratch, { recursive: true });
    const folder = mkdtempSync(join(scratch, "instance-"));
    this.home = join(folder, "home");
    this.runtime = join(folder, "run");
    mkdirSync(this.home, { mode: 0o700 });
    mkdirSync(this.runtime, { mode: 0o700 });
  }

  /** Runs a program of `test/support` on this home. */
  child(program: string, ...words: string[]): Spawned {
    return this.#run(this.home, {}, program, words);
  }

  /** The same with something more in its environment. */
  childIn(env: Readonly<Record<string, string>>, program: string, ...words: string[]): Spawned {
    return this.#run(this.home, env, program, words);
  }

  /** The same on another home. */
  childAt(home: string, program: string, ...words: string[]): Spawned {
    return this.#run(home, {}, program, words);
  }

  /** Runs any command. */
  command(...words: string[]): Spawned {
    const child = spawned(words);
    this.#processes.push(child);
    return child;
  }

  #run(home: string, env: object, program: string, words: readonly string[]): Spawned {
    const path = join(root, "test/support", program);
    const all = { XDG_RUNTIME_DIR: this.runtime, ...env };
    const child = spawned([process.execPath, path, home, ...words], all);
    this.#processes.push(child);
    return child;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#processes.map((child) => child[Symbol.asyncDispose]()));
    rmSync(join(this.home, ".."), { recursive: true, force: true });
  }
}
