import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

export interface BenchOptions {
  /** The command that runs `cdp`, or what stands in its place. */
  readonly cdp: readonly string[];
  /** A smaller or larger number of measurements: 1 is what the goals are for. */
  readonly scale: number;
}

/**
 * `--cdp PATH` measures another build, `--scale 0.2` makes a quick look of it, and `--spoiled`
 * measures `spoiled.ts` in place of `cdp`: a wrapper so bad that every goal must be missed.
 */
export function benchOptions(): BenchOptions {
  const { values } = parseArgs({
    options: {
      cdp: { type: "string", default: resolve(import.meta.dir, "../../dist/cdp") },
      scale: { type: "string", default: "1" },
      spoiled: { type: "boolean", default: false },
    },
  });
  if (!values.spoiled && !existsSync(values.cdp)) {
    throw new Error(`${values.cdp} is missing: bun scripts/build.ts`);
  }
  const spoiled = [process.execPath, join(import.meta.dir, "spoiled.ts")];
  return { cdp: values.spoiled ? spoiled : [values.cdp], scale: Number(values.scale) };
}
