import { messageOf, UserError } from "./lib/errors.ts";

/** Everything after `cdp codex` belongs to Codex: it never meets our own argument parser. */
async function main(argv: readonly string[]): Promise<number> {
  const [first, ...rest] = argv;
  if (first === "codex") {
    const { codex } = await import("./cli/codex.ts");
    return codex(rest);
  }
  const { cdp } = await import("./cli/cdp.ts");
  return cdp(argv);
}

// The build starts programs with patience (`scripts/build.ts`): what is over soon never pays for
// compiling what it did. What goes on does.
setTimeout(() => Bun.unsafe.setJITPolicy(1), 500).unref();

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  const ours = !(error instanceof UserError);
  process.stderr.write(`cdp: ${ours ? "a fault of ours: " : ""}${messageOf(error)}\n`);
  process.exit(ours ? 1 : error.status);
}
