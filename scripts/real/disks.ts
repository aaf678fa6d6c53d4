// Disks that fail: full, read-only, without locks. Codex runs on, no card is shown, and pane, status,
// doctor and headless name what is wrong; nothing is left behind.
import { chmodSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { codexBinary, makeCodexHome } from "../../test/support/codex-home.ts";
import { codexUser } from "../../test/support/codex-user.ts";
import { FakeDiscord } from "../../test/support/fake-discord.ts";
import { startModelService } from "../../test/support/model-service.ts";
import { OneHome } from "../../test/support/one-home.ts";
import { openVirtualTerminal } from "../../test/support/virtual-terminal.ts";
import { waitFor } from "../../test/support/wait-for.ts";
import { contentsOf, processesIn } from "./support/aftermath.ts";
import { mayMount, mountDisk } from "./support/disk.ts";
import { check, fail, finish, same, skip } from "./support/report.ts";
import { cdp, openStage, type Stage } from "./support/stage.ts";

/** A way in which the home of Codex fails. */
interface Trouble {
  readonly name: string;
  /** Makes it so; what is returned ends it. */
  readonly begin: (home: string, stage: Stage) => Disposable;
  /** Stands before each program that meets it. */
  readonly through?: readonly string[];
  /** In the words of pane and headless, of `cdp status`, and of `cdp doctor` with the check's name. */
  readonly pane: RegExp;
  readonly status: RegExp;
  readonly doctor: RegExp;
  /** Of `cdp pause`; undefined where the config can be written all the same. */
  readonly pause: RegExp | undefined;
  /** What is ours in the home afterwards. */
  readonly left: readonly string[];
}

const lock = "codex-discord-presence.lock";
const nothing: Disposable = { [Symbol.dispose]: () => undefined };
/** `nobody` on Debian, and on most systems. */
const OTHER = 65_534;
/** Root may write everywhere; everybody else meets what others meet. */
const isRoot = process.getuid?.() === 0;
const asOther = isRoot ? ["setpriv", `--reuid=${OTHER}`, `--regid=${OTHER}`, "--clear-groups"] : [];
const lockless = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=flock"];

const mounted: readonly Trouble[] = [
  {
    name: "a full disk",
    begin: (home) => {
      const disk = mountDisk(home);
      disk.fill();
      return disk;
    },
    pane: /cannot be written \(ENOSPC/,
    status: /! the disk of \S+ is full, .* Make room on it\./,
    doctor: /FAIL codex home +the disk of \S+ is full.*\n +fix: Make room on it\./,
    pause: /was not changed: the disk is full; make room/,
    left: [lock, "filler"],
  },
  {
    name: "a disk that takes no more files",
    begin: (home) => {
      const disk = mountDisk(home, { files: 2 });
      disk.fill();
      return disk;
    },
    pane: /no space is left for \S+lock/,
    status: /! the disk of \S+ is full, .* Make room on it\./,
    doctor: /FAIL codex home +the disk of \S+ is full.*\n +fix: Make room on it\./,
    pause: /was not changed: the disk is full; make room/,
    left: ["filler"],
  },
  {
    name: "a read-only disk",
    begin: (home) => {
      const disk = mountDisk(home);
      disk.readOnly();
      return disk;
    },
    pane: /may not be written \(EROFS\)/,
    status: /! \S+ is on a read-only disk, .* Mount it writable/,
    doctor: /FAIL codex home +\S+ is on a read-only disk.*\n +fix: Mount it writable/,
    pause: /was not changed: the disk is read-only/,
    left: [],
  },
];

const closed: Trouble = {
  name: "a home that its owner may not write into",
  begin: (home, stage) => {
    if (isRoot) Bun.spawnSync(["chown", "-R", `${OTHER}:${OTHER}`, stage.folder]);
    chmodSync(home, 0o500);
    return { [Symbol.dispose]: () => chmodSync(home, 0o700) };
  },
  through: asOther,
  pane: /may not be written \(EACCES\)/,
  status: /! \S+ cannot be written \(EACCES\), .* Make it writable \(`chmod u\+rwx/,
  doctor: /FAIL codex home +\S+ cannot be written \(EACCES\).*\n +fix: Make it writable/,
  pause: /was not changed: it cannot be written; make it and its folder writable/,
  left: [],
};

const withoutLocks: Trouble = {
  name: "a disk without locks",
  begin: () => nothing,
  through: [...lockless, "-e", "inject=flock:error=ENOLCK"],
  pane: /has no locks \(ENOLCK\)/,
  status: /! the file system of \S+ has no locks \(ENOLCK\), .* Put CODEX_HOME on a local disk/,
  doctor: /FAIL instance +the file system of \S+ has no locks.*\n +fix: Put CODEX_HOME/,
  pause: undefined,
  left: [lock],
};

using probe = openStage("true");
const cannotMount = mayMount(probe.folder) ? undefined : "this process may not mount";
const cannotTrace =
  Bun.spawnSync([...lockless, "true"]).exitCode === 0 ? undefined : "nothing can be traced here";
const reachable = [...asOther, "test", "-x", cdp, "-a", "-x", dirname(probe.folder)];
const cannotBeOther =
  Bun.spawnSync(reachable).exitCode === 0 ? undefined : `other users cannot enter ${dirname(cdp)}`;

for (const trouble of mounted) await tried(trouble, cannotMount);
await tried(closed, cannotBeOther);
await tried(withoutLocks, cannotTrace);

const without: readonly (readonly [name: string, meet: () => Promise<void>])[] = [
  ["a full runtime folder: the real Codex, its pane, its card", meetFullRuntime],
  ["a full folder of temporary files: the child under its pane, its card", meetFullTemporary],
  ["a disk that fills up under a publisher: takeover, pause, the end", meetFillingUp],
];
for (const [name, meeting] of without) {
  // oxlint-disable-next-line no-await-in-loop -- one after the other
  if (cannotMount === undefined) await check(name, meeting);
  else skip(name, cannotMount);
}

finish();

async function tried(trouble: Trouble, hindrance: string | undefined): Promise<void> {
  const name = `${trouble.name}: named, no card, Codex runs on, nothing is left`;
  if (hindrance === undefined) await check(name, () => meet(trouble));
  else skip(name, hindrance);
}

/** The child runs under the pane from beginning to end, and everybody says what is wrong. */
async function meet(trouble: Trouble): Promise<void> {
  const { through = [], left } = trouble;
  using stage = openStage('echo "the child runs"; read -r _; exit 7');
  const env = { ...stage.env("cdp"), TERM: "xterm-256color" };
  const home = join(stage.folder, "codex");
  const runtime = join(stage.folder, "run");
  chmodSync(runtime, 0o700);
  using _trouble = trouble.begin(home, stage);
  await using discord = await FakeDiscord.start({ path: join(runtime, "discord-ipc-0") });
  const ask = (...words: readonly string[]) => run([...through, cdp, ...words], env);

  const [program, ...words] = [...through, cdp, "codex"];
  const command = [Bun.which(program) ?? program, ...words];
  const cwd = stage.folder;
  await using terminal = openVirtualTerminal({ command, env, cwd, cols: 200 });
  await terminal.waitForText(/the child runs/);
  const pane = await terminal.waitForText(/! no card: /);
  if (!trouble.pane.test(pane)) fail(`the pane says:\n${pane}`);
  same("connections to Discord", String(discord.accepted), "0");

  const before = contentsOf(stage.folder);
  const status = ask("status");
  if (!trouble.status.test(status.text)) fail(`status says:\n${status.text}`);
  same("exit status of status", String(status.code), "3");
  same("what is on the disk after status", contentsOf(stage.folder), before);
  const doctor = ask("doctor");
  if (!trouble.doctor.test(doctor.text)) fail(`doctor says:\n${doctor.text}`);
  same("exit status of doctor", String(doctor.code), "1");
  same("what is on the disk after doctor", contentsOf(stage.folder), before);
  if (trouble.pause !== undefined) {
    const pause = ask("pause");
    if (!trouble.pause.test(pause.text)) fail(`pause says:\n${pause.text}`);
    same("exit status of pause", String(pause.code), "2");
  }
  const headless = ask("--headless");
  if (!trouble.pane.test(headless.text)) fail(`headless says:\n${headless.text}`);
  same("lines of headless", String(headless.text.trim().split("\n").length), "1");
  same("exit status of headless", String(headless.code), "1");

  terminal.press("enter");
  same("exit status of the child", JSON.stringify(await terminal.exited), '{"code":7}');
  same("updates that Discord got", String(discord.updates.length), "0");
  same("files in the home", readdirSync(home).toSorted(), left);
  same("files in the runtime folder", readdirSync(runtime), ["discord-ipc-0"]);
  same("processes", processesIn(stage.folder), []);
}

async function meetFullRuntime(): Promise<void> {
  await using model = startModelService();
  using home = makeCodexHome({ modelUrl: model.url });
  const { XDG_RUNTIME_DIR: runtime = "" } = home.env;
  using disk = mountDisk(runtime);
  await using discord = await FakeDiscord.start({ path: join(runtime, "discord-ipc-0") });
  disk.fill();
  await using terminal = openVirtualTerminal({
    command: [cdp, "codex", "--no-daemon"],
    env: { ...home.env, CDP_CODEX_BIN: codexBinary() },
    cwd: home.project,
    cols: 120,
  });
  const user = codexUser(terminal, home.path);
  await user.ready();
  await user.submit("story chat");
  await terminal.waitForText(/Hello, this is a short answer\./, 30_000);
  await terminal.waitForText(/CODEX[^]*Discord/);
  await discord.waitFor(({ visible }) => visible !== undefined, "a card", 20_000);
  await user.quit();
  same("exit status of Codex", JSON.stringify(await terminal.exited), '{"code":0}');
  await discord.waitFor(({ open }) => open === 0, "the connection is closed");
  same("connections to Discord", String(discord.accepted), "1");
  same("files in the runtime folder", readdirSync(runtime).toSorted(), ["discord-ipc-0", "filler"]);
  const ours = readdirSync(home.path).filter((name) => /presence|cdp/.test(name));
  same("files of ours in the home", ours, [lock]);
  same("processes", processesIn(dirname(home.project)), []);
}

/** Codex itself does not start then (its database wants temporary files), so a small child does. */
async function meetFullTemporary(): Promise<void> {
  using stage = openStage('echo "the child runs"; read -r _; exit 7');
  const temporary = join(stage.folder, "tmp");
  mkdirSync(temporary);
  using disk = mountDisk(temporary);
  disk.fill();
  const runtime = join(stage.folder, "run");
  await using discord = await FakeDiscord.start({ path: join(runtime, "discord-ipc-0") });
  const env = { ...stage.env("cdp"), TERM: "xterm-256color", TMPDIR: temporary };
  const command = [cdp, "codex"];
  await using terminal = openVirtualTerminal({ command, env, cwd: stage.folder, cols: 120 });
  await terminal.waitForText(/CODEX[^]*the child runs/);
  await discord.waitFor(({ visible }) => visible !== undefined, "a card", 20_000);
  terminal.press("enter");
  same("exit status of the child", JSON.stringify(await terminal.exited), '{"code":7}');
  same("files among the temporary ones", readdirSync(temporary), ["filler"]);
  same("processes", processesIn(stage.folder), []);
}

async function meetFillingUp(): Promise<void> {
  await using home = await OneHome.open(cdp);
  using disk = mountDisk(home.path);
  const wrapper = home.wrapper();
  await home.discord.waitFor(({ visible }) => visible !== undefined, "a card");
  disk.fill();
  const first = home.headless();
  await waitFor("a takeover", () => home.named === first.pid);
  const second = home.headless();
  same("exit status of the first", String(await first.exited), "0");
  await waitFor("another one", () => home.named === second.pid);
  await home.discord.waitFor(({ visible }) => visible !== undefined, "its card", 30_000);
  const pause = run([cdp, "pause"], home.env);
  const told = `the disk is full; make room and try again. Until that is mended: process ${second.pid}`;
  if (!pause.text.includes(told)) fail(`pause says:\n${pause.text}`);
  // Two takeovers may have spent what Discord takes in 20 s.
  await home.discord.waitFor(({ visible }) => visible === undefined, "no card", 25_000);
  second.signal("SIGTERM");
  same("exit status of the second", String(await second.exited), "0");
  await waitFor("the wrapper's role", () => home.named === wrapper.pid);
  wrapper.tell("end");
  same("exit status of the child", String(await wrapper.exited), "7");
  same("files in the home", readdirSync(home.path).toSorted(), [lock, "filler"]);
  same("processes", processesIn(dirname(home.path)), []);
}

function run(command: readonly string[], env: Readonly<Record<string, string>>) {
  const child = Bun.spawnSync([...command], { env: { ...env }, stdin: "ignore", timeout: 20_000 });
  const text = child.stdout.toString() + child.stderr.toString();
  return { code: child.exitCode, text };
}
