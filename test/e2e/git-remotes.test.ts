import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SimulatedHome } from "../codex/simulated-codex.ts";
import { FakeDiscord } from "../support/fake-discord.ts";
import { spawned } from "../support/spawned.ts";
import { cdp, detailsOf } from "./stage.ts";

setDefaultTimeout(90_000);

// A publisher that names everything but what belongs to acme, and two sessions: one in a repository
// of acme, whose files are called falcon, and one that may be seen.

const rules = [
  { repo: "acme/*", level: "hidden" },
  { host: "*.acme.example", level: "hidden" },
];

type Files = Readonly<Record<string, string>>;

interface Case {
  readonly name: string;
  /** Below the repository; "home/" stands for the person's home. */
  readonly files: Files;
  /** Folders for the PATH; git's own by default. */
  readonly path?: string;
}

const url = "https://github.com/acme/x";
const cases: readonly Case[] = [
  {
    name: "the address of a branch",
    files: { ".git/config": `[branch "pr"]\n\tremote = ${url}\n` },
  },
  {
    name: "where a branch is pushed to",
    files: { ".git/config": `[branch "m"]\n\tpushRemote = ${url}\n` },
  },
  {
    name: "the default to push to",
    files: { ".git/config": `[remote]\n\tpushDefault = ${url}\n` },
  },
  {
    name: "an included file",
    files: {
      ".git/config": "[include]\n\tpath = more\n",
      ".git/more": `[remote "o"]\n\turl = ${url}\n`,
    },
  },
  {
    name: "insteadOf in the person's own settings",
    files: {
      "home/.gitconfig": '[url "https://github.com/acme/"]\n\tinsteadOf = work:\n',
      ".git/config": '[remote "o"]\n\turl = work:x\n',
    },
  },
  { name: ".git/remotes", files: { ".git/remotes/o": `URL: ${url}\n` } },
  { name: "a submodule", files: { ".gitmodules": `[submodule "x"]\n\turl = ${url}\n` } },
  {
    name: "an address that is not understood",
    files: { ".git/config": '[remote "o"]\n\turl = hg::https://hg.example/x\n' },
  },
  {
    name: "a host whose path is not understood",
    files: { ".git/config": '[remote "o"]\n\turl = https://git.acme.example/@team/x\n' },
  },
  {
    name: "an included file, without git",
    files: { ".git/config": "[include]\n\tpath = more\n" },
    path: "/nowhere",
  },
];

function repository(root: string, files: Files, home: string): string {
  const all = { ".git/HEAD": "ref: refs/heads/main\n", ".git/config": "[core]\n", ...files };
  for (const name of ["objects", "refs"]) mkdirSync(join(root, ".git", name), { recursive: true });
  for (const [name, text] of Object.entries(all)) {
    const path = name.startsWith("home/")
      ? join(home, name.slice("home/".length))
      : join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return root;
}

test.concurrent.each(cases)(
  "hidden by $name",
  async ({ files, path = process.env["PATH"] ?? "" }) => {
    await using made = new AsyncDisposableStack();
    const home = made.use(new SimulatedHome());
    const at = (name: string): string => join(home.root, name);
    for (const name of ["run", "person"]) mkdirSync(at(name), { mode: 0o700 });
    const privacy = { level: "full", rules };
    const config = { $schema: "x", schema_version: 2, privacy };
    writeFileSync(join(home.path, "discord-presence-config.json"), JSON.stringify(config));
    const discord = made.use(await FakeDiscord.start({ path: at("run/discord-ipc-0") }));
    const env = {
      HOME: at("person"),
      CODEX_HOME: home.path,
      PATH: path,
      XDG_RUNTIME_DIR: at("run"),
    };
    made.use(spawned([cdp, "--headless"], env));
    await discord.waitFor(({ accepted }) => accepted === 1, "a connection");
    const begin = (cwd: string, file: string): void => {
      const thread = home.thread({ cwd });
      thread.prompt();
      thread.call(`cat ${file}`);
    };
    begin(repository(at("falcon"), files, at("person")), "falcon.ts");
    const open = { ".git/config": '[remote "origin"]\n\turl = git@github.com:open/x.git\n' };
    begin(repository(at("open"), open, at("person")), "seen.ts");
    await discord.waitFor(({ visible }) => detailsOf(visible) === "Reading seen.ts", "a card");
    expect(JSON.stringify(discord.frames)).not.toContain("falcon");
  },
);
