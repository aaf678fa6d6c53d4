import { expect, test } from "bun:test";
import { readHead, readHeadLink } from "../../src/repository/head.ts";

const hash = "d29312c5071b9372686e8c0bb070be6876c62117";

const heads: readonly (readonly [string, string | undefined, boolean?])[] = [
  ["ref: refs/heads/main\n", "main"],
  ["ref: refs/heads/main", "main"],
  ["ref: refs/heads/main\r\n", "main"],
  ["ref:refs/heads/main\n", "main"],
  ["ref: refs/heads/feature/log-in\n", "feature/log-in"],
  ["ref: refs/heads/größe\n", "größe"],
  ["ref: refs/heads/heads/refs/x\n", "heads/refs/x"],
  ["ref: refs/remotes/origin/main\n", "remotes/origin/main"],
  [`${hash}\n`, "d29312c", true],
  [hash.toUpperCase(), "d29312c", true],
  [`${"ab12".repeat(16)}\n`, "ab12ab1", true],
  ["ref: refs/heads/.invalid\n", undefined],
  ["ref: refs/heads/a\u202eb\u0007c\n", "abc"],
  [`ref: refs/heads/${"x".repeat(5000)}\n`, `${"x".repeat(99)}…`],
  ["ref: refs/heads/\n", undefined],
  ["ref: \n", undefined],
  ["", undefined],
  ["\n\n", undefined],
  ["d29312c\n", undefined],
  [`${hash}0\n`, undefined],
  ["root:x:0:0:root:/root:/bin/sh\n", undefined],
  ["\0\0\0\0", undefined],
];

test.each(heads)("HEAD %j is at %p", (text, name, detached = false) => {
  const branch = readHead(text);
  expect(branch?.name).toBe(name as string);
  expect(branch?.detached ?? false).toBe(detached);
});

const links: readonly (readonly [string, string | undefined])[] = [
  ["refs/heads/main", "main"],
  ["refs/heads/feature/x", "feature/x"],
  ["/etc/passwd", undefined],
  ["../other/HEAD", undefined],
];

test.each(links)("HEAD as a link to %j is at %p", (target, name) => {
  expect(readHeadLink(target)?.name).toBe(name as string);
});
