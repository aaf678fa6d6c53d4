import { statSync } from "node:fs";
import { findCodexHome, type CodexHome, type FolderState } from "../codex/home.ts";
import { codeOf } from "../lib/errors.ts";

/** Codex's home by this process's own environment, user and working folder. */
export function codexHome(env: Readonly<Record<string, string | undefined>>): CodexHome {
  return findCodexHome(env, process.getuid?.(), folderState, process.cwd());
}

function folderState(path: string): FolderState {
  try {
    const found = statSync(path);
    return { uid: found.uid, isFolder: found.isDirectory() };
  } catch (error) {
    return { error: codeOf(error) ?? "unknown" };
  }
}
