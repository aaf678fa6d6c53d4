import { afterAll, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  programFolders,
  programOf,
  programsNamed,
  withAbsolutePath,
} from "../../src/lib/programs.ts";

const scratch = resolve(import.meta.dir, "../../.scratch");
mkdirSync(scratch, { recursive: true });
const root = mkdtempSync(join(scratch, "programs-"));
afterAll(() => rmSync(root, { recursive: true }));
for (const name of ["a", "b"]) {
  mkdirSync(join(root, name));
  writeFileSync(join(root, name, "tool"), "");
  chmodSync(join(root, name, "tool"), 0o755);
}
writeFileSync(join(root, "a/data"), "");

test.each<[string | undefined, NodeJS.Platform, string[]]>([
  ["/a:/b", "linux", ["/a", "/b"]],
  [":/a:.:./bin:bin::../x:~/bin:/b:", "linux", ["/a", "/b"]],
  ["", "linux", []],
  [undefined, "linux", []],
  ["C:\\a;.;bin;;D:/b;C:rel", "win32", ["C:\\a", "D:/b"]],
])("of PATH %j on %s count %j", (path, platform, folders) => {
  expect(programFolders(path, platform)).toEqual(folders);
});

test("programs are found in absolute folders, first things first", () => {
  const path = `.:${root}/none:${root}/b:${root}/a`;
  expect(programsNamed("tool", path, "linux")).toEqual([`${root}/b/tool`, `${root}/a/tool`]);
  expect(programsNamed("data", path, "linux")).toEqual([]);
  expect(programOf("tool", path, "linux")).toBe(`${root}/b/tool`);
  expect(programOf(`${root}/a/tool`, "", "linux")).toBe(`${root}/a/tool`);
});

test("a relative word is no program, though a file is there", () => {
  const here = process.cwd();
  process.chdir(root);
  try {
    expect(programOf("./a/tool", "", "linux")).toBeUndefined();
    expect(programOf("a/tool", "", "linux")).toBeUndefined();
    expect(programOf("tool", "a:./a:", "linux")).toBeUndefined();
  } finally {
    process.chdir(here);
  }
});

test("a program that starts others gets the same folders", () => {
  expect(withAbsolutePath({ HOME: "/h", PATH: ":/a:b" }, "linux")).toEqual({
    HOME: "/h",
    PATH: "/a",
  });
  for (const PATH of [undefined, "", ":", "bin:./bin"]) {
    expect(withAbsolutePath({ PATH }, "linux")).toEqual({ PATH: "/usr/bin:/bin" });
  }
});
