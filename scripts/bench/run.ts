/**
 * All benchmarks, one after the other; options go to each (`options.ts`). Exits 1 when a goal was
 * missed, 3 when none was missed but one could not be compared.
 */
import { join } from "node:path";
import { say } from "./goals.ts";

const names = [
  "start",
  "echo",
  "throughput",
  "memory",
  "idle",
  "dashboard",
  "tail",
  "soak",
] as const;

const statuses = names.map((name) => {
  const command = [process.execPath, join(import.meta.dir, `${name}.ts`), ...process.argv.slice(2)];
  const { exitCode } = Bun.spawnSync(command, { stdio: ["inherit", "inherit", "inherit"] });
  say("");
  return exitCode;
});
const failed = names.filter((_, i) => statuses[i] !== 0 && statuses[i] !== 3);
if (failed.length > 0) say(`goals missed in: ${failed.join(", ")}`);
process.exit(failed.length > 0 ? 1 : Math.max(...statuses));
