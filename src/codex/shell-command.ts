import type { Work } from "../session/event.ts";
import {
  asides,
  commanders,
  gitReaders,
  grammarKeywords,
  interpreters,
  leadingKeywords,
  listers,
  modules,
  readers,
  searchers,
  shells,
  subcommands,
  wrappers,
} from "./shell-programs.ts";
import { splitScript, type ShellWord, type SimpleCommand } from "./shell-words.ts";
import { elsewhere, fileAt, patchedFile } from "./target.ts";

/** Shells in shells; a script deeper than this is not looked at. */
const maxDepth = 4;

const secretFlag = /^--?[\w-]*(?:token|secret|passw|pwd|api-?key|auth|credential|private)/i;
/** A word in a program's place may be anything, such as a sentence in quotes. */
const safeName = /^[\w.+-]{1,64}$/;
/** After one of these a relative path begins at a folder that is not known. */
const movers: ReadonlySet<string> = new Set(["cd", "pushd", "popd"]);
const assignment = /^[A-Za-z_]\w*\+?=/;

/**
 * What a shell command does, told from its first meaningful program: reading, searching, editing
 * or, if nothing better fits, running. The target is a program with a well-known subcommand, or a
 * file's base name: never another argument, a path, a URL, a pattern, or anything that follows a
 * flag which looks secret. Never throws.
 *
 * @param command a script, or an argument vector
 */
export function workOfCommand(command: string | readonly string[]): Work {
  if (typeof command === "string") return workOfScript(command, 0);
  const words = command.map((text) => ({ text, expands: false }));
  return workOfSimple({ words, output: undefined }, 0)?.work ?? { kind: "running" };
}

/** Work, and whether a later command of the same script may say more. */
interface Found {
  readonly work: Work;
  readonly aside: boolean;
}

function workOfScript(script: string, depth: number): Work {
  let first: Work | undefined;
  let moved = false;
  for (const command of splitScript(script)) {
    const found = workOfSimple(command, depth, script);
    const work = found && moved ? elsewhere(found.work, undefined) : found?.work;
    if (found !== undefined && !found.aside && work !== undefined) return work;
    first ??= work;
    moved ||= programWords(command.words).some(({ text }, at) => at === 0 && movers.has(text));
  }
  return first ?? { kind: "running" };
}

function workOfSimple(command: SimpleCommand, depth: number, script = ""): Found | undefined {
  const words = programWords(command.words);
  const [first, ...rest] = words;
  if (first === undefined) return undefined;
  if (first.expands) return meaningful({ kind: "running" });
  const program = programName(first.text);
  const inner = scriptOf(program, rest);
  if (inner !== undefined) {
    return meaningful(depth < maxDepth ? workOfScript(inner, depth + 1) : { kind: "running" });
  }
  const written = writtenFile(program, rest, command.output);
  if (written !== undefined) return meaningful(named("editing", written));
  if (program === "apply_patch" || program === "applypatch") {
    return meaningful(named("editing", patchedFile(rest[0]?.text ?? "") ?? patchedFile(script)));
  }
  return { work: workOfProgram(program, rest), aside: asides.has(program) };
}

function meaningful(work: Work): Found {
  return { work, aside: false };
}

/** Without the shell's grammar, assignments and programs that only run another one. */
function programWords(words: readonly ShellWord[]): readonly ShellWord[] {
  let at = 0;
  for (;;) {
    const word = words[at]?.text;
    if (word === undefined || grammarKeywords.has(word)) return [];
    const valued = wrappers.get(programName(word));
    if (leadingKeywords.has(word) || assignment.test(word)) {
      at += 1;
    } else if (valued !== undefined) {
      at = pastOptions(words, at + 1, valued);
      // `timeout 10 program`: a number stands before the program.
      if (/^\d+(?:\.\d+)?[smhd]?$/.test(words[at]?.text ?? "")) at += 1;
      if (at >= words.length) return words.slice(0, 1);
    } else {
      return words.slice(at);
    }
  }
}

function pastOptions(
  words: readonly ShellWord[],
  from: number,
  valued: ReadonlySet<string>,
): number {
  let at = from;
  for (;;) {
    const word = words[at]?.text;
    if (word === undefined || !word.startsWith("-")) return at;
    at += valued.has(word) ? 2 : 1;
    if (word === "--") return at;
  }
}

/** The script in `bash -lc '…'`. */
function scriptOf(program: string, words: readonly ShellWord[]): string | undefined {
  if (!shells.has(program)) return undefined;
  const flag = words.findIndex((word) => /^-\w*c$/.test(word.text));
  return flag < 0 ? undefined : words[flag + 1]?.text;
}

/** The file a command like `cat > file <<EOF` or `tee file` or `sed -i` writes. */
function writtenFile(
  program: string,
  words: readonly ShellWord[],
  output: string | undefined,
): string | undefined {
  if (program === "tee") return operands(words)[0];
  if (program === "sed" && words.some((word) => /^(?:-i|--in-place|-\w*i$)/.test(word.text))) {
    return fileOperand(program, words) ?? "";
  }
  const writes = program === "cat" || program === "echo" || program === "printf";
  return writes && output !== undefined && output !== "/dev/null" ? output : undefined;
}

function workOfProgram(program: string, words: readonly ShellWord[]): Work {
  if (searchers.has(program)) {
    return { kind: "searching", target: program };
  }
  if (readers.has(program)) return named("reading", fileOperand(program, words));
  if (listers.has(program)) return { kind: "reading", target: program };
  if (program === "git") return workOfGit(words);
  if (interpreters.has(program) || shells.has(program)) {
    return { kind: "running", target: ranFile(program, words) };
  }
  if (!commanders.has(program)) {
    return safeName.test(program) ? { kind: "running", target: program } : { kind: "running" };
  }
  const [subcommand] = operands(words);
  const known = subcommand !== undefined && subcommands.has(subcommand);
  return { kind: "running", target: known ? `${program} ${subcommand}` : program };
}

const gitOptions: ReadonlySet<string> = new Set(["-C", "-c", "--git-dir", "--work-tree"]);

function workOfGit(words: readonly ShellWord[]): Work {
  const subcommand = words[pastOptions(words, 0, gitOptions)]?.text;
  if (subcommand === undefined || !subcommands.has(subcommand)) {
    return { kind: "running", target: "git" };
  }
  const target = `git ${subcommand}`;
  if (subcommand === "grep") return { kind: "searching", target };
  if (subcommand === "apply" || subcommand === "am") return { kind: "editing", target };
  return { kind: gitReaders.has(subcommand) ? "reading" : "running", target };
}

/** `pytest` of `python -m pytest`, `tool.py` of `python tool.py`, else the interpreter. */
function ranFile(program: string, words: readonly ShellWord[]): string {
  const [option, operand] = words;
  if (option?.text === "-m" && operand !== undefined) {
    return modules.has(operand.text) ? operand.text : program;
  }
  // What follows an option may be its value, or code.
  if (option === undefined || option.expands || option.text.startsWith("-")) return program;
  if (commanders.has(program) && subcommands.has(option.text)) return `${program} ${option.text}`;
  return fileTarget(option.text).target ?? program;
}

/** The file that a program which works on one is given. */
function fileOperand(program: string, words: readonly ShellWord[]): string | undefined {
  const { before, valued } = readers.get(program) ?? { before: 0, valued: new Set<string>() };
  // `sed -e script file`: the script is no operand then.
  const given = words.some(({ text }) => (text === "-e" || text === "-f") && valued.has(text));
  return operands(words, valued)[given ? 0 : before];
}

/**
 * The words that are neither options nor their values, up to a flag that looks secret. What the
 * shell would expand keeps its place, empty.
 */
function operands(
  words: readonly ShellWord[],
  valued: ReadonlySet<string> = new Set(),
): readonly string[] {
  const found: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined || secretFlag.test(word.text)) break;
    if (valued.has(word.text)) at += 1;
    else if (!word.text.startsWith("-")) found.push(word.expands ? "" : word.text);
  }
  return found;
}

function named(kind: "reading" | "editing", path: string | undefined): Work {
  return { kind, ...fileTarget(path) };
}

function fileTarget(path: string | undefined): ReturnType<typeof fileAt> {
  const usable = path !== undefined && !path.includes("://") && path !== ".";
  return usable ? fileAt(path) : {};
}

function programName(word: string): string {
  const name = word.replaceAll("\\", "/").split("/").at(-1) ?? "";
  return name.replace(/\.exe$/i, "");
}
