/**
 * Makes `dist/cdp`, one file: `bun run build`.
 *
 * The two `--no-compile-autoload` flags matter: without them a `bunfig.toml` (preload) or `.env`
 * in whatever folder the user stands in would run inside the program. With `--splitting` a command
 * loads no other's modules, and a JIT policy above 1 lets what runs seldom stay in the interpreter:
 * both together halve what a short command takes, and compiling took a third of what a dashboard
 * does (`main.ts` goes back to 1 beneath Codex).
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "..");
mkdirSync(join(root, "dist"), { recursive: true });

const build = Bun.spawnSync(
  [
    process.execPath,
    "build",
    "--compile",
    "--minify",
    "--bytecode",
    "--format=esm",
    "--splitting",
    "--compile-jit-policy=64",
    "--no-compile-autoload-bunfig",
    "--no-compile-autoload-dotenv",
    "src/main.ts",
    "--outfile",
    "dist/cdp",
  ],
  { cwd: root, stdout: "pipe", stderr: "pipe" },
);
if (build.exitCode !== 0) {
  process.stderr.write(build.stdout);
  process.stderr.write(build.stderr);
}
process.exit(build.exitCode);
