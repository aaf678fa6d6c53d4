import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { configName, readBytes, realPlace } from "../../src/config/file.ts";
import { messageOf } from "../../src/lib/errors.ts";

const scratch = join(import.meta.dir, "../../.scratch");
let root: string;
let path: string;
let real: string;
beforeEach(() => {
  mkdirSync(scratch, { recursive: true });
  root = mkdtempSync(join(scratch, "config-file-"));
  path = join(root, configName);
  mkdirSync(join(root, "dotfiles"));
  real = join(root, "dotfiles/real.json");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** What reading comes to: a text, `none`, or the error in one line. */
function outcome(): string {
  try {
    const bytes = readBytes(path);
    return bytes === undefined ? "none" : new TextDecoder().decode(bytes);
  } catch (error) {
    return messageOf(error);
  }
}

test("a file, a link to one, none, a link to none", () => {
  expect(outcome()).toBe("none");
  symlinkSync(real, path);
  expect(outcome()).toBe("none");
  expect(realPlace(path)).toEqual({ folder: join(root, "dotfiles"), name: "real.json" });
  writeFileSync(real, "{}");
  expect(outcome()).toBe("{}");
  rmSync(path);
  writeFileSync(path, "[]");
  expect(outcome()).toBe("[]");
  truncateSync(path, 1024 * 1024 + 1);
  expect(outcome()).toBe("is larger than 1 MB");
});

test("a link through a folder that others may write: refused with one line", () => {
  writeFileSync(real, "{}");
  symlinkSync(real, path);
  chmodSync(join(root, "dotfiles"), 0o777);
  const why = `the folder ${join(root, "dotfiles")} can be written by other users`;
  expect(outcome()).toBe(`is not trusted: ${why}`);
  expect(realPlace(path)).toBeUndefined();
  chmodSync(join(root, "dotfiles"), 0o755);
  expect(outcome()).toBe("{}");
  chmodSync(real, 0o646);
  expect(outcome()).toBe("can be written by other users");
});
