import { afterOptions } from "./shell-options.ts";
import { wrappers } from "./shell-programs.ts";
import { grammarKeywords, leadingKeywords } from "./shell-tools.ts";
import type { Dialect, ShellWord } from "./shell-words.ts";

const assignment = /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/;
const windowsVariable = /^\$[\w:]+(?:$|=)/;

/**
 * A simple command from its program on: without the shell's grammar, assignments and programs that
 * only run another one. Empty when it is grammar or assignments alone.
 */
export function programWords(words: readonly ShellWord[], dialect: Dialect): readonly ShellWord[] {
  let left = words;
  for (;;) {
    const [first] = left;
    if (first === undefined || grammarKeywords.has(first.text)) return [];
    if (dialect === "windows" && windowsVariable.test(first.text)) {
      // `$x = program …`; else a value, or all there is.
      if (left[1]?.text !== "=") return [];
      left = left.slice(2);
    } else if (first.text === "function") {
      left = left.slice(2);
    } else if (leadingKeywords.has(first.text) || assignment.test(first.text)) {
      left = left.slice(1);
    } else {
      const inner = wrapped(left, dialect);
      if (inner === undefined) return left;
      // `sudo` alone, or what `command -v` looks for.
      if (inner.length === 0) return left.slice(0, 1);
      left = inner;
    }
  }
}

function wrapped(words: readonly ShellWord[], dialect: Dialect): readonly ShellWord[] | undefined {
  const [first, second] = words;
  if (first === undefined || first.expands) return undefined;
  const name = programName(first.text, dialect);
  const wrapper = wrappers.get(name);
  if (wrapper === undefined) return undefined;
  if (name === "command" && /^-[vV]/.test(second?.text ?? "")) return [];
  return afterOptions(words.slice(1), wrapper.valued, wrapper.before);
}

/** Without its folder and what Windows adds; a cmdlet has no case. */
export function programName(word: string, dialect: Dialect): string {
  // An address, or the name of a package: no program.
  if (word.includes("://") || word.startsWith("@")) return "";
  const name = word.replaceAll("\\", "/").split("/").at(-1) ?? "";
  const bare = name.replace(/\.(?:exe|cmd)$/i, "");
  const isWindows = dialect === "windows" || bare !== name;
  return isWindows ? bare.toLowerCase() : bare;
}
