import { expect, test } from "bun:test";
import {
  includedFiles,
  isNewEnough,
  namedFiles,
  readConfigList,
  readFolders,
  readVersion,
} from "../../src/repository/git-answers.ts";

const entry = (scope: string, origin: string, value: string): string =>
  `${scope}\0${origin}\0${value}\0`;

test("a list is taken apart: names with dots, values with lines, values that are none", () => {
  const text =
    entry("system", "file:/etc/gitconfig", "core.pager\nless") +
    entry("local", "file:.git/config", "remote.my.Fork.url\nhttps://x.example/a\nb") +
    entry("local", "file:.git/config", "core.bare") +
    entry("worktree", "file:/r/.git/config.worktree", "branch.a.b.Remote\n.");
  expect(readConfigList(text)).toEqual([
    {
      scope: "system",
      file: "/etc/gitconfig",
      section: "core",
      subsection: "",
      key: "pager",
      value: "less",
    },
    {
      scope: "local",
      file: ".git/config",
      section: "remote",
      subsection: "my.Fork",
      key: "url",
      value: "https://x.example/a\nb",
    },
    {
      scope: "local",
      file: ".git/config",
      section: "core",
      subsection: "",
      key: "bare",
      value: "true",
    },
    {
      scope: "worktree",
      file: "/r/.git/config.worktree",
      section: "branch",
      subsection: "a.b",
      key: "remote",
      value: ".",
    },
  ]);
  expect(readConfigList("")).toEqual([]);
});

test("what stands on our own command line is left out", () => {
  expect(
    readConfigList(entry("command", "command line:", "remote.x.url\nhttps://x.example/a")),
  ).toEqual([]);
});

test.each([
  "core.pager=less\n",
  entry("local", "file:x", "a.b").slice(0, -1),
  entry("local", "file:x", "a.b") + "local\0",
  entry("strange", "file:x", "a.b"),
  entry("local", "nowhere", "a.b"),
  entry("local", "file:x", "nodot"),
  entry("local", "file:x", ".dot"),
])("what is no list is none: %j", (text) => {
  expect(readConfigList(text)).toBeUndefined();
});

test.each([
  ["git version 2.39.5\n", [2, 39]],
  ["git version 2.39.5 (Apple Git-154)\n", [2, 39]],
  ["git version 2.45.1.windows.1\r\n", [2, 45]],
  ["git version 3.0\n", [3, 0]],
  ["hub version 2.14\ngit version 2.39.5\n", undefined],
  ["git version two\n", undefined],
  ["", undefined],
] as const)("%j is the version %p", (text, version) => {
  expect(readVersion(text)).toEqual(version as never);
});

test.each([
  [[2, 26], true],
  [[2, 25], false],
  [[1, 99], false],
  [[3, 0], true],
] as const)("%p is new enough: %p", (version, isEnough) => {
  expect(isNewEnough(version)).toBe(isEnough);
});

test("two folders, neither more nor less", () => {
  expect(readFolders("/r/.git\n../.git\n")).toEqual({
    gitFolder: "/r/.git",
    commonFolder: "../.git",
  });
  expect(readFolders("C:/r/.git\r\n.git\r\n")).toEqual({
    gitFolder: "C:/r/.git",
    commonFolder: ".git",
  });
  for (const text of ["", "/r/.git\n", "/r/.git\n\n", "/r/.git\n.git", "/r\n.git\nmore\n"]) {
    expect(readFolders(text)).toBeUndefined();
  }
});

test("the files of which an answer was made, and those that they include", () => {
  const values = readConfigList(
    entry("global", "file:/h/.gitconfig", "include.path\n~/a") +
      entry("global", "file:/h/.gitconfig", "include.path\nb") +
      entry("local", "file:.git/config", "includeif.gitdir:/r/.path\n../c") +
      entry("local", "file:.git/config", "include.path\n/d") +
      entry("local", "file:.git/config", "core.path\n/e"),
  );
  expect(namedFiles(values ?? [], "/r")).toEqual(["/h/.gitconfig", "/r/.git/config"]);
  expect(includedFiles(values ?? [], "/r", "/h")).toEqual(["/h/a", "/h/b", "/r/.git/../c", "/d"]);
});
