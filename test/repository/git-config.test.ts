import { expect, test } from "bun:test";
import * as fc from "fast-check";
import {
  configuredWorktree,
  readGitConfig,
  remoteAddress,
  remoteAddresses,
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

test("any text is read, and fast", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 2000 }), (text) => {
      expect(Array.isArray(readGitConfig(text))).toBe(true);
    }),
  );
  const start = performance.now();
  for (const piece of ["[", '[a "', "\\", "\\\n", " ", "a", '"', "#", "[a]", "a=", "=\\", "\t\n"]) {
    readGitConfig(piece.repeat(65_536 / piece.length));
    readGitConfig(`[a]\nb = ${piece.repeat(65_000 / piece.length)}!`);
  }
  expect(performance.now() - start).toBeLessThan(4000);
});

test("all remotes, also those that are only pushed to, each once", () => {
  const text = [
    '[remote "origin"]\n\turl = a:b/c\n\tpushurl = d:e/f\n\turl = a:b/c',
    '[remote "upstream"]\n\turl = g:h/i\n\turl =',
    '[branch "x"]\n\turl = no',
    ...Array.from({ length: 100 }, (_, at) => `[remote "r${at}"]\n\turl = r:r/${at}`),
  ].join("\n");
  const found = remoteAddresses(readGitConfig(text));
  expect(found.slice(0, 4)).toEqual(["a:b/c", "d:e/f", "g:h/i", "r:r/0"]);
  expect(found).toHaveLength(103);
});
