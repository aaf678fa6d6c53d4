// Ten of the lines that guard privacy or trust, chosen at random, are broken one at a time: a test
// must notice each. `bun scripts/mutants.ts --seed N --random 10` repeats a choice.
import { join } from "node:path";

const script = join(import.meta.dir, "..", "mutants.ts");
const run = Bun.spawn([process.execPath, script, "--random", "10"], {
  stdio: ["ignore", "inherit", "inherit"],
});
process.exitCode = await run.exited;
