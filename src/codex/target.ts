import type { Work } from "../session/event.ts";

/** Names that may be shown for what a tool works on. Untrusted text, so short and of one line. */

const maxTarget = 64;
const maxText = 65_536;
const maxPath = 4096;

/** A name to show, control characters taken out; nothing when none is left. */
export function targetOf(text: string | undefined): { readonly target?: string } {
  const target = text?.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, "").slice(0, maxTarget);
  return target === undefined || target === "" ? {} : { target };
}

/** A file: shown by the last part of its path, of either kind; judged by the path. */
export function fileAt(path: string | undefined): {
  readonly target?: string;
  readonly path?: string;
} {
  const parts = path?.slice(-maxText).replaceAll("\\", "/").split("/");
  const named = targetOf(parts?.findLast((part) => part !== ""));
  const whole = named.target !== undefined && path !== undefined && path.length <= maxPath;
  return whole && !isHomeward(path) ? { ...named, path } : named;
}

/**
 * A file that is run, by an interpreter (`program`) or by itself. Where its place cannot be told only
 * the interpreter is named.
 */
export function ranAt(
  path: string,
  program: string | undefined,
): Pick<Work, "target" | "path" | "program"> {
  const file = fileAt(path);
  if (file.path === undefined) return program === undefined ? {} : { target: program };
  return program === undefined ? file : { ...file, program };
}

/** `~/x` and `%USERPROFILE%\x` are not where they seem to be. */
function isHomeward(path: string): boolean {
  return /^(?:~|%\w+%)/.test(path);
}

/** Work on a file whose relative path does not begin at the session's folder: `cd x && cat y`. */
export function elsewhere(work: Work, folder: string | undefined): Work {
  const { path, ...rest } = work;
  if (path === undefined || /^(?:[\\/]|[A-Za-z]:)/.test(path)) return work;
  if (folder !== undefined && !isHomeward(folder)) return { ...work, path: `${folder}/${path}` };
  if (work.kind !== "running") return rest;
  return { kind: "running", ...(work.program === undefined ? {} : { target: work.program }) };
}

const patched = /\*\*\* (?:Update|Add|Delete) File: ([^\n]{1,4096})/;
/** Within a literal of a program the line may end with an escape, the literal with a quote. */
const quotedPatched = /\*\*\* (?:Update|Add|Delete) File: ([^\n\\"'`]{1,4096})/;

/** The first file that a patch in Codex's format names. */
export function patchedFile(patch: string, isQuoted = false): string | undefined {
  const line = isQuoted ? quotedPatched : patched;
  return line.exec(patch.slice(0, maxText))?.[1]?.trim();
}
