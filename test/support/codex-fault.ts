/** Something that Codex does wrong without `cdp` too, such as forgetting a `/plan`. */
export class CodexFault extends Error {
  override readonly name = "CodexFault";
}

const tries = 3;

/**
 * Plays a story again when Codex itself was at fault, and says so on a line of its own, which
 * `scripts/check.ts` counts. Whatever else fails, fails at once.
 */
export async function retryAloud(name: string, play: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      return await play();
    } catch (error) {
      if (!(error instanceof CodexFault) || attempt === tries) throw error;
      process.stdout.write(`retried: ${name}: ${error.message}\n`);
    }
  }
}
