import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  configuredWorktree,
  readGitConfig,
  readWholeGitConfig,
  remoteAddress,
} from "../../src/repository/git-config.ts";

const remote = (name: string, url: string): string => `[remote "${name}"]\n\turl = ${url}\n`;

const values: readonly (readonly [string, string])[] = [
  ["[a]\nb = c", "a//b=c"],
  ["[A]\nB = C", "a//b=C"],
  ['[a "X y"]\nb=c', "a/X y/b=c"],
  ['[a "q\\"\\\\z"]\nb=c', 'a/q"\\z/b=c'],
  ["[a.Sub]\nb = c", "a/sub/b=c"],
  ["[a] b = c", "a//b=c"],
  ["[a]\nb", "a//b=true"],
  ["[a]\nb =", "a//b="],
  ["[a]\nb = c # d", "a//b=c"],
  ["[a]\nb = c;d", "a//b=c"],
  ['[a]\nb = "c # d" ', "a//b=c # d"],
  ['[a]\nb = " c "', "a//b= c "],
  ['[a]\nb = c "d  e" f  ', "a//b=c d  e f"],
  ['[a]\nb = c\\td\\\\e\\"f', 'a//b=c\td\\e"f'],
  ["[a]\nb = c\\\nd", "a//b=cd"],
  ["[a]\nb = c\\\\\nd = e", "a//b=c\\ a//d=e"],
  ["# [x] \\\n[a]\n; y = z\nb = c", "a//b=c"],
  ["\uFEFF[a]\r\nb = c\r\n", "a//b=c"],
  ["[a]\nb = c\n[d]\ne = f\n", "a//b=c d//e=f"],
  ["[a\nb = c", "//b=c"],
  ["!!!\n[a]\n= x\n1b = c\n", ""],
  ["", ""],
];

test.each(values)("the config %j holds %j", (text, expected) => {
  const told = readGitConfig(text).map(
    ({ section, subsection, key, value }) => `${section}/${subsection}/${key}=${value}`,
  );
  expect(told.join(" ")).toBe(expected);
});

const remotes: readonly (readonly [string, string | undefined, string | undefined])[] = [
  [remote("origin", "o:a/b"), "main", "o:a/b"],
  [remote("upstream", "u:a/b") + remote("origin", "o:a/b"), "main", "o:a/b"],
  [remote("upstream", "u:a/b"), undefined, "u:a/b"],
  [remote("one", "1") + remote("two", "2"), "main", undefined],
  [remote("one", "1") + remote("two", "2") + '[branch "main"]\nremote = two', "main", "2"],
  [remote("one", "1") + remote("two", "2") + '[branch "main"]\nremote = two', "dev", undefined],
  [remote("one", "1") + remote("origin", "o") + '[branch "main"]\nremote = one', "main", "o"],
  [remote("one", "1") + '[branch "main"]\nremote = .', "main", "1"],
  [`${remote("origin", "first")}\turl = second\n`, "main", "first"],
  ['[remote "origin"]\npushurl = p\n', "main", undefined],
  ['[remote "origin"]\nurl =\n', "main", undefined],
  ["[remote]\nurl = x\n", "main", undefined],
  [`[url "git@secret:"]\ninsteadOf = o:\n${remote("origin", "o:a/b")}`, "main", "o:a/b"],
  ['[include]\npath = /etc/passwd\n[remote "__proto__"]\nurl = x', "constructor", "x"],
  ["", "main", undefined],
];

test.each(remotes)("of %j on branch %p the remote is %p", (text, branch, address) => {
  expect(remoteAddress(readGitConfig(text), branch)).toBe(address as string);
});

test("the configured worktree is the last one named", () => {
  const text = "[core]\n\tbare = false\n\tworktree = ../../a\n[core]\n\tworktree = ../../../b c\n";
  expect(configuredWorktree(readGitConfig(text))).toBe("../../../b c");
  expect(configuredWorktree(readGitConfig("[core]\nbare = true"))).toBeUndefined();
});

// What takes quadratic time does not end within the limit of a test.
test("any text is read, in linear time", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 2000 }), (text) => {
      expect(Array.isArray(readGitConfig(text))).toBe(true);
    }),
  );
  for (const piece of ["[", '[a "', "\\", "\\\n", " ", "a", '"', "#", "[a]", "a=", "=\\", "\t\n"]) {
    readGitConfig(piece.repeat(65_536 / piece.length));
    readGitConfig(`[a]\nb = ${piece.repeat(65_000 / piece.length)}!`);
  }
}, 60_000);

test.each([
  "[a\nb = c",
  '[a "x]\nb = c',
  '[a "x"y]\nb = c',
  "[a b]\nc = d",
  "[a_b]\nc = d",
  "[ a ]\nb = c",
  "[a]!!!",
  "[a]\n= x",
  "[a]\n1b = c",
  "[a]\nb c",
  "[a]\nb # c",
  '[a]\nb = "c',
  "[a]\nb = c\\qd",
  "[a]\nb = c\\",
  "b = c",
])("a config that git would refuse is not read as a whole: %j", (text) => {
  expect(readWholeGitConfig(text)).toBeUndefined();
});

test("what git takes is read as a whole, and to the same values", () => {
  for (const [text] of values.slice(0, 19)) {
    expect(readWholeGitConfig(text)).toEqual(readGitConfig(text));
  }
  expect(readWholeGitConfig('[a "x#y"] b = "c;d" ; e\n\t[f]\n\tg\n')).toEqual([
    { section: "a", subsection: "x#y", key: "b", value: "c;d" },
    { section: "f", subsection: "", key: "g", value: "true" },
  ]);
});

test("what is read as a whole is what git itself reads", () => {
  const folder = mkdtempSync(join(tmpdir(), "git-config-"));
  const path = join(folder, "config");
  const pieces =
    '[a "b c"] [a] [a.B] [ ] " \\ \\~ ~ ~ _ \t = = # ; key x-1 v_w \\n \\t \\b \\" \\\\ \r~ \r \f ~__k_=_v'
      .split(" ")
      .map((each) => each.replaceAll("_", " ").replaceAll("~", "\n"))
      .concat('[a "b c"]');
  const piece = fc.constantFrom(...pieces);
  try {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (parts) => {
        writeFileSync(path, `[s]\n${parts.join("")}`);
        const git = Bun.spawnSync(["git", "config", "--file", path, "--list", "-z"]);
        const ours = readWholeGitConfig(`[s]\n${parts.join("")}`);
        const listed = ours?.map(({ section, subsection, key, value }) => {
          const name = `${section}.${subsection === "" ? "" : `${subsection}.`}${key}`;
          return `${name}\n${value}`;
        });
        if (listed === undefined) return;
        expect(git.exitCode).toBe(0);
        const theirs = git.stdout.toString().split("\0").slice(0, -1);
        // Older versions of git make a blank of each white space that is not quoted.
        const blank = (each: string): string => each.replaceAll(/[\t\f\r]/g, " ");
        expect(listed.map(blank)).toEqual(
          theirs.map((each) => blank(each.includes("\n") ? each : `${each}\ntrue`)),
        );
      }),
      { numRuns: 300 },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
