import {
  closeSync,
  constants,
  lstatSync,
  mkdtempSync,
  readdirSync,
  rmdirSync,
  unlinkSync,
} from "node:fs";
import { join } from "node:path";
import { messageOf } from "../lib/errors.ts";
import { currentUser } from "../lib/file-user.ts";
import type { Log } from "../lib/log.ts";
import { folderProblem, openPrivate } from "../lib/private-file.ts";

/** A private file that Codex's terminal fills for us, open for reading. */
export interface SessionLogFile extends Disposable {
  /** To be added to the child's environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly fd: number;
  readonly path: string;
  /** Takes file and folder off the disk; those who have it open go on. Idempotent. */
  unlink(): void;
}

const recordVariable = "CODEX_TUI_RECORD_SESSION";
const pathVariable = "CODEX_TUI_SESSION_LOG_PATH";

/**
 * Creates the session log, mode 0600, in a new folder of mode 0700 under `XDG_RUNTIME_DIR`, else
 * under Codex's home: it will hold prompts, and the temp folder is everybody's. `undefined` when
 * the person uses these variables already (theirs stay), or when neither place can be had.
 *
 * @param env the environment the child will get
 * @param home Codex's home, if it is sound
 */
export function createSessionLog(
  env: Readonly<Record<string, string | undefined>>,
  home: string | undefined,
  log: Log,
  user = currentUser(),
): SessionLogFile | undefined {
  if (env[recordVariable] !== undefined || env[pathVariable] !== undefined) return undefined;
  for (const parent of [env["XDG_RUNTIME_DIR"], home]) {
    if (parent === undefined || !parent.startsWith("/")) continue;
    const problem = folderProblem(parent, user);
    if (problem !== undefined) {
      log.debug("codex", `no session log in ${parent}: ${problem}`);
      continue;
    }
    try {
      return createIn(parent);
    } catch (thrown) {
      log.debug("codex", `no session log in ${parent}: ${messageOf(thrown)}`);
    }
  }
  return undefined;
}

/** Folders that a wrapper left which was killed, with what Codex has written by then. */
function sweep(parent: string): void {
  attempt(() => {
    for (const name of readdirSync(parent)) {
      if (/^cdp-\w{6}$/.test(name)) attempt(() => sweepOne(join(parent, name)));
    }
  });
}

/**
 * A new one may be about to get its file, and Codex about to open it: it does so as it starts, and
 * from then on the file has no name.
 */
function sweepOne(folder: string): void {
  const found = lstatSync(folder);
  // A link that a repository ships (`CODEX_HOME=.codex`) leads to files that are not ours to delete.
  if (!found.isDirectory()) return;
  const age = Date.now() - found.mtimeMs;
  if (age > openedWithinMs) attempt(() => unlinkSync(join(folder, fileName)));
  if (age > emptyMs) rmdirSync(folder);
}

const fileName = "session.jsonl";
const emptyMs = 60_000;
const openedWithinMs = 600_000;

function createIn(parent: string): SessionLogFile {
  sweep(parent);
  const folder = mkdtempSync(join(parent, "cdp-"));
  const path = join(folder, fileName);
  let fd: number;
  try {
    fd = openPrivate(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL);
  } catch (thrown) {
    rmdirSync(folder);
    throw thrown;
  }
  let linked = true;
  let open = true;
  const unlink = (): void => {
    if (!linked) return;
    linked = false;
    attempt(() => unlinkSync(path));
    attempt(() => rmdirSync(folder));
  };
  return {
    env: { [recordVariable]: "1", [pathVariable]: path },
    fd,
    path,
    unlink,
    [Symbol.dispose]: () => {
      unlink();
      if (open) attempt(() => closeSync(fd));
      open = false;
    },
  };
}

function attempt(run: () => void): void {
  try {
    run();
  } catch {
    // Already gone, or its folder is: what we wanted.
  }
}
