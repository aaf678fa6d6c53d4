import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { runDemo } from "../demo/demo.ts";
import { builtInRecording, parseRecording } from "../demo/recording.ts";
import { playRecording } from "../demo/stand-in-codex.ts";
import { messageOf, UserError } from "../lib/errors.ts";
import { nullTerminal } from "../terminal/null-terminal.ts";
import type { Command } from "./cdp.ts";
import { wrap } from "./wrap.ts";

/** The size of the screen that is drawn where nobody looks at it. */
const unseen = { rows: 30, cols: 100 };

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
    for (const fault of parseRecording(readRecording(file)).faults) {
      process.stderr.write(`cdp: left out of the recording: ${fault}\n`);
    }
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
    const { speed, file } = options(values);
    return playRecording({ recording: readRecording(file), speed, env: process.env });
  },
};

function options(values: Readonly<Record<string, unknown>>) {
  const speed = Number(values["speed"]);
  if (!(speed > 0 && speed <= 1000)) {
    throw new UserError("--speed takes a number above 0 and up to 1000, such as 4.");
  }
  const file = values["recording"];
  return { speed, file: typeof file === "string" ? resolve(file) : undefined };
}

function readRecording(file: string | undefined): string {
  if (file === undefined) return builtInRecording;
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(`The recording cannot be read: ${messageOf(error)}`);
  }
}
