import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readPresence } from "../../src/cli/presence-json.ts";
import { askPublisher } from "../../src/instance/request.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { SimulatedHome } from "../codex/simulated-codex.ts";
import { discordFaults } from "../support/discord-faults.ts";
import type { FaultStage } from "../support/fault-stage.ts";
import { until } from "../support/fake-clock.ts";
import { FakeDiscord } from "../support/fake-discord.ts";
import { cdp } from "./stage.ts";

setDefaultTimeout(120_000);

// The table of test/presence/discord-faults.test.ts on the compiled program, in real time and all
// at once: most of what they do is wait.

const running = new Map<string, Promise<unknown>>();
beforeAll(() => {
  for (const [name, run] of Object.entries(discordFaults)) {
    const result = play(run);
    result.catch(() => undefined); // The test of that name tells it.
    running.set(name, result);
  }
});
afterAll(() => Promise.allSettled(running.values()));

test.each(Object.keys(discordFaults))("%s", async (name) => {
  expect(await running.get(name)).toEqual({ code: 0, output: "" });
});

async function play(
  run: (stage: FaultStage) => Promise<void>,
): Promise<{ readonly code: number; readonly output: string }> {
  await using scene = new HeadlessScene();
  await run(scene);
  await scene.statusAgrees();
  const { code, output } = await scene.end();
  for (const discord of scene.discords) expect(discord.open).toBe(0);
  return { code, output };
}

/** `cdp --headless` in a home of its own, with one session of Codex that works or waits. */
class HeadlessScene implements FaultStage, AsyncDisposable {
  readonly discords: FakeDiscord[] = [];
  readonly folder: string;
  readonly clock = systemClock;
  readonly #home = new SimulatedHome();
  readonly #thread = this.#home.thread();
  readonly #env: Readonly<Record<string, string>>;
  #running = false;
  #child: Bun.Subprocess<"ignore", "pipe", "pipe"> | undefined;

  constructor() {
    const { root, path } = this.#home;
    this.folder = join(root, "run");
    mkdirSync(this.folder, { mode: 0o700 });
    this.#env = {
      HOME: root,
      CODEX_HOME: path,
      XDG_RUNTIME_DIR: this.folder,
      PATH: "/usr/bin:/bin",
      CDP_LOG: join(root, "log"),
    };
    this.#thread.prompt();
  }

  get wanted(): string {
    return this.#running ? "Running a command" : "Thinking";
  }

  async discord(faults = {}, number = 0): Promise<FakeDiscord> {
    const path = join(this.folder, `discord-ipc-${number}`);
    const discord = await FakeDiscord.start({ path, faults });
    this.discords.push(discord);
    return discord;
  }

  begin(choice = "first"): Promise<void> {
    this.choose(choice);
    this.#child = Bun.spawn([cdp, "--headless"], {
      env: this.#env,
      cwd: this.#home.root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    return Promise.resolve();
  }

  choose(choice: string): void {
    const config = { schema_version: 2, display: { discord: choice } };
    const file = join(this.#home.path, "discord-presence-config.json");
    writeFileSync(file, JSON.stringify({ $schema: "x", ...config }));
  }

  change(): void {
    this.#running = !this.#running;
    if (this.#running) this.#thread.call("npm test");
    else this.#thread.prompt();
  }

  /** What the program says when it is asked, as `cdp status` does; it may take its time. */
  async state(): Promise<{ readonly discord: string; readonly reason: string | undefined }> {
    const us = { pid: process.pid, version: "test", clock: systemClock, timeoutMs: 3000 };
    const answer = await askPublisher({ ...us, home: this.#home.path, verb: "status" });
    const presence = readPresence(answer);
    return { discord: presence?.discord ?? answer.kind, reason: presence?.reason };
  }

  /** `cdp status` itself says the same. */
  async statusAgrees(): Promise<void> {
    const env = { ...this.#env, CDP_LOG: "" };
    const agrees = async (): Promise<boolean> => {
      const { discord, reason } = await this.state();
      const child = Bun.spawn([cdp, "status", "--json"], { env, stdout: "pipe" });
      const { presence } = JSON.parse(await new Response(child.stdout).text());
      return presence.discord === discord && presence.reason === (reason ?? null);
    };
    await this.until(agrees, "cdp status says the same", 5000);
  }

  async until(
    condition: () => boolean | Promise<boolean>,
    what: string,
    ms: number,
  ): Promise<void> {
    // Thirty of these programs share the machine.
    const end = performance.now() + ms + 30_000;
    while (!(await condition())) {
      if (performance.now() > end) throw new Error(`not in ${ms} ms: ${what}\n${this.#log()}`);
      await Bun.sleep(100);
    }
  }

  async end(): Promise<{ readonly code: number; readonly ms: number; readonly output: string }> {
    const child = this.#child!;
    const from = performance.now();
    child.kill("SIGTERM");
    const code = await child.exited;
    const ms = performance.now() - from;
    const texts = [new Response(child.stdout).text(), new Response(child.stderr).text()];
    const output = (await Promise.all(texts)).join("");
    await until(() => this.discords.every(({ open }) => open === 0), "all closed");
    return { code, ms, output };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#child?.exited;
    for (const discord of this.discords) await discord.stop();
    this.#home[Symbol.dispose]();
  }

  #log(): string {
    try {
      return readFileSync(this.#env["CDP_LOG"]!, "utf8").slice(-3000);
    } catch {
      return "no log";
    }
  }
}
