import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { FakeDiscord } from "./fake-discord.ts";
import { spawned, type Spawned } from "./spawned.ts";
import { openVirtualTerminal, type VirtualTerminal } from "./virtual-terminal.ts";

const scratch = resolve(import.meta.dir, "../../.scratch");

/** What `cdp status --json` said of the publisher. */
export interface Told {
  readonly code: number;
  readonly state: "running" | "not_running";
  readonly pid: number | null;
}

export interface OneHomeOptions {
  /** Name of the folder that is Codex's home. */
  readonly name?: string;
  /** Put over the environment. `root` holds everything: `codex`, `run`, `home`. */
  readonly env?: (root: string) => Readonly<Record<string, string>>;
}

/** One home of Codex with a Discord beside it, and any number of real `cdp` that share both. */
export class OneHome implements AsyncDisposable {
  readonly path: string;
  readonly runtime: string;
  readonly env: Readonly<Record<string, string>>;
  readonly #cdp: string;
  readonly #root: string;
  readonly #discord: FakeDiscord;
  readonly #running: AsyncDisposable[] = [];
  readonly #sampling: NodeJS.Timeout;
  #overlap = 0;
  #longest = 0;

  private constructor(
    cdp: string,
    root: string,
    discord: FakeDiscord,
    { name = "codex", env }: OneHomeOptions,
  ) {
    this.#cdp = cdp;
    this.#root = root;
    this.#discord = discord;
    this.path = join(root, name);
    this.runtime = join(root, "run");
    this.env = { ...environment(root), CODEX_HOME: this.path, ...env?.(root) };
    this.#sampling = setInterval(() => this.#sample(), sampleMs);
  }

  /** @param cdp the compiled program */
  static async open(cdp: string, options: OneHomeOptions = {}): Promise<OneHome> {
    mkdirSync(scratch, { recursive: true });
    const root = mkdtempSync(join(scratch, "home-"));
    const folders = ["home", "run", options.name ?? "codex"];
    for (const name of folders) mkdirSync(join(root, name), { mode: 0o700 });
    // Ends with its standard input, and with a status of its own.
    writeFileSync(join(root, "child"), "#!/bin/sh\necho up\nread -r _\nexit 7\n", { mode: 0o755 });
    const path = join(root, "run/discord-ipc-0");
    // Discord delays a third connection within a minute; here they are to be counted.
    const discord = await FakeDiscord.start({ path, limits: { connections: 10_000 } });
    return new OneHome(cdp, root, discord, options);
  }

  get discord(): FakeDiscord {
    return this.#discord;
  }

  /** For how long two were connected to Discord at once, ms; one sample sees the change of hands. */
  get longestOverlapMs(): number {
    return this.#longest;
  }

  headless(): Spawned {
    return this.#keep(spawned([this.#cdp, "--headless"], this.env));
  }

  /** `cdp codex exec`, whose child ends with 7 when it is told a line. */
  wrapper(): Spawned {
    return this.#keep(spawned([this.#cdp, "codex", "exec", "x"], this.env));
  }

  /** Any other program that ends with this stage. */
  beside(...command: readonly string[]): Spawned {
    return this.#keep(spawned(command, this.env));
  }

  dashboard(): VirtualTerminal {
    return this.#inTerminal(this.#cdp);
  }

  /** `cdp codex` in a terminal, the same child beneath the pane. */
  pane(): VirtualTerminal {
    return this.#inTerminal(this.#cdp, "codex");
  }

  async status(): Promise<Told> {
    const child = Bun.spawn([this.#cdp, "status", "--json"], {
      env: { ...this.env },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "inherit",
    });
    const text = await new Response(child.stdout).text();
    const { instance } = JSON.parse(text) as { readonly instance: Omit<Told, "code"> };
    return { code: await child.exited, state: instance.state, pid: instance.pid };
  }

  /** The pid in the publisher's metadata. */
  get named(): number | undefined {
    return namedIn(this.path);
  }

  /** What lies in home and runtime folder. */
  get left(): readonly string[] {
    return [...readdirSync(this.path), ...readdirSync(this.runtime)].toSorted();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#sampling);
    await Promise.all(this.#running.map((each) => each[Symbol.asyncDispose]()));
    await this.#discord[Symbol.asyncDispose]();
    rmSync(this.#root, { recursive: true, force: true });
  }

  #inTerminal(...command: readonly string[]): VirtualTerminal {
    const options = { command, env: this.env, cwd: this.#root, rows: 36, cols: 120 };
    return this.#keep(openVirtualTerminal(options));
  }

  #keep<T extends AsyncDisposable>(running: T): T {
    this.#running.push(running);
    return running;
  }

  #sample(): void {
    this.#overlap = this.#discord.open > 1 ? this.#overlap + sampleMs : 0;
    this.#longest = Math.max(this.#longest, this.#overlap);
  }
}

export const metadataName = "codex-discord-presence.instance.json";
/** All that is left when everybody has ended, Discord's own socket included. */
export const nothingLeft = ["codex-discord-presence.lock", "discord-ipc-0"];

/** The pid in the publisher's metadata in this home. */
export function namedIn(home: string): number | undefined {
  try {
    const text = readFileSync(join(home, metadataName), "utf8");
    return (JSON.parse(text) as { readonly pid: number }).pid;
  } catch {
    return undefined; // None, or about to be written.
  }
}

const sampleMs = 5;

function environment(root: string): Record<string, string> {
  return {
    HOME: join(root, "home"),
    XDG_RUNTIME_DIR: join(root, "run"),
    CDP_CODEX_BIN: join(root, "child"),
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    LANG: "C.UTF-8",
    TERM: "xterm-256color",
  };
}
