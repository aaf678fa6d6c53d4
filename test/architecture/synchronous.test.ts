import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "../..");
const sources = [...new Bun.Glob("src/**/*.ts").scanSync(root)].toSorted();
const textOf = (path: string) => readFileSync(join(root, path), "utf8");

/** Where a synchronous call may wait for a disk, and why that can hold up no terminal. */
const reasons: Readonly<Record<string, readonly string[]>> = {
  "asks only disks of this machine (lib/local-disk)": [
    "src/lib/local-disk.ts",
    "src/codex/binary.ts",
    "src/cli/codex.ts",
    "src/cli/daemon-socket.ts",
    "src/pty/child.ts",
    "src/tail/watch.ts",
  ],
  "asks only memory and the machine's own disk (isSure of lib/mounts)": ["src/discord/disk.ts"],
  "runs in the helper (lib/helper-process), which may wait forever, and in commands": [
    "src/config/reader.ts",
    "src/config/file.ts",
    "src/cli/disk-helper.ts",
    "src/cli/home.ts",
    "src/lib/followed-file.ts",
    "src/lib/programs.ts",
  ],
  "/etc, which is on the system's own disk": ["src/cli/account.ts"],
  "/proc, terminals, and descriptors that are open": [
    "src/instance/process.ts",
    "src/instance/confinement.ts",
    "src/instance/identity.ts",
    "src/pty/as-started.ts",
    "src/pty/node-pty.ts",
    "src/pty/window-size.ts",
    "src/terminal/terminal.ts",
    "src/lib/output.ts",
  ],
  "the lock of the home and what lies beside it": [
    "src/instance/lock.ts",
    "src/instance/metadata.ts",
    "src/instance/proc-locks.ts",
    "src/lib/file-user.ts",
    "src/lib/look-at.ts",
    "src/lib/private-file.ts",
  ],
  "our own runtime or cache folder": [
    "src/codex/session-log-file.ts",
    "src/instance/control.ts",
    "src/pty/addon.ts",
    "src/pty/prebuild.ts",
    "src/pty/private-folder.ts",
  ],
  "the log, which only whoever debugs turns on": ["src/lib/log.ts"],
  "a command or a screen of its own: no Codex runs beneath it": [
    "src/cli/demo.ts",
    "src/cli/disk-once.ts",
    "src/cli/doctor-discord.ts",
    "src/cli/doctor-home.ts",
    "src/cli/doctor-leftovers.ts",
    "src/cli/doctor-machine.ts",
    "src/cli/relaunch-open.ts",
    "src/cli/relaunch.ts",
    "src/demo/codex-files.ts",
    "src/demo/home.ts",
    "src/demo/sessions.ts",
  ],
};

const allowed = new Set(Object.values(reasons).flat());
const isSynchronous = (path: string) => /\b(?!resolveSync|sleepSync)\w+Sync\(/.test(textOf(path));

test("a disk that does not answer stops no terminal: synchronous calls are in these files alone", () => {
  expect(sources.filter(isSynchronous).filter((path) => !allowed.has(path))).toEqual([]);
});

test("what asks only local disks does ask whether they are", () => {
  const [local = [], sure = []] = Object.values(reasons);
  const unasked = local.filter((path) => !/\bisLocal\b/.test(textOf(path)));
  expect(unasked).toEqual([]);
  expect(sure.filter((path) => !/\bisSure\b/.test(textOf(path)))).toEqual([]);
});
