import { describe, expect, test } from "bun:test";
import { searchSockets } from "../../src/discord/search.ts";
import type { FileUser } from "../../src/lib/ownership.ts";
import { type Made, other, SimulatedDisk, us } from "./simulated-disk.ts";

const run = "/run/user/1000";
const socket: Made = { kind: "socket" };
const tmp: Made = { uid: 0, mode: 0o1777 };
const socketInTmp = { "/tmp": tmp, "/tmp/discord-ipc-0": socket };
const at = (path: string, verdict: string): string => `${path} ${verdict}`;

describe("a socket is used", () => {
  test.each<[string, Record<string, Made>, string]>([
    ["of ours in our run folder", { [run]: {}, [`${run}/discord-ipc-0`]: socket }, run],
    ["of ours in /tmp", socketInTmp, "/tmp"],
    [
      "behind a link of ours",
      {
        [run]: {},
        [`${run}/discord-ipc-0`]: { link: "app/x.Discord/discord-ipc-0" },
        [`${run}/app`]: {},
        [`${run}/app/x.Discord`]: {},
        [`${run}/app/x.Discord/discord-ipc-0`]: socket,
      },
      run,
    ],
    [
      "behind a link of root's, with `..` in it",
      {
        "/tmp": { uid: 0, link: "private/x/../tmp" },
        "/private/tmp": tmp,
        "/private/x": { uid: 0, mode: 0o755 },
        "/private/tmp/discord-ipc-0": socket,
      },
      "/tmp",
    ],
    [
      "in a folder that our own private group may write",
      { [run]: { mode: 0o770 }, [`${run}/discord-ipc-0`]: socket },
      run,
    ],
  ])("%s", async (_, made, folder) => {
    expect(await found(made)).toEqual([at(`${folder}/discord-ipc-0`, "usable")]);
  });
});

describe("a socket is not used", () => {
  test.each<[string, Record<string, Made>]>([
    ["of another user's", { "/tmp": tmp, "/tmp/discord-ipc-0": { ...socket, uid: other } }],
    ["of root's", { "/tmp": tmp, "/tmp/discord-ipc-0": { ...socket, uid: 0 } }],
    [
      "in a folder that others may write",
      { "/tmp": { uid: 0, mode: 0o777 }, "/tmp/discord-ipc-0": socket },
    ],
    [
      "in a folder that another group may write",
      { "/tmp": { uid: 0, gid: 5, mode: 0o770 }, "/tmp/discord-ipc-0": socket },
    ],
    [
      "in a folder that others may write by an access control list",
      { "/tmp": { mode: 0o770, acl: true }, "/tmp/discord-ipc-0": socket },
    ],
    ["in another user's folder", { "/tmp": { uid: other }, "/tmp/discord-ipc-0": socket }],
    [
      "below a folder that others may write, however closed the last one is",
      { ...socketInTmp, "/": { mode: 0o777 } },
    ],
    ["on a way whose beginning is not seen", { ...socketInTmp, "/": { kind: "unreadable" } }],
    [
      "behind a link of ours to another user's",
      {
        "/tmp": tmp,
        "/tmp/discord-ipc-0": { link: "/home/other/socket" },
        "/home/other": { uid: other, mode: 0o755 },
        "/home/other/socket": socket,
      },
    ],
  ])("%s", async (_, made) => {
    expect(await found(made)).toEqual([at("/tmp/discord-ipc-0", "foreign")]);
  });
});

describe("a link that another user could turn is not followed", () => {
  test.each<[string, Record<string, Made>, Record<string, string>, string]>([
    [
      "in place of a socket",
      { "/tmp": tmp, "/tmp/discord-ipc-3": { uid: other, link: "/hang/x" } },
      {},
      "/tmp/discord-ipc-3",
    ],
    [
      "in place of a folder",
      { "/tmp": tmp, "/tmp/mine": { uid: other, link: "/hang" } },
      { TMPDIR: "/tmp/mine" },
      "/tmp/mine",
    ],
    [
      "our own, to which another user has given a second name",
      { "/tmp": tmp, "/tmp/discord-ipc-3": { link: "/hang/x", nlink: 2 } },
      {},
      "/tmp/discord-ipc-3",
    ],
    [
      "further up",
      { "/tmp": tmp, "/tmp/mine": { uid: other, link: "/hang" } },
      { TMPDIR: "/tmp/mine/a/b" },
      "/tmp/mine/a/b",
    ],
    [
      "our own, in a folder that others may write",
      { "/open": { mode: 0o777 }, "/open/discord-ipc-1": { link: "/hang/x" } },
      { TMPDIR: "/open" },
      "/open/discord-ipc-1",
    ],
    [
      "our own, in another user's folder",
      {
        "/home/other": { uid: other, mode: 0o755 },
        "/home/other/discord-ipc-1": { link: "/hang" },
      },
      { TMPDIR: "/home/other" },
      "/home/other/discord-ipc-1",
    ],
    [
      "even where the person has named it",
      { "/tmp": tmp, "/tmp/named": { uid: other, link: "/hang/x" } },
      { CDP_DISCORD_SOCKET: "/tmp/named" },
      "/tmp/named",
    ],
    [
      "nor is a folder listed through it",
      { [run]: {}, [`${run}/app`]: { uid: other, link: "/hang" } },
      {},
      "",
    ],
  ])("%s", async (_, made, env, path) => {
    const disk = new SimulatedDisk({ ...made, "/hang/x": socket });
    const sockets = await look(disk, env);
    expect(sockets).toEqual(path === "" ? [] : [at(path, "foreign")]);
    expect(disk.asked.filter((each) => each.startsWith("/hang"))).toEqual([]);
  });

  test("a loop of our own links ends", async () => {
    const made = { "/tmp": tmp, "/tmp/discord-ipc-0": { link: "discord-ipc-0" } };
    expect(await found(made)).toEqual([at("/tmp/discord-ipc-0", "unreadable")]);
  });
});

describe("a path that the person has named", () => {
  const named = { CDP_DISCORD_SOCKET: "/srv/theirs/socket" };
  const theirs = { "/srv/theirs": { uid: other, mode: 0o755 } };

  test("may be another user's socket, who is then known", async () => {
    const disk = new SimulatedDisk({ ...theirs, "/srv/theirs/socket": { ...socket, uid: other } });
    const [place, ...more] = await searchSockets(searchOf(disk, named));
    expect(more).toEqual([]);
    expect(place?.verdict).toBe("usable");
    expect(place?.place).toEqual({ path: "/srv/theirs/socket", client: "named", owner: other });
  });

  test.each<[string, Record<string, Made>]>([
    ["that a third user could replace", { "/srv": { uid: 1002 } }],
    ["that everybody could replace", { "/srv/theirs": { uid: other, mode: 0o777 } }],
  ])("is no socket %s", async (_, made) => {
    const disk = { ...theirs, "/srv/theirs/socket": { ...socket, uid: other }, ...made };
    expect(await found(disk, named)).toEqual([at("/srv/theirs/socket", "foreign")]);
  });

  test("may be relative", async () => {
    const made = { "/srv/here": {}, "/srv/here/socket": socket };
    expect(await found(made, { CDP_DISCORD_SOCKET: "./here/socket" })).toEqual([
      at("./here/socket", "usable"),
    ]);
  });
});

describe("a disk that does not answer", () => {
  test("costs its own places alone, and its folder is named once", async () => {
    const made: Record<string, Made> = {
      "/mnt/hang": { kind: "unanswered" },
      "/tmp": tmp,
      "/tmp/discord-ipc-0": { link: "/mnt/hang/x" },
      "/tmp/discord-ipc-1": socket,
    };
    expect(await found(made, { TMPDIR: "/mnt/hang" })).toEqual([
      at("/mnt/hang", "unanswered"),
      at("/tmp/discord-ipc-0", "unanswered"),
      at("/tmp/discord-ipc-1", "usable"),
    ]);
  });

  test("a folder that answers for itself alone is named once, too", async () => {
    const hung = Object.fromEntries(
      Array.from({ length: 10 }, (_, i) => [
        `/mnt/hang/discord-ipc-${i}`,
        { kind: "unanswered" } as const,
      ]),
    );
    expect(await found(hung, { TMPDIR: "/mnt/hang" })).toEqual([at("/mnt/hang", "unanswered")]);
  });
});

test.each<[string, Made]>([
  ["another user's", { uid: other, mode: 0o755 }],
  ["open to others", { mode: 0o777 }],
  ["no folder", { kind: "other" }],
])("a folder that is %s is not listed", async (_, app) => {
  const disk = new SimulatedDisk({ [run]: {}, [`${run}/app`]: app });
  await look(disk, {});
  expect(disk.asked).toContain(`${run}/*`);
  expect(disk.asked).not.toContain(`${run}/app/*`);
});

test("a folder that is closed to us is named once", async () => {
  const made: Record<string, Made> = { "/tmp/closed": { kind: "unreadable" } };
  expect(await found(made, { TMPDIR: "/tmp/closed" })).toEqual([at("/tmp/closed", "unreadable")]);
});

test("a folder without sockets costs one call for each name, one that is missing costs one", async () => {
  const disk = new SimulatedDisk({ [run]: {}, "/tmp": tmp });
  await look(disk, {});
  expect(disk.asked.filter((path) => path.startsWith(run))).toHaveLength(17);
  expect(new Set(disk.asked).size).toBe(disk.asked.length);
});

describe("a folder in which there was no place", () => {
  const none = { [run]: {}, "/tmp": tmp };
  const inTmp = (disk: SimulatedDisk): number =>
    disk.asked.splice(0).filter((path) => path.startsWith("/tmp/")).length;

  test("is looked into again when a name in it has come or gone", async () => {
    const disk = new SimulatedDisk(none);
    const search = searchOf(disk, {});
    await searchSockets(search);
    expect(inTmp(disk)).toBe(10);
    await searchSockets(search);
    expect(inTmp(disk)).toBe(0);
    disk.make("/tmp/discord-ipc-0", socket);
    disk.changedAt = 900_000;
    expect((await searchSockets(search)).map(({ verdict }) => verdict)).toEqual(["usable"]);
  });

  test("is looked into again while it may have changed within one tick", async () => {
    const disk = new SimulatedDisk(none);
    const search = searchOf(disk, {});
    disk.changedAt = search.now - 1000;
    await searchSockets(search);
    disk.make("/tmp/discord-ipc-0", socket);
    expect((await searchSockets(search)).map(({ verdict }) => verdict)).toEqual(["usable"]);
  });
});

describe("in a user namespace without the machine's root", () => {
  const nobody = 65_534;
  const inside: FileUser = {
    ...us,
    isRoot: (uid) => uid === nobody,
    isCertain: (uid) => uid !== nobody,
  };

  test("its folders are as good as root's, a link that may be anybody's is not", async () => {
    const made: Record<string, Made> = {
      "/": { uid: nobody },
      "/run": { uid: nobody, mode: 0o755 },
      "/run/user": { uid: nobody, mode: 0o755 },
      [run]: {},
      [`${run}/discord-ipc-0`]: socket,
      "/tmp": { uid: nobody, mode: 0o1777 },
      "/tmp/discord-ipc-0": { uid: nobody, link: "/hang/x" },
    };
    const disk = new SimulatedDisk(made);
    const sockets = await searchSockets({ ...searchOf(disk, {}), user: inside });
    expect(sockets.map(({ place: { path }, verdict }) => at(path, verdict))).toEqual([
      at(`${run}/discord-ipc-0`, "usable"),
      at("/tmp/discord-ipc-0", "foreign"),
    ]);
  });
});

function searchOf(disk: SimulatedDisk, env: Readonly<Record<string, string>>) {
  const quiet = new Map<string, string>();
  return { platform: "linux", env, user: us, cwd: "/srv", disk, quiet, now: 1_000_000 };
}

async function look(
  disk: SimulatedDisk,
  env: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const sockets = await searchSockets(searchOf(disk, env));
  return sockets.map(({ place: { path }, verdict }) => at(path, verdict));
}

function found(
  made: Readonly<Record<string, Made>>,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  return look(new SimulatedDisk(made), env);
}
