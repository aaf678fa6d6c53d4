import { expect, test } from "bun:test";
import { isLocalPath, lastPart, parentOf, resolvePath } from "../../src/repository/paths.ts";

const onUnix: readonly (readonly [string, boolean])[] = [
  ["/home/me/demo", true],
  ["/", true],
  ["/device/proc", true],
  ["/home/me/dev", true],
  ["/home/me/de mo/ü", true],
  ["", false],
  ["demo", false],
  ["../demo", false],
  ["~/demo", false],
  ["//server/share", false],
  ["\\\\server\\share", false],
  ["C:\\demo", false],
  ["file:///home/me", false],
  ["/dev", false],
  ["/dev/zero", false],
  ["/proc/self/fd/0", false],
  ["/sys/kernel", false],
  ["/home/../dev/zero", false],
  ["/home//..///dev/./zero", false],
  ["/home/me\0/demo", false],
  [`/${"x/".repeat(3000)}`, false],
];

test.each(onUnix)("on Unix the path %j may be read: %p", (path, local) => {
  expect(isLocalPath(path, false)).toBe(local);
});

const onWindows: readonly (readonly [string, boolean])[] = [
  ["C:\\Users\\me\\demo", true],
  ["d:/work/demo", true],
  ["C:\\", true],
  ["C:\\console\\auxiliary.txt", true],
  ["C:demo", false],
  ["\\demo", false],
  ["/demo", false],
  ["\\\\server\\share\\demo", false],
  ["//server/share/demo", false],
  ["\\\\.\\COM1", false],
  ["\\\\?\\C:\\demo", false],
  ["C:\\\\server\\share", false],
  ["C:\\demo\\NUL", false],
  ["C:\\demo\\con.txt\\x", false],
  ["C:\\demo\\COM1 .log", false],
  ["C:\\demo\\file:stream", false],
];

test.each(onWindows)("on Windows the path %j may be read: %p", (path, local) => {
  expect(isLocalPath(path, true)).toBe(local);
});

const parents: readonly (readonly [string, string | undefined])[] = [
  ["/home/me/demo", "/home/me"],
  ["/home/me/", "/home"],
  ["/home", "/"],
  ["/", undefined],
  ["/c:/x", "/c:"],
  ["C:\\Users\\me", "C:\\Users"],
  ["C:/Users/me", "C:/Users"],
  ["C:\\Users", "C:\\"],
  ["C:\\", undefined],
  ["", undefined],
];

test.each(parents)("the folder above %j is %p", (path, parent) => {
  expect(parentOf(path)).toBe(parent as string);
});

test("every way up ends", () => {
  for (const path of [
    "/a/b//c/",
    "C:\\a\\b",
    "C:/a/b/",
    "a/b",
    "\\\\a\\b",
    `/${"x/".repeat(2000)}`,
  ]) {
    let steps = 0;
    for (let at: string | undefined = path; at !== undefined; at = parentOf(at)) steps += 1;
    expect(steps).toBeLessThan(2100);
  }
});

const lasts: readonly (readonly [string, string])[] = [
  ["/home/me/demo", "demo"],
  ["/home/me/demo//", "demo"],
  ["/a\\b", "a\\b"],
  ["C:\\work\\demo", "demo"],
  ["C:\\", ""],
  ["/", ""],
];

test.each(lasts)("the last part of %j is %j", (path, last) => {
  expect(lastPart(path)).toBe(last);
});

const resolved: readonly (readonly [string, string, string])[] = [
  ["/a/b", "c", "/a/b/c"],
  ["/a/b/", "../c", "/a/b/../c"],
  ["/", "c", "/c"],
  ["/a", "/c", "/c"],
  ["/a", "C:\\c", "/a/C:\\c"],
  ["C:\\a", "..\\c", "C:\\a\\..\\c"],
  ["C:\\a", "D:/c", "D:/c"],
  ["C:\\a", "\\\\server\\share", "\\\\server\\share"],
];

test.each(resolved)("from %j, %j is %j", (folder, target, path) => {
  expect(resolvePath(folder, target)).toBe(path);
});
