import { lstatSync, readFileSync } from "node:fs";

const procLock = /^\d+: FLOCK\s+ADVISORY\s+WRITE\s+(\d+)\s+([0-9a-f]+):([0-9a-f]+):(\d+)\s/;

/**
 * The holder by `/proc/locks`, matched by device and inode. Its absence there proves nothing: a
 * long list is read in pieces, and holders in other pid namespaces are left out.
 */
export function pidInProcLocks(path: string): number | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const { dev, ino } = lstatSync(path, { bigint: true });
    for (const line of readFileSync("/proc/locks", "latin1").split("\n")) {
      const [, pid, major, minor, inode] = procLock.exec(line) ?? [];
      // @guard lock-listed-file
      if (inode !== String(ino)) continue;
      if (deviceNumber(Number(`0x${major}`), Number(`0x${minor}`)) === dev) return Number(pid);
    }
  } catch {
    // No file, or no /proc: the probe will tell.
  }
  return undefined;
}

/** `makedev(3)` of glibc. */
function deviceNumber(major: number, minor: number): bigint {
  const [high, low] = [BigInt(major), BigInt(minor)];
  return (
    ((high & 0xfffff000n) << 32n) |
    ((high & 0xfffn) << 8n) |
    ((low & 0xffffff00n) << 12n) |
    (low & 0xffn)
  );
}
