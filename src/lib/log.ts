import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { messageOf } from "./errors.ts";

/** A debug log. `part` is the folder that speaks (`discord`, `tail` …). Never the terminal. */
export interface Log {
  debug(part: string, message: string): void;
}

export const silentLog: Log = { debug: () => undefined };

/** Runs what must not be a reason to fail for anybody else: a fault is logged, and ends here. */
export function guard(log: Log, part: string, run: () => void): void {
  try {
    run();
  } catch (error) {
    log.debug(part, `failed: ${messageOf(error)}`);
  }
}

/**
 * Opens the debug log that `CDP_LOG` names (appended, mode 0600). Without a name, or where the
 * file cannot be opened, the log is silent: a log must never be a reason to fail.
 */
export function openLog(path: string | undefined): Log & Disposable {
  const fd = path === undefined || path === "" ? undefined : tryOpen(path);
  return {
    debug(part, message) {
      if (fd === undefined) return;
      try {
        writeSync(fd, `${new Date().toISOString()} ${process.pid} ${part}: ${message}\n`);
      } catch {
        // A full disk loses the line, nothing else.
      }
    },
    [Symbol.dispose]: () => {
      if (fd !== undefined) closeSync(fd);
    },
  };
}

function tryOpen(path: string): number | undefined {
  try {
    const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK, O_NOCTTY } = constants;
    const fd = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY, 0o600);
    if (fstatSync(fd).isFile()) return fd;
    closeSync(fd); // A terminal or a pipe: nobody wants a log there.
    return undefined;
  } catch {
    return undefined; // Lost: why the debug log could not be opened.
  }
}
