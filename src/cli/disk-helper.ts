import { realpathSync } from "node:fs";
import { judgeProgram } from "../codex/binary.ts";
import { lookThroughLinks } from "../config/reader.ts";
import { homeWord } from "./home.ts";

/**
 * Answers one question about a disk that may never answer, on standard output; what asks is
 * another `cdp` (lib/helper-process). Returns the exit status.
 */
export function answerHelper([question, ...words]: readonly string[]): Promise<number> {
  const answer = answers[question ?? ""]?.(words);
  if (answer === undefined) return Promise.resolve(2);
  return new Promise((resolve) => void process.stdout.write(answer, () => resolve(0)));
}

const answers: Readonly<Record<string, (words: readonly string[]) => Uint8Array | string>> = {
  config: ([path = "", print]) => lookThroughLinks(path, print),
  home: ([path = ""]) => homeWord(path),
  program: ([self = "", path = ""]) => judgeProgram(path, self),
  real: ([path = ""]) => realpathSync(path),
};
