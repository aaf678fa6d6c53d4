import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  type Stats,
  symlinkSync,
} from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { settle } from "../support/fake-clock.ts";
import { type DiskCalls, type HoldingDisk, openSocketDisk } from "../../src/discord/disk.ts";
import type { SocketDisk } from "../../src/discord/trust.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { DiskLanes } from "../../src/lib/disk-lanes.ts";
import { type Disk, diskOf, disksOf, parseMounts } from "../../src/lib/mounts.ts";

const stats = lstatSync("/");
const mounts = disksOf(
  parseMounts(
    [
      "1 0 8:1 / / rw - ext4 /dev/sda1 rw",
      "2 1 0:2 / /mnt/hang rw shared:1 - fuse.sshfs host: rw",
      "3 1 0:3 / /mnt/hang\\040two rw - nfs host:/x rw",
      "4 1 0:4 / /run rw - tmpfs tmpfs rw",
      "5 1 0:5 / /media/usb rw - ext4 /dev/sdb1 rw",
    ].join("\n"),
  ),
  "/usr/bin/cdp",
);

const openDisk = (calls: DiskCalls): HoldingDisk =>
  openSocketDisk(calls, new DiskLanes({ clock: systemClock, places: 2, lateMs: 5 }));

/** Calls of which those below a hanging folder wait until they are let go. */
class Calls implements DiskCalls {
  readonly asked: string[] = [];
  readonly released: string[] = [];
  readonly hanging: string[];
  readonly #waiting: (() => void)[] = [];

  constructor(...hanging: readonly string[]) {
    this.hanging = [...hanging];
  }

  lstat(path: string): Promise<Stats> {
    this.asked.push(path);
    if (!this.hanging.some((folder) => path.startsWith(folder))) return Promise.resolve(stats);
    return new Promise((resolve) => void this.#waiting.push(() => resolve(stats)));
  }

  readlink(path: string): Promise<string> {
    return this.lstat(path).then(() => "target");
  }

  readdir(path: string): Promise<readonly string[]> {
    return this.lstat(path).then(() => ["name"]);
  }

  async hold(path: string) {
    const found = await this.lstat(path);
    return { stats: found, address: path, release: () => void this.released.push(path) };
  }

  diskAt(path: string): Disk {
    return diskOf(path, mounts);
  }

  letGo(): void {
    this.hanging.length = 0;
    for (const go of this.#waiting.splice(0)) go();
  }
}

const kinds = async (disk: SocketDisk, ...paths: readonly string[]): Promise<unknown> => {
  const found: string[] = [];
  for (const path of paths) found.push((await disk.entry(path)).kind);
  return found;
};

describe("a disk that does not answer", () => {
  test("is asked once; others of this machine are asked all the same", async () => {
    const calls = new Calls("/mnt/hang/");
    const disk = openDisk(calls);
    expect(await kinds(disk, "/mnt/hang/a", "/mnt/hang/b", "/tmp/a", "/run/a")).toEqual([
      "unanswered",
      "unanswered",
      "folder",
      "folder",
    ]);
    expect(calls.asked).toEqual(["/mnt/hang/a", "/tmp/a", "/run/a"]);
  });

  test("is not asked for anything else, even one of this machine", async () => {
    const calls = new Calls("/media/usb/");
    const disk = openDisk(calls);
    expect(await kinds(disk, "/media/usb/a", "/media/usb/b")).toEqual(["unanswered", "unanswered"]);
    expect(calls.asked).toEqual(["/media/usb/a"]);
  });

  test("keeps disks that may hang likewise from being asked", async () => {
    const calls = new Calls("/mnt/");
    const disk = openDisk(calls);
    expect(await kinds(disk, "/mnt/hang/a", "/mnt/hang two/b")).toEqual([
      "unanswered",
      "unanswered",
    ]);
    expect(calls.asked).toEqual(["/mnt/hang/a"]);
  });

  test("and a second one: nothing is asked any more", async () => {
    const calls = new Calls("/mnt/hang/", "/media/usb/");
    const disk = openDisk(calls);
    expect(await kinds(disk, "/mnt/hang/a", "/media/usb/b", "/tmp/c")).toEqual([
      "unanswered",
      "unanswered",
      "unanswered",
    ]);
    expect(calls.asked).toEqual(["/mnt/hang/a", "/media/usb/b"]);
  });

  test("is asked again when it has answered", async () => {
    const calls = new Calls("/mnt/hang/");
    const disk = openDisk(calls);
    expect(await kinds(disk, "/mnt/hang/a")).toEqual(["unanswered"]);
    calls.letGo();
    await settle();
    expect(await kinds(disk, "/mnt/hang/a")).toEqual(["folder"]);
  });

  test("has no names and no links", async () => {
    const disk = openDisk(new Calls("/mnt/hang/"));
    expect(await disk.names("/mnt/hang/x")).toEqual([]);
    expect(await disk.target("/mnt/hang/x")).toBeUndefined();
  });
});

describe("a socket that is held", () => {
  let folder = "";
  const servers: Server[] = [];
  beforeEach(() => {
    const scratch = join(import.meta.dir, "../../.scratch");
    mkdirSync(scratch, { recursive: true });
    folder = mkdtempSync(join(scratch, "hold-"));
  });
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const listen = async (path: string, word: string): Promise<void> => {
    const server = createServer((socket) => void socket.end(word));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(path, resolve));
  };
  const identityAt = async (path: string): Promise<string> => {
    const entry = await openSocketDisk().entry(path);
    return "identity" in entry ? entry.identity : "";
  };

  test.skipIf(process.platform !== "linux")("is the one that is connected to", async () => {
    const path = join(folder, "socket");
    await listen(path, "first");
    using held = await openSocketDisk().hold(path, await identityAt(path));
    renameSync(path, `${path}.old`);
    await listen(path, "second");
    const heard = Promise.withResolvers<string>();
    connect(held?.address ?? "").on("data", (chunk) => heard.resolve(String(chunk)));
    expect(await heard.promise).toBe("first");
  });

  test("is not one that was replaced, by a socket or a link", async () => {
    const path = join(folder, "socket");
    await listen(path, "first");
    const identity = await identityAt(path);
    renameSync(path, `${path}.old`);
    await listen(path, "second");
    expect(await openSocketDisk().hold(path, identity)).toBeUndefined();
    rmSync(path);
    symlinkSync(`${path}.old`, path);
    expect(await openSocketDisk().hold(path, identity)).toBeUndefined();
    expect(await openSocketDisk().hold(path, await identityAt(path))).toBeUndefined();
  });

  test("is let go when its disk answers too late", async () => {
    const calls = new Calls("/mnt/hang/");
    expect(await openDisk(calls).hold("/mnt/hang/a", "")).toBeUndefined();
    expect(calls.released).toEqual([]);
    calls.letGo();
    await settle();
    expect(calls.released).toEqual(["/mnt/hang/a"]);
  });
});

test("what is missing, closed or no folder is known apart, on the real disk", async () => {
  const disk = openSocketDisk();
  const here = import.meta.dir;
  expect(
    await kinds(disk, here, `${here}/none`, import.meta.path, `${import.meta.path}/x`),
  ).toEqual(["folder", "absent", "other", "absent"]);
  expect(await disk.names(`${here}/none`)).toEqual([]);
  expect((await disk.names(here)).includes("disk.test.ts")).toBe(true);
});

test("who may write by an access control list is not asked of a disk that may hang: there may be one", async () => {
  const shared = Object.assign(Object.create(stats) as Stats, { mode: 0o040770 });
  const asked = (kind: string) => {
    const disks = disksOf(parseMounts(`1 0 8:1 / / rw - ${kind} a rw`), "/");
    const calls = new Calls();
    calls.lstat = () => Promise.resolve(shared);
    calls.diskAt = (path) => ({ ...diskOf(path, disks), isLocal: kind === "ext4" });
    return openDisk(calls).entry("/none/such");
  };
  expect(await asked("nfs4")).toMatchObject({ kind: "folder", acl: true });
  expect(await asked("ext4")).toMatchObject({ kind: "folder", acl: false });
});
