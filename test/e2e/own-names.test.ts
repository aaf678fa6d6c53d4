import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SimulatedHome } from "../codex/simulated-codex.ts";
import { FakeDiscord } from "../support/fake-discord.ts";
import { spawned } from "../support/spawned.ts";
import { cdp, detailsOf } from "./stage.ts";

setDefaultTimeout(60_000);

/** A publisher at the level that names most, whose person is called Jane Quillfeather by git. */
async function openScene() {
  await using made = new AsyncDisposableStack();
  const home = made.use(new SimulatedHome());
  const at = (path: string): string => join(home.root, path);
  mkdirSync(at("run"), { mode: 0o700 });
  writeFileSync(
    at(".gitconfig"),
    "[user]\n\tname = Jane Quillfeather\n\temail = jq@mail.example\n",
  );
  const config = { $schema: "x", schema_version: 2, privacy: { level: "full" } };
  writeFileSync(join(home.path, "discord-presence-config.json"), JSON.stringify(config));
  const discord = made.use(await FakeDiscord.start({ path: at("run/discord-ipc-0") }));
  const env = {
    HOME: home.root,
    CODEX_HOME: home.path,
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    XDG_RUNTIME_DIR: at("run"),
  };
  made.use(spawned([cdp, "--headless"], env));
  await discord.waitFor(({ accepted }) => accepted === 1, "a connection");
  const release = made.move();
  return {
    discord,
    /** A session that reads a file, in a repository on this branch. */
    begin: (folder: string, branch: string, file: string): void => {
      const cwd = at(folder);
      for (const each of ["objects", "refs"])
        mkdirSync(join(cwd, ".git", each), { recursive: true });
      writeFileSync(join(cwd, ".git/HEAD"), `ref: refs/heads/${branch}\n`);
      writeFileSync(join(cwd, ".git/config"), "[core]\n\trepositoryformatversion = 0\n");
      const thread = home.thread({ cwd });
      thread.prompt();
      thread.call(`cat ${file}`);
    },
    sent: (): string => JSON.stringify(discord.frames).toLowerCase(),
    [Symbol.asyncDispose]: () => release.disposeAsync(),
  };
}

test("the person's name is in no frame: not in the branch, the project or a file", async () => {
  await using scene = await openScene();
  scene.begin("work/quillfeather-site", "jane-quillfeather/fix-login", "JaneQuillfeather.ts");
  await scene.discord.waitFor(({ visible }) => detailsOf(visible) === "Reading ….ts", "a card");
  expect(scene.sent()).toContain("fix-login");
  expect(scene.sent()).not.toContain("jane");
  expect(scene.sent()).not.toContain("quillfeather");
});
