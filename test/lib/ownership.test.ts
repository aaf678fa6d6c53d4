import { expect, test } from "bun:test";
import {
  type Accounts,
  doesAclCount,
  type Entry,
  type FileUser,
  folderRisk,
  isOpen,
  isOwned,
  isPrivateGroup,
  isTrustedOwner,
  linkProblem,
  mountOwners,
  ownFileProblem,
  readFileProblem,
  serverOf,
} from "../../src/lib/ownership.ts";
import { parseMounts } from "../../src/lib/mounts.ts";
import { entryOf, inventedUser } from "../support/file-users.ts";

const user: FileUser = {
  ...inventedUser,
  mountOwner: (dev) => ({ 7: inventedUser.uid, 8: 1001 })[dev],
};

test.each<[string, Partial<Entry>, ReturnType<typeof folderRisk>]>([
  ["the user's", {}, undefined],
  ["root's", { uid: 0, gid: 0 }, undefined],
  ["another user's", { uid: 1001 }, "foreign"],
  ["another user's, sticky", { uid: 1001, mode: 0o1777 }, "foreign"],
  ["open to everybody", { mode: 0o757 }, "writable"],
  ["open to the user's private group", { mode: 0o775 }, undefined],
  ["open to another group", { mode: 0o775, gid: 100 }, "writable"],
  ["root's, open to a group", { uid: 0, gid: 50, mode: 0o775 }, "writable"],
  ["open by an access control list", { mode: 0o775, acl: true }, "writable"],
  ["with a list that lets no one write", { mode: 0o755, acl: true }, undefined],
  ["/tmp", { uid: 0, gid: 0, mode: 0o1777 }, "sticky"],
  ["a store of a group, sticky", { uid: 0, gid: 30000, mode: 0o1775 }, "sticky"],
  ["a Windows folder that is the user's", { mode: 0o777, dev: 7 }, undefined],
  ["one that only its mount says is the user's", { mode: 0o777, uid: 0, dev: 7 }, undefined],
  ["a Windows folder mounted for another user", { mode: 0o777, dev: 8 }, "writable"],
])("a folder, %s: %j is %s", (_, over, risk) => {
  expect(folderRisk(entryOf("folder", over), user)).toBe(risk);
});

test("who owns a file, and who may write to it", () => {
  const file = (over: Partial<Entry>) => entryOf("file", { mode: 0o644, ...over });
  expect([isOwned(file({}), user), isOwned(file({ uid: 0 }), user)]).toEqual([true, false]);
  expect(isTrustedOwner(file({ uid: 0 }), user)).toBe(true);
  expect(isTrustedOwner(file({ uid: 1001 }), user)).toBe(false);
  expect(isOpen(file({}), user)).toBe(false);
  expect(isOpen(file({ mode: 0o646 }), user)).toBe(true);
  expect(isOpen(file({ mode: 0o777, dev: 7 }), user)).toBe(false);
});

test.each<[Partial<Entry>, own: string | undefined, read: string | undefined]>([
  [{}, undefined, undefined],
  [{ nlink: 0 }, undefined, undefined],
  [{ nlink: 2 }, "has 2 names (hard links)", "has 2 names (hard links)"],
  [{ uid: 0 }, "belongs to another user", undefined],
  [{ uid: 1001 }, "belongs to another user", "belongs to another user"],
  [{ mode: 0o666 }, undefined, "can be written by other users"],
  [{ kind: "folder" }, "is not a regular file", "is not a regular file"],
])("a file in a folder like /tmp, %j: own %p, read %p", (over, own, read) => {
  const file = entryOf("file", { mode: 0o644, ...over });
  expect([ownFileProblem(file, user), readFileProblem(file, true, user)]).toEqual([own, read]);
  if (over.nlink !== undefined) expect(readFileProblem(file, false, user)).toBeUndefined();
  const isFile = over.kind === undefined;
  expect(ownFileProblem(file, undefined)).toBe(isFile ? undefined : own);
});

const passwd = "root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n";
const group = "root:x:0:\n# a comment\nann:x:1000:\nstaff:x:50:ann\n";

test.each<[string, number, Partial<Accounts>, boolean]>([
  ["their own", 1000, {}, true],
  ["their own, themselves listed in it", 1000, { group: "ann:x:1000:ann\n" }, true],
  ["another one, in which they are", 50, {}, false],
  ["their own with another member", 1000, { group: "ann:x:1000:ann,bob\n" }, false],
  [
    "their own, which is another user's primary group, too",
    1000,
    { passwd: `${passwd}bob:x:1001:1000::/home/bob:/bin/sh\n` },
    false,
  ],
  ["their primary group with another name", 1000, { group: "users:x:1000:\n" }, false],
  ["that of a user who is not listed", 1000, { passwd: "root:x:0:0::/root:/bin/sh\n" }, false],
  [
    "a user's second name",
    1000,
    { group: "ann:x:1000:toor\n", passwd: `${passwd}toor:x:1000:5::/:/bin/sh\n` },
    true,
  ],
  ["another user's by the same name", 1000, { passwd: "ann:x:1000:5::/:/bin/sh\n" }, false],
  ["one that is not listed", 1000, { group: "root:x:0:\n" }, false],
  ["one that is listed twice", 1000, { group: `${group}ann:x:1000:bob\n` }, false],
])("a group, %s", (_, gid, over, isPrivate) => {
  expect(isPrivateGroup(gid, 1000, { passwd, group, ...over })).toBe(isPrivate);
});

test("the users of Windows mounts by device, of WSL 1 and 2; other mounts have none", () => {
  const lines = [
    "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,uid=5",
    "90 22 0:61 / /mnt/c rw,noatime - 9p drvfs rw,dirsync,aname=drvfs;path=C:\\;uid=1000;gid=1000;symlinkroot=/mnt/,mmap,access=client",
    "91 22 0:62 / /mnt/d rw,noatime - drvfs D: rw,uid=1001,gid=1001,case=off",
    "92 22 0:63 / /mnt/q rw - 9p share rw,trans=virtio,dfltuid=3",
    "93 22 260:300 / /mnt/e rw - 9p drvfs rw,aname=drvfs;path=E:\\;uid=7",
    "",
  ];
  expect([...mountOwners(parseMounts(lines.join("\n")))]).toEqual([
    [61, 1000],
    [62, 1001],
    [0x104 * 0x100 + (300 & 0xff) + (300 >>> 8) * 0x100000, 7],
  ]);
});

test.each<[string, Partial<Entry>, inShared: string | undefined, elsewhere: string | undefined]>([
  ["the user's", {}, undefined, undefined],
  ["root's", { uid: 0 }, undefined, undefined],
  ["another user's", { uid: 1001 }, "is a link of another user", "is a link of another user"],
  ["with two names", { nlink: 2 }, "is a link with more than one name", undefined],
  [
    "of an owner who is root or any outsider",
    { uid: 65_534 },
    "is a link that may be another user's",
    undefined,
  ],
])("a link, %s: in a folder like /tmp %j is %p, elsewhere %p", (_, over, inShared, elsewhere) => {
  const inside: FileUser = {
    ...user,
    isRoot: (uid) => uid === 0 || uid === 65_534,
    isCertain: (uid) => uid !== 65_534,
  };
  const link = entryOf("link", { target: "/x", ...over });
  expect([linkProblem(link, inside, true), linkProblem(link, inside, false)]).toEqual([
    inShared,
    elsewhere,
  ]);
  const file = entryOf("file", { mode: 0o644, uid: 65_534 });
  expect(readFileProblem(file, true, inside)).toBe("belongs to another user");
  expect(readFileProblem(file, false, inside)).toBeUndefined();
});

test.each<[number, boolean]>([
  [0o755, false],
  [0o775, true],
  [0o1775, true],
  [0o777, false],
  [0o1777, false],
  [0o702, false],
])("of a folder of mode %o a list of who may write counts: %p", (mode, counts) => {
  expect(doesAclCount(mode)).toBe(counts);
  // It makes a difference nowhere else.
  const open = (acl: boolean) => isOpen(entryOf("folder", { mode, acl }), user);
  expect(open(true) !== open(false)).toBe(counts);
});

test("the users who answer for file systems in user space; others have none", () => {
  const lines = [
    "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,user_id=5",
    "40 22 0:39 / /tmp/a rw,nosuid - fuse /src rw,user_id=1002,group_id=1002,allow_other",
    "41 22 0:40 / /mnt/ssh rw - fuse.sshfs host: rw,user_id=1000,group_id=1000",
    "42 22 8:2 / /mnt/c rw shared:2 master:1 - fuseblk /dev/sdb1 rw,user_id=0,group_id=0",
    "43 22 0:41 / /mnt/odd rw - fuse x,user_id=7 rw,max_user_id=1000",
    "44 22 0:42 / /sys/fs/fuse rw - fusectl fusectl rw",
  ];
  const servers = parseMounts(lines.join("\n")).map(serverOf);
  expect(servers).toEqual([undefined, 1002, 1000, 0, -1, undefined]);
});
