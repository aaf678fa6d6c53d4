let failures = 0;

/**
 * Runs one check and prints its line: `ok …` or `FAILED …` with what was seen instead. Real programs
 * on a busy machine do not paint the same twice, bare either: what fails is tried again, and every
 * failure is printed.
 */
export async function check(
  name: string,
  run: () => Promise<void> | void,
  tries = 3,
): Promise<void> {
  const start = performance.now();
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await run();
      const again = attempt === 1 ? "" : `, try ${attempt}`;
      print(`ok ${name} (${((performance.now() - start) / 1000).toFixed(1)} s${again})`);
      return;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      print(attempt === tries ? `FAILED ${name}` : `try ${attempt} failed: ${name}`);
      print(message.replaceAll(/^/gm, "    "));
    }
  }
  failures += 1;
}

/** What cannot be checked here, and why. */
export function skip(name: string, why: string): void {
  print(`skipped ${name} (${why})`);
}

/** Called last: the script ends with status 1 when a check failed, after all it opened is closed. */
export function finish(): void {
  process.exitCode = failures === 0 ? 0 : 1;
}

export function fail(message: string): never {
  throw new Error(message);
}

/** Throws, with both values, unless they are the same text or list of texts. */
export function same(
  what: string,
  seen: string | readonly string[],
  wanted: string | readonly string[],
): void {
  const difference = differenceOf([seen].flat(), [wanted].flat());
  if (difference !== undefined) fail(`${what}: ${difference}`);
}

/** The first rows in which two texts differ; `undefined` when they are the same. */
export function differenceOf(
  seen: readonly string[],
  wanted: readonly string[],
): string | undefined {
  const length = Math.max(seen.length, wanted.length);
  const rows = Array.from({ length }, (_, row) => row);
  const different = rows.filter((row) => seen[row] !== wanted[row]);
  if (different.length === 0) return undefined;
  const shown = different.slice(0, 4).map((row) => {
    const [cdp, bare] = [seen[row], wanted[row]].map((text) => JSON.stringify(text) ?? "no row");
    return `row ${row + 1}\n    with cdp ${cdp}\n    bare     ${bare}`;
  });
  const size = `${seen.length} rows with cdp, ${wanted.length} bare`;
  return [`${different.length} rows differ (${size})`, ...shown].join("\n  ");
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
