/**
 * What a Codex command line starts, so far as the wrapper must know. The tables are those of
 * `codex --help` 0.169.0; the rules (a prompt does not end the search for a subcommand, an
 * attached value does not take the next word, `-i` takes every word up to the next option) are
 * those of its parser, tried on the binary.
 */
export type CodexCommand =
  | ({ readonly kind: "tui" } & Workplace)
  /** A session without a screen (`exec`, `review`). */
  | ({ readonly kind: "exec" } & Workplace)
  /** Everything that starts no session (`login`, `--version`, `completion` …). */
  | { readonly kind: "other" };

/** Where the session will work, as far as its command line tells. */
interface Workplace {
  readonly cwd?: string;
  /** Chosen later: another session is taken up, or a worktree is made. */
  readonly elsewhere?: true;
}

const valueOptions = new Set([
  ..."-c --config --enable --disable --remote --remote-auth-token-env -m --model".split(" "),
  ..."--local-provider -p --profile -s --sandbox -C --cd --add-dir -a --ask-for-approval".split(
    " ",
  ),
]);
const listOptions = new Set(["-i", "--image"]);
const tuiCommands = new Set(["resume", "fork", "agents"]);
const execCommands = new Set(["exec", "e", "review"]);
const otherCommands = new Set([
  ..."login logout mcp plugin app-server remote-control completion update doctor".split(" "),
  ..."sandbox debug apply a queue archive delete migrate-rollouts migrate-nfs-db".split(" "),
  ..."unarchive cloud exec-server features help".split(" "),
]);

/** Reads the arguments after `cdp codex` as Codex 0.169 would. Never fails: Codex itself judges. */
export function commandOf(args: readonly string[]): CodexCommand {
  const words: string[] = [];
  let worktree = false;
  let cwd: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? "";
    if (word === "--") break;
    if (word === "-h" || word === "--help" || word === "-V" || word === "--version") {
      return { kind: "other" };
    }
    if (listOptions.has(word)) {
      while (isValue(args[i + 1])) i++;
    } else if (valueOptions.has(word)) {
      i++;
      if (word === "-C" || word === "--cd") cwd = args[i];
    } else if (!word.startsWith("-") || word === "-") {
      words.push(word);
    } else if (word === "--worktree") {
      worktree = true;
    } else {
      cwd = attachedCwd(word) ?? cwd;
    }
  }
  const at = words.findIndex(isCommand);
  const command = words[at];
  const elsewhere = worktree || takesUp(words.slice(Math.max(0, at)));
  const place = { ...(cwd === undefined ? {} : { cwd }), ...(elsewhere ? { elsewhere } : {}) };
  if (command === undefined || tuiCommands.has(command)) return { kind: "tui", ...place };
  return execCommands.has(command) ? { kind: "exec", ...place } : { kind: "other" };
}

/** `resume`, `fork`, `agents`; `exec resume`. */
function takesUp([command = "", what = ""]: readonly string[]): boolean {
  return tuiCommands.has(command) || (execCommands.has(command) && tuiCommands.has(what));
}

function isValue(word: string | undefined): boolean {
  return word !== undefined && (word === "-" || !word.startsWith("-"));
}

function isCommand(word: string): boolean {
  return tuiCommands.has(word) || execCommands.has(word) || otherCommands.has(word);
}

/** `--cd=DIR`, `-C=DIR` or `-CDIR`. */
function attachedCwd(word: string): string | undefined {
  if (word.startsWith("--cd=")) return word.slice("--cd=".length);
  if (!word.startsWith("-C")) return undefined;
  return word.slice(word.startsWith("-C=") ? 3 : 2);
}
