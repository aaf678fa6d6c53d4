// Codex beneath `cdp` as a job of an interactive shell: stopped, continued, killed, hung up on.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { isRunning, stateOf } from "../../test/support/processes.ts";
import { waitFor } from "../../test/support/wait-for.ts";
import { openCodexStage } from "./support/codex-stage.ts";
import { type JobShell, openJobShell, shells, type ShellName } from "./support/job-shell.ts";
import { settled } from "./support/real-terminal.ts";
import { check, fail, finish, same } from "./support/report.ts";
import { type Guise, openStage } from "./support/stage.ts";
import { startTmux } from "./support/tmux.ts";

/** Plays a scene that begins at a prompt and ends with the end of the job. */
type Scene = (at: JobShell) => Promise<void>;

const CTRL_Z = "\x1a";

/** Scenes with the same end whether Codex runs bare or beneath `cdp`. */
const scenes: Readonly<Record<string, Scene>> = {
  async "quit by Ctrl-D"(at) {
    await at.go();
    await at.quits();
  },
  async "quit by Ctrl-C"(at) {
    await at.go();
    await at.terminal.type("\x03");
    await at.ends();
  },
  async "Ctrl-Z, jobs, fg, again, quit"(at) {
    await at.go();
    await stop(at);
    await at.line("jobs");
    await settled(at.terminal, /^\[1\].*(?:Stopped|suspended).*go/im);
    await at.line("fg");
    await at.seesCodex();
    await stop(at);
    await at.line("fg");
    await at.seesCodex();
    await at.quits();
  },
  async "Ctrl-Z as soon as the composer is there, fg"(at) {
    await at.go("");
    await stop(at);
    await at.line("fg");
    await at.seesCodex();
    await at.quits();
  },
  async "Ctrl-Z, another size, fg"(at) {
    await at.go();
    await stop(at);
    await at.resize({ rows: 30, cols: 70 });
    await at.seesPrompt();
    await at.resize({ rows: 20, cols: 100 });
    await at.line("fg");
    await at.seesCodex();
    await at.resize({ rows: 24, cols: 90 });
    await at.quits();
  },
  async "Ctrl-Z, bg, fg"(at) {
    await at.go();
    await stop(at);
    await at.line("bg");
    await at.seesPrompt();
    await waitFor("a stop for want of the terminal", () => stateOf(at.leader()) === "T");
    await at.line("fg");
    await at.seesCodex();
    await at.quits();
  },
  async "started in the background, fg"(at) {
    await at.go();
    await at.quits();
    await at.line("go &");
    await at.seesPrompt();
    await waitFor("a stop for want of the terminal", () => stateOf(at.leader()) === "T");
    await at.line("fg");
    await at.seesCodex();
    await at.quits();
  },
  async "Ctrl-Z, kill -KILL of the job"(at) {
    await killStopped(at, "kill -KILL %1");
  },
  async "Ctrl-Z, kill of the job"(at) {
    await killStopped(at, "kill %1");
  },
  async "Ctrl-Z, kill -HUP of the job"(at) {
    await killStopped(at, "kill -HUP %1");
  },
};

for (const name of Object.keys(shells) as ShellName[]) {
  await using codex = await openCodexStage();
  using stage = openStage(codex.program, codex.variables);
  await using tmux = await startTmux(stage.folder, stage.env("bare"));
  const open = (guise: Guise): Promise<JobShell> =>
    openJobShell(tmux, stage, { shell: name, guise, cwd: codex.cwd });
  const play = async (guise: Guise, scene: Scene): Promise<string> => {
    await using at = await open(guise);
    await scene(at);
    const status = await at.status();
    if (guise === "cdp") await at.isAsBefore();
    return status;
  };

  for (const [title, scene] of Object.entries(scenes)) {
    await check(`${name}: ${title}`, async () => {
      const [bare, wrapped] = await Promise.allSettled([play("bare", scene), play("cdp", scene)]);
      if (wrapped.status === "rejected") fail(`${String(wrapped.reason)}\n(bare: ${told(bare)})`);
      same("the job's status", told(wrapped), told(bare));
    });
  }

  await check(`${name}: kill -STOP of cdp, fg: the whole screen is back`, async () => {
    // Bare Codex paints nothing then: what the shell wrote stays on its screen.
    const scene: Scene = async (at) => {
      await at.go();
      process.kill(at.leader(), "SIGSTOP");
      await settled(at.terminal, /(?:Stopped|suspended)/);
      await at.line("fg");
      await at.seesCodex();
      await at.quits();
    };
    same("the status", await play("cdp", scene), "0");
  });

  await check(`${name}: kill -STOP and -CONT of Codex: it goes on`, async () => {
    const scene: Scene = async (at) => {
      await at.go();
      process.kill(at.codex(), "SIGSTOP");
      await waitFor("the stop", () => stateOf(at.codex()) === "T");
      process.kill(at.codex(), "SIGCONT");
      await at.seesCodex();
      await at.quits();
    };
    same("the status", await play("cdp", scene), "0");
  });

  const signals = { TERM: 143, HUP: 129, INT: 130, KILL: 137 } as const;
  for (const [signal, status] of Object.entries(signals)) {
    await check(`${name}: kill -${signal} of Codex`, async () => {
      const scene: Scene = async (at) => {
        await at.go();
        process.kill(at.codex(), `SIG${signal}`);
        await at.ends();
      };
      same("the status", await play("cdp", scene), String(status));
    });
    if (signal === "KILL") continue; // It cannot be caught: below.
    await check(`${name}: kill -${signal} of cdp`, async () => {
      const scene: Scene = async (at) => {
        await at.go();
        process.kill(at.leader(), `SIG${signal}`);
        await at.ends();
      };
      same("the status", await play("cdp", scene), String(status));
    });
  }

  await check(`${name}: kill -KILL of cdp, then what docs/recovery.md says`, async () => {
    await using at = await open("cdp");
    await at.go();
    process.kill(at.leader(), "SIGKILL");
    await at.ends();
    same("the status", await at.status(), String(signals.KILL));
    await at.line(recovery());
    await at.isAsBefore(/^-?(?:icanon|echo|isig|iexten|icrnl|opost|onlcr);?$/);
  });

  for (const stopped of [false, true]) {
    await check(`${name}: window closed${stopped ? " while stopped" : ""}`, async () => {
      await using at = await open("cdp");
      await at.go();
      const processes = [at.leader(), at.codex()];
      if (stopped) await stop(at);
      await at.terminal[Symbol.asyncDispose]();
      await waitFor("the end of cdp and Codex", () => !processes.some(isRunning), 3000);
    });
  }
}
finish();

async function killStopped(at: JobShell, line: string): Promise<void> {
  await at.go();
  await stop(at);
  await at.line(line);
  await at.ends();
  await at.seesPrompt(); // Its status is this line's: shells forget the one of a killed job.
}

async function stop(at: JobShell): Promise<void> {
  const processes = [at.leader(), at.codex()];
  await at.terminal.type(CTRL_Z);
  await waitFor("the stop", () => processes.every((pid) => stateOf(pid) === "T"));
  await at.seesPrompt();
}

/** The line for a terminal whose `cdp` was killed. */
function recovery(): string {
  const text = readFileSync(resolve(import.meta.dir, "../../docs/recovery.md"), "utf8");
  return /^printf .*$/m.exec(text)?.[0] ?? fail("docs/recovery.md has no such line");
}

function told(result: PromiseSettledResult<string>): string {
  return result.status === "fulfilled" ? result.value : String(result.reason);
}
