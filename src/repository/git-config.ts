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
  /** The section has a subsection that is the empty text: `[url ""]`. */
  readonly hasEmptyName?: true;
}

/**
 * Reads a git config file. What it includes is not read, and lines that git would refuse are left
 * out; `readWholeGitConfig` says whether there were any.
 *
 * @see https://git-scm.com/docs/git-config#_syntax
 */
export function readGitConfig(text: string): readonly ConfigValue[] {
  return new Parser(text).run().values;
}

/** The values of a config file in which git would refuse nothing, else `undefined`. */
export function readWholeGitConfig(text: string): readonly ConfigValue[] | undefined {
  const { values, isWhole } = new Parser(text).run();
  return isWhole ? values : undefined;
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

/** The working folder a repository names for itself, relative to its own; the last one counts. */
export function configuredWorktree(values: readonly ConfigValue[]): string | undefined {
  return values.findLast(({ section, key }) => section === "core" && key === "worktree")?.value;
}

/** The words that `\\n` and the like stand for in a value; git refuses all others. */
const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  b: "\b",
  "\\": "\\",
  '"': '"',
};

/** One pass over the text, character by character, as git's own reader (`config.c`) does it. */
class Parser {
  readonly #text: string;
  #at = 0;
  #section = "";
  #subsection = "";
  #hasEmptyName = false;
  readonly values: ConfigValue[] = [];
  isWhole = true;

  constructor(text: string) {
    this.#text = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  }

  run(): this {
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at] ?? "";
      if (isBlank(char)) this.#at += 1;
      else if (char === "#" || char === ";") this.#skipLine();
      else if (char === "[" ? !this.#header() : !this.#variable()) this.#refuse();
    }
    return this;
  }

  #refuse(): void {
    this.isWhole = false;
    this.#skipLine();
  }

  #skipLine(): void {
    const end = this.#text.indexOf("\n", this.#at);
    this.#at = end < 0 ? this.#text.length : end;
  }

  /** What a pattern with the flag `y` finds here; the place moves behind it. */
  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text) ?? undefined;
    if (found !== undefined) this.#at = pattern.lastIndex;
    return found;
  }

  /** `[section]`, `[section.subsection]`, `[section "Subsection"]`. */
  #header(): boolean {
    const found = this.#take(/\[[ \t]*([\w.-]+)(?:[ \t]+"((?:[^"\\\n]|\\[^\n])*)")?[ \t]*\]/y);
    if (found === undefined) return false;
    const [whole, name = "", quoted] = found;
    // git takes neither blanks around the name nor "_" in it.
    if (!/^\[[a-z0-9.-]+(?:[ \t]+"[^]*")?\]$/i.test(whole)) this.isWhole = false;
    const dot = quoted === undefined ? name.indexOf(".") : -1;
    this.#section = (dot < 0 ? name : name.slice(0, dot)).toLowerCase();
    this.#hasEmptyName = quoted === "";
    this.#subsection =
      quoted?.replaceAll(/\\(.)/g, "$1") ?? (dot < 0 ? "" : name.slice(dot + 1).toLowerCase());
    return true;
  }

  /** `key`, `key = value`. */
  #variable(): boolean {
    const key = this.#take(/([a-z][a-z0-9-]*)[ \t]*(?:(=)|(?=\n|$))/iy);
    if (key === undefined) return false;
    const [, name = "", equals] = key;
    const value = equals === undefined ? "true" : this.#value();
    if (value === undefined) return false;
    // git knows no variable without a section.
    if (this.#section === "") this.isWhole = false;
    const [section, subsection] = [this.#section, this.#subsection];
    const empty = this.#hasEmptyName ? ({ hasEmptyName: true } as const) : {};
    this.values.push({ section, subsection, key: name.toLowerCase(), value, ...empty });
    return true;
  }

  /** A value without its quotes, its comment and the space around it. */
  #value(): string | undefined {
    let value = "";
    let kept = 0;
    let quoted = false;
    for (; this.#at < this.#text.length; this.#at += 1) {
      const char = this.#text[this.#at] ?? "";
      if (char === "\n") break;
      if (!quoted && (char === "#" || char === ";")) {
        this.#skipLine();
        break;
      }
      if (char === '"') quoted = !quoted;
      else if (char === "\\") {
        this.#at += 1;
        const next = this.#text[this.#at] ?? "";
        if (next !== "\n") value += escapes[next] ?? this.#unknownEscape(next);
      } else if (quoted || !isBlank(char) || value !== "") value += char;
      if (quoted || !isBlank(char)) kept = value.length;
    }
    return quoted ? undefined : value.slice(0, kept);
  }

  #unknownEscape(char: string): string {
    this.isWhole = false;
    return char;
  }
}

/** White space to git: no form feed, no space of other scripts. */
function isBlank(char: string): boolean {
  return char === " " || char === "\t" || char === "\n" || char === "\r";
}
