import type { ShellWord } from "./shell-words.ts";

/** Options of a program that take words after them, by how many; all others are taken for flags. */
export type Valued = ReadonlyMap<string, number>;

/** Options as a text: `-n --lines --arg*2`. */
export function valuedOptions(spec: string): Valued {
  const names = spec.split(" ").filter((name) => name !== "");
  return new Map(
    names.map((name) => {
      const [option = "", count = "1"] = name.split("*");
      return [option, Number(count)];
    }),
  );
}

export const noOptions: Valued = new Map();

/** A program's arguments, told apart. */
export interface Arguments {
  readonly operands: readonly ShellWord[];
  /** As written, without values; of `-abc` also each letter. */
  readonly options: ReadonlySet<string>;
  /**
   * How many of the operands are certain to be no option's value: an unknown long option may take
   * one, and after a flag that looks secret nothing is believed.
   */
  readonly certain: number;
}

const secretFlag = /^--?[\w-]*(?:token|secret|passw|pwd|api-?key|auth|credential|private)/i;

/** Long options that take no value, whoever has them. */
const longFlags: ReadonlySet<string> = new Set(
  (
    "--quiet --silent --number --raw-output --regexp-extended --plain --null --posix --unified --brief " +
    "--recursive --unique --reverse --numeric-sort --color --all --in-place --compact-output --slurp " +
    "--exit-status --count --show-all --verbose --help --version --follow --zero-terminated --check"
  ).split(" "),
);

/** @param isPowerShell options have one dash, and no case */
export function argumentsOf(
  words: readonly ShellWord[],
  valued: Valued,
  isPowerShell = false,
): Arguments {
  const operands: ShellWord[] = [];
  const options = new Set<string>();
  let doubtful: number | undefined;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined) break;
    const text = isPowerShell ? word.text.toLowerCase() : word.text;
    if (text === "--") {
      operands.push(...words.slice(at + 1));
      break;
    }
    if (secretFlag.test(text)) {
      doubtful ??= operands.length;
    } else if (/^\+./.test(text)) {
      // `less +/pattern`, `tail +5`.
      options.add(text);
    } else if (!text.startsWith("-") || text === "-") {
      operands.push(word);
    } else if (isPowerShell || text.startsWith("--")) {
      const [name = ""] = text.split("=", 1);
      options.add(name);
      const values = name === text ? valued.get(name) : 0;
      at += values ?? 0;
      const isFlag = isPowerShell || longFlags.has(name) || name.startsWith("--no-");
      if (values === undefined && !isFlag) doubtful ??= operands.length;
    } else {
      at += shortOptions(text, valued, options);
    }
  }
  return { operands, options, certain: doubtful ?? operands.length };
}

/** The operand at a place, if it is certain to be one and the program gets it as it is written. */
export function operandAt({ operands, certain }: Arguments, at: number): string | undefined {
  const operand = at < certain ? operands[at] : undefined;
  return operand === undefined || operand.expands ? undefined : operand.text;
}

/**
 * The words from the first that is neither an option nor an option's value; none after a flag that
 * looks secret.
 */
export function afterOptions(
  words: readonly ShellWord[],
  valued: Valued,
  more = 0,
): readonly ShellWord[] {
  let at = 0;
  for (;;) {
    const text = words[at]?.text;
    if (text === "--") return words.slice(at + 1 + more);
    if (text !== undefined && secretFlag.test(text)) return [];
    if (text === undefined || text === "-" || !text.startsWith("-")) return words.slice(at + more);
    const isLong = text.startsWith("--");
    at += 1 + (isLong ? (valued.get(text) ?? 0) : shortOptions(text, valued, new Set()));
  }
}

/** Notes the letters of `-abc`; how many words after it are values. */
function shortOptions(text: string, valued: Valued, options: Set<string>): number {
  options.add(text);
  // `-chdir=x`, `-name x`: long ones with one dash.
  const whole = valued.get(text);
  if (whole !== undefined) return whole;
  const letters = Array.from(text.slice(1));
  for (const [index, letter] of letters.entries()) {
    options.add(`-${letter}`);
    const values = valued.get(`-${letter}`);
    if (values !== undefined) return index === letters.length - 1 ? values : values - 1;
  }
  return 0;
}
