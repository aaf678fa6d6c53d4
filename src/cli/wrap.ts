import { configPath } from "../config/file.ts";
import { type ConfigReader, openConfigReader } from "../config/reader.ts";
import { systemClock } from "../lib/clock.ts";
import { messageOf, UserError } from "../lib/errors.ts";
import { openLog } from "../lib/log.ts";
import { createSessionLog } from "../codex/session-log-file.ts";
import { loadPtyAddon } from "../pty/addon.ts";
import type { Pty, PtyExit, SpawnPty } from "../pty/pty.ts";
import { parsePtyChoice, selectPty } from "../pty/select.ts";
import { sizeBelow } from "../terminal/size.ts";
import { openTerminal, type Terminal, type TerminalSize } from "../terminal/terminal.ts";
import { paneHeight, type PaneSetting } from "../ui/pane-height.ts";
import { codexHomeSoon } from "./home.ts";

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
  const home = await codexHomeSoon(job.env);
  // Read while the rest is made ready, and once more by the part that follows its changes.
  using config = home.ok ? openConfigReader(configPath(home.path)) : undefined;
  const setting = paneSetting(job, config);
  // It will hold prompts, and only presence takes its name off the disk.
  using sessionLog = home.ok ? createSessionLog(job.env, home.path, log) : undefined;
  const { size } = terminal;
  const spawn = await selectPty(parsePtyChoice(job.env["CDP_PTY"]), loadPtyAddon);
  const pane = await setting;
  const rows = paneHeight(pane, size, place);
  const startedAt = systemClock.now();
  const pty = spawnChild(job, spawn, sessionLog?.env, sizeBelow(size, rows));
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
    config,
    startedAt,
    paneRowsFor: (of) => paneHeight(pane, of, place),
  });
}

function spawnChild(
  { file, args, env, cwd }: WrapJob,
  spawn: SpawnPty,
  added: Readonly<Record<string, string>> | undefined,
  size: TerminalSize,
): Pty {
  try {
    return spawn({ file, args, env: { ...env, ...added }, cwd, size });
  } catch (error) {
    throw new UserError(`${file} cannot be run: ${messageOf(error)}`, CANNOT_RUN);
  }
}

/** How long Codex's start waits for the config, ms. */
const configMs = 200;

/** `CDP_PANE`, else `display.pane`; the default when the config does not answer in time. */
async function paneSetting(
  { pane, env }: WrapJob,
  config: ConfigReader | undefined,
): Promise<PaneSetting> {
  if (!pane) return "off";
  const text = env["CDP_PANE"];
  if (text === "auto" || text === "full" || text === "compact" || text === "off") return text;
  if (config === undefined) return "auto";
  const silence = Promise.withResolvers<undefined>();
  using _ = systemClock.after(configMs, () => silence.resolve(undefined));
  const look = await Promise.race([config.read(), silence.promise]);
  // To parse a long one takes longer than anything else here.
  if (look?.kind !== "bytes" || !new TextDecoder().decode(look.bytes).includes("pane"))
    return "auto";
  const { understood } = await import("../config/load.ts");
  return understood(look).config.display.pane;
}
