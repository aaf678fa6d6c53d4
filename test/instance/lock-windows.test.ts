import { expect, test } from "bun:test";
import { probeWith, tryLockWith } from "../../src/instance/lock.ts";
import { windowsLocks, type WindowsFiles } from "../../src/instance/lock-windows.ts";

const invalid = 0xffffffffffffffffn;

/** One file of a Windows that knows nothing but locks. */
class Kernel32 implements WindowsFiles {
  readonly #holders = new Map<bigint, "exclusive" | "shared">();
  readonly open = new Map<bigint, string>();
  exists = false;
  content = "";
  error = 0;
  /** What goes wrong: the error of opening, or of locking. */
  fault: { readonly open?: number; readonly lock?: number } = {};
  #next = 1n;

  CreateFileW(path: Uint8Array, access: number, share: number, _: null, how: number): bigint {
    expect(share).toBe(7);
    const error = this.fault.open ?? (how === 3 && !this.exists ? 2 : 0);
    this.error = error;
    if (error !== 0) return invalid;
    this.exists = true;
    const handle = this.#next++;
    const name = new TextDecoder("utf-16le").decode(path);
    this.open.set(handle, `${name.slice(0, -1)} ${access.toString(16)}`);
    return handle;
  }

  LockFileEx(handle: bigint, flags: number, reserved: number, low: number, high: number): number {
    expect([flags & 1, reserved, low, high]).toEqual([1, 0, 0xffffffff, 0xffffffff]);
    const exclusive = (flags & 2) !== 0;
    const others = [...this.#holders.values()];
    const free = exclusive ? others.length === 0 : !others.includes("exclusive");
    this.error = this.fault.lock ?? (free ? 0 : 33);
    if (this.error !== 0) return 0;
    this.#holders.set(handle, exclusive ? "exclusive" : "shared");
    return 1;
  }

  SetEndOfFile(): number {
    this.content = "";
    return 1;
  }

  WriteFile(_: bigint, bytes: Uint8Array): number {
    this.content += new TextDecoder().decode(bytes);
    return 1;
  }

  CloseHandle(handle: bigint): number {
    this.#holders.delete(handle);
    this.open.delete(handle);
    return 1;
  }

  GetLastError(): number {
    return this.error;
  }
}

test("Windows: one holder over the whole file, seen by a probe, gone with its handle", () => {
  const files = new Kernel32();
  const system = windowsLocks(files);
  expect(probeWith(system, "C:\\é\\lock")).toEqual({ kind: "nobody" });
  const first = tryLockWith(system, "C:\\é\\lock", 77);
  if (first.kind !== "held") throw new Error(first.kind);
  expect(files.content).toBe("77");
  expect([...files.open.values()]).toEqual(["C:\\é\\lock c0000000"]);
  expect(tryLockWith(system, "C:\\é\\lock", 78)).toEqual({ kind: "taken" });
  expect(probeWith(system, "C:\\é\\lock")).toEqual({ kind: "held", pid: undefined });
  first.lock[Symbol.dispose]();
  expect(probeWith(system, "C:\\é\\lock")).toEqual({ kind: "nobody" });
  expect(files.open.size).toBe(0);
  expect(tryLockWith(system, "C:\\é\\lock", 78).kind).toBe("held");
});

test.each([
  [{ open: 5 }, { kind: "unavailable", code: "EACCES" }],
  [{ open: 3 }, { kind: "unavailable", code: "ENOENT" }],
  [{ open: 112 }, { kind: "unavailable", code: "ENOSPC" }],
  [{ open: 1234 }, { kind: "unavailable", code: "Windows error 1234" }],
  [{ lock: 50 }, { kind: "unavailable", code: "ENOTSUP" }],
  [{ lock: 33 }, { kind: "taken" }],
  [{ lock: 997 }, { kind: "taken" }],
])("Windows: what fails is named, %#", (fault, expected) => {
  const files = new Kernel32();
  files.fault = fault;
  expect(tryLockWith(windowsLocks(files), "C:\\lock", 1)).toMatchObject(expected);
  expect(files.open.size).toBe(0);
});
