import { closeSync, constants, writeSync } from "node:fs";
import { messageOf } from "./errors.ts";
import { complain } from "./output.ts";
import { printableLine } from "./printable.ts";
import { openPrivate } from "./private-file.ts";

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
 * Opens the debug log that `CDP_LOG` names (appended, mode 0600): a regular file of the user's own,
 * no link. One that cannot be opened or trusted is refused with a line on standard error, and the
 * log is silent: it must never be a reason to fail.
 */
export function openLog(path: string | undefined): Log & Disposable {
  const fd = path === undefined || path === "" ? undefined : tryOpen(path);
  return {
    debug(part, message) {
      if (fd === undefined) return;
      // @guard log-one-line
      const line = printableLine(`${new Date().toISOString()} ${process.pid} ${part}: ${message}`);
      try {
        writeSync(fd, `${line}\n`);
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
    // @guard log-private
    return openPrivate(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT);
  } catch (error) {
    complain(`nothing is logged, as CDP_LOG is not used: ${messageOf(error)}`);
    return undefined;
  }
}
