/** One word of a command after the shell's quoting. */
export interface ShellWord {
  /** An expansion stands in it as it was written, so that an inner shell still knows it for one. */
  readonly text: string;
  /** It holds an expansion (`$x`, `$(…)`, a glob), so its text is not what the program gets. */
  readonly expands: boolean;
  /** It begins with a quote, so that PowerShell takes it for a text. */
  readonly quoted?: boolean;
}

/** A program with its arguments, as between two of `;`, `&&`, `|`, newline … */
export interface SimpleCommand {
  readonly words: readonly ShellWord[];
  /** The file that `>` or `>>` sends its output to; empty when that cannot be told. */
  readonly output: string | undefined;
  /** The here-document that is its input. */
  readonly input?: string | undefined;
}

/** The shells of Unix; or PowerShell and cmd, where a backslash is no escape. */
export type Dialect = "posix" | "windows";

/** More of a script, or of one command, than this is not looked at. */
const maxScript = 16_384;
export const maxWords = 512;

/**
 * Splits a shell script into its simple commands, in order: quotes, escapes, comments, redirections,
 * here-documents, arithmetic and the patterns of `case` are understood; what is inside `$(…)` and
 * backquotes is not looked at. An unfinished script is read as far as it goes. Never throws.
 */
export function splitScript(script: string, dialect: Dialect = "posix"): readonly SimpleCommand[] {
  return new Scanner(script.slice(0, maxScript), dialect).commands();
}

const separators = new Set([";", "&", "|", "\n", "(", ")"]);
const blanks = new Set([" ", "\t", "\r"]);
const escapes = { posix: "\\", windows: "`" } as const;

interface Heredoc {
  readonly end: string;
  readonly indented: boolean;
  readonly command: { input: string | undefined };
}

interface Unfinished {
  words: ShellWord[];
  output: string | undefined;
  input: string | undefined;
}

class Scanner {
  readonly #text: string;
  readonly #escape: string;
  #at = 0;
  readonly #done: SimpleCommand[] = [];
  #command: Unfinished = nothing();
  #heredocs: Heredoc[] = [];
  /** `case` within `case`, and whether a pattern comes next. */
  #cases = 0;
  #pattern = false;

  constructor(text: string, dialect: Dialect) {
    this.#text = text;
    this.#escape = escapes[dialect];
  }

  commands(): readonly SimpleCommand[] {
    while (this.#at < this.#text.length) this.#step();
    this.#finish();
    return this.#done;
  }

  #step(): void {
    const char = this.#text[this.#at] ?? "";
    if (blanks.has(char)) {
      this.#at += 1;
    } else if (char === this.#escape && this.#text[this.#at + 1] === "\n") {
      this.#at += 2;
    } else if (this.#pattern && char !== "\n") {
      this.#skipPattern();
    } else if ("()|&<>".includes(char) && this.#isInTest()) {
      this.#at += 1;
    } else if (char === "(" && this.#skipParentheses()) {
      // Nothing in them is a command.
    } else if (separators.has(char)) {
      this.#separate(char);
    } else if (char === "#") {
      this.#at = this.#lineEnd(this.#at);
    } else if (this.#redirect()) {
      // Taken.
    } else {
      const word = this.#word();
      if (this.#command.words.length < maxWords) this.#command.words.push(word);
      this.#lookForCase();
    }
  }

  #separate(char: string): void {
    const next = this.#text[this.#at + 1];
    const ends = this.#cases > 0 && char === ";" && (next === ";" || next === "&");
    this.#pattern ||= ends;
    this.#at += ends ? 2 : 1;
    this.#finish();
    if (char === "\n") this.#takeHeredocs();
  }

  #finish(): void {
    if (this.#command.words.length > 0) this.#done.push(this.#command);
    this.#command = nothing();
  }

  /** `case word in`: patterns follow, up to `)` each. */
  #lookForCase(): void {
    const { words } = this.#command;
    if (words.at(-3)?.text !== "case" || words.at(-1)?.text !== "in") return;
    this.#cases += 1;
    this.#pattern = true;
    this.#finish();
  }

  #skipPattern(): void {
    this.#pattern = false;
    if (/^esac(?![\w-])/.test(this.#text.slice(this.#at, this.#at + 5))) {
      this.#cases -= 1;
      this.#at += 4;
      return;
    }
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at] ?? "";
      this.#at += 1;
      if (char === ")" && this.#text[this.#at - 2] !== this.#escape) return;
      if (char === "'" || char === '"') this.#until(char);
    }
  }

  /** Between `[[` and `]]` these are operators and patterns. */
  #isInTest(): boolean {
    const last = this.#command.words.findLast(({ text }) => text === "[[" || text === "]]");
    return last?.text === "[[";
  }

  /** Arithmetic, a list (`x=(a b)`), a pattern (`!(a|b)`), or the sign of a function (`name()`). */
  #skipParentheses(): boolean {
    const sign = this.#text.startsWith("((", this.#at) ? "))" : ")";
    if (sign === "))" || /[=!@*?+]/.test(this.#text[this.#at - 1] ?? "")) {
      const end = this.#text.indexOf(sign, this.#at);
      this.#at = end < 0 ? this.#text.length : end + sign.length;
      return true;
    }
    const empty = /^\([ \t]*\)/.exec(this.#text.slice(this.#at, this.#at + 8));
    if (empty === null || this.#command.words.length === 0) return false;
    this.#command = nothing();
    this.#at += empty[0].length;
    return true;
  }

  /** `2>&1`, `>file`, `<<EOF` …: with the word that belongs to it. */
  #redirect(): boolean {
    const match = /^(?:\d{0,2}|&)(<<<|<<-?|<>|>>|>\||[<>]&?)/.exec(
      this.#text.slice(this.#at, this.#at + 6),
    );
    const operator = match?.[1];
    if (match === null || operator === undefined) return false;
    const toOutput = /^[1&]?>/.test(match[0]);
    this.#at += match[0].length;
    while (blanks.has(this.#text[this.#at] ?? "")) this.#at += 1;
    const next = this.#text[this.#at] ?? "\n";
    if (separators.has(next)) return true;
    const word = this.#word();
    if (operator === "<<" || operator === "<<-") {
      const command = this.#command;
      this.#heredocs.push({ end: word.text, indented: operator === "<<-", command });
    } else if (toOutput && !operator.endsWith("&")) {
      this.#command.output = word.expands ? "" : word.text;
    }
    return true;
  }

  #word(): ShellWord {
    let text = "";
    let expands = false;
    const quoted = /["']/.test(this.#text[this.#at] ?? "");
    for (;;) {
      const char = this.#text[this.#at];
      if (char === undefined || blanks.has(char) || separators.has(char)) break;
      if (char === "<" || char === ">") break;
      this.#at += 1;
      if (char === "'") {
        text += this.#until("'");
      } else if (char === '"') {
        const inner = this.#doubleQuoted();
        text += inner.text;
        expands ||= inner.expands;
      } else if (char === this.#escape) {
        text += this.#text[this.#at] ?? "";
        this.#at += 1;
      } else if (char === "$" || char === "`") {
        expands = true;
        text += this.#expansion(char);
      } else {
        expands ||= "*?[{".includes(char);
        text += char;
      }
    }
    // Programs of these names, and the grouping of commands.
    return { text, expands: expands && !["[", "[[", "{"].includes(text), quoted };
  }

  #doubleQuoted(): ShellWord {
    let text = "";
    let expands = false;
    for (;;) {
      const char = this.#text[this.#at];
      this.#at += 1;
      if (char === undefined || char === '"') break;
      if (char === this.#escape) {
        text += this.#text[this.#at] ?? "";
        this.#at += 1;
      } else if (char === "$" || char === "`") {
        expands = true;
        text += this.#expansion(char);
      } else {
        text += char;
      }
    }
    return { text, expands };
  }

  /** `$(…)`, `${…}` or a backquoted command, whole; of `$name` the sign. */
  #expansion(opening: string): string {
    const from = this.#at - 1;
    if (opening === "`") this.#until("`");
    else this.#skipBraces();
    return this.#text.slice(from, this.#at);
  }

  #skipBraces(): void {
    const open = this.#text[this.#at];
    const close = open === "(" ? ")" : open === "{" ? "}" : undefined;
    if (close === undefined) return;
    let depth = 0;
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at];
      this.#at += 1;
      if (char === open) depth += 1;
      if (char === close) depth -= 1;
      if (depth === 0) return;
    }
  }

  #until(quote: string): string {
    const end = this.#text.indexOf(quote, this.#at);
    const stop = end < 0 ? this.#text.length : end;
    const text = this.#text.slice(this.#at, stop);
    this.#at = stop + 1;
    return text;
  }

  #takeHeredocs(): void {
    for (const { end, indented, command } of this.#heredocs) {
      const from = this.#at;
      let stop = from;
      while (this.#at < this.#text.length) {
        stop = this.#at;
        const lineEnd = this.#lineEnd(stop);
        const line = this.#text.slice(stop, lineEnd);
        this.#at = lineEnd + 1;
        if ((indented ? line.replace(/^\t+/, "") : line) === end) break;
        stop = lineEnd;
      }
      command.input = this.#text.slice(from, stop);
    }
    this.#heredocs = [];
  }

  #lineEnd(from: number): number {
    const end = this.#text.indexOf("\n", from);
    return end < 0 ? this.#text.length : end;
  }
}

function nothing(): Unfinished {
  return { words: [], output: undefined, input: undefined };
}
