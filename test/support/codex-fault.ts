import { readFileSync } from "node:fs";
import type { CodexHome } from "./codex-home.ts";
import { waitFor } from "./wait-for.ts";

/** Something that Codex does wrong without `cdp` too, such as forgetting a `/plan`. */
export class CodexFault extends Error {
  override readonly name = "CodexFault";
}

const tries = 3;

/**
 * Plays a story again when Codex itself was at fault, and says so on a line of its own, which
 * `scripts/check.ts` counts. Whatever else fails, fails at once.
 */
export async function retryAloud(
  name: string,
  play: () => Promise<void>,
  say: (line: string) => void = (line) => void process.stdout.write(`${line}\n`),
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      return await play();
    } catch (error) {
      if (!(error instanceof CodexFault) || attempt === tries) throw error;
      say(`retried: ${name}: ${error.message}`);
    }
  }
}

/**
 * Codex writes the mode of a turn down. On a busy machine it forgets a `/plan` that came before its
 * thread, bare too: its screen says "Plan mode", then the thread begins in the default mode.
 */
export async function expectPlanMode(home: CodexHome): Promise<void> {
  const modes = (): readonly string[] => {
    const text = home.rollouts().map((path) => readFileSync(path, "utf8"));
    return [...text.join("\n").matchAll(/"collaboration_mode":\{"mode":"(\w+)"/g)].map(
      ([, mode = ""]) => mode,
    );
  };
  await waitFor("the turn's mode in the rollout", () => modes().length > 0);
  if (!modes().includes("plan")) throw new CodexFault("Codex forgot the /plan");
}
