/**
 * A function that runs `run` alone: calls during a run are joined into one more run, and resolve
 * with it. `run` must not reject.
 */
export function oneAtATime(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let again = false;

  async function runAll(): Promise<void> {
    do {
      again = false;
      // oxlint-disable-next-line no-await-in-loop -- one run after the other
      await run();
    } while (again);
    running = undefined;
  }

  return () => {
    again = true;
    running ??= runAll();
    return running;
  };
}
