import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Names, kinds, sizes and times of everything in a folder, logs of ours aside. */
export function contentsOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => !name.endsWith("cdp.log"))
    .toSorted()
    .map((name) => {
      const { mode, size, mtimeMs } = lstatSync(join(folder, name));
      return `${name} ${mode.toString(8)} ${size} ${mtimeMs}`;
    });
}

/** Processes, ourselves aside, whose environment names this folder: what a script left behind. */
export function processesIn(folder: string): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => textOf(`/proc/${pid}/environ`).includes(folder))
    .map((pid) => `${pid} ${textOf(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim()}`);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // Gone meanwhile.
  }
}
