import type { ConfigValue } from "./git-config.ts";
import { resolvePath } from "./paths.ts";

/** All the time that git has to answer, ms. */
export const gitMs = 2000;

/** One value as `git config --list -z --show-scope --show-origin` lists it. */
export interface ListedValue extends ConfigValue {
  /** `system`, `global`, `local`, `worktree`, `command`. */
  readonly scope: string;
  /** The file it stands in, as git names it: absolute, or relative to the top of the worktree. */
  readonly file: string | undefined;
}

/**
 * Takes the list apart, or `undefined` when it is none. What stands on our own command line is left
 * out.
 */
export function readConfigList(text: string): readonly ListedValue[] | undefined {
  if (text === "") return [];
  const fields = text.split("\0");
  // Each field ends with a zero byte.
  if (fields.pop() !== "" || fields.length % 3 !== 0) return undefined;
  const values: ListedValue[] = [];
  for (let at = 0; at < fields.length; at += 3) {
    const [scope = "", origin = "", entry = ""] = fields.slice(at, at + 3);
    const value = listedValue(scope, origin, entry);
    // @guard git-list-entry
    if (value === undefined) return undefined;
    if (scope !== "command") values.push(value);
  }
  return values;
}

const scopes: ReadonlySet<string> = new Set(["system", "global", "local", "worktree", "command"]);

function listedValue(scope: string, origin: string, entry: string): ListedValue | undefined {
  const [name, value] = splitAt(entry, entry.indexOf("\n"));
  const first = name.indexOf(".");
  const last = name.lastIndexOf(".");
  if (!scopes.has(scope) || !origin.includes(":") || first < 1) return undefined;
  return {
    scope,
    file: origin.startsWith("file:") ? origin.slice("file:".length) : undefined,
    section: name.slice(0, first).toLowerCase(),
    subsection: first === last ? "" : name.slice(first + 1, last),
    key: name.slice(last + 1).toLowerCase(),
    value: value ?? "true",
    ...(first + 1 === last ? { hasEmptyName: true } : {}),
  };
}

/**
 * Whether the list goes to its end: there git lists what stands on its command line, and we have put
 * something there. A program that is no git, or one that broke off, lists nothing of it.
 */
export function isWholeList(text: string): boolean {
  const [scope, origin, entry] = text.split("\0").slice(-4);
  return scope === "command" && origin === "command line:" && entry !== "";
}

function splitAt(text: string, at: number): readonly [string, string | undefined] {
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** The two folders that `git rev-parse --absolute-git-dir --git-common-dir` names. */
export function readFolders(
  text: string,
): { readonly gitFolder: string; readonly commonFolder: string } | undefined {
  const [gitFolder = "", commonFolder = "", rest, ...more] = text.split(/\r?\n/);
  const isWhole = rest === "" && more.length === 0 && gitFolder !== "" && commonFolder !== "";
  // @guard git-folders-whole
  return isWhole ? { gitFolder, commonFolder } : undefined;
}

/** Major and minor number of `git version 2.39.5 (Apple Git-154)`; `undefined` of another program. */
export function readVersion(text: string): readonly [number, number] | undefined {
  const found = /^git version (\d{1,4})\.(\d{1,4})(?:[.\s]|$)/.exec(text);
  return found === null ? undefined : [Number(found[1]), Number(found[2])];
}

/** `--show-scope` came with 2.26. */
export function isNewEnough([major, minor]: readonly [number, number]): boolean {
  // @guard git-version
  return major > 2 || (major === 2 && minor >= 26);
}

/** The names and e-mail addresses by which git knows the person; the last of each counts. */
export function peopleIn(values: readonly ConfigValue[]): readonly string[] {
  const people = values.filter(
    ({ section, key }) =>
      /^(?:user|author|committer)$/.test(section) && (key === "name" || key === "email"),
  );
  return [...new Map(people.map(({ section, key, value }) => [section + key, value])).values()];
}

/** The values of `git config -z --get-regexp`, whatever their names are. */
export function readPeople(text: string): readonly string[] {
  const values = text.split("\0").flatMap((entry) => splitAt(entry, entry.indexOf("\n"))[1] ?? []);
  return [...new Set(values)];
}

/**
 * The files that these values include, whether they exist or not: a file that is made later may
 * name remotes.
 *
 * @param root the folder at which relative origins start
 */
export function includedFiles(
  values: readonly ListedValue[],
  root: string,
  home: string | undefined,
): readonly string[] {
  return values.flatMap(({ section, key, value, file }) => {
    if (!/^include(?:if)?$/.test(section) || key !== "path" || file === undefined) return [];
    if (/^~[/\\]/.test(value)) return home === undefined ? [] : [`${home}${value.slice(1)}`];
    const folder = resolvePath(root, file).replace(/[^/\\]*$/, "");
    return [resolvePath(folder, value)];
  });
}

/** The files in which values stand, absolute, each once. */
export function namedFiles(values: readonly ListedValue[], root: string): readonly string[] {
  const files = values.flatMap(({ file }) => (file === undefined ? [] : resolvePath(root, file)));
  return [...new Set(files)];
}
