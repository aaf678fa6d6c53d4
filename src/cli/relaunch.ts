import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { isatty } from "node:tty";
import { type LaunchFacts, planLaunch } from "../instance/relaunch-plan.ts";
import { openTerminal } from "../terminal/terminal.ts";

/**
 * `cdp` without arguments: the dashboard on a terminal, a report in a pipe; where a person started
 * it without either, the dashboard in a terminal that it opens, else a publisher without a screen.
 *
 * @returns the exit status
 */
export async function bare(): Promise<number> {
  const { env } = process;
  switch (planLaunch(factsOf(env))) {
    case "dashboard": {
      using terminal = openTerminal();
      if (terminal === undefined) return await report();
      const { dashboard } = await import("./dashboard.ts");
      return await dashboard({ terminal, env });
    }
    case "open": {
      const { openInTerminal } = await import("./relaunch-open.ts");
      if (await openInTerminal({ env, self: process.execPath })) return 0;
      return await publish();
    }
    case "headless":
      return await publish();
    case "failed":
      return 1;
    case "report":
    default:
      return await report();
  }
}

async function publish(): Promise<number> {
  const { headless } = await import("./headless.ts");
  return await headless();
}

async function report(): Promise<number> {
  const { status } = await import("./status.ts");
  await status.run({});
  return 0; // That nothing is published is no failure here.
}

function factsOf(env: NodeJS.ProcessEnv): LaunchFacts {
  const { platform, pid } = process;
  return {
    outputIsTerminal: isatty(1),
    anyIsTerminal: [0, 1, 2].some((fd) => isatty(fd)),
    hasTerminal: hasTerminal(),
    outputIsRead: outputIsRead(env),
    env,
    platform,
    pid,
  };
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK));
    return true;
  } catch {
    return false; // ENXIO: the process has none. Anything else is as good as none.
  }
}

/**
 * A session's own log file (`.xsession-errors`) gets both streams of all that it starts, and the
 * journal is a socket: the one that systemd names, or one that GNOME has opened for each program
 * that it starts with nothing to read.
 */
function outputIsRead(env: NodeJS.ProcessEnv): boolean {
  try {
    const [input, output, errors] = [fstatSync(0), fstatSync(1), fstatSync(2)];
    if (output.isFIFO()) return true;
    if (output.isFile()) return output.ino !== errors.ino || output.dev !== errors.dev;
    if (!output.isSocket() || env["JOURNAL_STREAM"] === `${output.dev}:${output.ino}`) return false;
    const display = env["DISPLAY"] || env["WAYLAND_DISPLAY"];
    return !input.isCharacterDevice() || display === undefined || display === "";
  } catch {
    return false; // Closed.
  }
}
