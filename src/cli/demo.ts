import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { runDemo } from "../demo/demo.ts";
import { demoMark } from "../demo/home.ts";
import { builtInRecording, parseRecording } from "../demo/recording.ts";
import { playRecording } from "../demo/stand-in-codex.ts";
import { messageOf, UserError } from "../lib/errors.ts";
import { nullTerminal } from "../terminal/null-terminal.ts";
import type { Command } from "./cdp.ts";
import { wrap } from "./wrap.ts";

/** The size of the screen that is drawn where nobody looks at it. */
const unseen = { rows: 30, cols: 100 };
/** Faster, and it is over before a card could be sent. */
const maxSpeed = 20;
const maxBytes = 16 * 1024 * 1024;
const shownFaults = 3;

const args: NonNullable<Command["args"]> = {
  speed: { type: "string", valueHint: "N", default: "1", description: "1 is as recorded" },
  recording: { type: "string", valueHint: "FILE", description: "Play this one instead" },
};

/** `cdp demo`: the real wrapper around a stand-in Codex, in front of a stand-in Discord. */
export const demo: Command = {
  meta: { name: "demo", description: "See what it does: no Codex, login or Discord needed" },
  args,
  examples: [
    ["cdp demo", "half a minute of an invented session"],
    ["cdp demo --speed 4", "the same, faster"],
    ["cdp demo | cat", "only the cards, as text"],
  ],
  async run(values) {
    const { speed, file } = options(values);
    const { faults } = parseRecording(readRecording(file));
    for (const fault of faults.slice(0, shownFaults)) complain(`left out: ${fault}`);
    if (faults.length > shownFaults) complain(`and ${faults.length - shownFaults} more lines`);
    const self = ["play", "--speed", String(speed)];
    const shown = process.stdin.isTTY && process.stdout.isTTY && process.stderr.isTTY;
    const terminal = shown ? undefined : nullTerminal(unseen);
    return runDemo({
      wrap: (child) =>
        wrap({ ...child, workFolder: child.cwd, pane: true, ...(terminal && { terminal }) }),
      self: {
        file: process.execPath,
        args: file === undefined ? self : [...self, "--recording", file],
      },
      env: process.env,
      platform: process.platform,
      terminal: shown
        ? { cols: process.stdout.columns, color: !process.env["NO_COLOR"] }
        : undefined,
      print: (text) => void process.stdout.write(text),
    });
  },
};

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

function complain(what: string): void {
  process.stderr.write(`cdp: ${what}\n`);
}

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
