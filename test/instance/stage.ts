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

  /** Runs a program of `test/support`. */
  child(program: string, ...words: string[]): Spawned {
    const path = join(root, "test/support", program);
    const env = { XDG_RUNTIME_DIR: this.runtime };
    const child = spawned([process.execPath, path, this.home, ...words], env);
    this.#processes.push(child);
    return child;
  }

  /** Runs any command. */
  command(...words: string[]): Spawned {
    const child = spawned(words);
    this.#processes.push(child);
    return child;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#processes.map((child) => child[Symbol.asyncDispose]()));
    rmSync(join(this.home, ".."), { recursive: true, force: true });
  }
}
