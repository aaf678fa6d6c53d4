/** One word of a command after the shell's quoting. */
export interface ShellWord {
  readonly text: string;
  /** It holds an expansion (`$x`, `$(…)`, a glob), so its text is not what the program gets. */
  readonly expands: boolean;
}

/** A program with its arguments, as between two of `;`, `&&`, `|`, newline … */
export interface SimpleCommand {
  readonly words: readonly ShellWord[];
  /** Where `>` or `>>` sends its output, if into a file that can be named. */
  readonly output: string | undefined;
}

/** More of a script than this is not looked at. */
const maxScript = 16_384;

/**
 * Splits a shell script into its simple commands, in order: quotes, escapes, comments, redirections
 * and here-documents are understood; what is inside `$(…)` and backquotes is not looked at. An
 * unfinished script is read as far as it goes. Never throws.
 */
export function splitScript(script: string): readonly SimpleCommand[] {
  return new Scanner(script.slice(0, maxScript)).commands();
}

const separators = new Set([";", "&", "|", "\n", "(", ")"]);
const blanks = new Set([" ", "\t", "\r"]);

class Scanner {
  readonly #text: string;
  #at = 0;
  readonly #done: SimpleCommand[] = [];
  #words: ShellWord[] = [];
  #output: string | undefined;
  #heredocs: { readonly end: string; readonly indented: boolean }[] = [];

  constructor(text: string) {
    this.#text = text;
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
    } else if (char === "\\" && this.#text[this.#at + 1] === "\n") {
      this.#at += 2;
    } else if (separators.has(char)) {
      this.#at += 1;
      this.#finish();
      if (char === "\n") this.#skipHeredocs();
    } else if (char === "#") {
      this.#at = this.#lineEnd(this.#at);
    } else if (this.#redirect()) {
      // Taken.
    } else {
      this.#words.push(this.#word());
    }
  }

  #finish(): void {
    if (this.#words.length > 0) this.#done.push({ words: this.#words, output: this.#output });
    this.#words = [];
    this.#output = undefined;
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
      this.#heredocs.push({ end: word.text, indented: operator === "<<-" });
    } else if (toOutput && !operator.endsWith("&") && !word.expands) {
      this.#output = word.text;
    }
    return true;
  }

  #word(): ShellWord {
    let text = "";
    let expands = false;
    for (;;) {
      const char = this.#text[this.#at];
      if (char === undefined || blanks.has(char) || separators.has(char)) break;
      if (char === "<" || char === ">") break;
      this.#at += 1;
      if (char === "'") {
        text += this.#until("'");
      } else if (char === '"') {
        const quoted = this.#doubleQuoted();
        text += quoted.text;
        expands ||= quoted.expands;
      } else if (char === "\\") {
        text += this.#text[this.#at] ?? "";
        this.#at += 1;
      } else if (char === "$" || char === "`") {
        expands = true;
        this.#skipExpansion(char);
      } else {
        expands ||= char === "*" || char === "?" || char === "[";
        text += char;
      }
    }
    return { text, expands };
  }

  #doubleQuoted(): ShellWord {
    let text = "";
    let expands = false;
    for (;;) {
      const char = this.#text[this.#at];
      this.#at += 1;
      if (char === undefined || char === '"') break;
      if (char === "\\") {
        text += this.#text[this.#at] ?? "";
        this.#at += 1;
      } else if (char === "$" || char === "`") {
        expands = true;
        this.#skipExpansion(char);
      } else {
        text += char;
      }
    }
    return { text, expands };
  }

  /** Past `$(…)`, `${…}` or a backquoted command; `$name` needs no care. */
  #skipExpansion(opening: string): void {
    if (opening === "`") {
      this.#until("`");
      return;
    }
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

  #skipHeredocs(): void {
    for (const { end, indented } of this.#heredocs) {
      while (this.#at < this.#text.length) {
        const stop = this.#lineEnd(this.#at);
        const line = this.#text.slice(this.#at, stop);
        this.#at = stop + 1;
        if ((indented ? line.replace(/^\t+/, "") : line) === end) break;
      }
    }
    this.#heredocs = [];
  }

  #lineEnd(from: number): number {
    const end = this.#text.indexOf("\n", from);
    return end < 0 ? this.#text.length : end;
  }
}
