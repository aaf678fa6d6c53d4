import { readFileSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { waitFor } from "./wait-for.ts";

/**
 * Ends the background processes that Codex (by default) leaves running for a home: the app-server
 * daemon and its update loop, found by the pid files that they write. Its socket lies in the
 * system's temp folder and is removed too.
 */
export async function endDaemon(codexHome: string): Promise<void> {
  const socket = targetOf(join(codexHome, "app-server-control/app-server-control.sock"));
  // The updater first: it would start the daemon again.
  for (const name of ["daemon-updater.pid", "daemon.pid"]) {
    const pid = pidIn(join(codexHome, "app-server-daemon", name));
    if (pid === undefined) continue;
    // Asked politely, a daemon would first wait for its running turns.
    process.kill(pid, "SIGKILL");
    await waitFor(`the end of ${name} ${pid}`, () => !isRunning(pid), 5000);
  }
  if (socket !== undefined) rmSync(socket, { force: true });
}

/** True while a process with this id exists and is not a zombie. */
export function isRunning(pid: number): boolean {
  const stat = statOf(pid);
  return stat !== undefined && stat.state !== "Z" && stat.state !== "X";
}

/** Ids of all processes below this one, nearest first. */
export function descendantsOf(pid: number): number[] {
  const children = childrenOf(pid);
  return [...children, ...children.flatMap(descendantsOf)];
}

/** State letter of a process as `ps` shows it (`T` is stopped); `undefined` when it is gone. */
export function stateOf(pid: number): string | undefined {
  return statOf(pid)?.state;
}

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return text.split(" ").filter(Boolean).map(Number);
  } catch {
    return []; // It has ended meanwhile.
  }
}

/** The process of a pid file, unless that id belongs to a later process by now. */
function pidIn(path: string): number | undefined {
  try {
    const file: { pid: number; processIdentity: { startTicks: number } } = JSON.parse(
      readFileSync(path, "utf8"),
    );
    const same = statOf(file.pid)?.startTicks === file.processIdentity.startTicks;
    return same ? file.pid : undefined;
  } catch {
    return undefined; // Never started, or ended and tidied up by itself.
  }
}

/** Fields 3 and 22 of `/proc/<pid>/stat`, counted behind the name in parentheses. */
function statOf(pid: number): { readonly state: string; readonly startTicks: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0]!, startTicks: Number(fields[19]) };
  } catch {
    return undefined;
  }
}

function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}
