import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import {
  isToken,
  relaunchCommand,
  relaunchedName,
  type TerminalProgram,
  terminalPrograms,
} from "../instance/relaunch-plan.ts";
import { systemClock } from "../lib/clock.ts";
import { messageOf } from "../lib/errors.ts";
import { openLog } from "../lib/log.ts";
import { programOf, withAbsolutePath } from "../lib/programs.ts";
import { cacheFolder, placeVerified } from "../pty/private-folder.ts";

export interface RelaunchOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The program to run in the terminal. */
  readonly self: string;
  /** How long each terminal may take until the program in it says that it is there, ms. */
  readonly patienceMs?: number;
}

const patienceMs = 6000;
const pollMs = 40;
const encoder = new TextEncoder();

/**
 * Opens `self` in the first terminal program in which it really comes up. One that fails, or in
 * which nothing comes up in time, is ended, and the next one tried. Never throws.
 *
 * @returns false when there is none
 */
export async function openInTerminal(options: RelaunchOptions): Promise<boolean> {
  const { env, self } = options;
  using log = openLog(env["CDP_LOG"]);
  try {
    const token = crypto.randomUUID();
    using mark = placeMark(env, token);
    const { PATH: path } = env;
    const envProgram = programOf("env", path, process.platform) ?? "/usr/bin/env";
    const relaunched = { self, token, envProgram, script: mark.script };
    mark.write(relaunchCommand(env, relaunched));
    for (const each of terminalPrograms(process.platform, env, relaunched)) {
      const program = programOf(each.program, path, process.platform);
      if (program === undefined) continue;
      // oxlint-disable-next-line no-await-in-loop -- the next one only if this one fails
      const isUp = await tryTerminal({ ...each, program }, mark, options);
      log.debug("relaunch", `${program}: ${isUp ? "opened" : "nothing came up"}`);
      if (isUp) return true;
    }
  } catch (error) {
    log.debug("relaunch", messageOf(error));
  }
  return false;
}

/** Tells the `cdp` that opened this one, if one did and still waits, that it is there. */
export function sayOpened(env: RelaunchOptions["env"]): void {
  const token = env[relaunchedName];
  if (!isToken(token)) return;
  try {
    const folder = folderOf(env);
    const name = markName(token);
    if (!existsSync(join(folder, name))) return;
    placeVerified(folder, { name, bytes: encoder.encode(opened), mode: 0o600 });
  } catch {
    // Then the other one publishes without a screen until this one takes over.
  }
}

const opened = "opened";

interface Mark extends Disposable {
  readonly token: string;
  /** A file that runs the program, where terminals open files and not commands. */
  readonly script: string;
  write(command: readonly string[]): void;
  readonly isOpened: boolean;
}

/** A file that the opened program changes; it goes with us. */
function placeMark(env: RelaunchOptions["env"], token: string): Mark {
  const folder = folderOf(env);
  const name = markName(token);
  const path = placeVerified(folder, { name, bytes: encoder.encode("waiting"), mode: 0o600 });
  const script = `${path}.command`;
  return {
    token,
    script,
    write(command) {
      if (process.platform !== "darwin") return;
      const text = `#!/bin/sh\nexec ${command.map(quoted).join(" ")}\n`;
      placeVerified(folder, {
        name: `${name}.command`,
        bytes: encoder.encode(text),
        mode: 0o700,
      });
    },
    get isOpened() {
      return readFileSync(path, "utf8") === opened;
    },
    [Symbol.dispose]: () => {
      for (const file of [path, script]) rmSync(file, { force: true });
    },
  };
}

async function tryTerminal(
  { program, args }: TerminalProgram,
  mark: Mark,
  options: RelaunchOptions,
): Promise<boolean> {
  // Where no `env` can be put before the program.
  const added = process.platform === "win32" ? { [relaunchedName]: mark.token } : {};
  // It may be a script, which looks up its own programs.
  const env = { ...withAbsolutePath(options.env, process.platform), ...added };
  // Its own group, which outlives us and can be ended as a whole.
  const child = spawn(program, [...args], { detached: true, stdio: "ignore", env });
  let hasFailed = false;
  child.on("error", () => (hasFailed = true));
  child.on("exit", (code) => (hasFailed = code !== 0));
  child.unref();
  const end = systemClock.monotonic() + (options.patienceMs ?? patienceMs);
  while (!mark.isOpened) {
    if (hasFailed || systemClock.monotonic() > end) {
      endGroup(child);
      return false;
    }
    // oxlint-disable-next-line no-await-in-loop -- a file says nothing by itself
    await new Promise<void>((resolve) => void systemClock.after(pollMs, resolve));
  }
  return true;
}

function endGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGTERM");
  } catch {
    // Gone just now.
  }
}

function folderOf(env: RelaunchOptions["env"]): string {
  return cacheFolder(process.platform, env, env["HOME"] || homedir());
}

function markName(token: string): string {
  return `relaunch-${token}`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
