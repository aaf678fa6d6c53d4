import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
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

function tryName(ask: () => string): string | undefined {
  try {
    return ask();
  } catch {
    return undefined; // No entry for this user: then there is no name to hide.
  }
}

/** Looks at a small file that a stranger may have put there. */
export function lookAtFile(path: string): FileLook {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(fd);
    if (!stat.isFile()) return { kind: "unreadable", reason: "is not a regular file" };
    if (stat.size > maxFileBytes) return { kind: "unreadable", reason: "is larger than 64 KB" };
    return { kind: "text", text: readFileSync(fd, "utf8") };
  } catch (error) {
    const absent = ["ENOENT", "ENOTDIR"].includes(codeOf(error) ?? "");
    return absent ? { kind: "absent" } : { kind: "unreadable", reason: messageOf(error) };
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
