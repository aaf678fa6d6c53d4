import {
  closeSync,
  constants,
  ftruncateSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { codeOf, messageOf } from "../lib/errors.ts";
import { currentUser } from "../lib/file-user.ts";
import { jsonText } from "../lib/printable.ts";
import { createPrivate, openPrivate } from "../lib/private-file.ts";

export const modes = ["dashboard", "headless", "wrapper"] as const;

/** What a publisher is besides: a screen over all sessions, none, or the pane of one child. */
export type Mode = (typeof modes)[number];

/** Where the publisher listens. The token is asked for only where the system names no peer. */
export interface ControlAddress {
  readonly path: string;
  readonly token?: string;
}

/** The publisher as it describes itself in `codex-discord-presence.instance.json`. */
export interface Metadata {
  readonly pid: number;
  readonly exePath: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string | undefined;
  /** See `SeenProcess.identity`. The earlier Rust tool writes none. */
  readonly identity: string | undefined;
  readonly mode: Mode | undefined;
  readonly version: string | undefined;
  readonly control: ControlAddress | undefined;
}

export type FoundMetadata =
  | { readonly kind: "none" }
  | { readonly kind: "unreadable"; readonly why: string }
  | { readonly kind: "found"; readonly metadata: Metadata };

const name = "codex-discord-presence.instance.json";

export const metadataPath = (home: string): string => join(home, name);
const maxBytes = 16 * 1024;

/** Reads what the publisher wrote, or an earlier one left behind: only the lock tells. */
export function readMetadata(home: string, user = currentUser()): FoundMetadata {
  let fd: number;
  try {
    // @guard metadata-private
    fd = openPrivate(join(home, name), constants.O_RDONLY, user);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return { kind: "none" };
    return { kind: "unreadable", why: `${name} cannot be read (${messageOf(error)})` };
  }
  try {
    // @guard metadata-bounded
    const bytes = new Uint8Array(maxBytes);
    return parseMetadata(new TextDecoder().decode(bytes.subarray(0, readSync(fd, bytes))));
  } catch (error) {
    return { kind: "unreadable", why: `${name} cannot be read (${messageOf(error)})` };
  } finally {
    closeSync(fd);
  }
}

/** Understands the text of the file; anything but an object with a pid is unreadable. */
export function parseMetadata(text: string): FoundMetadata {
  const fields = parseObject(text);
  const pid = fields?.["pid"];
  // @guard metadata-pid
  if (fields === undefined || typeof pid !== "number" || !Number.isSafeInteger(pid) || pid <= 0) {
    const why = text.trim() === "" ? "is empty" : "is damaged or half written";
    return { kind: "unreadable", why: `${name} ${why}` };
  }
  const metadata: Metadata = {
    pid,
    exePath: textOf(fields["exe_path"]) ?? "",
    startedAt: textOf(fields["started_at"]),
    identity: textOf(fields["identity"]),
    mode: modes.find((mode) => mode === fields["mode"]),
    version: textOf(fields["version"]),
    control: controlOf(fields["control"]),
  };
  return { kind: "found", metadata };
}

/**
 * Writes the file, mode 0600, in one step. Only for the holder of the lock, which is why the name
 * of the file in between needs no uniqueness. Returns why it could not be written, if so.
 */
export function writeMetadata(home: string, metadata: Metadata): string | undefined {
  const { pid, exePath, startedAt, identity, mode, version, control } = metadata;
  const fields = {
    pid,
    exe_path: exePath,
    started_at: startedAt,
    identity,
    mode,
    version,
    control,
  };
  const text = `${jsonText(fields, 2)}\n`;
  const path = join(home, name);
  try {
    replaceWith(path, text);
    return undefined;
  } catch (error) {
    if (overwrite(path, text)) return undefined;
    // What another publisher left would name the wrong process.
    removeMetadata(home);
    return `${name} cannot be written (${messageOf(error)})`;
  }
}

function replaceWith(path: string, text: string): void {
  const fresh = `${path}.new`;
  rmSync(fresh, { force: true });
  createPrivate(fresh, text);
  renameSync(fresh, path);
}

/**
 * On a full disk the file of the publisher before us has room for ours. Whoever reads it half
 * written looks again (inspect.ts).
 */
function overwrite(path: string, text: string): boolean {
  try {
    const fd = openPrivate(path, constants.O_RDWR);
    try {
      ftruncateSync(fd, writeSync(fd, text, 0));
      rmSync(`${path}.new`, { force: true });
      return readFileSync(path, "utf8") === text;
    } finally {
      closeSync(fd);
    }
  } catch {
    return false; // None there, or no room in it either: the first error says it.
  }
}

/** Takes the file away, and what a killed writer left beside it. Only for the holder of the lock. */
export function removeMetadata(home: string): void {
  for (const path of [join(home, name), join(home, `${name}.new`)]) {
    try {
      rmSync(path, { force: true });
    } catch {
      // A home that has become read-only keeps it; the lock says that nobody is there.
    }
  }
}

type Fields = Readonly<Record<string, unknown>>;

function parseObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined; // Half written by a tool that does not rename, or full of something else.
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  // @guard metadata-text-length
  return typeof value === "string" && value !== "" && value.length <= 4096 ? value : undefined;
}

function controlOf(value: unknown): ControlAddress | undefined {
  if (!isFields(value)) return undefined;
  const [path, token] = [textOf(value["path"]), textOf(value["token"])];
  if (path === undefined) return undefined;
  return { path, ...(token === undefined ? {} : { token }) };
}
