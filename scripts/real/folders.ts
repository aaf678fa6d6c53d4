// Sessions' folders of which something cannot be known: disks that never answer, repositories of
// another user, folders that may not be entered any more. They hide themselves and nothing else.
import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SimulatedThread, type ThreadOptions } from "../../test/codex/simulated-codex.ts";
import { detailsOf } from "../../test/e2e/stage.ts";
import { makeCodexHome } from "../../test/support/codex-home.ts";
import { FakeDiscord } from "../../test/support/fake-discord.ts";
import { spawned } from "../../test/support/spawned.ts";
import { waitFor } from "../../test/support/wait-for.ts";
import { mayMountDead, mountDeadDisk } from "./support/disk.ts";
import { check, fail, finish, same, skip } from "./support/report.ts";
import { cdp, openStage } from "./support/stage.ts";

/** `nobody` on Debian, and on most systems. */
const OTHER = 65_534;
const isRoot = process.getuid?.() === 0;
const repoRule = [{ repo: "acme/*", level: "hidden" }];

using probe = openStage("true");
const cannotMount = (await mayMountDead(probe.folder)) ? undefined : "no disk may be mounted here";
const cannotBeOther = isRoot ? undefined : "only root can give a file to another user";

const dead: readonly (readonly [string, () => Promise<void>])[] = [
  ["repositories on two dead disks at once: other sessions are followed", meetTwoDead],
  ["a session's folder on a dead disk: other sessions are followed", meetDeadFolder],
  ["a rule whose path is on a dead disk holds anywhere, by its own level", meetDeadRule],
];
for (const [name, meeting] of dead) {
  // oxlint-disable-next-line no-await-in-loop -- one after the other
  if (cannotMount === undefined) await check(name, meeting);
  else skip(name, cannotMount);
}
const foreign: readonly (readonly [string, () => Promise<void>])[] = [
  [
    "another user's .git inside the user's own repository: a rule for a repository holds",
    meetForeign,
  ],
  ["a folder that hid itself may not be entered any more: it stays hidden", meetClosed],
];
for (const [name, meeting] of foreign) {
  // oxlint-disable-next-line no-await-in-loop -- one after the other
  if (cannotBeOther === undefined) await check(name, meeting);
  else skip(name, cannotBeOther);
}
finish();

async function meetTwoDead(): Promise<void> {
  await using scene = await openScene({ rules: repoRule });
  const disks = ["dead1", "dead2"].map((name) => scene.folder(name));
  await using stack = new AsyncDisposableStack();
  for (const disk of disks) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    stack.use(await mountDeadDisk(disk));
  }
  for (const [index, disk] of disks.entries()) {
    for (const name of ["a", "b", "c"]) {
      const cwd = scene.folder(`falcon-${index}${name}`);
      symlinkSync(join(disk, "x"), join(cwd, name === "a" ? ".codex-presence.json" : ".git"));
      scene.begin({ cwd }).call("cat falcon.ts");
    }
  }
  await scene.followed();
  // By now each of the disks counts as one that does not answer, too.
  await scene.followed();
  if (scene.sent().includes("falcon")) fail(`a session on a dead disk is named: ${scene.sent()}`);
  await scene.ends();
}

async function meetDeadFolder(): Promise<void> {
  await using scene = await openScene({ rules: repoRule });
  const disk = scene.folder("dead");
  await using _ = await mountDeadDisk(disk);
  for (const name of ["a", "b", "c", "d"]) {
    scene.begin({ cwd: join(disk, `falcon-${name}`) }).call("cat falcon.ts");
  }
  await scene.followed();
  if (scene.sent().includes("falcon")) fail(`a session on a dead disk is named: ${scene.sent()}`);
  await scene.ends();
}

async function meetDeadRule(): Promise<void> {
  await using scene = await openScene({});
  const disk = scene.folder("dead");
  await using _ = await mountDeadDisk(disk);
  scene.rules([{ path: `${disk}/clients/**`, level: "private" }]);
  const cwd = scene.folder("falcon");
  scene.begin({ cwd }).call("cat falcon.ts");
  await scene.discord.waitFor(
    ({ visible }) => detailsOf(visible) === "Reading files",
    "a card that names nothing",
    20_000,
  );
  if (scene.sent().includes("falcon")) fail(`the session is named: ${scene.sent()}`);
  await scene.ends();
}

async function meetForeign(): Promise<void> {
  await using scene = await openScene({ rules: repoRule });
  const outer = repository(scene.folder("outer"), "git@github.com:open/outer.git");
  const cwd = repository(join(outer, "falcon"), "git@github.com:acme/falcon.git");
  chownSync(join(cwd, ".git"), OTHER, OTHER);
  scene.begin({ cwd }).call("cat falcon.ts");
  await scene.followed();
  if (scene.sent().includes("falcon")) fail(`it is named: ${scene.sent()}`);
}

async function meetClosed(): Promise<void> {
  await using scene = await openScene({ as: OTHER });
  const closed = scene.folder("closed");
  const cwd = scene.folder("closed/falcon");
  writeFileSync(join(cwd, ".codex-presence.json"), '{ "level": "hidden" }');
  const thread = scene.begin({ cwd });
  await waitFor("the file is seen", () => /presence\.json: hidden/.test(scene.why()), 20_000);
  chmodSync(closed, 0);
  thread.call("cat falcon.ts");
  await scene.followed();
  thread.call("cat falcon2.ts");
  await scene.followed();
  if (scene.sent().includes("falcon")) fail(`it is named: ${scene.sent()}`);
  chmodSync(closed, 0o755);
}

interface SceneOptions {
  readonly rules?: readonly object[];
  /** Runs the publisher as another user, whom root's rights do not help. */
  readonly as?: number;
}

/** A publisher at the level that names most, and sessions that write their rollouts. */
async function openScene({ rules: first = [], as }: SceneOptions) {
  await using made = new AsyncDisposableStack();
  const home = made.use(makeCodexHome({ modelUrl: "http://127.0.0.1:9" }));
  const root = dirname(home.project);
  const path = join(home.env["XDG_RUNTIME_DIR"]!, "discord-ipc-0");
  // Another user's Discord is only believed where the user names it.
  const env = as === undefined ? home.env : { ...home.env, CDP_DISCORD_SOCKET: path };
  const own = (): void => {
    if (as === undefined) return;
    Bun.spawnSync(["chown", "-R", `${as}:${as}`, root]);
    // Its Discord stays root's, as who listens there is.
    chownSync(path, 0, 0);
    chmodSync(path, 0o666);
  };
  const rules = (list: readonly object[]): void => {
    const config = { $schema: "x", schema_version: 2, privacy: { level: "full", rules: list } };
    writeFileSync(join(home.path, "discord-presence-config.json"), JSON.stringify(config));
  };
  rules(first);
  const discord = made.use(await FakeDiscord.start({ path }));
  own();
  const through =
    as === undefined ? [] : ["setpriv", `--reuid=${as}`, `--regid=${as}`, "--clear-groups"];
  const publisher = made.use(spawned([...through, cdp, "--headless"], env));
  await discord.waitFor(({ accepted }) => accepted === 1, "a connection");
  const ask = (...words: readonly string[]): string =>
    Bun.spawnSync([...through, cdp, ...words], { env }).stdout.toString();
  const begin = (options: Partial<ThreadOptions>): SimulatedThread => {
    const thread = new SimulatedThread(home.path, options);
    thread.prompt();
    own();
    return thread;
  };
  let seen = 0;
  const release = made.move();
  return {
    discord,
    rules,
    begin,
    folder: (name: string): string => {
      mkdirSync(join(root, name), { recursive: true });
      own();
      return join(root, name);
    },
    why: () => ask("why"),
    /** A session that may be seen gets its card, and another one with its next file. */
    followed: async (): Promise<void> => {
      const cwd = repository(join(root, `witness${seen}`), "git@github.com:open/witness.git");
      own();
      const thread = begin({ cwd });
      for (const file of [`first${seen}.ts`, `second${seen}.ts`]) {
        thread.call(`cat ${file}`);
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await discord.waitFor(
          ({ visible }) => detailsOf(visible) === `Reading ${file}`,
          file,
          20_000,
        );
      }
      seen += 1;
    },
    /** The publisher ends when it is told to, whatever still waits for a disk. */
    ends: async (): Promise<void> => {
      publisher.signal("SIGTERM");
      await waitFor("the end of the publisher", () => publisher.ended(), 5000);
      same("exit status of the publisher", String(await publisher.exited), "0");
    },
    sent: (): string => JSON.stringify(discord.frames),
    [Symbol.asyncDispose]: () => release.disposeAsync(),
  };
}

function repository(folder: string, remote: string): string {
  for (const name of ["objects", "refs"])
    mkdirSync(join(folder, ".git", name), { recursive: true });
  writeFileSync(join(folder, ".git/HEAD"), "ref: refs/heads/main\n");
  writeFileSync(join(folder, ".git/config"), `[remote "origin"]\n\turl = ${remote}\n`);
  return folder;
}
