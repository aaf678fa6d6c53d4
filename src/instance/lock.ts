import { dlopen, ptr, read } from "bun:ffi";
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  readSync,
  writeSync,
} from "node:fs";
import { constants as osConstants } from "node:os";
import { join } from "node:path";
import { codeOf } from "../lib/errors.ts";
import { openPrivate, UntrustedFile } from "../lib/private-file.ts";
import { reasonOf } from "./lock-problem.ts";
import { pidInProcLocks } from "./proc-locks.ts";
import { windowsLocks, type WindowsFiles } from "./lock-windows.ts";

/** The lock, ours until it is disposed of or the process ends, whatever ends it. */
export interface Lock extends Disposable {
  /** False once its file was deleted or replaced: then somebody else may have the lock of the new one. */
  isThere(): boolean;
}

export type LockAttempt =
  | { readonly kind: "held"; readonly lock: Lock }
  | { readonly kind: "taken" }
  /** Locks cannot be had here at all. `reason` is one line for people. */
  | { readonly kind: "unavailable"; readonly code: string; readonly reason: string };

/** Who holds the lock. The pid is the kernel's word, or unknown. */
export type Holder =
  | { readonly kind: "nobody" }
  | { readonly kind: "held"; readonly pid: number | undefined }
  | { readonly kind: "unknown"; readonly reason: string };

/** How a system opens and locks a file; `H` is its file handle. */
export interface LockSystem<H> {
  open(path: string, create: boolean): { readonly handle: H } | LockFailure;
  lock(handle: H, exclusive: boolean): "locked" | "taken" | { readonly code: string };
  /** Is this still the file at that path? */
  isAt(handle: H, path: string): boolean;
  /** Replaces the content; a failure is of no consequence. */
  write(handle: H, text: string): void;
  close(handle: H): void;
}

/** Why a file cannot be opened; `reason` is one line for people, where the code does not say it. */
export interface LockFailure {
  readonly code: string;
  readonly reason?: string;
}

/** The lock file of the one publisher, which the earlier Rust tool locks too. Never deleted. */
export const lockPath = (home: string): string => join(home, "codex-discord-presence.lock");

/** Tries for the lock without waiting, and writes our pid into the file as the Rust tool does. */
export function tryLock(path: string, pid: number): LockAttempt {
  return process.platform === "win32"
    ? tryLockWith(windows(), path, pid)
    : tryLockWith(posixLocks, path, pid);
}

/** As `tryLock`, on a given system. */
export function tryLockWith<H>(system: LockSystem<H>, path: string, pid: number): LockAttempt {
  const opened = system.open(path, true);
  if ("code" in opened) return unavailable(path, opened);
  const { handle } = opened;
  const locked = system.lock(handle, true);
  // Whoever deleted the file meanwhile left us with the lock of a file that nobody else will find.
  // @guard lock-moved
  if (locked === "locked" && system.isAt(handle, path)) {
    system.write(handle, String(pid));
    let open = true;
    return {
      kind: "held",
      lock: {
        isThere: () => isThere(system, handle, path),
        [Symbol.dispose]: () => {
          if (open) system.close(handle);
          open = false;
        },
      },
    };
  }
  system.close(handle);
  return typeof locked === "object" ? unavailable(path, locked) : { kind: "taken" };
}

function isThere<H>(system: LockSystem<H>, handle: H, path: string): boolean {
  try {
    // @guard lock-there
    return system.isAt(handle, path);
  } catch {
    return true; // A home that may not be looked at any more: nobody else can take it either.
  }
}

/**
 * Who holds the lock now. Takes nothing that could keep a taker out for more than microseconds: where
 * `/proc/locks` does not name the very file (another system, another pid namespace, a file system
 * that numbers otherwise), a shared lock is tried and given back at once.
 */
export function lockHolder(path: string): Holder {
  const listed = pidInProcLocks(path);
  if (listed !== undefined) return { kind: "held", pid: listed };
  const probed = probeLock(path);
  // Taken between the two looks, perhaps: then the list names it now.
  return probed.kind === "held" ? { kind: "held", pid: pidInProcLocks(path) } : probed;
}

/**
 * As `lockHolder`, for somebody who has just found the lock taken and will try again: a crowd of
 * takers that probe would keep each other out. So it goes by the list of locks alone, and says
 * "nobody" to what is not listed; only what stays so for 250 ms is probed.
 *
 * @param now monotonic ms
 */
export function takerHolder(path: string, now: () => number): () => Holder {
  let unlistedSince: number | undefined;
  return () => {
    const pid = pidInProcLocks(path);
    unlistedSince = pid === undefined ? (unlistedSince ?? now()) : undefined;
    if (pid !== undefined) return { kind: "held", pid };
    if (unlistedSince !== undefined && now() - unlistedSince < probePatienceMs) {
      return { kind: "nobody" };
    }
    const holder = lockHolder(path);
    if (holder.kind === "nobody") unlistedSince = undefined;
    return holder;
  };
}

/** How long a probe of another process may be what keeps us out, ms. */
const probePatienceMs = 250;

/** As `lockHolder`, by the shared lock alone: a fifth of the work. */
export function probeLock(path: string): Holder {
  return process.platform === "win32" ? probeWith(windows(), path) : probeWith(posixLocks, path);
}

/** As `probeLock`, on a given system. */
export function probeWith<H>(system: LockSystem<H>, path: string): Holder {
  const opened = system.open(path, false);
  if ("code" in opened) {
    if (opened.code === "ENOENT") return { kind: "nobody" };
    return { kind: "unknown", reason: opened.reason ?? reasonOf(path, opened.code) };
  }
  const locked = system.lock(opened.handle, false);
  system.close(opened.handle);
  if (locked === "locked") return { kind: "nobody" };
  if (locked === "taken") return { kind: "held", pid: undefined };
  return { kind: "unknown", reason: reasonOf(path, locked.code) };
}

/** The pid that the holder wrote into the lock file. Only a hint: it outlives the holder. */
export function writtenPid(path: string): number | undefined {
  try {
    const fd = openPrivate(path, constants.O_RDONLY);
    try {
      const bytes = new Uint8Array(32);
      const text = new TextDecoder().decode(bytes.subarray(0, readSync(fd, bytes)));
      const pid = /^\s*([1-9]\d{0,9})\s*$/.exec(text)?.[1];
      return pid === undefined ? undefined : Number(pid);
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined; // No file, or one that may not be read (Windows, while it is locked).
  }
}

/** `flock(2)`: bound to the open file, which is closed in every child (`O_CLOEXEC`). */
const posixLocks: LockSystem<number> = {
  open(path, create) {
    const access = create ? constants.O_RDWR | constants.O_CREAT : constants.O_RDONLY;
    try {
      // @guard lock-private
      const handle = openPrivate(path, access);
      if (create) closeToReaders(handle);
      return { handle };
    } catch (error) {
      const code = codeOf(error) ?? "unknown error";
      return error instanceof UntrustedFile ? { code, reason: error.message } : { code };
    }
  },
  lock(handle, exclusive) {
    try {
      const { flock } = libc();
      // @guard lock-exclusive
      if (flock(handle, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) === 0) return "locked";
      const code = errnoName();
      return code === "EWOULDBLOCK" || code === "EAGAIN" ? "taken" : { code };
    } catch {
      return { code: "no C library with flock was found" };
    }
  },
  isAt(handle, path) {
    const ours = fstatSync(handle, { bigint: true });
    const there = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    // @guard lock-same-file
    return ours.ino === there?.ino && ours.dev === there.dev;
  },
  write(handle, text) {
    try {
      ftruncateSync(handle);
      writeSync(handle, text, 0);
    } catch {
      // A full disk: the lock holds all the same, and the pid stands in the metadata.
    }
  },
  close: closeSync,
};

/** Another user who may read it could lock it; the earlier Rust tool made it with mode 0644. */
function closeToReaders(handle: number): void {
  try {
    // @guard lock-readers
    if ((fstatSync(handle).mode & 0o077) !== 0) fchmodSync(handle, 0o600);
  } catch {
    // A mount without modes (WSL): its owner is the user.
  }
}

const LOCK_SH = 1;
const LOCK_EX = 2;
const LOCK_NB = 4;

function openLibc() {
  if (process.platform === "darwin") {
    const { flock, __error } = dlopen("libSystem.B.dylib", {
      flock: { args: ["i32", "i32"], returns: "i32" },
      __error: { args: [], returns: "ptr" },
    }).symbols;
    return { flock, errno: __error };
  }
  const { flock, __errno_location } = dlopen("libc.so.6", {
    flock: { args: ["i32", "i32"], returns: "i32" },
    __errno_location: { args: [], returns: "ptr" },
  }).symbols;
  return { flock, errno: __errno_location };
}

let loadedLibc: ReturnType<typeof openLibc> | undefined;
const libc = () => (loadedLibc ??= openLibc());
let loadedWindows: LockSystem<bigint> | undefined;
const windows = () => (loadedWindows ??= windowsLocks(kernel32()));

function errnoName(): string {
  const address = libc().errno();
  const number = address === null ? 0 : read.i32(address, 0);
  const names = Object.entries(osConstants.errno);
  return names.find(([, value]) => value === number)?.[0] ?? `errno ${number}`;
}

function kernel32(): WindowsFiles {
  const symbols = dlopen("kernel32.dll", {
    CreateFileW: { args: ["ptr", "u32", "u32", "ptr", "u32", "u32", "ptr"], returns: "u64" },
    LockFileEx: { args: ["u64", "u32", "u32", "u32", "u32", "ptr"], returns: "i32" },
    SetEndOfFile: { args: ["u64"], returns: "i32" },
    WriteFile: { args: ["u64", "ptr", "u32", "ptr", "ptr"], returns: "i32" },
    CloseHandle: { args: ["u64"], returns: "i32" },
    GetLastError: { args: [], returns: "u32" },
  }).symbols;
  return {
    ...symbols,
    CreateFileW: (path, ...rest) => symbols.CreateFileW(ptr(path), ...rest),
    LockFileEx: (handle, flags, reserved, low, high, overlapped) =>
      symbols.LockFileEx(handle, flags, reserved, low, high, ptr(overlapped)),
    WriteFile: (handle, bytes, length, written) =>
      symbols.WriteFile(handle, ptr(bytes), length, ptr(written), null),
  };
}

function unavailable(path: string, { code, reason }: LockFailure): LockAttempt {
  return { kind: "unavailable", code, reason: reason ?? reasonOf(path, code) };
}
