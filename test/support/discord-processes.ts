import { readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "./fake-clock.ts";
import type { Faults } from "./fake-discord-record.ts";

const root = join(import.meta.dir, "../..");

/** How to run a publisher: from source, or compiled as the program is. */
export type Runner = readonly string[];
export const fromSource: Runner = [process.execPath, join(import.meta.dir, "publisher-child.ts")];

/** Compiles a publisher of this folder with the program's own options. */
export async function compilePublisher(
  outfile: string,
  name = "publisher-child.ts",
): Promise<Runner> {
  const options = ["--compile", "--minify", "--bytecode", "--format=esm"];
  const source = join(import.meta.dir, name);
  const build = Bun.spawn([process.execPath, "build", ...options, source, "--outfile", outfile], {
    cwd: root,
    stdout: "ignore",
    stderr: "pipe",
  });
  const complaint = await new Response(build.stderr).text();
  if ((await build.exited) !== 0) throw new Error(`bun build failed: ${complaint}`);
  return [outfile];
}

/** A publisher in its own process. `output` is all that it printed; it is to print nothing. */
export class PublisherProcess implements AsyncDisposable {
  readonly #process: Bun.Subprocess<"pipe", "pipe", "pipe">;
  readonly #log: string;
  readonly #output: Promise<string>;

  constructor(runner: Runner, socket: string, log: string) {
    this.#log = log;
    this.#process = Bun.spawn([...runner], {
      env: { PATH: process.env["PATH"], CDP_DISCORD_SOCKET: socket, CDP_LOG: log },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const { stdout, stderr } = this.#process;
    this.#output = Promise.all([new Response(stdout).text(), new Response(stderr).text()]).then(
      (texts) => texts.join(""),
    );
  }

  order(line: string): void {
    void this.#process.stdin.write(`${line}\n`);
    void this.#process.stdin.flush();
  }

  /** Waits until the debug log has this text. */
  logged(text: string): Promise<void> {
    const log = (): string => `"${text}" in the log:\n${this.#read()}`;
    return until(() => this.#read().includes(text), log, 10_000);
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }

  /** Ends the orders; how the process ended, and what it had printed. */
  async end(): Promise<{ readonly code: number; readonly output: string }> {
    void this.#process.stdin.end();
    const code = await this.#process.exited;
    return { code, output: await this.#output };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.#process.exited;
  }

  #read(): string {
    try {
      return readFileSync(this.#log, "utf8");
    } catch {
      return ""; // Not written yet.
    }
  }
}

/** A Discord in its own process: the stand-in, or arRPC. Its lines of JSON are kept. */
export class DiscordProcess implements AsyncDisposable {
  readonly events: Readonly<Record<string, unknown>>[] = [];
  readonly #process: Bun.Subprocess<"pipe", "pipe", "inherit">;

  private constructor(script: string, args: readonly string[], env: Record<string, string>) {
    this.#process = Bun.spawn([process.execPath, join(import.meta.dir, script), ...args], {
      env: { PATH: process.env["PATH"], ...env },
      stdio: ["pipe", "pipe", "inherit"],
    });
    void this.#collect();
  }

  static async standIn(path: string, faults: Partial<Faults> = {}): Promise<DiscordProcess> {
    const discord = new DiscordProcess("fake-discord-child.ts", [path, JSON.stringify(faults)], {});
    await discord.until(({ event }) => event === "listening", "the stand-in listens");
    return discord;
  }

  /** arRPC listens at `discord-ipc-0` in `folder`, and on a port of 127.0.0.1 from 6463 on. */
  static async arRpc(folder: string): Promise<DiscordProcess> {
    const discord = new DiscordProcess("arrpc-child.ts", [], { XDG_RUNTIME_DIR: folder });
    await discord.until(({ listening }) => listening === true, "arRPC listens");
    return discord;
  }

  until(
    matches: (event: Readonly<Record<string, unknown>>) => boolean,
    what: string,
  ): Promise<void> {
    return until(
      () => this.events.some(matches),
      () => `${what}; ${JSON.stringify(this.events.slice(-10))}`,
      10_000,
    );
  }

  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#process.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  async #collect(): Promise<void> {
    let rest = "";
    for await (const chunk of this.#process.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = `${rest}${chunk}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines.filter((each) => each.startsWith("{"))) {
        this.events.push(JSON.parse(line));
      }
    }
  }
}
