import { closeSync, constants, openSync, readSync, realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { UserError } from "../lib/errors.ts";
import { isRunnable, programsNamed } from "../lib/programs.ts";

export interface BinaryQuestion {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Our own executable, which must never be taken for Codex. */
  readonly self: string;
  readonly platform: NodeJS.Platform;
  /** Programs named `codex` that are known to lead back to us (`loopsAmong`). */
  readonly passOver?: (path: string) => boolean;
}

const install = "Install it with `npm install -g @openai/codex`, or set CDP_CODEX_BIN to its path.";

/**
 * The absolute path of the program to run: `CDP_CODEX_BIN` (a path, or a name looked up on PATH),
 * else `codex` from PATH. Relative and empty PATH entries are passed over, since they would run
 * whatever lies in the current folder; so is `cdp` itself, as a link, a copy or a script that
 * calls it.
 *
 * @throws UserError with status 127 (not found) or 126 (found, but cannot be run)
 */
export function findCodex(question: BinaryQuestion): string {
  const wanted = question.env["CDP_CODEX_BIN"];
  if (wanted === undefined || wanted === "") {
    const { self, passOver = () => false } = question;
    const usable = onPath("codex", question).filter((path) => !isOurselves(path, self));
    const found = usable.find((path) => !passOver(path));
    if (found !== undefined) return found;
    throw new UserError(`Codex was not found on PATH. ${install}`, 127);
  }
  const named = /[/\\]/.test(wanted) ? [resolve(question.cwd, wanted)] : onPath(wanted, question);
  const path = named[0];
  if (path === undefined || statOf(path) === undefined) {
    throw new UserError(`CDP_CODEX_BIN names ${wanted}, which does not exist.`, 127);
  }
  if (!isRunnable(path)) {
    throw new UserError(`CDP_CODEX_BIN names ${wanted}, which cannot be run (chmod +x?).`, 126);
  }
  if (isOurselves(path, question.self)) {
    throw new UserError("CDP_CODEX_BIN leads back to cdp. Set it to the path of Codex.", 126);
  }
  return path;
}

function onPath(name: string, { env, platform }: BinaryQuestion): readonly string[] {
  return programsNamed(name, env["PATH"], platform);
}

function statOf(path: string) {
  return statSync(path, { throwIfNoEntry: false });
}

/** A script: which program it runs in the end, nobody knows before. */
export function isScript(path: string): boolean {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const start = Buffer.alloc(2);
      return readSync(fd, start, 0, 2, 0) === 2 && start.toString("latin1") === "#!";
    } finally {
      closeSync(fd);
    }
  } catch {
    return false; // Unreadable, yet executable: a program.
  }
}

/** The same file, a byte-for-byte likely copy, or a short script that starts `cdp`. */
function isOurselves(path: string, self: string): boolean {
  try {
    if (realpathSync(path) === realpathSync(self)) return true;
    const [theirs, ours] = [statSync(path), statSync(self)];
    if (theirs.dev === ours.dev && theirs.ino === ours.ino) return true;
    if (theirs.size === ours.size) return tailOf(path).equals(tailOf(self));
    return theirs.size <= SCRIPT_BYTES && startsOurselves(tailOf(path).toString());
  } catch {
    return false; // A file that vanishes meanwhile; spawning it will say so.
  }
}

function startsOurselves(text: string): boolean {
  return text.startsWith("#!") && /\bcdp(?:\.exe)?["']?\s+["']?codex\b/.test(text);
}

const SCRIPT_BYTES = 64 * 1024;

function tailOf(path: string): Buffer {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { size } = statSync(path);
    const bytes = Buffer.alloc(Math.min(size, SCRIPT_BYTES));
    return bytes.subarray(
      0,
      readSync(fd, bytes, 0, bytes.length, Math.max(0, size - bytes.length)),
    );
  } finally {
    closeSync(fd);
  }
}
