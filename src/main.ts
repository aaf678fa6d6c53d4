import { widenPool } from "./lib/disk-pool.ts";
import { messageOf, UserError } from "./lib/errors.ts";
import { helperWord } from "./lib/helper-process.ts";
import { complain } from "./lib/output.ts";

/**
 * The build makes the compiler patient (`scripts/build.ts`), and so it stays where little happens a
 * minute. What Codex writes comes by the megabyte: there it is eager once the start is over.
 */
const startMs = 500;

/** Everything after `cdp codex` belongs to Codex: it never meets our own argument parser. */
async function main(argv: readonly string[]): Promise<number> {
  const [first, ...rest] = argv;
  // What stays looks at folders, which may be on disks that do not answer. Before any other look.
  if (first === undefined || first === "codex" || first.startsWith("-")) widenPool();
  if (first === "codex") {
    setTimeout(() => Bun.unsafe.setJITPolicy(1), startMs).unref();
    const { codex } = await import("./cli/codex.ts");
    return codex(rest);
  }
  if (first === helperWord) return (await import("./cli/disk-helper.ts")).answerHelper(rest);
  const { cdp } = await import("./cli/cdp.ts");
  return cdp(argv);
}

function fail(error: unknown): never {
  const ours = !(error instanceof UserError);
  complain(`${ours ? "a fault of ours: " : ""}${messageOf(error)}`);
  process.exit(ours ? 1 : error.status);
}

/** The runtime would print an uncaught error as it is, control characters included. */
for (const event of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(event, (error: unknown) => {
    // A screen that is up restores the terminal first (cli/process-events.ts).
    if (process.listenerCount(event) === 1) fail(error);
  });
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  fail(error);
}
