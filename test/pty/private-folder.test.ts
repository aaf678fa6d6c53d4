import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { cacheFolder, placeVerified } from "../../src/pty/private-folder.ts";
import { guestUser } from "../support/file-users.ts";
import { scratchFolder } from "../support/pty-child.ts";

const bytes = Buffer.from("native code");
const file = { name: "pty.node", bytes, mode: 0o600 };
let root = "";
let folder = "";
beforeEach(() => {
  root = scratchFolder("private");
  folder = join(root, "cache", "cdp");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test.each([
  ["darwin", {}, "/home/u/Library/Caches/codex-discord-presence"],
  [
    "darwin",
    { TMPDIR: "/tmp/x", XDG_CACHE_HOME: "/c" },
    "/home/u/Library/Caches/codex-discord-presence",
  ],
  ["win32", { LOCALAPPDATA: "/local", TEMP: "/t" }, "/local/codex-discord-presence"],
  ["win32", {}, "/home/u/AppData/Local/codex-discord-presence"],
  ["freebsd", { XDG_CACHE_HOME: "/c" }, "/c/codex-discord-presence"],
  ["freebsd", { XDG_CACHE_HOME: "" }, "/home/u/.cache/codex-discord-presence"],
] as const)("on %s with %j the folder is %s", (platform, env, path) => {
  expect(cacheFolder(platform, env, "/home/u")).toBe(path);
});

const modeOf = (path: string) => statSync(path).mode & 0o777;

test("folder and file are made, for us alone", () => {
  const path = placeVerified(folder, file);
  expect(path).toBe(join(folder, "pty.node"));
  expect(readFileSync(path)).toEqual(bytes);
  expect([modeOf(folder), modeOf(path)]).toEqual([0o700, 0o600]);
  expect(readdirSync(folder)).toEqual(["pty.node"]);
});

test("a program can be run", () => {
  expect(modeOf(placeVerified(folder, { ...file, mode: 0o700 }))).toBe(0o700);
});

test("the right file is left as it is", () => {
  const path = placeVerified(folder, file);
  utimesSync(path, 1, 1);
  placeVerified(folder, file);
  expect(statSync(path).mtimeMs).toBe(1000);
});

test("a folder that others could write to is closed to them", () => {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o777);
  placeVerified(folder, file);
  expect(modeOf(folder)).toBe(0o700);
});

test.each<[string, (path: string) => void]>([
  ["other bytes of the same length", (path) => writeFileSync(path, "NATIVE CODE")],
  ["another length", (path) => writeFileSync(path, "x")],
  ["nothing", (path) => writeFileSync(path, "")],
  ["permission for others to write", (path) => chmodSync(path, 0o666)],
  ["permission for others to read", (path) => chmodSync(path, 0o644)],
])("a file with %s is replaced", (_name, spoil) => {
  const path = placeVerified(folder, file);
  spoil(path);
  placeVerified(folder, file);
  expect(readFileSync(path)).toEqual(bytes);
  expect(modeOf(path)).toBe(0o600);
});

test("a link is replaced, and what it points to stays", () => {
  const target = join(root, "target");
  writeFileSync(target, bytes);
  const path = placeVerified(folder, file);
  rmSync(path);
  symlinkSync(target, path);
  placeVerified(folder, { ...file, bytes: Buffer.from("newer code!") });
  expect(readFileSync(target)).toEqual(bytes);
  expect(readFileSync(path, "utf8")).toBe("newer code!");
});

test("a folder or a file of another user is not used", () => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  expect(() => placeVerified(folder, file, guestUser)).toThrow("belongs to another user");
  expect(readdirSync(folder)).toEqual([]);
});

test("a link to the right bytes is replaced by a file", () => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(root, "elsewhere"), bytes, { mode: 0o600 });
  symlinkSync(join(root, "elsewhere"), join(folder, "pty.node"));
  expect(lstatSync(placeVerified(folder, file)).isFile()).toBe(true);
});

test("a folder that is a link is refused", () => {
  const elsewhere = join(root, "elsewhere");
  mkdirSync(elsewhere);
  mkdirSync(join(root, "cache"));
  symlinkSync(elsewhere, folder);
  expect(() => placeVerified(folder, file)).toThrow(`${folder} is a link`);
  expect(readdirSync(elsewhere)).toEqual([]);
});
