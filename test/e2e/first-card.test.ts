import { expect, setDefaultTimeout, test } from "bun:test";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { announcer } from "../support/announcer-program.ts";
import { type CodexHome, makeCodexHome } from "../support/codex-home.ts";
import { FakeDiscord } from "../support/fake-discord.ts";
import { openVirtualTerminal } from "../support/virtual-terminal.ts";
import { cdp, detailsOf, openStage, type Stage } from "./stage.ts";

setDefaultTimeout(60_000);

// A child that is no Codex and never makes a thread: all that is known of it is where it works.

/** At the level that names the project, unless a file in its folder hides it. */
function prepare({ path, project }: CodexHome, hides: boolean): void {
  const config = { $schema: "x", schema_version: 2, privacy: { level: "project" } };
  writeFileSync(join(path, "discord-presence-config.json"), JSON.stringify(config));
  if (hides) writeFileSync(join(project, ".codex-presence.json"), '{ "level": "hidden" }');
}

function open(args: readonly string[], hides = false): Promise<Stage> {
  return openStage({ program: announcer, args, prepare: ({ home }) => prepare(home, hides) });
}

/** Another activity each time, until the friend sees a card. */
async function workUntilSeen({
  terminal,
  discord,
}: Pick<Stage, "terminal" | "discord">): Promise<void> {
  for (let key = 0; discord.visible === undefined; key += 1) {
    expect(key).toBeLessThan(150);
    terminal.type(key % 2 === 0 ? "w" : "i");
    await Bun.sleep(200); // As a person does: nothing says that a card has not come.
  }
}

test("a folder that hides itself: not one card, also before anything is known of the session", async () => {
  await using stage = await open([], true);
  const { terminal, discord, home } = stage;
  await terminal.waitForText(/Announcer/);
  await discord.waitFor(({ accepted }) => accepted === 1, "a connection");
  for (const key of "wiwiwi") {
    terminal.type(key);
    await Bun.sleep(500); // As above.
  }
  expect(discord.updates).toEqual([]);
  rmSync(join(home.project, ".codex-presence.json"));
  await workUntilSeen(stage);
  expect(discord.visible).toMatchObject({ state: expect.stringContaining("demo") });
});

test("the same where another process publishes", async () => {
  using home = makeCodexHome({ modelUrl: "http://127.0.0.1:9" });
  prepare(home, true);
  const path = join(home.env["XDG_RUNTIME_DIR"]!, "discord-ipc-0");
  await using discord = await FakeDiscord.start({ path });
  await using _publisher = headless(home);
  await discord.waitFor(({ accepted }) => accepted === 1, "a connection");
  await using terminal = openVirtualTerminal({
    command: [cdp, "codex"],
    env: { ...home.env, CDP_CODEX_BIN: announcer(home.path) },
    cwd: home.project,
  });
  await terminal.waitForText(/Announcer/);
  for (const key of "wiwiwi") {
    terminal.type(key);
    await Bun.sleep(500); // As above.
  }
  expect(discord.updates).toEqual([]);
  rmSync(join(home.project, ".codex-presence.json"));
  await workUntilSeen({ terminal, discord });
  expect(discord.visible).toMatchObject({ state: expect.stringContaining("demo") });
  expect(discord.accepted).toBe(1);
});

test.each<[string, readonly string[], boolean]>([
  ["as it stands", [], true],
  ["-C", ["-C", "."], true],
  ["resume", ["resume"], false],
  ["resume --last", ["resume", "--last"], false],
  ["--worktree", ["--worktree"], false],
])("%s: the folder is named only where it is known", async (_, args, named) => {
  await using stage = await open(args);
  await stage.terminal.waitForText(/Announcer/);
  await workUntilSeen(stage);
  expect(detailsOf(stage.discord.visible)).toMatch(/^(?:Thinking|Waiting for input|Starting up)$/);
  expect(JSON.stringify(stage.discord.frames).includes("demo")).toBe(named);
});

function headless({ env }: CodexHome): AsyncDisposable {
  const child = Bun.spawn([cdp, "--headless"], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return {
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      await child.exited;
    },
  };
}
