import { systemClock } from "../lib/clock.ts";
import { messageOf, UserError } from "../lib/errors.ts";
import { type Log, openLog } from "../lib/log.ts";
import { loadPtyAddon } from "../pty/addon.ts";
import type { Pty, PtyExit } from "../pty/pty.ts";
import { parsePtyChoice, selectPty } from "../pty/select.ts";
import { Replies } from "../terminal/replies.ts";
import { Split } from "../terminal/split.ts";
import { openTerminal, type Terminal, type TerminalSize } from "../terminal/terminal.ts";
import { type PaneSetting, paneHeight, paneNextChange, paneRows } from "../ui/pane.ts";
import { themeOf } from "../ui/theme.ts";
import { SuspendWatch } from "../wrapper/suspend.ts";
import { Wrapper } from "../wrapper/wrapper.ts";
import { ChildPresence } from "./child-presence.ts";

/** A Codex to be run on the terminal of this process. */
export interface WrapJob {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The folder of this process, in which the child starts. */
  readonly cwd: string;
  /** The folder in which the child will work (`-C`). */
  readonly workFolder: string;
  /** Whether a pane may stand above this child on this terminal. */
  readonly pane: boolean;
  /** In place of the controlling terminal. */
  readonly terminal?: Terminal;
}

/** How long the rest of a teardown may take to arrive, ms; a child on its way out ends meanwhile. */
const teardownMs = 30;
/** How long Discord may take to hear that the card goes while the job is stopped, ms. */
const clearMs = 50;
const ENTER = 0x0d;
/** Exit status of a program that was found and cannot be run (POSIX shell, 2.8.2). */
const CANNOT_RUN = 126;
/** The pane waits for the child to enter the alternate screen, as Codex does. */
const place = { alternateScreen: true, screenReader: false };

const clock = systemClock;
const decoder = new TextDecoder();

/**
 * Runs the child in a pty beneath the pane, with presence, until it has ended.
 *
 * @returns `undefined` when this process has no controlling terminal; nothing was started then
 */
export async function wrap(job: WrapJob): Promise<PtyExit | undefined> {
  using terminal = job.terminal ?? openTerminal();
  if (terminal === undefined) return undefined;
  using log = openLog(job.env["CDP_LOG"]);
  const suspendWatch = new SuspendWatch();
  const running: { wrapper?: Wrapper; pty?: Pty } = {};
  const presence = new ChildPresence({
    surface: "tui",
    env: job.env,
    cwd: job.workFolder,
    clock,
    log,
    onChange: () => running.wrapper?.refresh(),
    onStatus(state) {
      if (state !== "clear" || !suspendWatch.tornDown(clock.monotonic())) return;
      const { pty, wrapper } = running;
      if (pty && wrapper) clock.after(teardownMs, () => void suspend(pty, wrapper, presence));
    },
  });
  const { size } = terminal;
  const rows = job.pane ? paneHeight(paneSetting(job.env), size, place) : 0;
  const pty = await spawnChild(job, presence.env, { ...size, rows: size.rows - rows });
  running.pty = pty;
  using _signals = passSignals(pty);
  using _strays = surviveStrays(log);
  using _continued = onContinue(() => running.wrapper?.reclaim());
  const split = await openSplit(
    size,
    rows,
    guarded(log, (text) => presence.heard(text)),
  );
  const theme = themeOf(job.env);
  running.wrapper = new Wrapper({
    pty,
    terminal,
    split,
    replies: new Replies(split),
    view: {
      rows: (of, now) => paneRows(presence, of, now, theme),
      nextChange: (now) => paneNextChange(presence, now, theme),
    },
    clock,
    log,
    onInput: guarded(log, (chunk) => {
      suspendWatch.typed(decoder.decode(chunk), clock.monotonic());
      if (chunk.includes(ENTER)) presence.poke();
    }),
  });
  presence.start(pty.pid);
  const exit = await running.wrapper.run();
  await presence.close();
  return exit;
}

async function spawnChild(
  { file, args, env, cwd }: WrapJob,
  added: Readonly<Record<string, string>>,
  size: TerminalSize,
): Promise<Pty> {
  const spawn = await selectPty(parsePtyChoice(env["CDP_PTY"]), loadPtyAddon);
  try {
    return spawn({ file, args, env: { ...env, ...added }, cwd, size });
  } catch (error) {
    throw new UserError(`${file} cannot be run: ${messageOf(error)}`, CANNOT_RUN);
  }
}

/** The child starts up meanwhile: the emulator takes some 10 ms to load. */
async function openSplit(
  size: TerminalSize,
  rows: number,
  onCommand: (text: string) => void,
): Promise<Split> {
  const { openEmulator } = await import("../terminal/emulator.ts");
  return new Split({
    size,
    paneRows: rows,
    emulator: openEmulator,
    onString({ kind, content, complete }) {
      if (kind !== "osc" || !complete) return;
      // Later, since what it leads to may paint, and the terminator is still on its way.
      const text = decoder.decode(content);
      queueMicrotask(() => onCommand(text));
    },
  });
}

/**
 * Codex has torn its screen down for Ctrl-Z, but below a wrapper its own stop signal is discarded
 * (an orphaned process group). So its group is stopped here, and then ours, as the terminal would
 * have done; when the shell continues us, the child continues and paints itself anew.
 */
async function suspend(pty: Pty, wrapper: Wrapper, presence: ChildPresence): Promise<void> {
  if (!pty.signal("SIGSTOP")) return;
  presence.show(false);
  await Bun.sleep(clearMs);
  wrapper.release();
  process.kill(0, "SIGTSTP"); // Returns when we are continued, or at once where nobody could.
  wrapper.reclaim();
  pty.signal("SIGCONT");
  presence.show(true);
}

/** Somebody else may have had the terminal since we were stopped. */
function onContinue(reclaim: () => void): Disposable {
  process.on("SIGCONT", reclaim);
  return { [Symbol.dispose]: () => void process.off("SIGCONT", reclaim) };
}

/** What is sent to us is meant for Codex; it ends as it would have, and we with it. */
function passSignals(pty: Pty): Disposable {
  const release = new DisposableStack();
  for (const name of ["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP"] as const) {
    const pass = () => void pty.signal(name);
    process.on(name, pass);
    release.defer(() => void process.off(name, pass));
  }
  return release;
}

/** Presence listens to the bytes as they pass; whatever happens to it, they pass. */
function guarded<T>(log: Log, listen: (what: T) => void): (what: T) => void {
  return (what) => {
    try {
      listen(what);
    } catch (error) {
      log.debug("presence", messageOf(error));
    }
  };
}

/** An error that nobody caught costs the part it came from, never the child. */
function surviveStrays(log: Log): Disposable {
  const survive = (error: unknown) => log.debug("stray", messageOf(error));
  process.on("uncaughtException", survive);
  process.on("unhandledRejection", survive);
  return {
    [Symbol.dispose]() {
      process.off("uncaughtException", survive);
      process.off("unhandledRejection", survive);
    },
  };
}

function paneSetting(env: WrapJob["env"]): PaneSetting {
  const text = env["CDP_PANE"];
  return text === "full" || text === "compact" || text === "off" ? text : "auto";
}
