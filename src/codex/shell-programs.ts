/** What the programs of a shell command line do; names only, so that no argument is ever shown. */

export interface FileProgram {
  /** Operands before the file: a script, a filter. */
  readonly before: number;
  /** Options that take the next word. */
  readonly valued: ReadonlySet<string>;
}

const plain = fileProgram(0, "");

/** They show files. */
export const readers: ReadonlyMap<string, FileProgram> = new Map([
  ...(
    "cat less more bat batcat wc file stat xxd hexdump od strings md5sum sha256sum uniq tac diff " +
    "cmp column fold zcat get-content type"
  )
    .split(" ")
    .map((name) => [name, plain] as const),
  ["head", fileProgram(0, "-n -c")],
  ["tail", fileProgram(0, "-n -c")],
  ["nl", fileProgram(0, "-b -d -f -h -i -l -n -s -v -w")],
  ["cut", fileProgram(0, "-d -f -c -b")],
  ["sort", fileProgram(0, "-k -t -o -S -T")],
  ["awk", fileProgram(1, "-F -v -f")],
  ["gawk", fileProgram(1, "-F -v -f")],
  ["jq", fileProgram(1, "-f --indent")],
  ["yq", fileProgram(1, "-f")],
  ["sed", fileProgram(1, "-e -f")],
]);

/** They show folders and the like: reading, of nothing that has a file's name. */
export const listers: ReadonlySet<string> = new Set([
  "ls",
  "ll",
  "dir",
  "tree",
  "eza",
  "exa",
  "du",
  "df",
  "pwd",
  "readlink",
  "realpath",
  "get-childitem",
]);

export const searchers: ReadonlySet<string> = new Set([
  "rg",
  "grep",
  "egrep",
  "fgrep",
  "zgrep",
  "ag",
  "ack",
  "find",
  "fd",
  "fdfind",
  "locate",
  "select-string",
]);

/** They say little about a script that does more than them. */
export const asides: ReadonlySet<string> = new Set([
  "cd",
  "pushd",
  "popd",
  "export",
  "set",
  "unset",
  "source",
  ".",
  ":",
  "true",
  "false",
  "echo",
  "printf",
  "sleep",
  "wait",
  "exit",
  "trap",
  "shopt",
  "ulimit",
  "umask",
  "alias",
  "local",
  "declare",
  "read",
  "test",
  "[",
  "[[",
]);

/** They run another program, named after their own options; the set: options that take a value. */
export const wrappers: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["sudo", new Set(["-u", "-g", "-h", "-p", "-C", "-D", "-R", "-T", "--user", "--group"])],
  ["doas", new Set(["-u", "-C"])],
  ["env", new Set(["-u", "-C", "-S", "--unset", "--chdir"])],
  ["time", new Set(["-f", "-o"])],
  ["nice", new Set(["-n"])],
  ["ionice", new Set(["-c", "-n"])],
  ["nohup", new Set()],
  ["setsid", new Set()],
  ["stdbuf", new Set(["-i", "-o", "-e"])],
  ["command", new Set()],
  ["exec", new Set()],
  ["builtin", new Set()],
  ["timeout", new Set(["-k", "-s", "--kill-after", "--signal"])],
  ["xargs", new Set(["-I", "-n", "-P", "-L", "-d", "-a", "-s", "-E"])],
  ["watch", new Set(["-n"])],
]);

export const shells: ReadonlySet<string> = new Set([
  "sh",
  "bash",
  "zsh",
  "dash",
  "ksh",
  "fish",
  "ash",
]);

/** They run a file named by their first operand. */
export const interpreters: ReadonlySet<string> = new Set([
  "node",
  "deno",
  "python",
  "python2",
  "python3",
  "ruby",
  "perl",
  "php",
  "lua",
  "tsx",
  "ts-node",
  "Rscript",
  "osascript",
]);

/** `python -m`: modules that are known as programs. */
export const modules: ReadonlySet<string> = new Set([
  "pytest",
  "unittest",
  "pip",
  "venv",
  "mypy",
  "ruff",
  "black",
  "flake8",
  "pylint",
  "build",
  "tox",
  "nox",
  "coverage",
  "http.server",
]);

/** Programs whose first operand is a subcommand, if it is one of those below. */
export const commanders: ReadonlySet<string> = new Set(
  (
    "npm pnpm yarn bun deno cargo go git docker podman docker-compose kubectl helm terraform tofu " +
    "pip pip3 uv poetry pdm hatch conda mamba rustup dotnet mvn gradle gradlew composer bundle gem " +
    "rails brew apt apt-get dnf yum apk pacman systemctl gh glab flutter dart swift zig nix turbo " +
    "nx vite next astro prisma alembic pre-commit mix stack cabal sbt lein forge supabase wrangler"
  ).split(" "),
);

/** Everybody's subcommands. Others may be a person's own script, whose name is not shown. */
export const subcommands: ReadonlySet<string> = new Set(
  (
    "test tests run build install ci add remove uninstall update upgrade start stop dev lint fmt " +
    "format check clippy bench doc docs clean publish pack audit outdated init create new link list " +
    "why exec dlx x serve preview deploy sync lock compile vet generate get mod tool fix tree search " +
    "metadata nextest expand restore pull push fetch clone commit merge rebase reset checkout switch " +
    "branch tag stash cherry-pick revert bisect worktree submodule remote show diff log status blame " +
    "grep apply am add rm mv restore config describe rev-parse rev-list ls-files ls-tree ls-remote " +
    "cat-file shortlog reflog range-diff format-patch archive gc fsck images ps logs up down compose " +
    "inspect top cp scale rollout port-forward plan validate output import state template venv " +
    "migrate shell repl version info view pr issue release workflow reload restart enable disable " +
    "verify package typecheck analyze pub"
  ).split(" "),
);

/** `git` subcommands that only show; every other one changes something. */
export const gitReaders: ReadonlySet<string> = new Set(
  (
    "show diff log status blame describe rev-parse rev-list ls-files ls-tree ls-remote cat-file " +
    "shortlog reflog range-diff branch remote"
  ).split(" "),
);

/** Words of the shell's grammar that stand before a command. */
export const leadingKeywords: ReadonlySet<string> = new Set([
  "if",
  "then",
  "else",
  "elif",
  "while",
  "until",
  "do",
  "!",
  "{",
  "time",
]);

/** Words that make the whole simple command grammar, not a program. */
export const grammarKeywords: ReadonlySet<string> = new Set([
  "for",
  "case",
  "select",
  "function",
  "done",
  "fi",
  "esac",
  "}",
  "in",
]);

function fileProgram(before: number, valued: string): FileProgram {
  return { before, valued: new Set(valued.split(" ")) };
}
