import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { connectDiscord, findSockets } from "../../src/discord/client.ts";
import { systemClock } from "../../src/lib/clock.ts";

const servers: Server[] = [];
let folder = "";

beforeEach(() => {
  const scratch = join(import.meta.dir, "../../.scratch");
  mkdirSync(scratch, { recursive: true });
  folder = mkdtempSync(join(scratch, "sockets-"));
});

afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

describe("the sockets there are", () => {
  test("found in every kind of place, whatever the other variables say", async () => {
    await listen("discord-ipc-2");
    await listen("snap.discord/discord-ipc-0");
    await listen("app/com.discordapp.DiscordPTB/discord-ipc-0");
    await listen(".flatpak/dev.vencord.Vesktop/xdg-run/discord-ipc-0");
    const env = { XDG_RUNTIME_DIR: folder, TMPDIR: "/nowhere/at/all", TMP: "", TEMP: undefined };
    expect(await found(env)).toEqual([
      ["discord-ipc-2", "discord", "usable"],
      ["app/com.discordapp.DiscordPTB/discord-ipc-0", "ptb", "usable"],
      [".flatpak/dev.vencord.Vesktop/xdg-run/discord-ipc-0", "vesktop", "usable"],
      ["snap.discord/discord-ipc-0", "stable", "usable"],
    ]);
  });

  test.each([
    ["missing", "/nowhere/at/all"],
    ["empty", ""],
    ["unset", undefined],
  ])("XDG_RUNTIME_DIR %s: the temp folders are looked at all the same", async (_, runtime) => {
    await listen("discord-ipc-0");
    expect(await found({ XDG_RUNTIME_DIR: runtime, TEMP: folder })).toEqual([
      ["discord-ipc-0", "discord", "usable"],
    ]);
  });

  test("one socket under two names is one", async () => {
    await listen("app/com.discordapp.Discord/discord-ipc-0");
    symlinkSync(
      join(folder, "app/com.discordapp.Discord/discord-ipc-0"),
      join(folder, "discord-ipc-0"),
    );
    expect(await found({ XDG_RUNTIME_DIR: folder })).toEqual([
      ["discord-ipc-0", "discord", "usable"],
    ]);
  });

  test("a link that cannot be trusted hides no socket that can", async () => {
    await listen("good/discord-ipc-0");
    mkdirSync(join(folder, "bad"));
    chmodSync(join(folder, "bad"), 0o777);
    symlinkSync(join(folder, "good/discord-ipc-0"), join(folder, "bad/discord-ipc-0"));
    const env = { XDG_RUNTIME_DIR: join(folder, "bad"), TMPDIR: join(folder, "good") };
    expect(await found(env)).toEqual([
      ["bad/discord-ipc-0", "discord", "foreign"],
      ["good/discord-ipc-0", "discord", "usable"],
    ]);
    expect(await found({ TMPDIR: join(folder, "bad") })).toEqual([
      ["bad/discord-ipc-0", "discord", "foreign"],
    ]);
  });

  test("files, folders and links to nothing are no sockets", async () => {
    writeFileSync(join(folder, "discord-ipc-0"), "");
    mkdirSync(join(folder, "discord-ipc-1"));
    symlinkSync("/nowhere/at/all", join(folder, "discord-ipc-2"));
    expect((await found({ XDG_RUNTIME_DIR: folder })).map(([, , verdict]) => verdict)).toEqual([
      "not a socket",
      "not a socket",
      "unreadable",
    ]);
  });

  test.each([
    ["open to all", 0o777, "foreign"],
    ["open to all, where only owners may delete", 0o1777, "usable"],
    ["our own", 0o700, "usable"],
  ])("in a folder that is %s", async (_, mode, verdict) => {
    const path = await listen("folder/discord-ipc-0");
    chmodSync(join(folder, "folder"), mode);
    const sockets = await findSockets({ CDP_DISCORD_SOCKET: path });
    expect(sockets.map((socket): string => socket.verdict)).toEqual([verdict]);
  });

  test("a socket made anew has another identity", async () => {
    const path = await listen("discord-ipc-0");
    const identity = async (): Promise<string | undefined> =>
      (await findSockets({ CDP_DISCORD_SOCKET: path }))[0]?.identity;
    const before = await identity();
    expect(await identity()).toBe(before);
    renameSync(path, `${path}.old`); // Still there, so that its number is not given out again.
    await listen("discord-ipc-0");
    expect(await identity()).not.toBe(before);
  });
});

describe("an attempt", () => {
  const attempt = (paths: readonly string[], signal = new AbortController().signal) =>
    connectDiscord({
      clientId: "1470480085453770854",
      places: paths.map((path) => ({ path, client: "discord" })),
      clock: systemClock,
      opened: () => undefined,
      signal,
    });

  test("at no place is no attempt", async () => {
    expect(await attempt([])).toEqual({ kind: "absent", reason: "no Discord socket found" });
  });

  test("at a path that no socket can have fails with a reason", async () => {
    const outcome = await attempt([join(folder, "x".repeat(200))]);
    expect(outcome.kind).not.toBe("connected");
  });

  test("that is given up closes what it had opened", async () => {
    const path = await listen("discord-ipc-0");
    const abort = new AbortController();
    const outcome = attempt([path], abort.signal);
    const opened = await new Promise<{ readonly ended: Promise<void> }>((resolve) =>
      servers[0]?.once("connection", (socket) => {
        const ended = new Promise<void>((done) => socket.once("close", () => done()));
        socket.resume();
        resolve({ ended });
      }),
    );
    abort.abort();
    expect(await outcome).toEqual({ kind: "failed", reason: "given up" });
    await opened.ended;
  });
});

async function listen(name: string): Promise<string> {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return path;
}

/** What was found in our own folder: name, client, verdict. */
async function found(env: Readonly<Record<string, string | undefined>>) {
  const sockets = await findSockets(env);
  return sockets
    .filter(({ place }) => place.path.startsWith(`${folder}/`))
    .map(({ place, verdict }) => [place.path.slice(folder.length + 1), place.client, verdict]);
}
