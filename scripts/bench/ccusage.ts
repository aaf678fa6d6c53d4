/** ccusage, which reads all of Codex's rollouts to add up their tokens; fetched when it is needed. */
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

/** One whose native part the registry has for every system. */
const version = "20.0.24";
const folder = resolve(import.meta.dir, "../../.scratch/ccusage");

/** Its command, or `undefined` where npm cannot install it. */
export function installCcusage(): string | undefined {
  const command = join(folder, "node_modules/.bin/ccusage");
  if (!runs(command)) {
    mkdirSync(folder, { recursive: true });
    const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
    Bun.spawnSync(["npm", "install", "--prefix", folder, ...quiet, `ccusage@${version}`], {
      timeout: 60_000,
    });
  }
  return runs(command) ? command : undefined;
}

function runs(command: string): boolean {
  if (!existsSync(command)) return false;
  return Bun.spawnSync([command, "--version"]).stdout.toString().includes(version);
}
