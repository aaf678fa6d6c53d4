import type { CodexHome } from "../codex/home.ts";
import type { SessionLogFile } from "../codex/session-log-file.ts";
import type { ConfigReader } from "../config/reader.ts";
import { systemClock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import type { Pty, PtyExit } from "../pty/pty.ts";
import { openEmulator } from "../terminal/emulator.ts";
import { Replies } from "../terminal/replies.ts";
import { Split } from "../terminal/split.ts";
import { StatusQueries, statusWaitMs } from "../terminal/status-queries.ts";
import type { Terminal, TerminalSize } from "../terminal/terminal.ts";
import { widthOf } from "../terminal/text.ts";
import { paneNextChange, paneRows } from "../ui/pane.ts";
import { themeOf } from "../ui/theme.ts";
import { SuspendWatch, Teardown } from "../wrapper/suspend.ts";
import { Wrapper } from "../wrapper/wrapper.ts";
import { ChildPresence } from "./child-presence.ts";
import type { WrapJob } from "./wrap.ts";

/** A child that has just been started, and all that is to be joined to it. */
export interface Beneath {
  readonly job: WrapJob;
  readonly terminal: Terminal;
  readonly pty: Pty;
  /** The terminal's size when the child was started, and the pane's rows of it. */
  readonly size: TerminalSize;
  readonly rows: number;
  /** Rows that the pane takes of a terminal of another size. */
  readonly paneRowsFor: (size: TerminalSize) => number;
  readonly log: Log;
  readonly home: CodexHome;
  readonly sessionLog: SessionLogFile | undefined;
  /** It has begun to read, where there is a home. */
  readonly config: ConfigReader | undefined;
  /** When this run began, ms since the epoch. */
  readonly startedAt: number;
}

/** Signals that came while we were stopped are handled within this, ms. */
const continuedMs = 20;
/** Signals that end a program which does not handle them; what they mean is Codex's to say. */
const passedSignals = [
  ...(["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"] as const),
  ...(["SIGALRM", "SIGVTALRM", "SIGXCPU"] as const),
];
const ENTER = 0x0d;
const ESCAPE = 0x1b;
const CTRL_Z = 0x1a;

const clock = systemClock;
const decoder = new TextDecoder();

/** Joins child, pane, terminal and presence, and waits for the child's end. */
export async function runBeneathPane(parts: Beneath): Promise<PtyExit> {
  const { job, terminal, pty, log } = parts;
  const suspendWatch = new SuspendWatch();
  const running: { wrapper?: Wrapper } = {};
  const presence = new ChildPresence({
    surface: "tui",
    env: job.env,
    cwd: job.workFolder,
    elsewhere: job.elsewhere ?? false,
    home: parts.home,
    sessionLog: parts.sessionLog,
    config: parts.config,
    startedAt: parts.startedAt,
    clock,
    log,
    onChange: () => running.wrapper?.refresh(),
  });
  using signals = passSignals(pty);
  using _strays = surviveStrays(log);
  using _continued = onContinue(() => {
    if (terminal.inForeground) running.wrapper?.reclaim();
  });
  const hear = guarded(log, (text: string) => presence.heard(text));
  using teardown = new Teardown(
    clock,
    () => pty.canonical,
    () => void suspend(parts, signals, running.wrapper, presence),
  );
  const split = openSplit(parts, hear);
  const theme = themeOf(job.env);
  running.wrapper = new Wrapper({
    pty,
    terminal,
    startSize: parts.size,
    split,
    replies: new Replies(split),
    view: {
      height: parts.paneRowsFor,
      rows: (of, now) => paneRows(presence, of, now, theme),
      nextChange: (now) => paneNextChange(presence, now, theme),
    },
    clock,
    log,
    onInput: guarded(log, (chunk) => {
      if (chunk.includes(ESCAPE) || chunk.includes(CTRL_Z)) {
        suspendWatch.typed(decoder.decode(chunk), clock.monotonic());
      }
      if (chunk.includes(ENTER)) presence.poke();
    }),
    onOutput: guarded(log, () => {
      const now = clock.monotonic();
      const tornDown = !split.readsKeys && suspendWatch.tornDown(now);
      if (tornDown || teardown.underWay) teardown.heard();
    }),
  });
  presence.start(pty.pid);
  const exit = await running.wrapper.run();
  await presence.close();
  return exit;
}

function openSplit(parts: Beneath, hear: (text: string) => void): Split {
  const { job, terminal, pty, size, rows, log } = parts;
  const linesBack = job.env["TERM"] === "xterm-kitty" ? 0 : undefined;
  return new Split({
    size,
    paneRows: rows,
    emulator: (of) => openEmulator(of, widthOf, linesBack),
    status: new StatusQueries({ clock, waitMs: statusWaitMs(job.env) }),
    // tmux keeps what leaves a scroll region; with the feed it would keep it twice.
    keepsRegions: job.env["TMUX"] !== undefined || job.env["TERM"]?.startsWith("tmux") === true,
    onFailure(error) {
      log.debug("pane", `turned off: ${messageOf(error)}`);
      pty.resize(terminal.size);
    },
    onString({ kind, content, complete }) {
      if (kind !== "osc" || !complete) return;
      // Later, since what it leads to may paint, and the terminator is still on its way.
      const text = decoder.decode(content);
      queueMicrotask(() => hear(text));
    },
  });
}

/**
 * Codex has torn its screen down for Ctrl-Z, but below a wrapper its own stop signal is discarded
 * (an orphaned process group). So its group is stopped here, and then ours, as the terminal would
 * have done; when the shell continues us in the foreground, the child continues and paints itself
 * anew. Continued in the background (`bg`, `kill %1`) we stop again, as whoever wants the terminal
 * does, unless a signal came that ends us.
 */
async function suspend(
  { pty, terminal }: Beneath,
  signals: PassedSignals,
  wrapper: Wrapper | undefined,
  presence: ChildPresence,
): Promise<void> {
  if (wrapper === undefined || !pty.signal("SIGSTOP")) return;
  await presence.rest();
  wrapper.release();
  const before = signals.passed;
  do {
    process.kill(0, "SIGTSTP"); // Returns when we are continued, or at once where nobody could.
    // oxlint-disable-next-line no-await-in-loop -- what was sent to us meanwhile has its turn first
    await Bun.sleep(continuedMs);
  } while (!terminal.inForeground && signals.passed === before);
  if (terminal.inForeground) wrapper.reclaim();
  pty.signal("SIGCONT");
  presence.wake();
}

/** Somebody else may have had the terminal since we were stopped. */
function onContinue(reclaim: () => void): Disposable {
  process.on("SIGCONT", reclaim);
  return { [Symbol.dispose]: () => void process.off("SIGCONT", reclaim) };
}

interface PassedSignals extends Disposable {
  /** How many so far. */
  readonly passed: number;
}

/** What is sent to us is meant for Codex; it ends as it would have, and we with it. */
function passSignals(pty: Pty): PassedSignals {
  const release = new DisposableStack();
  let passed = 0;
  for (const name of passedSignals) {
    const pass = () => {
      passed += 1;
      pty.signal(name);
    };
    process.on(name, pass);
    release.defer(() => void process.off(name, pass));
  }
  return {
    get passed() {
      return passed;
    },
    [Symbol.dispose]: () => release.dispose(),
  };
}

/** Presence listens to the bytes as they pass; whatever happens to it, they pass. */
function guarded<T extends readonly unknown[]>(
  log: Log,
  listen: (...what: T) => void,
): (...what: T) => void {
  return (...what) => {
    try {
      listen(...what);
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
