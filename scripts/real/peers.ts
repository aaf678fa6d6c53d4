// Who may speak to the publisher, and to whom it speaks: Codex's own sandbox, a shell that may gain
// no privileges, and Discord's end in the hands of another user.
import {
  chmodSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { codexBinary } from "../../test/support/codex-home.ts";
import { FakeDiscord } from "../../test/support/fake-discord.ts";
import { OneHome } from "../../test/support/one-home.ts";
import { spawned, type Spawned } from "../../test/support/spawned.ts";
import { waitFor } from "../../test/support/wait-for.ts";
import { mountHangingDisk } from "./support/hanging-disk.ts";
import { check, fail, finish, same, skip } from "./support/report.ts";
import { cdp } from "./support/stage.ts";
import { command } from "./support/x-server.ts";

const support = resolve(import.meta.dir, "../../test/support");
/** `nobody` on Debian, and on most systems. */
const OTHER = 65_534;
const asOther = ["setpriv", `--reuid=${OTHER}`, `--regid=${OTHER}`, "--clear-groups"];
const peer = [process.execPath, join(support, "control-peer.ts"), "free"];
const sandbox = [
  codexBinary(),
  "sandbox",
  "-c",
  'sandbox_mode="workspace-write"',
  "-c",
  "sandbox_workspace_write.network_access=true",
  "--",
];
/** Listens, and prints what each connection brings. */
const listener = `require("node:net").createServer((socket) => {
  console.log("open");
  socket.on("data", (bytes) => console.log("data", bytes.length));
  socket.on("error", () => undefined);
  socket.on("close", () => console.log("closed"));
}).listen(process.argv.at(-1), () => console.log("listening"));`;

/** Commands that run what follows them, more confined than the shell. */
const confined: Readonly<Record<string, readonly string[]>> = {
  "setpriv --no-new-privs": ["setpriv", "--no-new-privs"],
  "unshare --user": ["unshare", "--user", "--map-current-user"],
  "unshare --pid": ["unshare", "--user", "--map-current-user", "--pid", "--fork", "--mount-proc"],
  // Without network no command in it can write to a socket at all.
  "Codex's sandbox with network": sandbox,
};

for (const [name, through] of Object.entries(confined)) {
  await using home = await OneHome.open(cdp);
  if (Bun.spawnSync([...through, "true"], { env: { ...home.env } }).exitCode !== 0) {
    skip(`${name}: refused at the control socket`, "it cannot be used here");
    continue;
  }
  await check(`${name}: a peer is refused at the control socket, its shell is heard`, async () => {
    const publisher = home.headless();
    const path = await controlOf(home, publisher);
    const refused = home.beside(...through, ...peer, path);
    await refused.said("closed");
    same("what it was told", refused.lines, ["closed"]);
    const asked = home.beside(...through, cdp, "status", "--json");
    await asked.exited;
    const told = JSON.parse(asked.lines.join("\n")).presence.discord;
    same("what `cdp status` was told of Discord", told, "unknown");
    const shell = home.beside(...peer, path);
    await shell.said("answer");
    publisher.signal("SIGTERM");
    await publisher.exited;
  });
}

if (process.getuid?.() !== 0) {
  skip("another user at Discord's end", "only root can become another user");
  finish();
  process.exit();
}

await check(
  "another user behind a socket of our own name is connected to and sent nothing",
  async () => {
    await using home = await OneHome.open(cdp);
    using theirs = folderOfOther();
    // The first place is silent for three seconds; the second is ours when it is looked at.
    home.discord.faults.handshake = "hang";
    const path = join(home.runtime, "discord-ipc-1");
    await using own = home.beside(process.execPath, join(support, "fake-discord-child.ts"), path);
    await own.said('{"event":"listening"');
    await using other = spawned([...asOther, process.execPath, "-e", listener, theirs.socket]);
    await other.said("listening");
    const publisher = home.headless();
    await waitFor("the first connection", () => home.discord.open === 1);
    // The file says that it is ours; the kernel knows who listens.
    lchownSync(theirs.socket, 0, 0);
    renameSync(theirs.socket, path);
    await other.said("closed");
    same("what came to the other user", other.lines, ["listening", "open", "closed"]);
    same("the publisher's end", String(publisher.ended()), "false");
  },
);

await check(
  "a socket that becomes another user's link to a disk that hangs: not followed",
  async () => {
    await using home = await OneHome.open(cdp);
    const at = (name: string): string => join(home.runtime, name);
    mkdirSync(at("hang"));
    await using disk = await mountHangingDisk(at("hang"));
    home.discord.faults.handshake = "hang";
    await using replaced = await FakeDiscord.start({ path: at("discord-ipc-1") });
    await using next = await FakeDiscord.start({ path: at("discord-ipc-2") });
    const publisher = home.headless();
    await waitFor("the first connection", () => home.discord.open === 1);
    symlinkSync(join(disk.folder, "x"), at("link"));
    lchownSync(at("link"), OTHER, OTHER);
    renameSync(at("link"), replaced.path);
    await waitFor("the next place", () => next.open === 1);
    same("the disk was asked", String(disk.isAsked()), "false");
    same("the publisher's end", String(publisher.ended()), "false");
  },
);

await check("a socket that is named may be another user's, and doctor warns", async () => {
  await using home = await OneHome.open(cdp);
  using theirs = folderOfOther();
  await using other = await discordOfOther(theirs.socket);
  const env = { ...home.env, CDP_DISCORD_SOCKET: theirs.socket };
  const doctor = Bun.spawnSync([cdp, "doctor"], { env });
  const said = doctor.stdout.toString();
  if (!said.includes(`user ${OTHER}'s, who sees the card`)) fail(`doctor says:\n${said}`);
  await using _publisher = spawned([cdp, "--headless"], env);
  await other.said('{"event":"frame"');
});

await check("a socket in another user's folder is not used when it was only found", async () => {
  await using home = await OneHome.open(cdp);
  using theirs = folderOfOther("discord-ipc-0");
  await using other = await discordOfOther(theirs.socket);
  const env = { ...home.env, XDG_RUNTIME_DIR: theirs.folder, TMPDIR: theirs.folder };
  const doctor = Bun.spawnSync([cdp, "doctor"], { env });
  const said = doctor.stdout.toString();
  if (!said.includes(`${theirs.socket} is another user's`)) fail(`doctor says:\n${said}`);
  same("what the other user was sent", other.lines.slice(1), []);
});

finish();

/** The control socket of this publisher. */
async function controlOf(home: OneHome, { pid }: Spawned): Promise<string> {
  const find = (): string | undefined =>
    readdirSync(home.runtime, { recursive: true, encoding: "utf8" }).find((name) =>
      name.endsWith(`control-${pid}`),
    );
  await waitFor("the control socket", () => home.named === pid && find() !== undefined);
  return join(home.runtime, find() ?? "");
}

/** A folder of the other user, which all may enter. */
function folderOfOther(name = "socket"): { folder: string; socket: string } & Disposable {
  const folder = mkdtempSync("/tmp/cdp-peers-");
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  Bun.spawnSync(["chown", `${OTHER}:${OTHER}`, folder]);
  return {
    folder,
    socket: join(folder, name),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A stand-in Discord that the other user runs. */
async function discordOfOther(path: string): Promise<Spawned> {
  const program = [process.execPath, join(support, "fake-discord-child.ts"), path];
  const reachable = [...asOther, process.execPath, "--version"];
  await command(reachable, {});
  const discord = spawned([...asOther, ...program], { HOME: "/tmp" });
  await discord.said('{"event":"listening"');
  return discord;
}
