import { expect, test } from "bun:test";
import {
  type Ancestor,
  ancestorsOf,
  loopsAmong,
  nestingOf,
  wrapperAmong,
} from "../../src/instance/process.ts";

const self = "/opt/bin/cdp";
const process_ = (exe: string | undefined, ...argv: string[]): Ancestor => ({ pid: 7, exe, argv });
const wrapper = process_(self, "cdp", "codex", "resume");
const shell = process_("/bin/bash", "bash");

test.each<[string, readonly Ancestor[], boolean]>([
  ["nothing above", [], false],
  ["a shell", [shell], false],
  ["a wrapper, shells between", [shell, shell, wrapper], true],
  ["one that was upgraded meanwhile", [process_(`${self} (deleted)`, "cdp", "codex")], true],
  ["another copy of the program", [process_("/home/me/cdp", "cdp", "codex")], true],
  ["the demo", [process_(self, "cdp", "demo")], true],
  ["a dashboard", [process_(self, "cdp")], false],
  ["a program with such arguments", [process_("/bin/grep", "grep", "codex")], false],
  ["another user's, of which nothing is told", [process_(undefined, "cdp", "codex")], false],
])("below %s: a pane stands there already: %#", (_, ancestors, expected) => {
  expect(wrapperAmong(ancestors, self) !== undefined).toBe(expected);
});

test.each<[string, readonly Ancestor[], readonly string[]]>([
  ["a script that became us", [wrapper, shell], ["/first/codex"]],
  [
    "a script that runs us",
    [process_("/bin/sh", "/bin/sh", "/shim/codex", "x"), wrapper],
    ["/bin/sh", "/shim/codex", "x"],
  ],
  ["the person's own shell inside Codex", [shell, process_("/bin/codex", "codex"), wrapper], []],
  ["no wrapper", [shell], []],
  ["nothing", [], []],
])("led back to us: %s", (_, ancestors, expected) => {
  expect(loopsAmong(ancestors, self, () => "/first/codex")).toEqual(expected);
});

test("wrappers within wrappers are counted", () => {
  expect(nestingOf([wrapper, shell, wrapper, shell], self)).toBe(2);
});

test("this very process: the runner of the tests is above its child, with its words", async () => {
  const child = Bun.spawn(["sleep", "60"]);
  const [parent] = ancestorsOf(child.pid);
  expect(parent?.pid).toBe(process.pid);
  expect(parent?.argv).toContain("test");
  child.kill();
  await child.exited;
});
