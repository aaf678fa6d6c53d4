import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import {
  lockHolder,
  lockPath,
  probeWith,
  takerHolder,
  tryLock,
  tryLockWith,
  writtenPid,
} from "../../src/instance/lock.ts";
import type { Lock, LockSystem } from "../../src/instance/lock.ts";
import { waitFor } from "../support/wait-for.ts";
import { Stage } from "./stage.ts";

setDefaultTimeout(20_000);

const other = { kind: "taken" } as const;

function held(path: string): Lock {
  const attempt = tryLock(path, process.pid);
  if (attempt.kind !== "held") throw new Error(attempt.kind);
  return attempt.lock;
}

test("one holder; the file keeps the pid as text and stays", () => {
  using stage = sync(new Stage());
  const path = lockPath(stage.home);
  const lock = held(path);
  expect(tryLock(path, 1)).toEqual(other);
  expect(lockHolder(path)).toEqual({ kind: "held", pid: process.pid });
  lock[Symbol.dispose]();
  lock[Symbol.dispose](); // Once is enough, and twice closes nobody else's file.
  expect(lockHolder(path)).toEqual({ kind: "nobody" });
  expect(readFileSync(path, "utf8")).toBe(String(process.pid));
  expect(writtenPid(path)).toBe(process.pid);
  held(path)[Symbol.dispose]();
});

const flock = Bun.which("flock");
test("excludes the earlier Rust tool and is excluded by it", async () => {
  await using stage = new Stage();
  const path = lockPath(stage.home);
  const lock = held(path);
  await stage.child("rust-tool-child.ts").said("taken");
  if (flock !== null) expect(await stage.command(flock, "-n", path, "true").exited).toBe(1);
  lock[Symbol.dispose]();

  const tool = stage.child("rust-tool-child.ts");
  await tool.said("held");
  expect(tryLock(path, process.pid)).toEqual(other);
  expect(lockHolder(path)).toEqual({ kind: "held", pid: tool.pid });
  expect(writtenPid(path)).toBe(tool.pid);
  tool.signal("SIGKILL");
  await tool.exited;
  held(path)[Symbol.dispose]();
});

test("the lock ends with its holder, whatever kills it, also while its child runs on", async () => {
  await using stage = new Stage();
  const path = lockPath(stage.home);
  const holder = stage.child("lock-child.ts");
  holder.tell("take");
  await holder.said("held");
  holder.tell("spawn");
  const child = Number((await holder.said("spawned")).split(" ")[1]);
  holder.signal("SIGKILL");
  await holder.exited;
  process.kill(child, 0); // Throws if it had ended.
  held(path)[Symbol.dispose]();
  process.kill(child, "SIGKILL");
});

test("a child inherits no handle of the lock", () => {
  using stage = sync(new Stage());
  const lock = held(lockPath(stage.home));
  const listed = Bun.spawnSync(["sh", "-c", "ls -l /proc/self/fd /dev/fd 2>/dev/null"]);
  expect(listed.stdout.toString()).not.toContain("codex-discord-presence.lock");
  lock[Symbol.dispose]();
});

test("the lock of a file that was deleted meanwhile is no lock", () => {
  using stage = sync(new Stage());
  const path = lockPath(stage.home);
  const first = held(path);
  expect(first.isThere()).toBe(true);
  rmSync(path);
  expect(first.isThere()).toBe(false);
  const second = held(path);
  expect([first.isThere(), second.isThere()]).toEqual([false, true]);
  expect(tryLock(path, 1)).toEqual(other);
  second[Symbol.dispose]();
  first[Symbol.dispose]();
});

test("a home that is gone, and other things in the lock's place, are named", () => {
  using stage = sync(new Stage());
  const path = lockPath(stage.home);
  expect(tryLock(lockPath(`${stage.home}/no`), 1)).toMatchObject({ code: "ENOENT" });
  expect(lockHolder(path)).toEqual({ kind: "nobody" });
  mkdirSync(path);
  expect(tryLock(path, 1)).toMatchObject({ kind: "unavailable", code: "UNTRUSTED" });
  expect(lockHolder(path)).toMatchObject({ kind: "unknown" });
  rmSync(path, { recursive: true });
  expect(Bun.spawnSync(["mkfifo", path]).exitCode).toBe(0);
  expect(tryLock(path, 1)).toMatchObject({ reason: `${path} is not a regular file` });
  expect(writtenPid(path)).toBeUndefined();
});

test.each(["", "x", "-4", "0", "1 2", "9".repeat(40)])(
  "a lock file with %p names nobody",
  (text) => {
    using stage = sync(new Stage());
    writeFileSync(lockPath(stage.home), text);
    expect(writtenPid(lockPath(stage.home))).toBeUndefined();
  },
);

const failing = (code: string, where: "open" | "lock"): LockSystem<number> => ({
  open: () => (where === "open" ? { code } : { handle: 1 }),
  lock: () => ({ code }),
  isAt: () => true,
  write: () => undefined,
  close: () => undefined,
});

test.each([
  ["EROFS", "open", "/h/lock may not be written (EROFS)"],
  ["EACCES", "open", "/h/lock may not be written (EACCES)"],
  ["ENOSPC", "open", "no space is left for /h/lock (ENOSPC)"],
  ["ENOLCK", "lock", "the file system of /h/lock has no locks (ENOLCK)"],
  ["EOPNOTSUPP", "lock", "the file system of /h/lock has no locks (EOPNOTSUPP)"],
  ["EIO", "lock", "/h/lock cannot be locked (EIO)"],
] as const)("where locks do not work (%s at %s) the reason says so", (code, where, reason) => {
  const attempt = tryLockWith(failing(code, where), "/h/lock", 1);
  expect(attempt).toEqual({ kind: "unavailable", code, reason });
  expect(probeWith(failing(code, where), "/h/lock")).toEqual({ kind: "unknown", reason });
});

test("a probe keeps a taker out for no longer than a moment", async () => {
  await using stage = new Stage();
  const path = lockPath(stage.home);
  const prober = stage.child("lock-child.ts");
  for (let turn = 0; turn < 20; turn += 1) prober.tell("inspect 50");
  await prober.said("look");
  let taken = 0;
  while (taken < 20) {
    await waitFor(
      "the lock",
      () => {
        const attempt = tryLock(path, process.pid);
        if (attempt.kind === "held") attempt.lock[Symbol.dispose]();
        return attempt.kind === "held";
      },
      2000,
    );
    taken += 1;
  }
  expect(taken).toBe(20);
});

test("a taker goes by the list, and probes only what is not listed for 250 ms", () => {
  using stage = sync(new Stage());
  const path = lockPath(stage.home);
  let now = 0;
  const holder = takerHolder(path, () => now);
  expect(holder()).toEqual({ kind: "nobody" });
  const lock = held(path);
  expect(holder()).toEqual({ kind: "held", pid: process.pid });
  lock[Symbol.dispose]();
  // What cannot be opened is never listed; only the probe tells why.
  rmSync(path);
  mkdirSync(path);
  expect(holder()).toEqual({ kind: "nobody" });
  now = 249;
  expect(holder()).toEqual({ kind: "nobody" });
  now = 250;
  expect(holder()).toMatchObject({ kind: "unknown" });
});

function sync(stage: Stage): Stage & Disposable {
  return Object.assign(stage, {
    [Symbol.dispose]: () => rmSync(dirname(stage.home), { recursive: true, force: true }),
  });
}
