import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Project } from "../project.ts";
import { run } from "../shell.ts";
import type { Target } from "../targets.ts";
import type { Rows } from "./rows.ts";

const rounds = 15;
/** The launcher may take this many times what `node -e 0` takes, over the program alone. */
const most = 1.2;

/** Unpacks the launcher and a platform's package as npm lays them; returns the launcher's path. */
async function unpackLauncher(
  release: string,
  target: Target,
  project: Project,
  folder: string,
): Promise<{ readonly launcher: string; readonly program: string }> {
  const { name, version } = project;
  const place = async (file: string, as: string) => {
    const to = join(folder, "node_modules", as);
    mkdirSync(to, { recursive: true });
    await run(["tar", "-xzf", join(release, file), "-C", to, "--strip-components=1"]);
    return to;
  };
  const launcher = await place(`${name}-${version}.tgz`, name);
  const platform = `${name}-${target.name}`;
  const program = await place(`${name}-${version}-${target.name}.tgz`, platform);
  return { launcher: join(launcher, "bin", "cdp.js"), program: join(program, "bin", "cdp") };
}

/** What the launcher costs: the median of runs that take turns, at most thrice on a busy machine. */
export async function checkLauncherCost(
  rows: Rows,
  release: string,
  target: Target,
  project: Project,
  node = "node",
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "cdp-launcher-"));
  try {
    await rows.check(`${project.name}-${project.version}.tgz`, "cost", async () => {
      const { launcher, program } = await unpackLauncher(release, target, project, folder);
      const seen: string[] = [];
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const [bare, empty, launched] = medians([
          [program, "--version"],
          [node, "-e", "0"],
          [node, launcher, "--version"],
        ]);
        if (bare === undefined || empty === undefined || launched === undefined) break;
        const times = (launched - bare) / empty;
        const text = [bare, empty, launched].map((ms) => ms.toFixed(1)).join(", ");
        seen.push(`${times.toFixed(2)} of node -e 0 (program, node, launcher: ${text} ms)`);
        if (times <= most) return seen.join("; ");
      }
      throw new Error(`more than ${most}: ${seen.join("; ")}`);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** ms of each command, the median of rounds in which they take turns. */
function medians(commands: readonly (readonly string[])[]): readonly number[] {
  const times = commands.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    commands.forEach((command, i) => {
      const start = performance.now();
      const { exitCode } = Bun.spawnSync([...command], { stdin: "ignore" });
      if (exitCode !== 0) throw new Error(`${command.join(" ")}: status ${exitCode}`);
      times[i]?.push(performance.now() - start);
    });
  }
  return times.map((list) => list.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0);
}
