import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type DemoDashboard, runDemo } from "../demo/demo.ts";
import { demoMark } from "../demo/home.ts";
import { builtInRecording, parseRecording } from "../demo/recording.ts";
import { playRecording } from "../demo/stand-in-codex.ts";
import { messageOf, UserError } from "../lib/errors.ts";
import { complain, outputColumns, printStyled } from "../lib/output.ts";
import { openTerminal } from "../terminal/terminal.ts";
import { nullTerminal } from "../terminal/null-terminal.ts";
import type { Command } from "./cdp.ts";
import { wrap } from "./wrap.ts";

/** The size of the screen that is drawn where nobody looks at it. */
const unseen = { rows: 30, cols: 100 };
/** Faster, and it is over before a card could be sent. */
const maxSpeed = 20;
/** How long the dashboard is shown to somebody who presses no key, and where nobody looks, ms. */
const touredMs = 20_000;
const unseenMs = 12_000;
/** By then the first cards have arrived, whatever the speed. */
const leastMs = 4000;
const maxBytes = 16 * 1024 * 1024;
const shownFaults = 3;

const args: NonNullable<Command["args"]> = {
  speed: { type: "string", valueHint: "N", default: "1", description: "1 is as recorded" },
  recording: { type: "string", valueHint: "FILE", description: "Play this one instead" },
};
const demoArgs: NonNullable<Command["args"]> = {
  ...args,
  dashboard: { type: "boolean", default: false, description: "Only the dashboard, until q" },
};

/**
 * `cdp demo`: the real wrapper around a stand-in Codex, then the real dashboard over invented
 * sessions, both in front of a stand-in Discord.
 */
export const demo: Command = {
  meta: { name: "demo", description: "See what it does: no Codex, login or Discord needed" },
  args: demoArgs,
  examples: [
    ["cdp demo", "half a minute of an invented session, then the dashboard over several"],
    ["cdp demo --dashboard", "only the dashboard; its keys work, q ends it"],
    ["cdp demo --speed 4", "faster"],
    ["cdp demo | cat", "only the cards and the last screen, as text"],
  ],
  async run(values) {
    const { speed, file } = options(values);
    const alone = values["dashboard"] === true;
    if (alone && file !== undefined) throw new UserError("--recording is not for --dashboard.");
    const { faults } = parseRecording(readRecording(file));
    for (const fault of faults.slice(0, shownFaults)) complain(`left out: ${fault}`);
    if (faults.length > shownFaults) complain(`and ${faults.length - shownFaults} more lines`);
    const self = ["play", "--speed", String(speed)];
    const shown = process.stdin.isTTY && process.stdout.isTTY && process.stderr.isTTY;
    const terminal = shown ? undefined : nullTerminal(unseen);
    return runDemo({
      scenes: alone ? ["dashboard"] : file === undefined ? ["wrapper", "dashboard"] : ["wrapper"],
      wrap: (child) =>
        wrap({ ...child, workFolder: child.cwd, pane: true, ...(terminal && { terminal }) }),
      dashboard: shown ? onScreen : onPaper,
      dashboardMs:
        shown && alone ? Infinity : Math.max(leastMs, (shown ? touredMs : unseenMs) / speed),
      speed,
      self: {
        file: process.execPath,
        args: file === undefined ? self : [...self, "--recording", file],
      },
      env: process.env,
      platform: process.platform,
      terminal: shown
        ? { cols: outputColumns() ?? unseen.cols, color: !process.env["NO_COLOR"] }
        : undefined,
      print: (text) => void printStyled(text),
    });
  },
};

async function onScreen({ env, over, onInput }: DemoDashboard): Promise<readonly string[]> {
  using terminal = openTerminal();
  if (terminal === undefined) return await onPaper({ env, over, onInput });
  const { dashboard } = await import("./dashboard.ts");
  await dashboard({ terminal, env, over, onInput });
  return [];
}

/** Where nobody looks: what the dashboard drew last. */
async function onPaper({ env, over }: DemoDashboard): Promise<readonly string[]> {
  const { openPaper } = await import("../terminal/paper-terminal.ts");
  const { dashboard } = await import("./dashboard.ts");
  using terminal = openPaper(unseen);
  let rows: readonly string[] = [];
  const read = over.then(async () => {
    rows = await terminal.rows();
  });
  await dashboard({ terminal, env, over: read });
  return rows;
}

/** The stand-in Codex, which the demo starts by itself. */
export const play: Command = {
  meta: { name: "play", description: "The demo's stand-in Codex", hidden: true },
  args,
  examples: [],
  run(values) {
    const home = process.env["CODEX_HOME"] ?? "";
    if (home === "" || !existsSync(join(home, demoMark))) {
      throw new UserError("`cdp play` is a part of `cdp demo`, and does nothing by itself.");
    }
    const { speed, file } = options(values);
    return playRecording({ recording: readRecording(file), speed, env: process.env });
  },
};

function options(values: Readonly<Record<string, unknown>>) {
  const speed = Number(values["speed"]);
  if (!(speed > 0 && speed <= maxSpeed)) {
    throw new UserError(`--speed takes a number above 0 and up to ${maxSpeed}, such as 4.`);
  }
  const file = values["recording"];
  if (file === "" || file === true) throw new UserError("--recording takes a file.");
  return { speed, file: typeof file === "string" ? resolve(file) : undefined };
}

function readRecording(file: string | undefined): string {
  if (file === undefined) return builtInRecording;
  try {
    const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = fstatSync(fd);
      if (!stat.isFile() || stat.size > maxBytes) throw new Error("not a file of at most 16 MB");
      return readFileSync(fd, "utf8");
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw new UserError(`The recording ${file} cannot be read: ${messageOf(error)}`);
  }
}
