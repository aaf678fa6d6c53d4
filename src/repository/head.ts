import { cleanName } from "./text.ts";

/** What is checked out: a branch, born or not, or a commit by the start of its hash. */
export interface Branch {
  /** "main", "feature/login"; of a detached head seven digits of the commit. */
  readonly name: string;
  readonly detached: boolean;
}

/**
 * The branch that the content of a `HEAD` file names, or `undefined` when it names none: a
 * repository that keeps its references in a table writes an invalid name there.
 *
 * @see https://git-scm.com/docs/gitrepository-layout
 */
export function readHead(text: string): Branch | undefined {
  const line = text.split("\n", 1)[0]?.trim() ?? "";
  const reference = /^ref:\s*(.+)$/.exec(line)?.[1];
  if (reference !== undefined) return branchOf(reference);
  // 40 digits of SHA-1, 64 of SHA-256.
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(line)) return undefined;
  return { name: line.slice(0, 7).toLowerCase(), detached: true };
}

/** The branch of a `HEAD` that is a link, as git once made them; the branch may be unborn. */
export function readHeadLink(target: string): Branch | undefined {
  return target.startsWith("refs/") ? branchOf(target) : undefined;
}

function branchOf(reference: string): Branch | undefined {
  if (reference === "refs/heads/.invalid") return undefined;
  const name = cleanName(reference.replace(/^refs\/(?:heads\/)?/, ""));
  return name === undefined ? undefined : { name, detached: false };
}
