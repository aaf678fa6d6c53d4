import type { Work } from "../session/event.ts";
import { readFile, writtenFile } from "./shell-files.ts";
import { innerScript, launchedWords } from "./shell-inner.ts";
import { afterOptions, noOptions } from "./shell-options.ts";
import { asides, interpreters, listers, movers, readers, searchers } from "./shell-programs.ts";
import { programName, programWords } from "./shell-program-words.ts";
import { aliases, commanders, deeper, gitReaders, modules, subcommands } from "./shell-tools.ts";
import {
  type Dialect,
  maxWords,
  splitScript,
  type ShellWord,
  type SimpleCommand,
} from "./shell-words.ts";
import { elsewhere, fileAt, ranAt } from "./target.ts";

/** Shells in shells; a script deeper than this is not looked at. */
const maxDepth = 4;

/** A word in a program's place may be anything, such as a sentence in quotes. */
const safeName = /^[\w.][\w.+-]{0,63}$/;

/**
 * What a shell command does, told from its first meaningful program: reading, searching, editing
 * or, if nothing better fits, running. The target is a program with a well-known subcommand, or a
 * file's base name: never another argument, a path, a URL, a pattern, or anything that follows a
 * flag which looks secret. Never throws.
 *
 * @param command a script, or an argument vector
 */
export function workOfCommand(command: string | readonly string[]): Work {
  if (typeof command === "string") return workOfScript(command, dialectOf(command), 0);
  const words = command.slice(0, maxWords).map((text) => ({ text, expands: false }));
  const scope = { script: "", dialect: "posix", depth: 0 } as const;
  return workOfSimple({ words, output: undefined }, scope)?.work ?? { kind: "running" };
}

/** Cmdlets, the variables of PowerShell, or a drive's letter. */
const windowsSigns =
  /(?:^|[;|&\n({])\s*(?:\$env:|[A-Z][a-z]+-[A-Z][A-Za-z]+\b)|(?:^|[\s'"=])[A-Za-z]:\\/;

function dialectOf(script: string): Dialect {
  return windowsSigns.test(script.slice(0, 4096)) ? "windows" : "posix";
}

/** Work, and whether a later command of the same script may say more. */
interface Found {
  readonly work: Work;
  readonly aside: boolean;
}

/** Where a command stands. */
interface Scope {
  readonly script: string;
  readonly dialect: Dialect;
  readonly depth: number;
}

function workOfScript(script: string, dialect: Dialect, depth: number): Work {
  if (depth > maxDepth) return { kind: "running" };
  let first: Work | undefined;
  let moved = false;
  for (const command of splitScript(script, dialect)) {
    const found = workOfSimple(command, { script, dialect, depth });
    const work = found && moved ? elsewhere(found.work, undefined) : found?.work;
    if (found !== undefined && !found.aside && work !== undefined) return work;
    first ??= work;
    const [program] = programWords(command.words, dialect);
    moved ||= program !== undefined && moves(program.text, command.words);
  }
  return first ?? { kind: "running" };
}

/** Whether a relative path after this command may begin at another folder. */
function moves(program: string, words: readonly ShellWord[]): boolean {
  if (movers.has(program.toLowerCase())) return true;
  // A script that is read into the shell may move it; those of virtual environments do not.
  const isRead = /^(?:source|\.|eval)$/.test(program);
  return isRead && !/(?:^|\/)(?:activate|\.env)(?:\.\w+)?$/.test(words.at(-1)?.text ?? "");
}

/**
 * What begins a program somewhere else: `env -C folder`, `sudo -nD folder`, `sudo -i`, `su -`,
 * `systemd-run -p WorkingDirectory=…`, `uv run --directory folder`, `pnpm -r exec`, `npm exec -w x`.
 * Some of these letters mean something else to another program, which costs a file's name alone.
 */
const goesAway =
  /^(?:-(?!-)[\w-]*[CDirlwF]|--(?:[\w-]*(?:dir|cwd|root|prefix|project|workspace)|cd\b|login|filter|recursive)|(?:--property=)?WorkingDirectory|(?:chroot|su|runuser|systemd-run|nsenter|machinectl|wsl|workspaces?)$)/;
/** `pdm -p folder run`, `poetry -P folder run`. */
const projectOption = /^-[pP]/;

/** Whether words in front of a program, its own launcher's and their options, begin it elsewhere. */
function isAway(before: readonly ShellWord[], launcher: string): boolean {
  const hasProject = /^(?:pdm|poetry|rye|hatch)$/.test(launcher);
  return before.some(({ text }) => goesAway.test(text) || (hasProject && projectOption.test(text)));
}

function workOfSimple(command: SimpleCommand, scope: Scope): Found | undefined {
  const words = programWords(command.words, scope.dialect);
  const found = workOfWords(words, command, scope);
  const before = command.words.slice(0, command.words.length - words.length);
  return found !== undefined && isAway([...before, ...words.slice(0, 1)], "")
    ? { ...found, work: elsewhere(found.work, undefined) }
    : found;
}

function workOfWords(
  words: readonly ShellWord[],
  command: SimpleCommand,
  scope: Scope,
): Found | undefined {
  const { dialect, depth } = scope;
  const [first, ...rest] = words;
  if (first === undefined) return undefined;
  const isText = dialect === "windows" && first.quoted === true && !/[\\/]/.test(first.text);
  if (first.expands || isText || depth > maxDepth) return meaningful({ kind: "running" });
  const program = programName(first.text, dialect);
  const inner =
    words.length < command.words.length && rest.length === 0 && /^[\w.+-]+\s/.test(first.text)
      ? { script: first.text, dialect } // `watch 'npm test'`
      : innerScript(program, rest, command.input);
  if (inner !== undefined) return meaningful(workOfScript(inner.script, inner.dialect, depth + 1));
  const launched = launchedWords(program, rest);
  if (launched !== undefined) {
    const inside = workOfSimple({ ...command, words: launched }, { ...scope, depth: depth + 1 });
    const before = rest.slice(0, rest.length - launched.length);
    return inside !== undefined && isAway(before, program)
      ? { ...inside, work: elsewhere(inside.work, undefined) }
      : inside;
  }
  const written = writtenFile(program, rest, { ...command, script: scope.script });
  if (written !== undefined) return meaningful({ kind: "editing", ...fileTarget(written.path) });
  const work = workOfProgram(program, rest, dialect) ?? workOfOther(first.text, program);
  return { work, aside: asides.has(program) };
}

function meaningful(work: Work): Found {
  return { work, aside: false };
}

/** What a program does that is known by its name; `undefined` for any other. */
function workOfProgram(
  program: string,
  words: readonly ShellWord[],
  dialect: Dialect,
): Work | undefined {
  if (searchers.has(program)) return { kind: "searching", target: program };
  if (readers.has(program) || (program === "type" && dialect === "windows")) {
    return { kind: "reading", ...fileTarget(readFile(program, words, dialect)) };
  }
  if (listers.has(program)) return { kind: "reading", target: program };
  if (program === "git") return workOfGit(words);
  const subcommand = subcommandOf(program, words);
  if (subcommand !== undefined) return { kind: "running", target: `${program} ${subcommand}` };
  const flags =
    interpreters.get(program.replace(/(?<=[a-z])[\d.]+$/, "")) ?? interpreters.get(program);
  return flags === undefined ? undefined : { kind: "running", ...ranFile(program, words, flags) };
}

/** A program that is in no list: by its name, or as the file that its path names. */
function workOfOther(word: string, program: string): Work {
  if (!safeName.test(program)) return { kind: "running" };
  return /[\\/]/.test(word)
    ? { kind: "running", ...ranAt(word, undefined) }
    : { kind: "running", target: program };
}

/** `test` of `npm --prefix web test`, `run build` of `npm run build`: words of everybody's. */
function subcommandOf(program: string, words: readonly ShellWord[]): string | undefined {
  const valued = commanders.get(program);
  if (valued === undefined) return undefined;
  // `cargo +nightly test`: with which toolchain.
  const own = words[0]?.text.startsWith("+") === true ? words.slice(1) : words;
  const after = afterOptions(own, valued);
  const subcommand = known(after[0]);
  if (subcommand === undefined || !deeper.has(`${program} ${subcommand}`)) return subcommand;
  const script = known(afterOptions(after.slice(1), valued)[0]);
  return script === undefined ? subcommand : `${subcommand} ${script}`;
}

function known(word: ShellWord | undefined): string | undefined {
  if (word === undefined || word.expands) return undefined;
  const name = aliases.get(word.text) ?? word.text;
  return subcommands.has(name) ? name : undefined;
}

function workOfGit(words: readonly ShellWord[]): Work {
  const [word] = afterOptions(words, commanders.get("git") ?? noOptions);
  const subcommand = known(word);
  if (subcommand === undefined) return { kind: "running", target: "git" };
  const target = `git ${subcommand}`;
  if (subcommand === "grep") return { kind: "searching", target };
  if (subcommand === "apply" || subcommand === "am") return { kind: "editing", target };
  return { kind: gitReaders.has(subcommand) ? "reading" : "running", target };
}

/** `pytest` of `python -m pytest`, the file of `python tool.py`, else the interpreter. */
function ranFile(
  program: string,
  words: readonly ShellWord[],
  flags: ReadonlySet<string>,
): Pick<Work, "target" | "path" | "program"> {
  const at = words.findIndex(({ text }) => !flags.has(text));
  const [option, operand] = words.slice(Math.max(0, at));
  if (at < 0 || option === undefined || option.expands) return { target: program };
  if (option.text === "-m" && operand !== undefined) {
    return { target: modules.has(operand.text) ? operand.text : program };
  }
  // What follows another option may be its value, or code.
  return option.text.startsWith("-") || !isFilePath(option.text)
    ? { target: program }
    : ranAt(option.text, program);
}

function fileTarget(path: string | undefined): ReturnType<typeof fileAt> {
  return path !== undefined && isFilePath(path) ? fileAt(path) : {};
}

function isFilePath(word: string): boolean {
  return !word.includes("://") && !/^(?:-|(?:\.{1,2}[\\/]*)+)$/.test(word);
}
