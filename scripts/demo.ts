/** Builds `dist/cdp` and shows what it does: `npm run demo`. */
import { join } from "node:path";

const root = join(import.meta.dir, "..");
const inherit = { cwd: root, stdin: "inherit", stdout: "inherit", stderr: "inherit" } as const;

const build = Bun.spawnSync([process.execPath, "scripts/build.ts"], inherit);
if (build.exitCode !== 0) process.exit(build.exitCode);

// The demo's terminal modes and signals are its own affair; wait for it, whatever comes.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
const program = join(root, "dist", process.platform === "win32" ? "cdp.exe" : "cdp");
const demo = Bun.spawn([program, "demo", ...process.argv.slice(2)], inherit);
process.exit(await demo.exited);
