// Runs a script of this project under the pinned Bun on a machine that has only Node and npm:
//   node scripts/with-bun.mjs scripts/check.ts [arguments]
// The first time, npx brings Bun; then the lock file says what is installed, exactly.
// `--production` before the script's name installs what the program itself needs, and no more.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const windows = process.platform === "win32";
const installed = join(root, "node_modules", ".bin", windows ? "bun.exe" : "bun");

const args = process.argv.slice(2);
const production = args[0] === "--production" && args.shift() !== undefined;

function bun(bunArgs) {
  const local = existsSync(installed);
  const command = local ? installed : windows ? "npx.cmd" : "npx";
  const argv = local ? bunArgs : ["--yes", `bun@${devDependencies.bun}`, ...bunArgs];
  const done = spawnSync(command, argv, { cwd: root, stdio: "inherit", shell: windows && !local });
  if (done.error) {
    process.stderr.write(`cannot run ${command}: ${done.error.message}\n`);
    return 1;
  }
  return done.status ?? 1;
}

// A first `npm run demo` does not download the test tools; once they are there they stay.
const scope = production && !existsSync(installed) ? ["--production"] : [];
let status = bun(["install", "--frozen-lockfile", "--silent", ...scope]);
if (status !== 0) status = bun(["install", "--frozen-lockfile", ...scope]);
if (status === 0) status = bun(args);
process.exit(status);
