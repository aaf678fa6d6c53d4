import { argumentsOf, noOptions, operandAt, valuedOptions } from "./shell-options.ts";
import { readers, writerOptions, writers } from "./shell-programs.ts";
import type { Dialect, ShellWord } from "./shell-words.ts";
import { patchedFile } from "./target.ts";

/** Which file a command reads or writes; the path as it is written. */

/** The file that a program which shows files is given first. */
export function readFile(
  program: string,
  words: readonly ShellWord[],
  dialect: Dialect,
): string | undefined {
  const { before = 0, valued = noOptions, instead = [] } = readers.get(program) ?? {};
  const args = argumentsOf(words, valued, dialect === "windows" && isCmdlet(program));
  const given = instead.some((option) => args.options.has(option));
  const [first] = args.operands;
  // `sed -i ''` of other Unixes, and the subcommands of yq.
  const isOther =
    (args.options.has("-i") && first?.text === "" && !first.expands) ||
    (program === "yq" && /^(?:e|ea|eval|eval-all|r|read)$/.test(first?.text ?? ""));
  return operandAt(args, (given ? 0 : before) + (isOther ? 1 : 0));
}

const perlOptions = valuedOptions("-e -E -I -M -m");

/**
 * The file that a command like `cat > file <<EOF`, `tee file`, `sed -i` or a patch writes;
 * `undefined` when it writes none, a path of `undefined` when it cannot be told.
 */
export function writtenFile(
  program: string,
  words: readonly ShellWord[],
  command: { readonly output: string | undefined; readonly script: string },
): { readonly path: string | undefined } | undefined {
  const { output, script } = command;
  switch (program) {
    case "apply_patch":
    case "applypatch":
      return { path: patchedFile(words[0]?.text ?? "") ?? patchedFile(script) };
    case "tee":
      return { path: operandAt(argumentsOf(words, noOptions), 0) };
    case "patch":
      return { path: undefined };
    case "sed":
    case "gsed":
    case "yq":
      return isInPlace(program, words) ? { path: readFile(program, words, "posix") } : undefined;
    case "perl": {
      const args = argumentsOf(words, perlOptions);
      return args.options.has("-i") && args.options.has("-e")
        ? { path: operandAt(args, 0) }
        : undefined;
    }
    case "cat":
    case "echo":
    case "printf":
      return output === undefined || output.startsWith("/dev/") ? undefined : { path: output };
    default:
      return writers.has(program)
        ? { path: operandAt(argumentsOf(words, writerOptions, true), 0) }
        : undefined;
  }
}

function isInPlace(program: string, words: readonly ShellWord[]): boolean {
  const { options } = argumentsOf(words, readers.get(program)?.valued ?? noOptions);
  return options.has("-i") || options.has("--in-place") || options.has("--inplace");
}

function isCmdlet(program: string): boolean {
  return program.includes("-") || program === "gc";
}
