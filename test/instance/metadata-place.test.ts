import { expect, test } from "bun:test";
import { chmodSync, linkSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readMetadata, writeMetadata } from "../../src/instance/metadata.ts";
import { guestUser } from "../support/file-users.ts";
import { Stage } from "./stage.ts";

const name = "codex-discord-presence.instance.json";
const text = JSON.stringify({ pid: 42, exe_path: "/x" });
test("metadata of another user is not believed", async () => {
  await using stage = new Stage();
  writeFileSync(join(stage.home, name), text);
  expect(readMetadata(stage.home)).toMatchObject({ kind: "found" });
  expect(readMetadata(stage.home, guestUser)).toEqual({
    kind: "unreadable",
    why: `${name} cannot be read (${join(stage.home, name)} belongs to another user)`,
  });
});

test("nor what others may write, a link, or another file's second name", async () => {
  await using stage = new Stage();
  const [path, target] = [join(stage.home, name), join(stage.home, "target")];
  writeFileSync(target, text);
  symlinkSync("target", path);
  expect(readMetadata(stage.home)).toMatchObject({ kind: "unreadable" });
  expect(writeMetadata(stage.home, metadata)).toBeUndefined();
  expect(readFileSync(target, "utf8")).toBe(text);
  expect(lstatSync(path).isFile()).toBe(true);
  chmodSync(path, 0o622);
  expect(readMetadata(stage.home)).toMatchObject({ kind: "unreadable" });
  linkSync(path, join(stage.home, "second"));
  chmodSync(path, 0o600);
  expect(readMetadata(stage.home)).toMatchObject({ kind: "unreadable" });
});

test("a link in the place of the file in between is replaced, its target stays", async () => {
  await using stage = new Stage();
  const target = join(stage.home, "target");
  writeFileSync(target, "theirs");
  symlinkSync("target", join(stage.home, `${name}.new`));
  expect(writeMetadata(stage.home, metadata)).toBeUndefined();
  expect(readFileSync(target, "utf8")).toBe("theirs");
  expect(readMetadata(stage.home)).toMatchObject({ kind: "found" });
});

const metadata = {
  pid: 42,
  exePath: "/usr/bin/cdp",
  startedAt: undefined,
  identity: undefined,
  mode: undefined,
  version: undefined,
  control: undefined,
};
