import { mkdirSync, mkdtempSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { loadPtyAddon } from "../../src/pty/addon.ts";
import type { Pty, PtyOptions, SpawnPty } from "../../src/pty/pty.ts";
import { selectPty } from "../../src/pty/select.ts";

const ROOT = join(import.meta.dir, "..", "..", ".scratch");

/** What every test of the contract runs against. */
export const backends: readonly (readonly [Pty["backend"], SpawnPty])[] = [
  ["node-pty", await selectPty("node-pty", loadPtyAddon)],
  ["bun", await selectPty("bun", loadPtyAddon)],
];

/** A fresh folder of the test's own. */
export function scratchFolder(name: string): string {
  mkdirSync(ROOT, { recursive: true });
  return mkdtempSync(join(ROOT, `${name}-`));
}

/** Spawns a program with an environment of nothing but PATH, in a terminal of 24 x 80. */
export function run(
  spawn: SpawnPty,
  file: string,
  args: readonly string[],
  options: Partial<PtyOptions> = {},
): Pty {
  const env = { PATH: process.env["PATH"] ?? "" };
  return spawn({ file, args, env, cwd: "/", size: { rows: 24, cols: 80 }, ...options });
}

/** Runs a shell script; `args` are its `$1`, `$2`, … */
export function sh(
  spawn: SpawnPty,
  script: string,
  options: Partial<PtyOptions> = {},
  args: readonly string[] = [],
): Pty {
  return run(spawn, "/bin/sh", ["-c", script, "sh", ...args], options);
}

/** Runs a module in the Bun that runs the tests. */
export function bun(spawn: SpawnPty, code: string): Pty {
  return run(spawn, process.execPath, ["-e", code]);
}

/** Everything the child writes, as text. */
export async function textOf(pty: Pty): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of pty.output) text += decoder.decode(chunk, { stream: true });
  return text;
}

/** The child's lines, and how it ended. */
export async function outcome(pty: Pty) {
  const text = await textOf(pty);
  return { lines: text.split("\r\n").slice(0, -1), exit: await pty.exited };
}

/** Reads a child's output as it comes, so that a test can wait for a part of it. */
export function follow(pty: Pty) {
  const seen = { text: "", ended: false };
  const done = (async () => {
    for await (const chunk of pty.output) seen.text += Buffer.from(chunk).toString("latin1");
    seen.ended = true;
  })();
  return {
    done,
    seen,
    has: (part: string) => eventually(() => seen.text.includes(part), `output ${part}`),
  };
}

/** Polls until `condition` holds; fails after 10 s. */
export async function eventually(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`never happened: ${what}`);
    await Bun.sleep(5);
  }
}

/** How many ends of ptys this process holds open. */
export function openPtys(): number {
  return readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return /ptmx|\/pts\//.test(readlinkSync(`/proc/self/fd/${fd}`));
    } catch {
      return false; // the listing's own descriptor
    }
  }).length;
}
