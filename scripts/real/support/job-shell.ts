import { readFileSync } from "node:fs";
import { join } from "node:path";
import { descendantsOf, isRunning } from "../../../test/support/processes.ts";
import { waitFor } from "../../../test/support/wait-for.ts";
import { fail, same } from "./report.ts";
import { settled, type Size } from "./real-terminal.ts";
import { type Guise, sizeFor, type Stage } from "./stage.ts";
import type { Tmux, TmuxState, TmuxTerminal } from "./tmux.ts";

export const shells = {
  bash: ["bash", "--norc", "--noprofile", "-i"],
  zsh: ["zsh", "-f", "-i"],
} as const;

export type ShellName = keyof typeof shells;

/** Somebody at an interactive shell who runs Codex as a job. */
export interface JobShell extends AsyncDisposable {
  readonly terminal: TmuxTerminal;
  /** Types a line at the prompt. */
  line(text: string): Promise<void>;
  /** Starts Codex in the foreground and waits for its first screen; with a prompt, for its answer. */
  go(prompt?: string): Promise<void>;
  /** Waits until Codex's screen is there, whole. */
  seesCodex(): Promise<void>;
  /** Waits for a shell that runs a command line again. */
  seesPrompt(): Promise<void>;
  /** The job's leader (`cdp`, or Codex itself when bare). */
  leader(): number;
  /** Codex. */
  codex(): number;
  /** Waits for the end of the job. */
  ends(): Promise<void>;
  /** Quits Codex by its key and waits for its end. */
  quits(): Promise<void>;
  resize(to: Size): Promise<void>;
  /** The status of the job that has just ended. */
  status(): Promise<string>;
  /**
   * Throws unless the terminal is as before the job and nothing of it is left running.
   * @param settings which words of `stty -a` count; all of them by default
   */
  isAsBefore(settings?: RegExp): Promise<void>;
}

const size: Size = { rows: 24, cols: 90 };

export async function openJobShell(
  tmux: Tmux,
  stage: Stage,
  options: { readonly shell: ShellName; readonly guise: Guise; readonly cwd: string },
): Promise<JobShell> {
  const { shell, guise, cwd } = options;
  const env = stage.env(guise);
  const at = sizeFor(guise, size);
  const terminal = await tmux.open({ size: at, command: shells[shell], env, cwd });
  const seen = new Set<number>();
  let echoes = 0;
  let before: TmuxState | undefined;
  const settings = (name: string): string => join(stage.folder, `${name}-${terminal.pid}`);
  const line = (text: string): Promise<void> => terminal.type(`${text}\r`);
  const processes = (): number[] => {
    const found = descendantsOf(terminal.pid);
    for (const pid of found) seen.add(pid);
    return found;
  };
  const seesPrompt = async (): Promise<void> => {
    echoes += 1;
    await line(`echo again-$((${echoes}+0))-`);
    await settled(terminal, new RegExp(`^again-${echoes}-`, "m"));
  };
  const seesCodex = async (): Promise<void> => {
    await settled(terminal, /OpenAI Codex[^]*\? for shortcuts/);
    processes();
  };
  const ends = (): Promise<void> =>
    waitFor("the end of the job", () => processes().length === 0, 5000);
  return {
    terminal,
    line,
    seesPrompt,
    seesCodex,
    async go(prompt = "story chat") {
      await settled(terminal, /^\$$/m);
      await line(`stty -a > "${settings("before")}"`);
      await seesPrompt();
      before = await terminal.state();
      await line(prompt === "" ? "go" : `go '${prompt}'`);
      if (prompt === "") return seesCodex();
      await settled(terminal, /Worked for[^]*\? for shortcuts/);
      processes();
    },
    leader: () => processes()[0] ?? fail("no job runs"),
    codex: () => processes()[guise === "cdp" ? 1 : 0] ?? fail("Codex does not run"),
    ends,
    async quits() {
      await terminal.type("\x04");
      await ends();
    },
    resize: (to) => terminal.resize(sizeFor(guise, to)),
    async status() {
      await line("echo status=$?=");
      const rows = await settled(terminal, /^status=\d+=/m);
      return /^status=(\d+)=/m.exec(rows.join("\n"))?.[1] ?? "none";
    },
    async isAsBefore(counts = /./) {
      await line(`stty -a > "${settings("after")}"`);
      await seesPrompt();
      const after = await terminal.state();
      if (before !== undefined) same("the terminal's modes", modesIn(after), modesIn(before));
      const read = (name: string): string[] =>
        words(settings(name)).filter((word) => counts.test(word));
      same("stty -a", read("after"), read("before"));
      const orphans = [...seen].filter(isRunning);
      if (orphans.length > 0) fail(`still running: ${orphans.map(nameOf).join(", ")}`);
    },
    [Symbol.asyncDispose]: () => terminal[Symbol.asyncDispose](),
  };
}

const words = (path: string): string[] => readFileSync(path, "utf8").split(/\s+/);

const modesIn = ({ alternateScreen, cursorShown, modes }: TmuxState): string[] => [
  `alternate screen ${alternateScreen}`,
  `cursor shown ${cursorShown}`,
  modes,
];

function nameOf(pid: number): string {
  try {
    return `${pid} ${readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")}`;
  } catch {
    return String(pid); // Gone since.
  }
}
