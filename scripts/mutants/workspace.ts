import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** How long the tests of one mutant may take, ms; a mutant that hangs them is noticed, too. */
const longestMs = 60_000;

/** What tests came to. Of a mutant `passed` means that nothing noticed it. */
export interface Outcome {
  readonly kind: "passed" | "failed" | "timed out";
  /** Names of the tests that failed, as far as they ran. */
  readonly failures: readonly string[];
}

/** A copy of the repository in which one file at a time is broken. Disposing of it removes it. */
export class Workspace implements Disposable {
  readonly #path: string;

  /** @param root top of the repository; the copy lies in its `.scratch` */
  constructor(root: string) {
    this.#path = join(root, ".scratch", `mutants-${process.pid}`);
    rmSync(this.#path, { recursive: true, force: true });
    mkdirSync(join(this.#path, ".scratch"), { recursive: true });
    const parts = ["src", "test", "scripts", "docs", "package.json", "tsconfig.json"];
    const rest = ["bunfig.toml", ".oxlintrc.json", "README.md", "CHANGELOG.md", "LICENSE"];
    for (const part of [...parts, ...rest]) {
      cpSync(join(root, part), join(this.#path, part), { recursive: true });
    }
    symlinkSync(join(root, "node_modules"), join(this.#path, "node_modules"));
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.#path, file), text);
  }

  /** Runs test files until the first failure; end-to-end tests on a binary built of the copy. */
  async run(tests: readonly string[]): Promise<Outcome> {
    if (tests.some((file) => file.startsWith("test/e2e/"))) {
      const built = await this.#bun(["scripts/build.ts"]);
      if (built.kind !== "passed") throw new Error("the copy of the repository cannot be built");
    }
    const files = tests.map((file) => `./${file}`);
    return this.#bun(["test", "--bail", "--timeout", "20000", ...files]);
  }

  [Symbol.dispose](): void {
    rmSync(this.#path, { recursive: true, force: true });
  }

  async #bun(command: readonly string[]): Promise<Outcome> {
    // A file and no pipe: a process that the tests have left behind would keep a pipe open.
    const said = Bun.file(join(this.#path, ".scratch", "said"));
    const child = Bun.spawn([process.execPath, ...command], {
      cwd: this.#path,
      stdio: ["ignore", "ignore", said],
      timeout: longestMs,
      killSignal: "SIGKILL",
    });
    const status = await child.exited;
    const failures = [...(await said.text()).matchAll(/^\(fail\) (.*)$/gm)];
    return {
      kind: child.signalCode === "SIGKILL" ? "timed out" : status === 0 ? "passed" : "failed",
      failures: failures.map(([, name]) => name ?? ""),
    };
  }
}
