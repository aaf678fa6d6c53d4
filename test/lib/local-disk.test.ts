import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { isLocal } from "../../src/lib/local-disk.ts";
import { disksOf, parseMounts as mountsIn } from "../../src/lib/mounts.ts";

const scratch = join(import.meta.dir, "../../.scratch");
let root: string;
beforeAll(() => {
  mkdirSync(scratch, { recursive: true });
  root = realpathSync(mkdtempSync(join(scratch, "local-")));
  mkdirSync(join(root, "far"));
  mkdirSync(join(root, "near/below"), { recursive: true });
  mkdirSync(join(root, "a b"));
  symlinkSync("../far/x", join(root, "near/link"));
  symlinkSync(join(root, "near/link"), join(root, "near/second"));
  symlinkSync("below", join(root, "near/harmless"));
  symlinkSync("round", join(root, "near/round"));
  symlinkSync("../far/../near", join(root, "near/through"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const parseMounts = (mountinfo: string, exe: string) => disksOf(mountsIn(mountinfo), exe);

/** As in proc_pid_mountinfo(5). */
const line = (point: string, kind: string) =>
  `36 35 98:0 / ${point.replaceAll(" ", "\\040")} rw,noatime master:1 - ${kind} /dev/x rw`;

const mounts = () =>
  parseMounts(
    [
      line("/", "ext4"),
      line(join(root, "far"), "fuse.sshfs"),
      line(join(root, "a b"), "nfs4"),
      "",
    ].join("\n"),
    "/usr/bin/cdp",
  );

test.each<[string, boolean]>([
  ["near/below", true],
  ["near/none/at/all", true],
  ["near/harmless", true],
  ["near/round", true],
  ["far", false],
  ["far/x", false],
  ["near/link", false],
  ["near/second", false],
  ["near/second/below", false],
  ["near/through", false],
  ["near/../far/x", false],
  ["farther", true],
  ["a b/x", false],
])("%s is local: %p", (path, local) => {
  expect(isLocal(`${root}/${path}`, mounts())).toBe(local);
});

test("the last mount on a folder counts, and an unknown kind may hang", () => {
  const over = parseMounts([line("/", "nfs"), line("/", "ext4")].join("\n"), "/usr/bin/cdp");
  expect(isLocal("/etc", over)).toBe(true);
  const odd = parseMounts([line("/", "ext4"), line("/odd", "oddfs")].join("\n"), "/usr/bin/cdp");
  expect(isLocal("/odd/x", odd)).toBe(false);
});

test("the disk that we run from answers, or nothing does", () => {
  const whole = parseMounts(line("/", "9p"), "/usr/bin/cdp");
  expect(isLocal("/etc", whole)).toBe(true);
});
