import type { Clock } from "../lib/clock.ts";
import { codeOf, messageOf, UserError } from "../lib/errors.ts";
import { parseDocument } from "./document.ts";
import {
  cannotWrite,
  configPath,
  keepCopy,
  readBytes,
  realPath,
  removeLockFile,
  replaceFile,
} from "./file.ts";
import { migrate } from "./migrate.ts";
import { schemaUrl } from "./schema.ts";

/** Tries for the lock on a file without waiting; the system gives it back with the process. */
export type FileLock = (path: string) =>
  | { readonly kind: "held"; readonly lock: Disposable }
  | { readonly kind: "taken" }
  /** `reason` is one line for people. */
  | { readonly kind: "unavailable"; readonly code: string; readonly reason: string };

export interface UpdateParts {
  readonly lock: FileLock;
  readonly clock: Clock;
  /** Keeps the file as it was beside it; a migration always does. */
  readonly copy?: boolean;
}

/** What a write did; `notes` are lines for the person. */
export interface Updated {
  readonly changed: boolean;
  readonly notes: readonly string[];
}

const patienceMs = 5000;
const pauseMs = 10;

const newText = `{\n  "$schema": ${JSON.stringify(schemaUrl)},\n  "schema_version": 2\n}\n`;

/**
 * Changes the config under `codexHome`, migrating it first where that is due, with every other
 * writer kept out and nothing that an editor saved meanwhile lost. A `UserError` says why the file
 * was left as it is: broken, newer, unreadable, not writable.
 *
 * @param change from the whole text to the whole text, both of schema version 2; asked again
 *   where the file has changed meanwhile
 */
export async function updateConfig(
  codexHome: string,
  change: (text: string) => string,
  parts: UpdateParts,
): Promise<Updated> {
  const path = configPath(codexHome);
  const { clock } = parts;
  for (const start = clock.monotonic(); clock.monotonic() - start < patienceMs;) {
    const updated = attempt(path, change, parts);
    if (updated !== undefined) return updated;
    await new Promise<void>((resolve) => void clock.after(pauseMs, resolve));
  }
  throw new UserError(`${path} was not changed: other programs keep writing it; try again`);
}

/** One try; `undefined` where somebody else is at it. */
function attempt(
  path: string,
  change: (text: string) => string,
  { lock, copy = false }: UpdateParts,
): Updated | undefined {
  try {
    const real = realPath(path);
    const lockPath = `${real}.lock`;
    const tried = lock(lockPath);
    if (tried.kind === "taken") return undefined;
    if (tried.kind === "unavailable" && noWriting.has(tried.code)) throw noLock(tried);
    // A file system without locks: what remains is the comparison before the rename.
    using _held = tried.kind === "held" ? heldUntilDone(tried.lock, lockPath) : undefined;
    return rewrite(path, real, change, copy);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** By its code where there is a remedy for it (`cannotWrite`), else in the words of the lock. */
function noLock({ code, reason }: { readonly code: string; readonly reason: string }): Error {
  return Object.assign(new Error(reason), code === "UNTRUSTED" ? {} : { code });
}

/** Why a lock file cannot be made where no other file can be made either, or none is safe. */
const noWriting = new Set([
  "EACCES",
  "EPERM",
  "EROFS",
  "ENOSPC",
  "EDQUOT",
  "ENOENT",
  "ENOTDIR",
  "UNTRUSTED",
]);

function heldUntilDone(lock: Disposable, lockPath: string): Disposable {
  return {
    [Symbol.dispose]: () => {
      removeLockFile(lockPath);
      lock[Symbol.dispose]();
    },
  };
}

function rewrite(
  path: string,
  real: string,
  change: (text: string) => string,
  copy: boolean,
): Updated | undefined {
  const bytes = readable(path, real);
  const text = bytes === undefined ? "" : textOf(path, bytes);
  const blank = text.replace(/^\uFEFF/, "").trim() === "";
  const migrated = blank
    ? { kind: "current", text: newText, notes: [] }
    : migrate(sound(path, text));
  if (migrated.kind === "newer") {
    throw new UserError(`${path} was not changed: ${migrated.notes.join("")}; update cdp`);
  }
  const after = changed(path, migrated.text, change);
  if (after === (blank ? newText : text)) return { changed: false, notes: [] };
  const keep = bytes !== undefined && !blank && (copy || migrated.kind === "migrated");
  const kept = keep ? [`the file as it was: ${keepCopy(real, bytes)}`] : [];
  const isCurrent = () => same(bytes, readBytes(real));
  if (!replaceFile(real, after, isCurrent)) return undefined;
  return { changed: true, notes: [...migrated.notes, ...kept] };
}

function readable(path: string, real: string): Uint8Array | undefined {
  try {
    return readBytes(real);
  } catch (error) {
    if (codeOf(error) !== undefined) throw error;
    throw new UserError(`${path} ${messageOf(error)}; move it away`);
  }
}

/** A byte-order mark stays; bytes that are no UTF-8 would be lost by a write. */
function textOf(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UserError(`${path} was not changed: it is not UTF-8; save it as UTF-8`);
  }
}

function sound(path: string, text: string): string {
  const document = parseDocument(text);
  if (document.ok && document.root.type === "object") return text;
  const problem = document.ok ? "it does not hold one object, { … }" : document.problem;
  throw new UserError(`${path} was not changed: ${problem}; mend it or move it away`);
}

/** The change made, and found to be sound: a slip of ours must not break a person's file. */
function changed(path: string, text: string, change: (text: string) => string): string {
  try {
    return sound(path, change(text));
  } catch (error) {
    if (!(error instanceof UserError) || error.message.startsWith(path)) throw error;
    throw new UserError(`${path} was not changed: ${error.message}`);
  }
}

function same(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
