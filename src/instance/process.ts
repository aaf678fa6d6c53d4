import { readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";

/** A process above ours: its program and the words it was started with. */
export interface Ancestor {
  readonly pid: number;
  /** Path of the executable, where the system tells; ` (deleted)` after an upgrade stays in it. */
  readonly exe: string | undefined;
  readonly argv: readonly string[];
}

/**
 * The processes above `pid`, nearest first, as `/proc` has them. Empty where there is no `/proc`
 * (macOS, Windows): what depends on it is then not recognised.
 */
export function ancestorsOf(pid: number): readonly Ancestor[] {
  const found: Ancestor[] = [];
  let current = parentOf(pid);
  while (current > 1 && found.length < 256) {
    found.push({
      pid: current,
      exe: tryRead(exeOf, current),
      argv: tryRead(argvOf, current) ?? [],
    });
    current = parentOf(current);
  }
  return found;
}

/** Is one of these a `cdp codex` or `cdp demo`, whose pane already stands in this terminal? */
export function wrapperAmong(ancestors: readonly Ancestor[], self: string): Ancestor | undefined {
  return ancestors.find((ancestor) => isWrapper(ancestor, self));
}

/**
 * Programs that one of these wrappers ran as Codex and that turned out to be us, or to run us: a
 * script named `codex` that calls `cdp codex`. Told by the words of the process between the two;
 * where there is none, since the script became us, by what the wrapper would choose.
 *
 * @param chosen the first program that a wrapper with our environment chooses
 */
export function loopsAmong(
  ancestors: readonly Ancestor[],
  self: string,
  chosen: () => string | undefined,
): readonly string[] {
  const [parent, grandparent] = ancestors;
  if (parent === undefined) return [];
  if (isWrapper(parent, self)) return [chosen()].filter((path) => path !== undefined);
  return grandparent !== undefined && isWrapper(grandparent, self) ? parent.argv : [];
}

/** So many wrappers within wrappers are none that a person started. */
export const maxNesting = 8;

export function nestingOf(ancestors: readonly Ancestor[], self: string): number {
  return ancestors.filter((ancestor) => isWrapper(ancestor, self)).length;
}

function isWrapper({ exe, argv }: Ancestor, self: string): boolean {
  const path = exe?.replace(/ \(deleted\)$/, "");
  const ours = path !== undefined && (path === self || basename(path) === basename(self));
  return ours && (argv.includes("codex") || argv.includes("demo"));
}

function parentOf(pid: number): number {
  const stat = tryRead((id) => readFileSync(`/proc/${id}/stat`, "latin1"), pid) ?? "";
  // The name in parentheses may hold anything, further parentheses included (proc(5)).
  return Number(stat.slice(stat.lastIndexOf(")") + 1).split(" ")[2] ?? 0);
}

function exeOf(pid: number): string {
  return readlinkSync(`/proc/${pid}/exe`);
}

function argvOf(pid: number): readonly string[] {
  return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
}

function tryRead<T>(read: (pid: number) => T, pid: number): T | undefined {
  try {
    return read(pid);
  } catch {
    return undefined; // Gone meanwhile, or another user's.
  }
}
