import { expect, test } from "bun:test";
import { rootIn } from "../../src/lib/file-user.ts";

test.each([
  ["a whole machine", "         0          0 4294967295\n", { uid: 0, isCertain: true }],
  ["no Linux", undefined, { uid: 0, isCertain: true }],
  ["one user", "      1000       1000          1\n", { uid: 65_534, isCertain: false }],
  ["a container", "0 1000 1\n1 100000 65536\n", { uid: 65_534, isCertain: false }],
])("root's number by the map of %s", (_, map, root) => {
  expect(rootIn(map)).toEqual(root);
});
