import {
  accessSync,
  closeSync,
  constants,
  openSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import { resolve } from "node:path";
import { systemClock } from "../lib/clock.ts";
import { UserError } from "../lib/errors.ts";
import { askHelper } from "../lib/helper-process.ts";
import { isLocal as isOnLocalDisk } from "../lib/local-disk.ts";
import { programPaths } from "../lib/programs.ts";

export interface BinaryQuestion {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Our own executable, which must never be taken for Codex. */
  readonly self: string;
  readonly platform: NodeJS.Platform;
  /** Programs named `codex` that are known to lead back to us (`loopsAmong`). */
  readonly passOver?: (path: string) => boolean;
  /** Whether asking for a path takes no more than a moment; and how the others are asked for. */
  readonly isLocal?: (path: string) => boolean;
  readonly ask?: typeof askHelper;
}

const install = "Install it with `npm install -g @openai/codex`, or set CDP_CODEX_BIN to its path.";

/**
 * What is at a path for a program that wants to run it. `ourselves`: `cdp`, or what leads back to
 * it; `silent`: its disk does not answer.
 */
export type Verdict = "program" | "script" | "ourselves" | "notRunnable" | "absent" | "silent";

/** A program that can be run. */
export interface Program {
  readonly path: string;
  /** Which program it runs in the end is not known before. */
  readonly isScript: boolean;
}

/** How long all disks that may hang together are waited for, ms. */
const patienceMs = 1000;

/**
 * The program to run, with its absolute path: `CDP_CODEX_BIN` (a path, or a name looked up on
 * PATH), else `codex` from PATH. Relative and empty PATH entries are passed over, since they would
 * run whatever lies in the current folder; so is `cdp` itself, as a link, a copy or a script that
 * calls it, and whatever lies on a disk that does not answer within a second.
 *
 * @throws UserError with status 127 (not found) or 126 (found, but cannot be run)
 */
export async function findCodex(question: BinaryQuestion): Promise<Program> {
  const wanted = question.env["CDP_CODEX_BIN"];
  if (wanted === undefined || wanted === "") {
    const { passOver = () => false } = question;
    const found = await first(onPath("codex", question), question, (verdict, path) => {
      return (verdict === "program" || verdict === "script") && !passOver(path);
    });
    if (found !== undefined) return programOf(found);
    throw new UserError(`Codex was not found on PATH. ${install}`, 127);
  }
  const isPath = /[/\\]/.test(wanted);
  const paths = isPath ? [resolve(question.cwd, wanted)] : onPath(wanted, question);
  const found = await first(paths, question, (verdict) => isPath || runnable.has(verdict));
  const { verdict } = found ?? { verdict: "absent" };
  switch (verdict) {
    case "silent":
      throw new UserError(`CDP_CODEX_BIN names ${wanted}, whose disk does not answer.`, 126);
    case "absent":
      throw new UserError(`CDP_CODEX_BIN names ${wanted}, which does not exist.`, 127);
    case "notRunnable":
      throw new UserError(`CDP_CODEX_BIN names ${wanted}, which cannot be run (chmod +x?).`, 126);
    case "ourselves":
      throw new UserError("CDP_CODEX_BIN leads back to cdp. Set it to the path of Codex.", 126);
    case "program":
    case "script":
    default:
      return programOf({ path: found?.path ?? wanted, verdict });
  }
}

interface Judged {
  readonly path: string;
  readonly verdict: Verdict;
}

const runnable: ReadonlySet<Verdict> = new Set(["program", "script", "ourselves"]);

const programOf = ({ path, verdict }: Judged): Program => ({
  path,
  isScript: verdict === "script",
});

/** The first of the paths that is wanted. Far disks are asked all at once when one's turn comes. */
async function first(
  paths: readonly string[],
  { self, isLocal: isNear = isOnLocalDisk, ask = askHelper }: BinaryQuestion,
  isWanted: (verdict: Verdict, path: string) => boolean,
): Promise<Judged | undefined> {
  using asked = new DisposableStack();
  let far: ReadonlyMap<string, Promise<Verdict>> | undefined;
  for (const path of paths) {
    if (!isNear(path)) {
      const others = paths.filter((other) => !isNear(other));
      far ??= askFar(others, self, (words) => asked.use(ask(words)));
    }
    // oxlint-disable-next-line no-await-in-loop -- the first one counts
    const verdict = (await far?.get(path)) ?? judgeProgram(path, self);
    if (isWanted(verdict, path)) return { path, verdict };
  }
  return undefined;
}

/** A process for each path, since any of them may be left waiting. */
function askFar(
  paths: readonly string[],
  self: string,
  ask: typeof askHelper,
): ReadonlyMap<string, Promise<Verdict>> {
  const silence = Promise.withResolvers<undefined>();
  systemClock.after(patienceMs, () => silence.resolve(undefined));
  const decoder = new TextDecoder();
  return new Map(
    paths.map((path) => {
      const answer = Promise.race([ask(["program", self, path]).answer, silence.promise]);
      const said = answer.then((bytes) => decoder.decode(bytes));
      return [path, said.then((word) => verdicts.find((one) => one === word) ?? "silent")];
    }),
  );
}

const verdicts: readonly Verdict[] = ["program", "script", "ourselves", "notRunnable", "absent"];

function onPath(name: string, { env, platform }: BinaryQuestion): readonly string[] {
  return programPaths(name, env["PATH"], platform);
}

/** What lies at a path, asked at once: for disks that answer, and for the helper. */
export function judgeProgram(path: string, self: string): Verdict {
  try {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return "absent";
    accessSync(path, constants.X_OK);
    if (!statSync(path).isFile()) return "notRunnable";
  } catch {
    return "notRunnable"; // Lost: which of the ways in which it cannot be run.
  }
  if (isOurselves(path, self)) return "ourselves";
  return isScript(path) ? "script" : "program";
}

/** A script: which program it runs in the end is not known before. */
function isScript(path: string): boolean {
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
