import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A program that ended with another status than 0, and what it printed. */
export class CommandError extends Error {}

interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs?: number;
}

/** What a program answered. */
export interface Answer {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs a program to its end, without stdin. It is killed after `timeoutMs` (status 124). What it
 * prints goes to files: of a pipe, what it leaves running (wine's services) would keep the end open.
 */
export async function ask(
  command: readonly string[],
  { cwd, env, timeoutMs = 300_000 }: RunOptions = {},
): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), "cdp-ask-"));
  try {
    const [out, err] = [Bun.file(join(folder, "out")), Bun.file(join(folder, "err"))];
    const child = Bun.spawn([...command], {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, ...env },
      stdin: "ignore",
      stdout: out,
      stderr: err,
    });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, timeoutMs);
    const status = await child.exited;
    clearTimeout(timer);
    return { status: late ? 124 : status, out: await out.text(), err: await err.text() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a program and returns what it printed. Throws `CommandError` when its status is not 0. */
export async function run(command: readonly string[], options: RunOptions = {}): Promise<string> {
  const { status, out, err } = await ask(command, options);
  if (status === 0) return out;
  const printed = `${out}${err}`.trimEnd().split("\n").slice(-20).join("\n");
  throw new CommandError(`${command.join(" ")}: status ${status}\n${printed}`);
}
