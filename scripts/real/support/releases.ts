import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** Releases beside the pinned one, which comes with `npm install`. */
export const olderReleases: readonly string[] = ["0.169.0", "0.140.0"];

const folder = resolve(import.meta.dir, "../../../.scratch/releases");
const TRIES = 3;

/**
 * The native program of a release of Codex, installed once under an alias of its own: several
 * releases of one package stand side by side.
 *
 * @throws when the registry cannot be reached or has no such release
 */
export async function codexRelease(version: string): Promise<string> {
  const alias = `codex-${version}`;
  const found = programOf(alias);
  if (found !== undefined) return found;
  const target = `${process.platform}-${process.arch}`;
  const at = join(folder, version);
  mkdirSync(at, { recursive: true });
  const dependencies = { [alias]: `npm:@openai/codex@${version}-${target}` };
  writeFileSync(join(at, "package.json"), JSON.stringify({ private: true, dependencies }));
  let why = "";
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const install = Bun.spawnSync([process.execPath, "install", "--no-save"], { cwd: at });
    const program = programOf(alias);
    if (program !== undefined) return program;
    why = install.stderr.toString().trim().split("\n").at(-1) ?? "";
    // oxlint-disable-next-line no-await-in-loop -- one try after the other
    await Bun.sleep(attempt * 1000);
  }
  throw new Error(`Codex ${version} cannot be installed: ${why}`);

  function programOf(name: string): string | undefined {
    const below = join(folder, version, "node_modules", name);
    if (!existsSync(below)) return undefined;
    const glob = new Bun.Glob("vendor/*/{bin,codex}/codex");
    const [path] = [...glob.scanSync({ cwd: below, followSymlinks: true })];
    return path === undefined ? undefined : join(below, path);
  }
}
