import { accessSync, constants, statfsSync, statSync } from "node:fs";
import { findCodexHome, type CodexHome, type FolderState } from "../codex/home.ts";
import { systemClock } from "../lib/clock.ts";
import { codeOf } from "../lib/errors.ts";
import { askHelper } from "../lib/helper-process.ts";
import { isLocal } from "../lib/local-disk.ts";
import { folderAt } from "../lib/private-file.ts";

/** Codex's home by this process's own environment, user and working folder. */
export function codexHome(env: Readonly<Record<string, string | undefined>>): CodexHome {
  return findCodexHome(env, process.getuid?.(), folderState, process.cwd());
}

/**
 * The same for what must not be held up: a home on a disk that may hang is asked for by another
 * process, and counts as unreadable when a second brings no answer.
 */
export async function codexHomeSoon(
  env: Readonly<Record<string, string | undefined>>,
): Promise<CodexHome> {
  const silent: FolderState = { error: "ETIMEDOUT" };
  const unread = findCodexHome(env, process.getuid?.(), () => silent, process.cwd());
  if (unread.ok || unread.path === undefined || isLocal(unread.path)) return codexHome(env);
  using helper = askHelper(["home", unread.path]);
  const silence = Promise.withResolvers<undefined>();
  using _ = systemClock.after(patienceMs, () => silence.resolve(undefined));
  const answer = await Promise.race([helper.answer, silence.promise]);
  const said = new TextDecoder().decode(answer);
  if (said === "ok") return { ok: true, path: unread.path };
  return { ...unread, reason: reasons.find((reason) => reason === said) ?? "unreadable" };
}

/** The helper's side of it: `ok`, or the reason against this home. */
export function homeWord(path: string): string {
  const home = codexHome({ CODEX_HOME: path });
  return home.ok ? "ok" : home.reason;
}

const reasons = ["missing", "notAFolder", "notOurs", "unreadable"] as const;

const patienceMs = 1000;

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
