import { describe, expect, test } from "bun:test";
import { clientOf, socketPlaces, type SocketSearch } from "../../src/discord/socket-paths.ts";

type Folders = Readonly<Record<string, readonly string[]>>;

const linux = (env: SocketSearch["env"], folders: Folders = {}): readonly string[] =>
  paths({ platform: "linux", env, uid: 1000, folders });

describe("where Discord may listen", () => {
  test("without any variable: the run folder of our user, then /tmp, ten numbers each", () => {
    const found = linux({}).filter((path) => !path.includes("/snap."));
    expect(found).toHaveLength(20);
    expect(found[0]).toBe("/run/user/1000/discord-ipc-0");
    expect(found[9]).toBe("/run/user/1000/discord-ipc-9");
    expect(found[10]).toBe("/tmp/discord-ipc-0");
  });

  test("the union of all variables, in Discord's own order, each folder once", () => {
    const env = { XDG_RUNTIME_DIR: "/xdg", TMPDIR: "/a/", TMP: "/b", TEMP: "/a" };
    const first = linux(env).filter((path) => /^\/[^/]+(\/user\/1000)?\/discord-ipc-0$/.test(path));
    expect(first).toEqual(
      ["/xdg", "/run/user/1000", "/a", "/b", "/tmp"].map((at) => `${at}/discord-ipc-0`),
    );
  });

  test("empty and relative folders fall through", () => {
    const env = { XDG_RUNTIME_DIR: "", TMPDIR: "tmp", TMP: ".", TEMP: undefined };
    expect(linux(env)).toEqual(linux({}));
  });

  test("snap and flatpak, known or found by listing, each with its client", () => {
    const run = "/run/user/1000";
    const folders: Folders = {
      [run]: ["snap.discord-canary", "snap.legcord", "bus"],
      [`${run}/app`]: ["org.gnome.Maps", "com.discordapp.Discord"],
      [`${run}/.flatpak`]: ["dev.vencord.Vesktop", "no-id"],
    };
    const found = places({ platform: "linux", env: {}, uid: 1000, folders });
    const client = (path: string): string | undefined =>
      found.find((place) => place.path === `${run}/${path}/discord-ipc-3`)?.client;
    expect(client("app/com.discordapp.Discord")).toBe("stable");
    expect(client("app/org.gnome.Maps")).toBe("maps");
    expect(client(".flatpak/dev.vencord.Vesktop/xdg-run")).toBe("vesktop");
    expect(client(".flatpak/no-id/xdg-run")).toBeUndefined();
    expect(client("snap.discord")).toBe("stable");
    expect(client("snap.discord-ptb")).toBe("ptb");
    expect(client("snap.discord-canary")).toBe("canary");
    expect(client("snap.legcord")).toBe("legcord");
    const order = found.map(({ path }) => path);
    expect(order.indexOf(`${run}/app/com.discordapp.Discord/discord-ipc-0`)).toBeLessThan(
      order.indexOf(`${run}/app/org.gnome.Maps/discord-ipc-0`),
    );
  });

  test("a folder with thousands of ids costs no more than some", () => {
    const ids = Array.from({ length: 5000 }, (_, at) => `org.example.App${at}`);
    expect(linux({}, { "/run/user/1000/app": ids }).length).toBeLessThan(1000);
  });

  test("macOS looks at its own temp folder and at no package folders", () => {
    const env = { TMPDIR: "/var/folders/x/T/" };
    const found = paths({ platform: "darwin", env, uid: 501, folders: {} });
    expect(found).toContain("/var/folders/x/T/discord-ipc-0");
    expect(found.filter((path) => path.includes("snap"))).toEqual([]);
  });

  test("Windows: the pipes that exist, or all ten where they cannot be listed", () => {
    const folders: Folders = { "\\\\?\\pipe\\": ["mojo.1", "discord-ipc-1"] };
    const windows = { platform: "win32", env: {}, uid: undefined };
    expect(paths({ ...windows, folders })).toEqual(["\\\\?\\pipe\\discord-ipc-1"]);
    expect(paths({ ...windows, folders: {} })).toHaveLength(10);
  });

  test("CDP_DISCORD_SOCKET replaces the search, unless it is empty", () => {
    expect(linux({ CDP_DISCORD_SOCKET: "/my.sock", TMPDIR: "/a" })).toEqual(["/my.sock"]);
    expect(linux({ CDP_DISCORD_SOCKET: "" })).toEqual(linux({}));
  });
});

describe("the client that a path tells", () => {
  test.each([
    ["com.discordapp.Discord", "stable"],
    ["com.discordapp.DiscordPTB", "ptb"],
    ["com.discordapp.DiscordCanary", "canary"],
    ["snap.discord", "stable"],
    ["snap.discord-canary", "canary"],
    ["io.github.equicord.equibop", "equibop"],
    ["app.legcord.Legcord", "legcord"],
  ])("%s is %s", (id, client) => expect(clientOf(id)).toBe(client));
});

function paths(search: Parameters<typeof places>[0]): readonly string[] {
  return places(search).map(({ path }) => path);
}

function places(search: Omit<SocketSearch, "list"> & { readonly folders: Folders }) {
  return socketPlaces({ ...search, list: (folder) => search.folders[folder] ?? [] });
}
