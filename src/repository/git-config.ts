/** One value of a git config file. */
export interface ConfigValue {
  /** Lower case: "remote", "core". */
  readonly section: string;
  /** As written: "origin"; empty when the section has none. */
  readonly subsection: string;
  /** Lower case. */
  readonly key: string;
  /** "true" for a key without a value. */
  readonly value: string;
}

/**
 * Reads a git config file. What it includes is not read, and lines that make no sense are left out.
 *
 * @see https://git-scm.com/docs/git-config#_syntax
 */
export function readGitConfig(text: string): readonly ConfigValue[] {
  const values: ConfigValue[] = [];
  let section = "";
  let subsection = "";
  for (const line of logicalLines(text)) {
    const head = /^\s*\[\s*([\w.-]+)\s*(?:"((?:[^"\\]|\\.)*)"\s*)?\](.*)$/s.exec(line);
    if (head !== null) {
      const [, name = "", quoted] = head;
      const dot = quoted === undefined ? name.indexOf(".") : -1;
      section = (dot < 0 ? name : name.slice(0, dot)).toLowerCase();
      subsection =
        quoted?.replaceAll(/\\(.)/gs, "$1") ?? (dot < 0 ? "" : name.slice(dot + 1).toLowerCase());
    }
    const pair = /^\s*([a-z][a-z0-9-]*)\s*(?:=(.*))?$/is.exec(head?.[3] ?? line);
    if (pair?.[1] === undefined) continue;
    const value = pair[2] === undefined ? "true" : unquoted(pair[2]);
    values.push({ section, subsection, key: pair[1].toLowerCase(), value });
  }
  return values;
}

/**
 * The address of the remote that matters: `origin`, else the one the branch follows, else the only
 * one. Addresses are taken as they stand, whatever `insteadOf` makes of them.
 */
export function remoteAddress(
  values: readonly ConfigValue[],
  branch: string | undefined,
): string | undefined {
  const remotes = new Map<string, string>();
  for (const { section, subsection, key, value } of values) {
    // Of several addresses git fetches from the first.
    if (section !== "remote" || subsection === "" || key !== "url" || value === "") continue;
    if (!remotes.has(subsection)) remotes.set(subsection, value);
  }
  const followed = values.findLast(
    ({ section, subsection, key }) =>
      section === "branch" && subsection === branch && key === "remote",
  )?.value;
  const [only] = remotes.size === 1 ? remotes.values() : [];
  return remotes.get("origin") ?? remotes.get(followed ?? "") ?? only;
}

/** The addresses of all remotes, those to which is pushed included, each once. */
export function remoteAddresses(values: readonly ConfigValue[]): readonly string[] {
  const addresses = values
    .filter(({ section, key }) => section === "remote" && (key === "url" || key === "pushurl"))
    .map(({ value }) => value)
    .filter((value) => value !== "");
  return [...new Set(addresses)];
}

/** The working folder a repository names for itself, relative to its own; the last one counts. */
export function configuredWorktree(values: readonly ConfigValue[]): string | undefined {
  return values.findLast(({ section, key }) => section === "core" && key === "worktree")?.value;
}

/** Lines that are no comment, those that end in a backslash joined with the next. */
function logicalLines(text: string): readonly string[] {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .filter((line) => !/^\s*[#;]/.test(line));
  // Two backslashes are one that is meant.
  const joined = lines.join("\n").replaceAll(/(^|[^\\])((?:\\\\)*)\\\n/g, "$1$2");
  return joined.split("\n");
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", b: "\b" };

/** A value without its quotes, its comment and the space around it. */
function unquoted(raw: string): string {
  let value = "";
  let bare = 0;
  let quoted = false;
  for (let i = 0; i < raw.length; i += 1) {
    const char = raw[i] ?? "";
    if (char === '"') quoted = !quoted;
    else if (!quoted && (char === "#" || char === ";")) break;
    else if (char === "\\") {
      i += 1;
      value += escapes[raw[i] ?? ""] ?? raw[i] ?? "";
    } else if (quoted || !/\s/.test(char) || value !== "") value += char;
    if (quoted || !/\s/.test(char)) bare = value.length;
  }
  return value.slice(0, bare);
}
