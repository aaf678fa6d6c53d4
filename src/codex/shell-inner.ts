import { afterOptions, argumentsOf, noOptions, valuedOptions } from "./shell-options.ts";
import {
  interpreters,
  listers,
  powerShells,
  readers,
  scriptTakers,
  searchers,
  shells,
} from "./shell-programs.ts";
import { programName } from "./shell-program-words.ts";
import { bareLaunchers, commanders, launchers, tools } from "./shell-tools.ts";
import type { Dialect, ShellWord } from "./shell-words.ts";

/** A script within a command. */
export interface InnerScript {
  readonly script: string;
  readonly dialect: Dialect;
}

const shellOptions = valuedOptions("-o -O --rcfile --init-file");

/** The script that a command hands to a shell: `bash -lc '…'`, `su -c '…'`, `eval …`, `cmd /c …`. */
export function innerScript(
  program: string,
  words: readonly ShellWord[],
  input: string | undefined,
): InnerScript | undefined {
  if (shells.has(program)) return posix(shellScript(words, input));
  if (scriptTakers.has(program)) return posix(textAfter(words, /^-\w*c$|^--command$/));
  if (program === "eval") return posix(joined(words));
  if (powerShells.has(program)) return windows(textAfter(words, /^[-/]c(?:ommand)?$/i, true));
  if (program === "cmd") return windows(textAfter(words, /^\/[ck]$/i, true));
  return undefined;
}

function shellScript(words: readonly ShellWord[], input: string | undefined): string | undefined {
  const { operands, options } = argumentsOf(words, shellOptions);
  if (options.has("-c")) return operands[0]?.text ?? "";
  return operands.length === 0 || options.has("-s") ? input : undefined;
}

function textAfter(
  words: readonly ShellWord[],
  option: RegExp,
  toTheEnd = false,
): string | undefined {
  const at = words.findIndex(({ text }) => option.test(text));
  if (at < 0) return undefined;
  return joined(words.slice(at + 1, toTheEnd ? undefined : at + 2));
}

function joined(words: readonly ShellWord[]): string {
  return words.map(({ text }) => text).join(" ");
}

function posix(script: string | undefined): InnerScript | undefined {
  return script === undefined ? undefined : { script, dialect: "posix" };
}

function windows(script: string | undefined): InnerScript | undefined {
  return script === undefined ? undefined : { script, dialect: "windows" };
}

/**
 * The tool that `npx`, `pnpm exec`, `uv run` and the like run, with its arguments, if it is one that
 * everybody knows: any other name may be that of a person's own package.
 */
export function launchedWords(
  program: string,
  words: readonly ShellWord[],
): readonly ShellWord[] | undefined {
  const own = launchers.get(program);
  if (own !== undefined) return toolIn(program, words, own);
  const [subcommand, ...rest] = afterOptions(words, commanders.get(program) ?? noOptions);
  if (subcommand === undefined || subcommand.expands) return undefined;
  const valued = launchers.get(`${program} ${subcommand.text}`);
  if (valued !== undefined) return toolIn(program, rest, valued);
  const isTool = bareLaunchers.has(program) && tools.has(subcommand.text);
  return isTool ? [subcommand, ...rest] : undefined;
}

function toolIn(
  program: string,
  words: readonly ShellWord[],
  valued: Parameters<typeof afterOptions>[1],
): readonly ShellWord[] | undefined {
  const dashes = words.findIndex(({ text }) => text === "--");
  const [behind] = dashes < 0 ? [] : words.slice(dashes + 1);
  // `mise exec node@20 -- npm test`.
  if (behind !== undefined && isKnown(behind.text)) return words.slice(dashes + 1);
  const [first, ...rest] = afterOptions(words, valued);
  if (first === undefined || first.expands) return undefined;
  const text = first.text.replace(/(?<=\w)@[\w.^~-]*$/, "");
  if (isKnown(text)) return [{ text, expands: false }, ...rest];
  const isFile = program === "uv" && /^[^-].*\.py$/.test(text);
  return isFile ? [{ text: "python", expands: false }, first] : undefined;
}

function isKnown(word: string): boolean {
  const name = programName(word, "posix");
  return [tools, shells, interpreters, commanders, readers, searchers, listers].some((names) =>
    names.has(name),
  );
}
