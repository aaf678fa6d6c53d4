// `cdp` for users other than root, and in a home that is another user's (as under sudo).
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { seeProcess } from "../../src/instance/identity.ts";
import { codexBinary, makeCodexHome } from "../../test/support/codex-home.ts";
import { FakeDiscord } from "../../test/support/fake-discord.ts";
import { startModelService } from "../../test/support/model-service.ts";
import { spawned } from "../../test/support/spawned.ts";
import { waitFor } from "../../test/support/wait-for.ts";
import { settled } from "./support/real-terminal.ts";
import { check, fail, finish, same, skip } from "./support/report.ts";
import { cdp, openStage, shell } from "./support/stage.ts";
import { startTmux } from "./support/tmux.ts";
import { command } from "./support/x-server.ts";

/** `nobody` on Debian, and on most systems. */
const OTHER = 65_534;
const asOther = ["setpriv", `--reuid=${OTHER}`, `--regid=${OTHER}`, "--clear-groups"];

if (process.getuid?.() !== 0) {
  skip("other users", "only root can become another user");
  process.exit();
}
await using model = startModelService();
using home = makeCodexHome({ modelUrl: model.url });
const root = dirname(home.project);
const reachable = [...asOther, "test", "-x", cdp, "-a", "-x", codexBinary(), "-a", "-x", root];
if (Bun.spawnSync(reachable).exitCode !== 0) {
  await command(["chmod", "a+x", root], {});
  if (Bun.spawnSync(reachable).exitCode !== 0) {
    skip("other users", `they cannot enter the folder of this clone, ${dirname(cdp)}`);
    home[Symbol.dispose]();
    process.exit();
  }
}
await command(["chown", "-R", `${OTHER}:${OTHER}`, root], {});
const { TERM: _, ...variables } = home.env;
const env: Readonly<Record<string, string>> = {
  ...variables,
  HOME: root,
  CDP_CODEX_BIN: codexBinary(),
};

await check("another user: cdp codex --version is Codex's", async () => {
  const bare = await run([codexBinary(), "--version"]);
  if (!/^codex-cli \d+\.\d+/.test(bare)) fail(`Codex itself says ${JSON.stringify(bare)}`);
  same("output", await run([cdp, "codex", "--version"]), bare);
});

await check("another user: cdp demo | cat prints cards", async () => {
  const cards = await run(["sh", "-c", `"${cdp}" demo --speed 4 | cat`]);
  if (cards.trim().split("\n").length < 2) fail(`only ${JSON.stringify(cards)}`);
});

await check("another user: a story in a terminal that belongs to root, with a card", async () => {
  using stage = openStage(`exec "${codexBinary()}" --no-daemon "$@"`, env);
  await command(["chown", "-R", `${OTHER}:${OTHER}`, stage.folder], {});
  await using tmux = await startTmux(stage.folder, stage.env("cdp"));
  const opening = shell(stage, "cdp", { rows: 24, cols: 90 });
  const line = [...asOther, ...opening.command];
  await using terminal = await tmux.open({ ...opening, command: line, cwd: home.project });
  await settled(terminal, /^\$/m);
  await terminal.type("go 'story chat'\r");
  const rows = await settled(terminal, /Worked for/);
  if (!rows[0]?.includes("CODEX")) fail(`no pane:\n${rows.join("\n")}`);
  await terminal.type("\x04");
  await settled(terminal, /codex resume [^]*^\$$/m);
});

await check(
  "root in another user's Codex home: Codex runs, no presence, nothing of ours",
  async () => {
    const { XDG_RUNTIME_DIR: _run, ...without } = env;
    using stage = openStage(`exec "${codexBinary()}" --no-daemon "$@"`, without);
    // Its owner has used cdp before: the lock file is theirs.
    const named = () =>
      readdirSync(home.path).filter((name) => /presence|cdp|session-log/.test(name));
    const before = named();
    const path = join(stage.folder, "run/discord-ipc-0");
    await using discord = await FakeDiscord.start({ path, faults: {} });
    await using tmux = await startTmux(stage.folder, stage.env("cdp"));
    const opening = shell(stage, "cdp", { rows: 24, cols: 90 });
    await using terminal = await tmux.open({ ...opening, cwd: home.project });
    await settled(terminal, /^\$/m);
    await terminal.type("go 'story chat'\r");
    await settled(terminal, /Worked for/);
    same("files of ours", named(), before);
    same("files in the runtime folder", readdirSync(join(stage.folder, "run")), ["discord-ipc-0"]);
    same("updates that Discord got", String(discord.updates.length), "0");
    await terminal.type("\x04");
    await settled(terminal, /codex resume [^]*^\$$/m);
    if (!existsSync(join(home.path, "sessions"))) fail("Codex itself did not use this home");
  },
);

await check(
  "root at another user's control socket: hung up on, the publisher goes on",
  async () => {
    const { XDG_RUNTIME_DIR: runtime = "" } = env;
    await using publisher = spawned([...asOther, cdp, "--headless"], env);
    const path = () =>
      readdirSync(runtime, { recursive: true, encoding: "utf8" }).find((name) =>
        name.endsWith(`control-${publisher.pid}`),
      );
    await waitFor("the control socket", () => path() !== undefined);
    const said = await heard(join(runtime, path() ?? ""));
    same("what root was told", said, "");
    const status = await run([cdp, "status", "--json"]);
    if (!status.includes(`"pid": ${publisher.pid}`)) fail(`its owner is told:\n${status}`);
    publisher.signal("SIGTERM");
    same("exit status of the publisher", String(await publisher.exited), "0");
    same("files in the runtime folder", readdirSync(runtime), []);
  },
);

await check(
  "metadata that another user has put there names nobody who would be signalled",
  async () => {
    using stage = openStage("exec sleep 1000");
    const folder = join(stage.folder, "codex");
    await using innocent = spawned(["sleep", "1000"]);
    const identity = seeProcess(innocent.pid)?.identity;
    const metadata = join(folder, "codex-discord-presence.instance.json");
    const claims = { pid: innocent.pid, exe_path: cdp, identity, mode: "dashboard" };
    writeFileSync(metadata, JSON.stringify(claims));
    await command(["chown", `${OTHER}:${OTHER}`, metadata], {});
    await using publisher = spawned([cdp, "--headless"], stage.env("cdp"));
    const pidIn = (): unknown => JSON.parse(readFileSync(metadata, "utf8"))["pid"];
    await waitFor("metadata of its own", () => pidIn() === publisher.pid);
    same("the named process has ended", String(innocent.ended()), "false");
  },
);

finish();

/** Greets as an instance would, asks what can be asked, and hears until the other end hangs up. */
function heard(path: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = "";
  const socket = connect(path, () => {
    const hello = { type: "hello", role: "client", pid: process.pid, version: "1", startedAt: 0 };
    const ask = { type: "ask", verb: "status" };
    socket.write(`${JSON.stringify(hello)}\n${JSON.stringify(ask)}\n`);
  });
  socket.on("data", (chunk) => (text += String(chunk)));
  socket.on("error", () => undefined); // It may hang up before it has read.
  socket.on("close", () => resolve(text));
  setTimeout(() => reject(new Error(`nobody hung up; heard: ${text}`)), 5000).unref();
  return promise;
}

/** Runs a program as the other user, with a home of its own; resolves with its output. */
function run(line: readonly string[]): Promise<string> {
  return command(
    [...asOther, "env", "-i", ...Object.entries(env).map(([k, v]) => `${k}=${v}`), ...line],
    {},
  );
}
