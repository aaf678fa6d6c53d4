// Disks that never answer, behind the config, PATH and the folder of the work: Codex starts, keys and
// frames go on, the end is seen, nothing is shown in Discord, and every command ends with a line.
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { FakeDiscord } from "../../test/support/fake-discord.ts";
import { openVirtualTerminal } from "../../test/support/virtual-terminal.ts";
import { waitFor } from "../../test/support/wait-for.ts";
import { type HangingDisk, mountHangingDisk, mountMirror } from "./support/hanging-disk.ts";
import { check, fail, finish, same, skip } from "./support/report.ts";
import { cdp, openStage, type Stage } from "./support/stage.ts";

const configName = "discord-presence-config.json";
const child =
  'echo "the child runs"; while read -r line; do echo "heard $line"; [ "$line" = end ] && exit 7; done';
const open = JSON.stringify({ $schema: "x", privacy: { level: "full" } });

/** Between the looks of a publisher after its lock and metadata, and a little more, ms. */
const lockLooksMs = 11_000;

interface Scene {
  readonly stage: Stage;
  readonly disk: HangingDisk;
  readonly home: string;
  readonly env: Record<string, string>;
}

const checks: readonly (readonly [name: string, meet: (scene: Scene) => Promise<void>])[] = [
  ["a config that is a link to it, from the start", meetFromTheStart],
  ["a config that becomes a link to it while Codex works", meetLater],
  ["a config that is a link to it, and every command", meetCommands],
  ["the home of Codex", meetHome],
  ["a home that stops answering while Codex works", meetStopping],
  ["an entry of PATH before Codex's", meetPath],
  ["the folder that -C names", meetFolder],
];

using probe = openStage("true");
const hindrance = await hindranceTo(probe);
for (const [name, meet] of checks) {
  const whole = `a disk that never answers: ${name}`;
  if (hindrance === undefined) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await check(whole, () => staged(meet));
  } else skip(whole, hindrance);
}

finish();

async function hindranceTo({ folder }: Stage): Promise<string | undefined> {
  try {
    await using _disk = await mountHangingDisk(join(folder, "run"));
    return undefined;
  } catch {
    return "this process may not mount by FUSE";
  }
}

async function staged(meet: (scene: Scene) => Promise<void>): Promise<void> {
  using stage = openStage(child);
  const at = join(stage.folder, "disk");
  mkdirSync(at);
  await using disk = await mountHangingDisk(at);
  const { CDP_LOG: _log, ...rest } = stage.env("cdp");
  const env = { ...rest, TERM: "xterm-256color" };
  await meet({ stage, disk, home: join(stage.folder, "codex"), env });
}

async function meetFromTheStart({ stage, disk, home, env }: Scene): Promise<void> {
  symlinkSync(join(disk.folder, "config.json"), join(home, configName));
  await using discord = await FakeDiscord.start({
    path: join(env["XDG_RUNTIME_DIR"] ?? "", "discord-ipc-0"),
  });
  await using terminal = run(stage, env);
  await terminal.waitForText(/the child runs/);
  await terminal.waitForText(/does not answer/);
  await waitFor("the disk is asked", () => disk.isAsked());
  await typed(terminal);
  // Which Discord is meant is not known before, either.
  same("connections to Discord", String(discord.accepted), "0");
  rmSync(join(home, configName));
  terminal.type("end\r");
  same("exit status of the child", JSON.stringify(await terminal.exited), '{"code":7}');
}

async function meetLater({ stage, disk, home, env }: Scene): Promise<void> {
  writeFileSync(join(home, configName), open);
  await using discord = await FakeDiscord.start({
    path: join(env["XDG_RUNTIME_DIR"] ?? "", "discord-ipc-0"),
  });
  await using terminal = run(stage, env);
  await discord.waitFor(({ visible }) => visible !== undefined, "a card");
  symlinkSync(join(disk.folder, "config.json"), join(home, "draft"));
  renameSync(join(home, "draft"), join(home, configName));
  await terminal.waitForText(/does not answer/);
  await typed(terminal);
  if (discord.visible === undefined) fail("what the config said before does not count");
  terminal.type("end\r");
  same("exit status of the child", JSON.stringify(await terminal.exited), '{"code":7}');
}

async function meetCommands({ disk, home, env }: Scene): Promise<void> {
  symlinkSync(join(disk.folder, "config.json"), join(home, configName));
  const commands: readonly (readonly string[])[] = [
    ["status"],
    ["why"],
    ["doctor"],
    ["config"],
    ["config", "get", "privacy.level"],
    ["config", "set", "privacy.level", "full"],
    ["pause"],
  ];
  for (const words of commands) {
    const asked = Bun.spawnSync([cdp, ...words], { env, stdin: "ignore", timeout: 20_000 });
    const text = asked.stdout.toString() + asked.stderr.toString();
    if (!/does not answer/.test(text)) fail(`cdp ${words.join(" ")} says:\n${text}`);
  }
  await Promise.resolve();
}

async function meetHome({ stage, disk, env }: Scene): Promise<void> {
  await using terminal = run(stage, { ...env, CODEX_HOME: join(disk.folder, "codex") });
  await terminal.waitForText(/the child runs/);
  await terminal.waitForText(/Codex's home cannot be read/);
  await typed(terminal);
  terminal.type("end\r");
  same("exit status of the child", JSON.stringify(await terminal.exited), '{"code":7}');
}

/** For as long as it takes until a publisher looks after its lock again, every key is answered. */
async function meetStopping({ stage, home, env }: Scene): Promise<void> {
  const behind = join(stage.folder, "behind");
  mkdirSync(behind, { mode: 0o700 });
  const path = join(env["XDG_RUNTIME_DIR"] ?? "", "discord-ipc-0");
  await using discord = await FakeDiscord.start({ path });
  await using disk = await mountMirror(behind, home);
  await using terminal = run(stage, env);
  await discord.waitFor(({ visible }) => visible !== undefined, "a card", 20_000);
  disk.stop();
  const from = performance.now();
  for (let line = 0; performance.now() - from < lockLooksMs; line += 1) {
    terminal.type(`line${line}\r`);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await terminal.waitForText(new RegExp(`heard line${line}\\b`));
    // oxlint-disable-next-line no-await-in-loop -- a person's pace
    await Bun.sleep(200);
  }
  terminal.type("end\r");
  same("exit status of the child", JSON.stringify(await terminal.exited), '{"code":7}');
}

async function meetPath({ stage, disk, env }: Scene): Promise<void> {
  const { CDP_CODEX_BIN: program = "", PATH: path = "", ...rest } = env;
  const bin = join(stage.folder, "bin");
  mkdirSync(bin);
  symlinkSync(program, join(bin, "codex"));
  await using terminal = run(stage, { ...rest, PATH: `${disk.folder}:${bin}:${path}` });
  await terminal.waitForText(/the child runs/);
  await typed(terminal);
  terminal.type("end\r");
  same("exit status of the child", JSON.stringify(await terminal.exited), '{"code":7}');
}

async function meetFolder({ stage, disk, env }: Scene): Promise<void> {
  await using terminal = run(stage, env, "-C", join(disk.folder, "project"));
  await terminal.waitForText(/the child runs/);
  await typed(terminal);
  terminal.type("end\r");
  same("exit status of the child", JSON.stringify(await terminal.exited), '{"code":7}');
}

function run(stage: Stage, env: Record<string, string>, ...words: readonly string[]) {
  const command = [cdp, "codex", ...words];
  return openVirtualTerminal({ command, env, cwd: dirname(join(stage.folder, "x")), cols: 200 });
}

/** Keys arrive and what is written comes back. */
async function typed(terminal: ReturnType<typeof run>): Promise<void> {
  terminal.type("one\r");
  await terminal.waitForText(/heard one/);
}
