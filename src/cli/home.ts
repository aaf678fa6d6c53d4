import { accessSync, constants, statfsSync, statSync } from "node:fs";
import { findCodexHome, type CodexHome, type FolderState } from "../codex/home.ts";
import { codeOf } from "../lib/errors.ts";
import { folderAt } from "../lib/private-file.ts";

/** Codex's home by this process's own environment, user and working folder. */
export function codexHome(env: Readonly<Record<string, string | undefined>>): CodexHome {
  return findCodexHome(env, process.getuid?.(), folderState, process.cwd());
}

/**
 * Why nothing can be written into this home now, as a system error's code; `undefined` where it can,
 * as far as that shows without writing.
 */
export function unwritable(path: string): string | undefined {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    return codeOf(error) ?? "unknown";
  }
  return isFull(path) ? "ENOSPC" : undefined;
}

function isFull(path: string): boolean {
  try {
    const { blocks, bfree, bavail, files, ffree } = statfsSync(path);
    const free = process.getuid?.() === 0 ? bfree : bavail;
    // Some file systems count neither blocks nor files: then 0 says nothing.
    return (blocks > 0 && free === 0) || (files > 0 && ffree === 0);
  } catch {
    return false; // Lost: how full it is; the first write will tell.
  }
}

function folderState(path: string): FolderState {
  try {
    return folderAt(path) ?? systemState(path);
  } catch (error) {
    return { error: codeOf(error) ?? "unknown" };
  }
}

function systemState(path: string): FolderState {
  const found = statSync(path);
  return { uid: found.uid, isFolder: found.isDirectory() };
}
