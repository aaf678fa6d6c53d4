import { expect, test } from "bun:test";
import { diskOf, disksOf, parseMounts } from "../../src/lib/mounts.ts";

const info = `22 27 0:20 / /proc rw,nosuid shared:12 - proc proc rw
27 1 253:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
60 27 0:50 / /mnt/far\\040away rw shared:2 - nfs4 host:/x rw
61 60 0:51 / /mnt/far\\040away/in rw - fuse in rw
`;

test.each([
  ["/home/ann/x", "/"],
  ["/mnt/far away", "/mnt/far away"],
  ["/mnt/far away/x/y", "/mnt/far away"],
  ["/mnt/far away/in/x", "/mnt/far away/in"],
  ["/mnt/far awayx", "/"],
  ["/", "/"],
])("%s is on the disk at %s", (path, disk) => {
  expect(diskOf(path, disksOf(parseMounts(info), "/usr/bin/cdp")).name).toBe(disk);
});

test.each([
  ["/Volumes/backup/x/y", "/Volumes/backup"],
  ["/Users/ann", "/Users/ann"],
  ["/x", "/x"],
  ["C:\\x\\y", "c:"],
])("where mount points are not known, %s is on %s", (path, disk) => {
  expect(diskOf(path, undefined).name).toBe(disk);
});

test.each<[string, string, isLocal: boolean, isSure: boolean]>([
  ["/", "ext4", true, true],
  ["/", "9p", true, false],
  ["/run/user/1000", "tmpfs", true, true],
  ["/home", "ext4", true, false],
  ["/mnt/far", "nfs4", false, false],
  ["/mnt/odd", "fuse.x", false, false],
])("what is mounted at %s as %s is local: %p, sure: %p", (point, kind, isLocal, isSure) => {
  const text = `1 0 8:1 / / rw - ext4 a rw\n2 1 0:2 / ${point} rw - ${kind} b rw\n`;
  const disks = disksOf(parseMounts(text), "/usr/bin/cdp");
  expect(diskOf(`${point}/x`.replace("//", "/"), disks)).toEqual({ name: point, isLocal, isSure });
});

test("where mounts are not known none is sure", () => {
  expect(diskOf("/x", undefined)).toEqual({ name: "/x", isLocal: true, isSure: false });
  expect(diskOf("/x", new Map())).toEqual({ name: "/", isLocal: false, isSure: false });
});
