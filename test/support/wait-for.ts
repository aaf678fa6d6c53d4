/**
 * Resolves as soon as `condition` holds, asked every 10 ms; rejects after the deadline with a
 * message that names `what` was awaited.
 */
export async function waitFor(
  what: string,
  condition: () => boolean,
  deadlineMs = 10_000,
): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited ${deadlineMs} ms for ${what}`);
    await Bun.sleep(10);
  }
}
