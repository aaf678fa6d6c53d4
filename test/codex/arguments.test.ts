import { expect, test } from "bun:test";
import { commandOf } from "../../src/codex/arguments.ts";

/** Each line was tried on Codex 0.169.0 (with `--help` or without a terminal at its end). */
test.each<[string, string[], string]>([
  ["nothing", [], "tui"],
  ["a prompt", ["fix the tests"], "tui"],
  ["resume", ["resume", "--last"], "tui"],
  ["fork", ["fork"], "tui"],
  ["agents", ["agents"], "tui"],
  ["exec", ["exec", "hi"], "exec"],
  ["exec's alias", ["e", "hi"], "exec"],
  ["review", ["review"], "exec"],
  ["login", ["login"], "other"],
  ["apply's alias", ["a"], "other"],
  ["a value that reads like a subcommand", ["-m", "exec"], "tui"],
  ["an option with its value before a subcommand", ["--model", "x", "exec"], "exec"],
  ["a value attached with =", ["--model=x", "exec"], "exec"],
  ["a value attached without =", ["-mx", "exec"], "exec"],
  ["images take every word up to the next option", ["-i", "a.png", "exec"], "tui"],
  ["an option ends the images", ["-i", "a.png", "--oss", "exec"], "exec"],
  ["a prompt does not end the search", ["foo", "exec"], "exec"],
  ["an empty prompt neither", ["", "exec"], "exec"],
  ["a dash neither", ["-", "exec"], "exec"],
  ["-- does", ["--", "exec"], "tui"],
  ["an abbreviation is a prompt", ["exe"], "tui"],
  ["--help", ["--help"], "other"],
  ["-V", ["-V"], "other"],
  ["--help of a subcommand", ["resume", "--help"], "other"],
  ["--help after -- is a prompt", ["--", "--help"], "tui"],
  ["a flag before a subcommand", ["--search", "e"], "exec"],
])("%s", (_, args, kind) => {
  expect(commandOf(args).kind).toBe(kind as ReturnType<typeof commandOf>["kind"]);
});

test.each<[string[], string | undefined]>([
  [["-C", "/a b"], "/a b"],
  [["--cd", "/x", "resume"], "/x"],
  [["--cd=/x"], "/x"],
  [["-C/x"], "/x"],
  [["-C=/x"], "/x"],
  [["prompt"], undefined],
])("the folder of %p", (args, cwd) => {
  const command = commandOf(args);
  expect(command.kind === "tui" ? command.cwd : "not the TUI").toBe(cwd);
});

test.each<[string[], boolean]>([
  [[], false],
  [["fix it"], false],
  [["-C", "/x", "fix it"], false],
  [["exec", "resume the work"], false],
  [["review"], false],
  [["--", "resume"], false],
  [["resume"], true],
  [["resume", "--last"], true],
  [["-m", "x", "fork"], true],
  [["agents"], true],
  [["exec", "resume", "--last"], true],
  [["e", "--json", "resume"], true],
  [["--worktree"], true],
  [["fix it", "--worktree"], true],
])("%p may work in a folder that is not told: %p", (args, elsewhere) => {
  const command = commandOf(args);
  expect(command.kind === "other" ? undefined : (command.elsewhere ?? false)).toBe(elsewhere);
});
