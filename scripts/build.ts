/**
 * Makes the program, one file.
 *
 *   bun scripts/build.ts                                   dist/cdp for this machine
 *   bun scripts/build.ts --target OS-ARCH --runtime FILE --outfile FILE [--metafile FILE]
 *
 * The second form makes it for any system of `release/targets.ts` and downloads nothing: the runtime
 * is Bun's own program for that system, of the same version. node-pty's addon of the target, and no
 * other, is embedded (`src/pty/prebuild.ts`).
 *
 * The two `--no-compile-autoload` flags matter: without them a `bunfig.toml` (preload) or `.env`
 * in whatever folder the user stands in would run inside the program. With `--splitting` a command
 * loads no other's modules, and a JIT policy above 1 lets what runs seldom stay in the interpreter:
 * both together halve what a short command takes, and compiling took a third of what a dashboard
 * does (`main.ts` goes back to 1 beneath Codex).
 */
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { targets } from "./release/targets.ts";

const root = join(import.meta.dir, "..");
const options = readOptions();
const outfile = resolve(options.outfile ?? join(root, "dist", "cdp"));
mkdirSync(dirname(outfile), { recursive: true });

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
    ...forTarget(),
    ...(options.metafile === undefined ? [] : [`--metafile=${resolve(options.metafile)}`]),
    "src/main.ts",
    "--outfile",
    outfile,
  ],
  { cwd: root, stdout: "pipe", stderr: "pipe" },
);
if (build.exitCode !== 0) {
  process.stderr.write(build.stdout);
  process.stderr.write(build.stderr);
}
process.exit(build.exitCode);

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        target: { type: "string" },
        runtime: { type: "string" },
        outfile: { type: "string" },
        metafile: { type: "string" },
      },
    });
    return values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

/** The compiler's options for another system; none for this machine. */
function forTarget(): readonly string[] {
  const { target: name, runtime } = options;
  if (name === undefined && runtime === undefined) return [];
  if (name === undefined || runtime === undefined) {
    // The compiler would download the runtime that is not named.
    return refuse("--target and --runtime go together");
  }
  const target = targets.find((each) => each.name === name);
  const known = targets.map((each) => each.name).join(", ");
  if (target === undefined) return refuse(`unknown target ${name}: use one of ${known}`);
  if (!existsSync(runtime)) return refuse(`no such runtime: ${runtime}`);
  return [`--target=bun-${name}`, `--compile-executable-path=${resolve(runtime)}`];
}

function refuse(message: string): never {
  process.stderr.write(`build: ${message}\n`);
  process.exit(2);
}
