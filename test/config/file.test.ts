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
import {
  configName,
  fingerprint,
  readBytes,
  readBytesLater,
  realPlace,
  realPlaceLater,
} from "../../src/config/file.ts";
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

/** What reading comes to, the same in both ways: a text, `none`, or the error in one line. */
async function outcome(): Promise<string> {
  const text = (bytes: Uint8Array | undefined) =>
    bytes === undefined ? "none" : new TextDecoder().decode(bytes);
  const now = await Promise.resolve()
    .then(() => text(readBytes(path)))
    .catch(messageOf);
  const later = await readBytesLater(path).then(text, messageOf);
  expect(later).toBe(now);
  expect(await realPlaceLater(path)).toEqual(realPlace(path));
  return now;
}

test("a file, a link to one, none, a link to none", async () => {
  expect(await outcome()).toBe("none");
  symlinkSync(real, path);
  expect(await outcome()).toBe("none");
  expect(realPlace(path)).toEqual({ folder: join(root, "dotfiles"), name: "real.json" });
  writeFileSync(real, "{}");
  expect(await outcome()).toBe("{}");
  rmSync(path);
  writeFileSync(path, "[]");
  expect(await outcome()).toBe("[]");
  truncateSync(path, 1024 * 1024 + 1);
  expect(await outcome()).toBe("is larger than 1 MB");
});

test("a link through a folder that others may write: refused with one line, which is no fingerprint of the file", async () => {
  writeFileSync(real, "{}");
  symlinkSync(real, path);
  const before = await fingerprint(path);
  expect(before).toContain(":");
  chmodSync(join(root, "dotfiles"), 0o777);
  const why = `the folder ${join(root, "dotfiles")} can be written by other users`;
  expect(await outcome()).toBe(`is not trusted: ${why}`);
  expect(realPlace(path)).toBeUndefined();
  expect(await fingerprint(path)).toBe(why);
  chmodSync(join(root, "dotfiles"), 0o755);
  expect([await outcome(), await fingerprint(path)]).toEqual([
    "{}",
    expect.not.stringMatching(why),
  ]);
  chmodSync(real, 0o646);
  expect(await outcome()).toBe("can be written by other users");
});
