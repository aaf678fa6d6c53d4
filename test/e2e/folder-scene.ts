import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type ThreadOptions, SimulatedThread } from "../codex/simulated-codex.ts";
import { makeCodexHome } from "../support/codex-home.ts";
import { FakeDiscord } from "../support/fake-discord.ts";
import { spawned, type Spawned } from "../support/spawned.ts";
import { waitFor } from "../support/wait-for.ts";
import { cdp, detailsOf } from "./stage.ts";

export interface SceneOptions {
  readonly rules?: readonly object[];
  /** `$HOME` of the publisher; by default the folder around everything. */
  readonly home?: string;
}

/**
 * A publisher at the level that names most, and sessions that write their rollouts into its home.
 * Disposing of it ends all of them.
 */
export async function openScene({ rules = [], home: HOME }: SceneOptions) {
  await using made = new AsyncDisposableStack();
  const home = made.use(makeCodexHome({ modelUrl: "http://127.0.0.1:9" }));
  const root = dirname(home.project);
  const env = { ...home.env, HOME: HOME ?? join(root, "person") };
  const file = join(home.path, "discord-presence-config.json");
  const configure = (privacy: object, more: object = {}): void => {
    const all = { level: "full", rules, ...privacy };
    const config = { $schema: "x", schema_version: 2, privacy: all, ...more };
    writeFileSync(`${file}.new`, JSON.stringify(config));
    renameSync(`${file}.new`, file);
  };
  configure({});
  const path = join(home.env["XDG_RUNTIME_DIR"]!, "discord-ipc-0");
  const discord = made.use(await FakeDiscord.start({ path }));
  const publisher = made.use(spawned([cdp, "--headless"], env));
  await discord.waitFor(({ accepted }) => accepted === 1, "a connection");
  const at = (name: string): string => join(root, name);
  const release = made.move();
  return {
    discord,
    at,
    /** Saves another config: these keys of `privacy` in place of those of the scene. */
    configure,
    publisher,
    /** Starts another publisher, which takes over from the one before. */
    takeOver: (more: Readonly<Record<string, string>>): Spawned =>
      release.use(spawned([cdp, "--headless"], { ...env, ...more })),
    /** A session in a folder, from its first prompt on. */
    begin: (options: Partial<ThreadOptions>): SimulatedThread => {
      const thread = new SimulatedThread(home.path, options);
      thread.prompt();
      return thread;
    },
    /** Waits until the publisher's reason for the card as it is matches. */
    because: (pattern: RegExp) =>
      waitFor(`a reason like ${pattern}`, () => pattern.test(whyNow(env)), 30_000),
    sent: (): string => JSON.stringify(discord.frames),
    [Symbol.asyncDispose]: () => release.disposeAsync(),
  };
}

export type Scene = Awaited<ReturnType<typeof openScene>>;

function whyNow(env: Readonly<Record<string, string | undefined>>): string {
  return Bun.spawnSync([cdp, "why"], { env }).stdout.toString();
}

/** Makes a repository by hand, without git. */
export function repository(folder: string, remote = "git@github.com:acme/falcon.git"): string {
  for (const name of ["objects", "refs"])
    mkdirSync(join(folder, ".git", name), { recursive: true });
  writeFileSync(join(folder, ".git/HEAD"), "ref: refs/heads/main\n");
  writeFileSync(join(folder, ".git/config"), `[remote "origin"]\n\turl = ${remote}\n`);
  return folder;
}

/** A session that may be seen: what happened before it is known by the time its card is out. */
export async function witness(scene: Scene): Promise<SimulatedThread> {
  const cwd = repository(scene.at("witness"), "git@github.com:open/witness.git");
  const thread = scene.begin({ cwd });
  thread.call("cat seen.ts");
  await scene.discord.waitFor(({ visible }) => detailsOf(visible) === "Reading seen.ts", "witness");
  return thread;
}
