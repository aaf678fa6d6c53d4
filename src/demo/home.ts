import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf, UserError } from "../lib/errors.ts";
import { folderAt } from "../lib/private-file.ts";

/** Marks a `CODEX_HOME` as the demo's: the stand-in Codex writes nowhere else. */
export const demoMark = ".cdp-demo";

/** The private folder (0700) of one demo; everything the demo writes is in it. */
export interface DemoHome extends Disposable {
  readonly codexHome: string;
  /** Where the stand-in Codex runs; named like the invented project. */
  readonly cwd: string;
  readonly discordSocket: string;
  /** The folder of another invented project, which is made; named like it. */
  readonly folderOf: (project: string) => string;
  /** `env` with every place that a program of the demo writes to moved into the folder. */
  environment(env: Readonly<Record<string, string | undefined>>): Record<string, string>;
}

/** Unix socket paths end at 104 bytes on macOS, 108 on Linux; ours adds some 40. */
const maxParent = 60;

/**
 * Makes the folder. It is removed when disposed, at any exit of this process, and on a signal that
 * nobody else handles.
 */
export function openDemoHome(project: string, platform: NodeJS.Platform): DemoHome {
  const temp = tmpdir();
  const parent = platform !== "win32" && Buffer.byteLength(temp) > maxParent ? "/tmp" : temp;
  const folder = makeFolder(parent);
  const release = removeAtEnd(folder);
  const codexHome = join(folder, "codex");
  const cwd = join(folder, project);
  mkdirSync(codexHome);
  mkdirSync(cwd);
  writeFileSync(join(codexHome, demoMark), "");
  const discordSocket =
    platform === "win32" ? `\\\\.\\pipe\\cdp-demo-${process.pid}` : join(folder, "discord-ipc-0");
  return {
    codexHome,
    cwd,
    discordSocket,
    folderOf(other) {
      const path = join(folder, other);
      mkdirSync(path, { recursive: true });
      return path;
    },
    environment(env) {
      const kept = Object.entries(env).filter(
        (entry): entry is [string, string] => entry[1] !== undefined && !foreign.test(entry[0]),
      );
      return {
        ...Object.fromEntries(kept),
        CODEX_HOME: codexHome,
        XDG_RUNTIME_DIR: folder,
        CDP_DISCORD_SOCKET: discordSocket,
      };
    },
    [Symbol.dispose]: release,
  };
}

/** The temp folder may be shared, as /tmp is, but what is made in it must stay the user's. */
function makeFolder(parent: string): string {
  const found = folderAt(parent);
  if (found !== undefined && "risk" in found && found.risk?.risk !== "sticky" && found.risk) {
    throw new UserError(`The temp folder ${parent} cannot be used (TMPDIR?): ${found.risk.why}`);
  }
  try {
    return mkdtempSync(join(parent, "cdp-demo-"));
  } catch (error) {
    throw new UserError(`The temp folder ${parent} cannot be used (TMPDIR?): ${messageOf(error)}`);
  }
}

/** What would lead the demo to another Codex, or tell it that it runs inside one. */
const foreign = /^(?:CODEX_.*|CDP_CODEX_BIN)$/;

const deadlySignals = ["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP"] as const;

function removeAtEnd(folder: string): () => void {
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    // Whoever else listens ends the process in order, and "exit" follows.
    if (process.listenerCount(signal) > 1) return;
    remove();
    process.off(signal, onSignal);
    process.kill(process.pid, signal);
  };
  process.on("exit", remove);
  for (const signal of deadlySignals) process.on(signal, onSignal);
  return () => {
    process.off("exit", remove);
    for (const signal of deadlySignals) process.off(signal, onSignal);
    remove();
  };
}
