import { dlopen, ptr } from "bun:ffi";
import { readFileSync } from "node:fs";

/** A process as it is now. */
export interface SeenProcess {
  /** Differs for every process that ever has this pid: its start, and the boot it belongs to. */
  readonly identity: string;
  /** Stopped by a signal or a debugger: it neither answers nor ends until it is continued. */
  readonly stopped: boolean;
}

/** Looks at a process. `undefined`: there is none, a zombie, or it may not be looked at. */
export type ProcessReader = (pid: number) => SeenProcess | undefined;

const readers: Partial<Record<NodeJS.Platform, () => ProcessReader>> = {
  linux: () => linuxReader((path) => readFileSync(path, "latin1")),
  darwin: () => darwinReader(libproc()),
  win32: () => windowsReader(kernel32()),
};
let reader: ProcessReader | undefined;

/** Looks at a process of this machine, by whatever this system offers. Never throws. */
export function seeProcess(pid: number): SeenProcess | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  try {
    reader ??= readers[process.platform]?.() ?? (() => undefined);
    return reader(pid);
  } catch {
    return undefined; // Gone meanwhile, or not ours to look at: no process that we may trust.
  }
}

/** This process, as it will be described to others. */
export function ownProcess(): {
  readonly pid: number;
  readonly exePath: string;
  readonly identity: string | undefined;
} {
  const { pid, execPath } = process;
  return { pid, exePath: execPath, identity: seeProcess(pid)?.identity };
}

/** Sends a signal, but only to the very process that had this identity. */
export function signalProcess(pid: number, identity: string, name: "SIGTERM" | "SIGKILL"): boolean {
  // @guard signal-self
  // @guard signal-identity
  if (pid === process.pid || seeProcess(pid)?.identity !== identity) return false;
  try {
    return process.kill(pid, name);
  } catch {
    return false; // It has ended in between.
  }
}

/** Fields 3 and 22 of `/proc/<pid>/stat` (proc(5)): state letter and start in clock ticks. */
export function linuxReader(read: (path: string) => string): ProcessReader {
  return (pid) => {
    const stat = read(`/proc/${pid}/stat`);
    // The name in parentheses may hold anything, further parentheses included.
    // @guard identity-name-parenthesis
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, ticks] = [fields[0], fields[19]];
    // @guard identity-zombie
    if (state === undefined || ticks === undefined || "ZXx".includes(state)) return undefined;
    const boot = read("/proc/sys/kernel/random/boot_id").trim();
    // @guard identity-boot
    return { identity: `${boot}:${ticks}`, stopped: state === "T" || state === "t" };
  };
}

interface LibProc {
  proc_pidinfo(pid: number, flavor: number, arg: bigint, buffer: Uint8Array, size: number): number;
}

/** `PROC_PIDTBSDINFO` and `struct proc_bsdinfo` of macOS's `sys/proc_info.h`. */
const bsdInfo = { flavor: 3, size: 136, status: 4, seconds: 120, microseconds: 128 };
const SSTOP = 4;
const SZOMB = 5;

/** Creation time to the microsecond, which no two processes of one pid share. */
export function darwinReader(lib: LibProc): ProcessReader {
  return (pid) => {
    const info = new Uint8Array(bsdInfo.size);
    const got = lib.proc_pidinfo(pid, bsdInfo.flavor, 0n, info, bsdInfo.size);
    const view = new DataView(info.buffer);
    const status = view.getUint32(bsdInfo.status, true);
    if (got !== bsdInfo.size || status === SZOMB) return undefined;
    const seconds = view.getBigUint64(bsdInfo.seconds, true);
    const micros = view.getBigUint64(bsdInfo.microseconds, true);
    return { identity: `${seconds}.${micros}`, stopped: status === SSTOP };
  };
}

interface Kernel32 {
  OpenProcess(access: number, inherit: number, pid: number): bigint;
  GetProcessTimes(
    handle: bigint,
    created: Uint8Array,
    exited: Uint8Array,
    kernel: Uint8Array,
    user: Uint8Array,
  ): number;
  GetExitCodeProcess(handle: bigint, status: Uint8Array): number;
  CloseHandle(handle: bigint): number;
}

const PROCESS_QUERY_LIMITED_INFORMATION = 0x1000;
const STILL_ACTIVE = 259;

/** Creation time in units of 100 ns. An ended process that somebody still has open counts as none. */
export function windowsReader(lib: Kernel32): ProcessReader {
  return (pid) => {
    const handle = lib.OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, 0, pid);
    if (handle === 0n) return undefined;
    const [created, status] = [new Uint8Array(8), new Uint8Array(4)];
    const others = [new Uint8Array(8), new Uint8Array(8), new Uint8Array(8)] as const;
    const ok =
      lib.GetProcessTimes(handle, created, ...others) !== 0 &&
      lib.GetExitCodeProcess(handle, status) !== 0;
    lib.CloseHandle(handle);
    // @guard identity-ended
    if (!ok || new DataView(status.buffer).getUint32(0, true) !== STILL_ACTIVE) return undefined;
    const time = new DataView(created.buffer).getBigUint64(0, true);
    return { identity: String(time), stopped: false };
  };
}

function libproc(): LibProc {
  const { proc_pidinfo } = dlopen("libSystem.B.dylib", {
    proc_pidinfo: { args: ["i32", "i32", "u64", "ptr", "i32"], returns: "i32" },
  }).symbols;
  return {
    proc_pidinfo: (pid, flavor, arg, buffer, size) =>
      proc_pidinfo(pid, flavor, arg, ptr(buffer), size),
  };
}

function kernel32(): Kernel32 {
  const symbols = dlopen("kernel32.dll", {
    OpenProcess: { args: ["u32", "i32", "u32"], returns: "u64" },
    GetProcessTimes: { args: ["u64", "ptr", "ptr", "ptr", "ptr"], returns: "i32" },
    GetExitCodeProcess: { args: ["u64", "ptr"], returns: "i32" },
    CloseHandle: { args: ["u64"], returns: "i32" },
  }).symbols;
  return {
    OpenProcess: symbols.OpenProcess,
    GetProcessTimes: (handle, created, exited, kernel, user) =>
      symbols.GetProcessTimes(handle, ptr(created), ptr(exited), ptr(kernel), ptr(user)),
    GetExitCodeProcess: (handle, status) => symbols.GetExitCodeProcess(handle, ptr(status)),
    CloseHandle: symbols.CloseHandle,
  };
}
