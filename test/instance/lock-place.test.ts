import { expect, test } from "bun:test";
import {
  chmodSync,
  linkSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import {
  lockHolder,
  lockPath,
  type LockSystem,
  tryLock,
  tryLockWith,
  writtenPid,
} from "../../src/instance/lock.ts";
import { pidInProcLocks } from "../../src/instance/proc-locks.ts";
import { Stage } from "./stage.ts";

test.each<[string, (path: string, target: string) => void, string]>([
  ["a link", (path, target) => symlinkSync(target, path), "is a link"],
  ["a link to nothing", (path) => symlinkSync("../nothing", path), "is a link"],
  ["another name of a file", (path, target) => linkSync(target, path), "has 2 names (hard links)"],
])("%s in the lock's place is refused, and the target stays as it is", async (_, make, why) => {
  await using stage = new Stage();
  const [path, target] = [lockPath(stage.home), join(stage.home, "../target")];
  writeFileSync(target, "4711", { mode: 0o644 });
  make(path, target);
  const reason = `${path} ${why}`;
  expect(tryLock(path, 1)).toEqual({ kind: "unavailable", code: "UNTRUSTED", reason });
  expect(lockHolder(path)).toEqual({ kind: "unknown", reason });
  expect(writtenPid(path)).toBeUndefined();
  expect([readFileSync(target, "utf8"), statSync(target).mode & 0o777]).toEqual(["4711", 0o644]);
  expect(() => statSync(join(stage.home, "../nothing"))).toThrow("ENOENT");
});

test("a lock in a folder to which others may write is refused, and not made", async () => {
  await using stage = new Stage();
  chmodSync(stage.home, 0o757);
  const reason = `the folder ${stage.home} can be written by other users`;
  expect(tryLock(lockPath(stage.home), 1)).toMatchObject({ kind: "unavailable", reason });
  expect(() => statSync(lockPath(stage.home))).toThrow("ENOENT");
});

test("a lock that others could take, since they may read it, is closed to them", async () => {
  await using stage = new Stage();
  const path = lockPath(stage.home);
  writeFileSync(path, "1", { mode: 0o644 });
  const attempt = tryLock(path, process.pid);
  expect(attempt.kind).toBe("held");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  if (attempt.kind === "held") attempt.lock[Symbol.dispose]();
});

test("a lock on a file that has another place by then is none, and its content stays", () => {
  const done: string[] = [];
  const system: LockSystem<number> = {
    open: () => ({ handle: 1 }),
    lock: () => "locked",
    isAt: () => false,
    write: () => void done.push("written"),
    close: () => void done.push("closed"),
  };
  expect(tryLockWith(system, "/h/lock", 1)).toEqual({ kind: "taken" });
  expect(done).toEqual(["closed"]);
});

test("a lock whose file gives way to a link to it is lost, and the system's list names no holder", async () => {
  await using stage = new Stage();
  const path = lockPath(stage.home);
  const attempt = tryLock(path, process.pid);
  if (attempt.kind !== "held") throw new Error(attempt.kind);
  expect(pidInProcLocks(path)).toBe(process.pid);
  renameSync(path, `${path}.moved`);
  symlinkSync(`${path}.moved`, path);
  expect(attempt.lock.isThere()).toBe(false);
  expect(pidInProcLocks(path)).toBeUndefined();
  attempt.lock[Symbol.dispose]();
});
