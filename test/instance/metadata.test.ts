import { expect, test } from "bun:test";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  parseMetadata,
  readMetadata,
  removeMetadata,
  writeMetadata,
  type Metadata,
} from "../../src/instance/metadata.ts";
import { Stage } from "./stage.ts";

const name = "codex-discord-presence.instance.json";
const whole: Metadata = {
  pid: 42,
  exePath: "/usr/bin/cdp",
  startedAt: "2026-01-01T00:00:00.000Z",
  identity: "boot:1",
  mode: "wrapper",
  version: "1.0.0",
  control: { path: "/run/cdp/control" },
};

test("is written as the contract says, mode 0600, and read back; removing leaves nothing", async () => {
  await using stage = new Stage();
  const path = join(stage.home, name);
  writeFileSync(`${path}.new`, "left by a killed writer");
  expect(writeMetadata(stage.home, whole)).toBeUndefined();
  expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({
    pid: 42,
    exe_path: "/usr/bin/cdp",
    started_at: "2026-01-01T00:00:00.000Z",
    identity: "boot:1",
    mode: "wrapper",
    version: "1.0.0",
    control: { path: "/run/cdp/control" },
  });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readMetadata(stage.home)).toEqual({ kind: "found", metadata: whole });
  removeMetadata(stage.home);
  expect(readdirSync(stage.home)).toEqual([]);
  expect(readMetadata(stage.home)).toEqual({ kind: "none" });
});

test("a file that cannot be written says why, and an older one does not stay", async () => {
  await using stage = new Stage();
  writeMetadata(stage.home, whole);
  mkdirSync(join(stage.home, `${name}.new`));
  writeFileSync(join(stage.home, `${name}.new`, "x"), "");
  expect(writeMetadata(stage.home, { ...whole, pid: 43 })).toContain(`${name} cannot be written`);
  expect(readMetadata(stage.home)).toEqual({ kind: "none" });
});

test("the Rust tool's file has a pid, a path and nothing else", () => {
  expect(parseMetadata('{"pid":7,"exe_path":"/x"}')).toEqual({
    kind: "found",
    metadata: {
      pid: 7,
      exePath: "/x",
      startedAt: undefined,
      identity: undefined,
      mode: undefined,
      version: undefined,
      control: undefined,
    },
  });
});

test.each([
  ["", "is empty"],
  ['{"pid":4', "is damaged or half written"],
  ["[]", "is damaged or half written"],
  ["null", "is damaged or half written"],
  ['{"pid":"4"}', "is damaged or half written"],
  ['{"pid":-4}', "is damaged or half written"],
  ['{"pid":4.5}', "is damaged or half written"],
  ['{"pid":1e300}', "is damaged or half written"],
  ["\0".repeat(100), "is damaged or half written"],
])("%p %s", (text, why) => {
  expect(parseMetadata(text)).toEqual({ kind: "unreadable", why: `${name} ${why}` });
});

test.each([
  [{ identity: 4 }, { identity: undefined }],
  [{ mode: "king" }, { mode: undefined }],
  [{ control: "x" }, { control: undefined }],
  [{ control: { path: "" } }, { control: undefined }],
  [{ control: { path: "p", token: "t", more: 1 } }, { control: { path: "p", token: "t" } }],
  [{ version: "v".repeat(5000) }, { version: undefined }],
])("a field of another type is left out, %#", (fields, expected) => {
  expect(parseMetadata(JSON.stringify({ pid: 1, ...fields }))).toMatchObject({
    metadata: expected,
  });
});

test.each([
  ["a folder", (path: string) => mkdirSync(path)],
  ["a FIFO", (path: string) => void Bun.spawnSync(["mkfifo", path])],
  [
    "more than 16 KB of JSON",
    (path: string) => writeFileSync(path, JSON.stringify({ pid: 1, x: "x".repeat(16_384) })),
  ],
  ["10 MB", (path: string) => writeFileSync(path, "x".repeat(1e7))],
  ["a link to /dev/zero", (path: string) => void Bun.spawnSync(["ln", "-s", "/dev/zero", path])],
])("%s in its place is unreadable, at once", async (_, make) => {
  await using stage = new Stage();
  make(join(stage.home, name));
  expect(readMetadata(stage.home).kind).toBe("unreadable");
});

test("what the user may not read is unreadable", async () => {
  await using stage = new Stage();
  writeMetadata(stage.home, whole);
  chmodSync(join(stage.home, name), 0);
  const found = readMetadata(stage.home);
  expect(found.kind).toBe(process.getuid?.() === 0 ? "found" : "unreadable");
});
