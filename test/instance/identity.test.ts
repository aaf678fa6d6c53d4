import { expect, setDefaultTimeout, test } from "bun:test";
import {
  darwinReader,
  linuxReader,
  seeProcess,
  signalProcess,
  windowsReader,
} from "../../src/instance/identity.ts";
import { waitFor } from "../support/wait-for.ts";

setDefaultTimeout(20_000);

test("a living process has one identity, another process another, an ended one none", async () => {
  await using first = Bun.spawn(["sleep", "60"]);
  // The clock of process starts has ticks of 10 ms.
  const mine = seeProcess(process.pid);
  expect(mine).toEqual(seeProcess(process.pid));
  expect(seeProcess(first.pid)?.identity).not.toBe(mine?.identity);
  expect(seeProcess(first.pid)?.stopped).toBe(false);
  first.kill("SIGSTOP");
  await waitFor("the stop", () => seeProcess(first.pid)?.stopped === true);
  first.kill("SIGKILL");
  await first.exited;
  expect(seeProcess(first.pid)).toBeUndefined();
});

test("a signal goes to no other process than the one that was meant, nor to ourselves", async () => {
  await using child = Bun.spawn(["sleep", "60"]);
  const own = seeProcess(process.pid)?.identity ?? "";
  const identity = seeProcess(child.pid)?.identity ?? "";
  expect(signalProcess(child.pid, own, "SIGKILL")).toBe(false);
  expect(signalProcess(child.pid, "", "SIGKILL")).toBe(false);
  expect(seeProcess(child.pid)?.identity).toBe(identity);
  expect(signalProcess(process.pid, own, "SIGTERM")).toBe(false);
  expect(signalProcess(child.pid, identity, "SIGKILL")).toBe(true);
  await child.exited;
  expect(child.signalCode).toBe("SIGKILL");
  expect(signalProcess(child.pid, identity, "SIGKILL")).toBe(false);
});

test.each([0, -1, 1.5, Number.NaN, 2 ** 60, 4_194_305])("%p is no process", (pid) => {
  expect(seeProcess(pid)).toBeUndefined();
});

const stat = (state: string, name = "sh") =>
  `7 (${name}) ${state} 1 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 8412 1 2 3`;
const proc = (text: string) => linuxReader((path) => (path.endsWith("boot_id") ? "boot\n" : text));

test.each([
  [stat("S"), { identity: "boot:8412", stopped: false }],
  [stat("T"), { identity: "boot:8412", stopped: true }],
  [stat("t"), { identity: "boot:8412", stopped: true }],
  [stat("S", "a) R 9 (b"), { identity: "boot:8412", stopped: false }],
  [stat("Z"), undefined],
  [stat("X"), undefined],
  ["", undefined],
])("Linux: %p", (text, seen) => {
  expect(proc(text)(7)).toEqual(seen);
});

test.each([
  [136, 2, { identity: "1700000000.123456", stopped: false }],
  [136, 4, { identity: "1700000000.123456", stopped: true }],
  [136, 5, undefined],
  [0, 2, undefined],
])("macOS: %p bytes, status %p", (size, status, seen) => {
  const reader = darwinReader({
    proc_pidinfo: (pid, flavor, arg, buffer, room) => {
      expect([pid, flavor, arg, room]).toEqual([7, 3, 0n, 136]);
      const view = new DataView(buffer.buffer);
      view.setUint32(4, status, true);
      view.setBigUint64(120, 1700000000n, true);
      view.setBigUint64(128, 123456n, true);
      return size;
    },
  });
  expect(reader(7)).toEqual(seen);
});

test.each([
  [259, 1, { identity: "133000000000000000", stopped: false }],
  [0, 1, undefined],
  [259, 0, undefined],
])("Windows: exit status %p, times %p", (status, ok, seen) => {
  const closed: bigint[] = [];
  const reader = windowsReader({
    OpenProcess: (access, inherit, pid) => (access === 0x1000 && inherit === 0 ? BigInt(pid) : 0n),
    GetProcessTimes: (_, created) => {
      new DataView(created.buffer).setBigUint64(0, 133000000000000000n, true);
      return ok;
    },
    GetExitCodeProcess: (_, buffer) => {
      new DataView(buffer.buffer).setUint32(0, status, true);
      return 1;
    },
    CloseHandle: (handle) => closed.push(handle),
  });
  expect(reader(7)).toEqual(seen);
  expect(closed).toEqual([7n]);
});
