import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "../..");
const sources = [...new Bun.Glob("src/**/*.ts").scanSync(root)].toSorted();

/** The text without its comments, which may name what they speak of. */
function codeOf(path: string): string {
  const text = readFileSync(join(root, path), "utf8");
  return text.replaceAll(/\/\*[^]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "$1");
}

/** The files that do it, with each word by which they do. */
function users(pattern: RegExp): Readonly<Record<string, readonly string[]>> {
  const found = sources.map((path) => {
    const words = [...codeOf(path).matchAll(pattern)].map(([word]) => word.replace(/\($/, ""));
    return [path, [...new Set(words)].toSorted()] as const;
  });
  return Object.fromEntries(found.filter(([, words]) => words.length > 0));
}

test("the pattern sees each way to print", () => {
  const ways = [
    "process.stdout.write(x)",
    "process.stderr.write(x)",
    "const { stdout } = process;",
    "stdout.end(x)",
    "console.log(x)",
    "console.error(x)",
    "Bun.write(Bun.stdout, x)",
    "Bun.stderr.writer()",
    "writeSync(1, x)",
    "writeSync(2, x)",
    'openSync("/dev/stdout")',
    "reportError(x)",
    "alert(x)",
    "showUsage(command)",
    "runMain(command)",
    "process.emitWarning(x)",
    "process._rawDebug(x)",
  ];
  expect(ways.filter((way) => way.match(printing) === null)).toEqual([]);
});

/** `isTTY` and `columns` only ask. */
const printing =
  /\bprocess\.std(?:out|err)\b(?!\.(?:isTTY|columns)\b)|\bstd(?:out|err)\b(?=[^;:]*\} = process\b)|\bstd(?:out|err)\.(?:write|end)\b|\bconsole\.\w+|\bBun\.std(?:out|err)\b|\bwriteSync\([12]\b|\/dev\/(?:stdout|stderr|fd)|\b(?:reportError|alert|showUsage|runMain)\(|\bprocess\.(?:emitWarning|_rawDebug)\b/g;

test("one door for everything printed", () => {
  expect(users(printing)).toEqual({
    // The stand-in Codex, whose bytes the wrapper reads as a terminal does.
    // Bytes for another process of ours.
    "src/cli/disk-helper.ts": ["process.stdout"],
    "src/demo/stand-in-codex.ts": ["process.stdout"],
    "src/lib/output.ts": ["process.stderr", "process.stdout", "writeSync(2"],
  });
});

/** What makes, changes or replaces files. */
const writing =
  /\b(?:openSync|(?:writeFile|appendFile|copyFile|cp|mkdir|mkdtemp|rename|chmod|fchmod)(?:Sync)?|createWriteStream|f?truncateSync|(?:sym)?linkSync|symlink|Bun\.write|Bun\.file)\(/g;

test("files are opened to be written by lib/private-file, and made by few others", () => {
  const { "src/lib/private-file.ts": own, ...rest } = users(writing);
  expect(own).toContain("openSync");
  expect(rest).toEqual({
    // To read only.
    "src/cli/dashboard-history.ts": ["Bun.file"],
    "src/cli/demo.ts": ["openSync"],
    "src/cli/disk-once.ts": ["openSync"],
    "src/cli/doctor-machine.ts": ["openSync"],
    "src/codex/binary.ts": ["openSync"],
    "src/lib/followed-file.ts": ["openSync"],
    // The controlling terminal.
    "src/cli/relaunch.ts": ["openSync"],
    "src/terminal/terminal.ts": ["Bun.file", "openSync"],
    // The child's pseudo-terminal, for the moment in which its size is set.
    "src/pty/window-size.ts": ["openSync"],
    // Descriptors that are open.
    "src/pty/node-pty.ts": ["Bun.file"],
    // In a folder that lib/private-file has judged.
    "src/codex/session-log-file.ts": ["mkdtempSync"],
    "src/config/file.ts": ["openSync", "renameSync"],
    "src/instance/control.ts": ["chmodSync"],
    "src/instance/lock.ts": ["fchmodSync", "ftruncateSync"],
    "src/instance/metadata.ts": ["ftruncateSync", "renameSync"],
    "src/pty/private-folder.ts": ["renameSync"],
    // In the demo's own temp folder.
    "src/demo/codex-files.ts": ["ftruncateSync", "mkdirSync"],
    "src/demo/home.ts": ["mkdirSync", "mkdtempSync", "writeFileSync"],
    "src/demo/sessions.ts": ["mkdirSync", "writeFileSync"],
  });
});

test("programs are found by lib/programs alone", () => {
  const looking =
    /\bBun\.which\b|\benv(?:\["PATH"\]|\.PATH)|\bBun\.\$|(?<!\.)\bexec(?:File)?(?:Sync)?\(/g;
  const { "src/lib/programs.ts": own, ...rest } = users(looking);
  expect(own).toEqual(['env["PATH"]']);
  // Handed on to lib/programs.
  expect(rest).toEqual({
    "src/cli/names-here.ts": ['env["PATH"]'],
    "src/codex/binary.ts": ['env["PATH"]'],
    "src/repository/git-program.ts": ['env["PATH"]'],
  });
  // What is started is named by a path that was found, never by a word.
  const byName = /\bspawn(?:Sync)?\(\s*\[?\s*["'`]/g;
  expect(users(byName)).toEqual({});
});
