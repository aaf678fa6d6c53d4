import { expect, test } from "bun:test";
import { rootIn, shownRoot } from "../../src/lib/file-user.ts";

test.each([
  ["a whole machine", "         0          0 4294967295\n", { uid: 0, isCertain: true }],
  ["no Linux", undefined, { uid: 0, isCertain: true }],
  ["one user", "      1000       1000          1\n", { uid: 65_534, isCertain: false }],
  ["a container", "0 1000 1\n1 100000 65536\n", { uid: 65_534, isCertain: false }],
])("root's number by the map of %s", (_, map, root) => {
  expect(rootIn(map)).toEqual(root);
});

test.each<[string, string | undefined, isRoot: boolean]>([
  ["a whole machine", "         0          0 4294967295\n", false],
  ["no Linux", undefined, false],
  ["one user", "      1000       1000          1\n", true],
  ["one user as root", "0 1000 1\n", true],
  ["a container that has such a user itself", "0 1000 1\n1 100000 65536\n", false],
])("by the map of %s files of the overflow user count as root's: %p", (_, map, isRoot) => {
  expect(shownRoot(map, "65534\n").isRoot(65_534)).toBe(isRoot);
  expect(shownRoot(map, "65534\n").isRoot(1000)).toBe(false);
});
