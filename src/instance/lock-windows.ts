import type { LockSystem } from "./lock.ts";

/** What is used of `kernel32.dll`; buffers are passed by address. */
export interface WindowsFiles {
  CreateFileW(
    path: Uint8Array,
    access: number,
    share: number,
    security: null,
    disposition: number,
    attributes: number,
    template: null,
  ): bigint;
  LockFileEx(
    handle: bigint,
    flags: number,
    reserved: number,
    low: number,
    high: number,
    overlapped: Uint8Array,
  ): number;
  SetEndOfFile(handle: bigint): number;
  WriteFile(
    handle: bigint,
    bytes: Uint8Array,
    length: number,
    written: Uint8Array,
    overlapped: null,
  ): number;
  CloseHandle(handle: bigint): number;
  GetLastError(): number;
}

const GENERIC_READ_WRITE = 0xc0000000;
const GENERIC_READ = 0x80000000;
const SHARE_ALL = 7;
const OPEN_EXISTING = 3;
const OPEN_ALWAYS = 4;
const ATTRIBUTE_NORMAL = 0x80;
const LOCKFILE_FAIL_IMMEDIATELY = 1;
const LOCKFILE_EXCLUSIVE_LOCK = 2;
const INVALID_HANDLE = 0xffffffffffffffffn;
const WHOLE = 0xffffffff;
/** `sizeof(OVERLAPPED)`: zeroed, it says offset 0. */
const OVERLAPPED = 32;

const codes: Readonly<Record<number, string>> = {
  2: "ENOENT",
  3: "ENOENT",
  5: "EACCES",
  19: "EROFS",
  50: "ENOTSUP",
  112: "ENOSPC",
};

/**
 * `LockFileEx` over the whole file, as Rust's `File::try_lock` does it. A null security descriptor
 * makes a handle that no child inherits; closing it, or the end of the process, ends the lock.
 */
export function windowsLocks(files: WindowsFiles): LockSystem<bigint> {
  const failure = () => {
    const error = files.GetLastError();
    return { code: codes[error] ?? `Windows error ${error}` };
  };
  return {
    open(path, create) {
      const handle = files.CreateFileW(
        wide(path),
        create ? GENERIC_READ_WRITE : GENERIC_READ,
        SHARE_ALL,
        null,
        create ? OPEN_ALWAYS : OPEN_EXISTING,
        ATTRIBUTE_NORMAL,
        null,
      );
      return handle === INVALID_HANDLE ? failure() : { handle };
    },
    lock(handle, exclusive) {
      const flags = LOCKFILE_FAIL_IMMEDIATELY | (exclusive ? LOCKFILE_EXCLUSIVE_LOCK : 0);
      const zero = new Uint8Array(OVERLAPPED);
      if (files.LockFileEx(handle, flags, 0, WHOLE, WHOLE, zero) !== 0) return "locked";
      const { code } = failure();
      // ERROR_LOCK_VIOLATION, ERROR_IO_PENDING; 0 where the call in between has reset it.
      return /^Windows error (33|997|0)$/.test(code) ? "taken" : { code };
    },
    isAt: () => true, // An open file cannot be replaced by another here.
    write(handle, text) {
      const bytes = new TextEncoder().encode(text);
      files.SetEndOfFile(handle);
      files.WriteFile(handle, bytes, bytes.length, new Uint8Array(4), null);
    },
    close: (handle) => void files.CloseHandle(handle),
  };
}

/** UTF-16 with its closing zero. */
function wide(text: string): Uint8Array {
  const units = Uint16Array.from(`${text}\0`, (unit) => unit.charCodeAt(0));
  return new Uint8Array(units.buffer);
}
