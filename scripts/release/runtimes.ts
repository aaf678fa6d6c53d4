import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "./shell.ts";
import { runtimeVersion, type Target } from "./targets.ts";

/**
 * Bun's program for a target, in `folder`: packed by npm (from its own cache or its registry) and
 * taken only with the integrity that `targets.ts` names. One that is there is checked again.
 *
 * @returns the program's path. Throws when the package cannot be had or is another one.
 */
export async function fetchRuntime(target: Target, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const archive = join(folder, `${target.name}-${runtimeVersion}.tgz`);
  if (!existsSync(archive) || integrityOf(archive) !== target.runtime.integrity) {
    const packing = join(folder, `${target.name}.packing`);
    rmSync(packing, { recursive: true, force: true });
    mkdirSync(packing, { recursive: true });
    const spec = `${target.runtime.package}@${runtimeVersion}`;
    const packed = await run(["npm", "pack", "--silent", "--pack-destination", packing, spec], {
      cwd: packing,
    });
    const seen = integrityOf(join(packing, packed.trim()));
    if (seen !== target.runtime.integrity) {
      throw new Error(`${spec} has the integrity ${seen}, not ${target.runtime.integrity}`);
    }
    renameSync(join(packing, packed.trim()), archive);
    rmSync(packing, { recursive: true });
  }
  const unpacked = join(folder, target.name);
  rmSync(unpacked, { recursive: true, force: true });
  mkdirSync(unpacked);
  await run(["tar", "-xzf", archive, "-C", unpacked]);
  return join(unpacked, "package", "bin", target.os === "windows" ? "bun.exe" : "bun");
}

/** A file's integrity as npm writes it: `sha512-` and the sum in base64. */
export function integrityOf(path: string): string {
  return `sha512-${createHash("sha512").update(readFileSync(path)).digest("base64")}`;
}
