import { fstatSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import { commandOf } from "../codex/arguments.ts";
import { type BinaryQuestion, findCodex, type Program } from "../codex/binary.ts";
import {
  type Ancestor,
  ancestorsOf,
  loopsAmong,
  maxNesting,
  nestingOf,
  wrapperAmong,
} from "../instance/process.ts";
import { systemClock } from "../lib/clock.ts";
import { UserError } from "../lib/errors.ts";
import { askHelper } from "../lib/helper-process.ts";
import { isLocal } from "../lib/local-disk.ts";
import { openLog } from "../lib/log.ts";
import { type AsStarted, asStarted, isBeyondText, restoreFileLimit } from "../pty/as-started.ts";
import { becomeProgram, runInherited } from "../pty/inherited.ts";
import type { PtyExit } from "../pty/pty.ts";
import { lineSettings } from "../terminal/termios.ts";
import { modeOf } from "../wrapper/mode.ts";
import { codexHomeSoon } from "./home.ts";

interface Job {
  readonly file: string;
  readonly isScript: boolean;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly workFolder: string;
  readonly elsewhere: boolean;
  readonly started: AsStarted | undefined;
}

/** The program's name and `codex`: what stands before Codex's own arguments. */
const OURS = 2;

/**
 * `cdp codex [args…]`: runs Codex with exactly these arguments.
 *
 * @returns Codex's own exit status, or 128 + N when signal N killed it
 * @throws UserError with status 127 or 126 when there is no Codex to run
 */
export async function codex(args: readonly string[]): Promise<number> {
  const started = asStarted(OURS);
  restoreFileLimit();
  const env = definedOnly(process.env);
  const cwd = process.cwd();
  const self = process.execPath;
  const ancestors = ancestorsOf(process.pid);
  const command = commandOf(args);
  const mode = modeOf({
    command: command.kind,
    sameTerminal: isOneTerminal(),
    term: env["TERM"],
    inTmux: env["TMUX"] !== undefined,
    insideCodex: env["CODEX_THREAD_ID"] !== undefined,
    nested: wrapperAmong(ancestors, self) !== undefined,
    beyondText: started !== undefined && isBeyondText(started),
    platform: process.platform,
  });
  const named = command.kind === "other" ? undefined : command.cwd;
  const question = { env, cwd, self, platform: process.platform };
  const folder = resolve(cwd, named ?? ".");
  const [{ path: file, isScript }, real] = await Promise.all([
    findBeyond(ancestors, question),
    realFolder(folder),
  ]);
  // Where it works is not known, then.
  const elsewhere = real === undefined || (command.kind !== "other" && command.elsewhere === true);
  const job: Job = {
    file,
    isScript,
    args,
    env,
    cwd,
    workFolder: real ?? folder,
    elsewhere,
    started,
  };
  if (mode === "become") return become(job);
  if (mode === "inherit") return exitStatus(await inherit(job));
  const { wrap } = await import("./wrap.ts");
  const exit = await wrap({ ...job, pane: mode === "pane" });
  return exit === undefined ? become(job) : exitStatus(exit);
}

/**
 * Nothing of ours stays: not a process, not a descriptor, not a signal handler. Only a script runs
 * as our child: if it leads back to us, that must be seen (`loopsAmong`).
 */
async function become(job: Job): Promise<number> {
  const { started } = job;
  if (!job.isScript || (started && isBeyondText(started))) becomeProgram(job);
  return exitStatus(await runInherited(job));
}

/** Finds Codex, and not a program below which we already run. */
async function findBeyond(
  ancestors: readonly Ancestor[],
  question: BinaryQuestion,
): Promise<Program> {
  const { self } = question;
  if (nestingOf(ancestors, self) >= maxNesting) {
    throw new UserError(
      "`codex` on PATH leads back to cdp. Set CDP_CODEX_BIN to Codex's path.",
      126,
    );
  }
  const first = await findCodex(question);
  const loops = loopsAmong(ancestors, self, () => first.path);
  if (loops.length === 0) return first;
  return await findCodex({ ...question, passOver: (path) => loops.includes(path) });
}

/** A session without our terminal between (`codex exec`), its state in Discord all the same. */
async function inherit(job: Job): Promise<PtyExit> {
  const { ChildPresence } = await import("./child-presence.ts");
  using log = openLog(job.env["CDP_LOG"]);
  const presence = new ChildPresence({
    surface: "exec",
    env: job.env,
    cwd: job.workFolder,
    elsewhere: job.elsewhere,
    home: await codexHomeSoon(job.env),
    sessionLog: undefined,
    config: undefined,
    startedAt: systemClock.now(),
    clock: systemClock,
    log,
    onChange: () => undefined,
  });
  const exit = await runInherited(job, (pid) => presence.start(pid));
  await presence.close();
  return exit;
}

function exitStatus(exit: PtyExit): number {
  return "code" in exit ? exit.code : 128 + exit.signal;
}

/**
 * As Codex names it in what it writes; a folder that is not there is Codex's to complain about.
 * `undefined` when its disk does not answer.
 */
async function realFolder(path: string): Promise<string | undefined> {
  try {
    if (isLocal(path)) return realpathSync(path);
  } catch {
    return path;
  }
  using helper = askHelper(["real", path]);
  const silence = Promise.withResolvers<string>();
  using _ = systemClock.after(folderMs, () => silence.resolve(silent));
  const answer = helper.answer.then((bytes) => new TextDecoder().decode(bytes) || path);
  const real = await Promise.race([answer, silence.promise]);
  return real === silent ? undefined : real;
}

/** No path. */
const silent = "";
/** How long the start waits for the folder of a disk that may hang, ms. */
const folderMs = 200;

/** stdin, stdout and stderr are terminals, and the same one. */
function isOneTerminal(): boolean {
  if ([0, 1, 2].some((fd) => lineSettings(fd) === undefined)) return false;
  return new Set([0, 1, 2].map((fd) => fstatSync(fd).rdev)).size === 1;
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(env);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
