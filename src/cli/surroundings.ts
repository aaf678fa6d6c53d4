import { constants } from "node:fs";
import { type FileHandle, lstat, open, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { homedir, hostname, userInfo } from "node:os";
import { codeOf, messageOf } from "../lib/errors.ts";
import type { Person } from "../presence/compose.ts";
import type { FileLook } from "../presence/repository-file.ts";

/** The bounded size of a `.codex-presence.json`. */
const maxFileBytes = 64 * 1024;

/** Whose machine this is: their names are never on a card. */
export function whoIsHere(): Person {
  const names = [tryName(() => userInfo().username), tryName(hostname)];
  return { home: homedir(), names: names.flatMap((name) => (name ? [name] : [])) };
}

/** With links followed as far as the path exists; what does not exist stays as it is called. */
export async function realOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch {
    const above = dirname(path);
    const real = above === path ? undefined : await realOf(above);
    return real === undefined ? undefined : join(real, basename(path));
  }
}

function tryName(ask: () => string): string | undefined {
  try {
    return ask();
  } catch {
    return undefined; // No entry for this user: then there is no name to hide.
  }
}

/** Looks at a small file that a stranger may have put there. Never rejects. */
export async function lookAtFile(path: string): Promise<FileLook> {
  let isLink = false;
  try {
    // Mostly there is none, and then this is all that is asked.
    isLink = (await lstat(path)).isSymbolicLink();
    // A pipe without a writer is opened at once, and is no file.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await file.stat();
    if (!stat.isFile()) return { kind: "unreadable", reason: "is not a regular file" };
    if (stat.size > maxFileBytes) return { kind: "unreadable", reason: "is larger than 64 KB" };
    return { kind: "text", text: await readUpTo(file, maxFileBytes) };
  } catch (error) {
    const isAbsent = ["ENOENT", "ENOTDIR"].includes(codeOf(error) ?? "");
    if (!isAbsent) return { kind: "unreadable", reason: messageOf(error) };
    return isLink ? { kind: "unreadable", reason: "leads nowhere" } : { kind: "absent" };
  }
}

/** Not to the end, which a file of the system may not have, nor one that somebody writes to. */
async function readUpTo(file: FileHandle, max: number): Promise<string> {
  const bytes = Buffer.alloc(max + 1);
  let length = 0;
  while (length < bytes.length) {
    // oxlint-disable-next-line no-await-in-loop -- a piece comes after the piece before
    const { bytesRead } = await file.read(bytes, length, bytes.length - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.toString("utf8", 0, length);
}
