/** Builds `dist/cdp` and shows what it does: `npm run demo`. */
import { join } from "node:path";

const root = join(import.meta.dir, "..");
const inherit = { cwd: root, stdin: "inherit", stdout: "inherit", stderr: "inherit" } as const;

const build = Bun.spawnSync([process.execPath, "scripts/build.ts"], inherit);
if (build.exitCode !== 0) process.exit(build.exitCode);

const program = join(root, "dist", process.platform === "win32" ? "cdp.exe" : "cdp");
const demo = Bun.spawn([program, "demo", ...process.argv.slice(2)], inherit);
// Ctrl-C reaches the whole job; what is sent to us alone is passed on. Either way, wait for it.
process.on("SIGINT", () => undefined);
for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => demo.kill(signal));
process.exit(await demo.exited);
