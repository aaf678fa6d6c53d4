import { parse, type ParseError } from "jsonc-parser";
import { privacyLevels, type PrivacyLevel, privacySwitches } from "../config/privacy.ts";
import type { RepositoryCap } from "./facts.ts";
import { comparable } from "./paths.ts";
import { strictest } from "./privacy.ts";

export const repositoryFileName = ".codex-presence.json";

/** What was found at a path: nothing, a small regular file's text, or something not to be read. */
export type FileLook =
  | { readonly kind: "absent" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "unreadable"; readonly reason: string };

/** Looks at one file without following it into devices or reading without bound. Never throws. */
export type LookAtFile = (path: string) => FileLook;

const maxText = 65_536;

/**
 * What the `.codex-presence.json` files in these folders and above them ask for, all together: the
 * strictest level, every switch that is off. A file that cannot be read or understood hides.
 *
 * @param folders absolute; where the walks upwards begin (the session's folder, as named and with
 *   links resolved, and the main worktree)
 * @param stop folders that end a walk after they were looked at: repository roots, the home
 */
export function readCaps(
  folders: readonly string[],
  stop: readonly string[],
  look: LookAtFile,
): RepositoryCap | undefined {
  const found = filesAbove(folders, stop).flatMap((path) => {
    const file = look(path);
    return file.kind === "absent" ? [] : [readCap(path, file)];
  });
  return together(found);
}

/** What several caps ask for together; none where there is none. */
export function together(caps: readonly RepositoryCap[]): RepositoryCap | undefined {
  if (caps.length === 0) return undefined;
  return {
    // @guard file-all-strictest
    level: strictest(caps.map(({ level }) => level)),
    off: [...new Set(caps.flatMap(({ off }) => off))],
    sources: [...new Set(caps.flatMap(({ sources }) => sources))],
    problems: [...new Set(caps.flatMap(({ problems }) => problems))],
  };
}

/** No system takes a longer path: there is nothing to look at. */
const maxPath = 4096;

/** Where such files can be, in the order in which they are looked at. */
export function filesAbove(folders: readonly string[], stop: readonly string[]): readonly string[] {
  const last = new Set(stop.map(comparable));
  const looked = new Set(
    folders.flatMap((folder) => (folder.length > maxPath ? [] : upwards(folder, last))),
  );
  return [...looked].map((folder) => `${folder.replace(/[/\\]+$/, "")}/${repositoryFileName}`);
}

/** Reads one file. Whatever it says, it only takes away. */
export function readCap(path: string, file: Exclude<FileLook, { kind: "absent" }>): RepositoryCap {
  const bad = (why: string): RepositoryCap => ({
    // @guard file-bad-hidden
    level: "hidden",
    off: [],
    sources: [path],
    problems: [`${path}: ${why}; it counts as hidden`],
  });
  // @guard file-unreadable
  if (file.kind === "unreadable") return bad(file.reason);
  const given = objectIn(file.text);
  if (given === undefined) return bad('must hold one object like { "level": "private" }');
  const level = levelOf(given["level"]);
  if (level === undefined) return bad("level must be hidden, private, project or full");
  // @guard file-switch-off
  const off = privacySwitches.filter((name) => Object.hasOwn(given, name) && given[name] !== true);
  // @guard file-no-level
  if (given["level"] === undefined && off.length === 0) return bad("must name a level");
  return { level, off, sources: [path], problems: [] };
}

/** No level means no cap: the file may name switches alone. */
function levelOf(given: unknown): PrivacyLevel | undefined {
  return given === undefined ? "full" : privacyLevels.find((level) => level === given);
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  // @guard file-too-large
  if (text.length > maxText) return undefined;
  const errors: ParseError[] = [];
  try {
    const value: unknown = parse(text.replace(/^\uFEFF/, ""), errors, { allowTrailingComma: true });
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    // @guard file-syntax
    return isObject && errors.length === 0 ? { ...value } : undefined;
  } catch {
    // Nested so deeply that the parser ran out of stack: not a file anybody wrote for us.
    return undefined;
  }
}

function upwards(folder: string, last: ReadonlySet<string>): readonly string[] {
  const folders: string[] = [];
  let at = folder;
  for (;;) {
    folders.push(at);
    const above = at.replace(/[/\\]+[^/\\]*[/\\]*$/, "");
    if (last.has(comparable(at)) || above === at || above === "") break;
    at = above;
  }
  return folders;
}
