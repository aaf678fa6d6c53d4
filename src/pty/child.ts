// edge
import { accessSync, constants, statSync } from "node:fs";
import { isLocal } from "../lib/local-disk.ts";
import type { PtyOptions, PtySize } from "./pty.ts";

/**
 * Throws an error with `code` ENOENT, EACCES or ENOTDIR when the program or the folder cannot be used.
 * A backend forks first and would fail in the child, with a message that looks like the child's output.
 * So it does where a disk may hang: that is the child's matter.
 */
export function checkSpawnable({ file, cwd }: PtyOptions): void {
  const isFileNear = isLocal(file);
  if (isFileNear) accessSync(file, constants.X_OK);
  if (isFileNear && !statSync(file).isFile())
    throw Object.assign(new Error(`${file}: EACCES`), { code: "EACCES" });
  if (isLocal(cwd) && !statSync(cwd).isDirectory())
    throw Object.assign(new Error(`${cwd}: ENOTDIR`), { code: "ENOTDIR" });
}

/** Sends a signal to the process group that `pid` leads. False when it is gone. */
export function signalGroup(pid: number, name: NodeJS.Signals): boolean {
  // Just after the fork the child has no group of its own yet.
  return trySignal(-pid, name) || trySignal(pid, name);
}

function trySignal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false; // gone
  }
}

/** Rows or columns as the kernel keeps them: 16 bits, and at least one. */
export function cells(count: number): number {
  return Math.min(65_535, Math.max(1, Math.trunc(count) || 1));
}

/** Pixels as the kernel keeps them: 16 bits, and 0 by 0 where they are unknown (ioctl_tty(2)). */
export function pixelsOf({ pixels }: PtySize): { readonly width: number; readonly height: number } {
  const kept = (count: number): number => Math.min(65_535, Math.max(0, Math.trunc(count) || 0));
  return { width: kept(pixels?.width ?? 0), height: kept(pixels?.height ?? 0) };
}
