import { expect, test } from "bun:test";
import { type LockSystem, tryLockWith } from "../../src/instance/lock.ts";

/** A system whose lock file is, or is no longer, the one that was opened. */
function locks(isAt: boolean): LockSystem<number> & { readonly done: string[] } {
  const done: string[] = [];
  return {
    done,
    open: () => ({ handle: 3 }),
    lock: () => "locked",
    isAt: () => isAt,
    write: (_, text) => void done.push(`wrote ${text}`),
    close: () => void done.push("closed"),
  };
}

test("the lock of a file that was deleted meanwhile is no lock, and is given back", () => {
  const moved = locks(false);
  expect(tryLockWith(moved, "/home/lock", 7).kind).toBe("taken");
  expect(moved.done).toEqual(["closed"]);
  const there = locks(true);
  expect(tryLockWith(there, "/home/lock", 7).kind).toBe("held");
  expect(there.done).toEqual(["wrote 7"]);
});
