import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { CodexHome } from "./codex-home.ts";
import type { StateChange } from "./codex-user.ts";

const rollouts = resolve(import.meta.dir, "../fixtures/rollouts");
/** Longer texts are instructions and the like, which are Codex's and tell nothing. */
const longest = 600;

/** Keeps what a story did: its rollouts, and what Codex said through its terminal. */
export function recordStory(name: string, home: CodexHome, states: readonly StateChange[]): void {
  const folder = join(rollouts, `story_${name}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const root = dirname(home.path);
  for (const path of home.rollouts()) {
    const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
    const kept = lines.map((line) => cleaned(line, root));
    writeFileSync(join(folder, basename(path)), `${kept.join("\n")}\n`);
  }
  const said = states.map(({ state, wallClock }) => {
    const [word = "", kind] = state.split(" ");
    const more = kind === undefined ? "" : `:kind=${kind}`;
    return { at: Math.round(wallClock), status: `state=${word}:app=codex${more}` };
  });
  const exit = { at: (said.at(-1)?.at ?? 0) + 20, exit: 0 };
  const terminal = [...said, exit].map((entry) => JSON.stringify(entry));
  writeFileSync(join(folder, "terminal.jsonl"), `${terminal.join("\n")}\n`);
}

function cleaned(line: string, root: string): string {
  const item: unknown = JSON.parse(line.replaceAll(root, "/home/user"), (_, value: unknown) =>
    typeof value === "string" && value.length > longest ? "(omitted)" : value,
  );
  return JSON.stringify(item);
}
