import { messageOf, UserError } from "./lib/errors.ts";

/**
 * The build makes the compiler patient (`scripts/build.ts`), and so it stays where little happens a
 * minute. What Codex writes comes by the megabyte: there it is eager once the start is over.
 */
const startMs = 500;

/** Everything after `cdp codex` belongs to Codex: it never meets our own argument parser. */
async function main(argv: readonly string[]): Promise<number> {
  const [first, ...rest] = argv;
  if (first === "codex") {
    setTimeout(() => Bun.unsafe.setJITPolicy(1), startMs).unref();
    const { codex } = await import("./cli/codex.ts");
    return codex(rest);
  }
  const { cdp } = await import("./cli/cdp.ts");
  return cdp(argv);
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  const ours = !(error instanceof UserError);
  process.stderr.write(`cdp: ${ours ? "a fault of ours: " : ""}${messageOf(error)}\n`);
  process.exit(ours ? 1 : error.status);
}
