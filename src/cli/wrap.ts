import { existsSync } from "node:fs";
import { join } from "node:path";
import type { CodexHome } from "../codex/home.ts";
import { systemClock } from "../lib/clock.ts";
import { messageOf, UserError } from "../lib/errors.ts";
import { openLog } from "../lib/log.ts";
import { createSessionLog } from "../codex/session-log-file.ts";
import { loadPtyAddon } from "../pty/addon.ts";
import type { Pty, PtyExit } from "../pty/pty.ts";
import { parsePtyChoice, selectPty } from "../pty/select.ts";
import { openTerminal, type Terminal, type TerminalSize } from "../terminal/terminal.ts";
import { paneHeight, type PaneSetting } from "../ui/pane-height.ts";
import { codexHome } from "./home.ts";

/** A Codex to be run on the terminal of this process. */
export interface WrapJob {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The folder of this process, in which the child starts. */
  readonly cwd: string;
  /** The folder in which the child will work (`-C`). */
  readonly workFolder: string;
  /** It may choose another one: nothing is known of that before it is told. */
  readonly elsewhere?: boolean;
  /** Whether a pane may stand above this child on this terminal. */
  readonly pane: boolean;
  /** In place of the controlling terminal. */
  readonly terminal?: Terminal;
}

/** The child decides which screen it uses, and the pane waits for it. */
const place = { alternateScreen: true, screenReader: false };
/** Exit status of a program that was found and cannot be run (POSIX shell, 2.8.2). */
const CANNOT_RUN = 126;

/**
 * Runs the child in a pty beneath the pane, with presence, until it has ended. What the child does
 * not need in order to start is loaded while it starts: this file imports little on purpose.
 *
 * @returns `undefined` when this process has no controlling terminal; nothing was started then
 */
export async function wrap(job: WrapJob): Promise<PtyExit | undefined> {
  using terminal = job.terminal ?? openTerminal();
  if (terminal === undefined) return undefined;
  using log = openLog(job.env["CDP_LOG"]);
  const home = codexHome(job.env);
  // It will hold prompts, and only presence takes its name off the disk.
  using sessionLog = home.ok ? createSessionLog(job.env, home.path, log) : undefined;
  const { size } = terminal;
  const setting = await paneSetting(job, home);
  const rows = paneHeight(setting, size, place);
  const startedAt = systemClock.now();
  const pty = await spawnChild(job, sessionLog?.env, { ...size, rows: size.rows - rows });
  const { runBeneathPane } = await import("./beneath-pane.ts");
  return await runBeneathPane({
    job,
    terminal,
    pty,
    size,
    rows,
    log,
    home,
    sessionLog,
    startedAt,
    paneRowsFor: (of) => paneHeight(setting, of, place),
  });
}

async function spawnChild(
  { file, args, env, cwd }: WrapJob,
  added: Readonly<Record<string, string>> | undefined,
  size: TerminalSize,
): Promise<Pty> {
  const spawn = await selectPty(parsePtyChoice(env["CDP_PTY"]), loadPtyAddon);
  try {
    return spawn({ file, args, env: { ...env, ...added }, cwd, size });
  } catch (error) {
    throw new UserError(`${file} cannot be run: ${messageOf(error)}`, CANNOT_RUN);
  }
}

/** `CDP_PANE`, else `display.pane`; a config that is not there is not waited for. */
async function paneSetting(job: WrapJob, home: CodexHome): Promise<PaneSetting> {
  if (!job.pane) return "off";
  const text = job.env["CDP_PANE"];
  if (text === "auto" || text === "full" || text === "compact" || text === "off") return text;
  if (!home.ok || !existsSync(join(home.path, "discord-presence-config.json"))) return "auto";
  const { loadConfig } = await import("../config/load.ts");
  return loadConfig(home.path).config.display.pane;
}
