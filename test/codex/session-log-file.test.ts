import { afterAll, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { appendFileSync, fstatSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { createSessionLog } from "../../src/codex/session-log-file.ts";
import { silentLog } from "../../src/lib/log.ts";
import { otherUser } from "../support/file-users.ts";

const scratch = resolve(import.meta.dir, "../../.scratch");
mkdirSync(scratch, { recursive: true });
const root = mkdtempSync(join(scratch, "log-file-"));
afterAll(() => rmSync(root, { recursive: true }));

function folder(mode: number): string {
  const path = mkdtempSync(join(root, "dir-"));
  chmodSync(path, mode);
  return path;
}

test("file and folder are private, and what is written is read after they are gone", () => {
  const runtime = folder(0o700);
  const made = createSessionLog({ XDG_RUNTIME_DIR: runtime }, folder(0o700), silentLog);
  if (made === undefined) throw new Error("no session log");
  expect(made.env).toEqual({
    CODEX_TUI_RECORD_SESSION: "1",
    CODEX_TUI_SESSION_LOG_PATH: made.path,
  });
  expect(dirname(dirname(made.path))).toBe(runtime);
  expect(statSync(made.path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(made.path)).mode & 0o777).toBe(0o700);
  writeFileSync(made.path, "from the child\n"); // With O_TRUNC, as Codex does.
  made.unlink();
  made.unlink();
  expect(readdirSync(runtime)).toEqual([]);
  expect(readFileSync(made.fd, "utf8")).toBe("from the child\n");
  made[Symbol.dispose]();
  made[Symbol.dispose]();
  expect(() => fstatSync(made.fd)).toThrow();
});

test("what was never begun is taken away at the end", () => {
  const runtime = folder(0o700);
  createSessionLog({ XDG_RUNTIME_DIR: runtime }, undefined, silentLog)?.[Symbol.dispose]();
  expect(readdirSync(runtime)).toEqual([]);
});

test("a name that was used for something else meanwhile is no error", () => {
  const runtime = folder(0o700);
  const made = createSessionLog({ XDG_RUNTIME_DIR: runtime }, undefined, silentLog);
  if (made === undefined) throw new Error("no session log");
  appendFileSync(join(dirname(made.path), "another file"), "");
  made[Symbol.dispose]();
  expect(existsSync(made.path)).toBe(false);
});

test.each([
  ["no runtime folder", {}],
  ["an empty one", { XDG_RUNTIME_DIR: "" }],
  ["a relative one", { XDG_RUNTIME_DIR: "run" }],
  ["one that does not exist", { XDG_RUNTIME_DIR: join(root, "nowhere") }],
  ["one that others may write into", { XDG_RUNTIME_DIR: folder(0o777) }],
  ["the temp folder", { XDG_RUNTIME_DIR: "/tmp" }],
])("with %s it is in Codex's home", (_, env) => {
  const home = folder(0o755);
  using made = createSessionLog(env, home, silentLog);
  expect(made === undefined ? "" : dirname(dirname(made.path))).toBe(home);
});

test.each([
  ["new and empty", 1, [], true],
  ["old and empty", 2, [], false],
  ["with a log that Codex may be about to open", 9, ["session.jsonl"], true],
  ["with the log of a wrapper that was killed", 11, ["session.jsonl"], false],
  ["with somebody else's file", 11, ["notes"], true],
])("a folder %s, %d minutes old", (_, minutes, files, stays) => {
  const runtime = folder(0o700);
  const found = join(runtime, "cdp-a1B2c3");
  mkdirSync(found);
  for (const name of files) writeFileSync(join(found, name), "a prompt");
  const then = Date.now() / 1000 - (minutes * 60 - 1);
  utimesSync(found, then, then);
  using _made = createSessionLog({ XDG_RUNTIME_DIR: runtime }, undefined, silentLog);
  expect(existsSync(found)).toBe(stays);
  if (stays) expect(readdirSync(found)).toEqual(files);
});

test("a link by the name of such a folder, as a repository may ship it, is left alone", () => {
  const [home, elsewhere] = [folder(0o700), folder(0o700)];
  writeFileSync(join(elsewhere, "session.jsonl"), "notes of the user's");
  utimesSync(elsewhere, 1, 1);
  symlinkSync(elsewhere, join(home, "cdp-a1B2c3"));
  lutimesSync(join(home, "cdp-a1B2c3"), 1, 1);
  using made = createSessionLog({}, home, silentLog);
  expect(made).toBeDefined();
  expect(readdirSync(elsewhere)).toEqual(["session.jsonl"]);
});

test("a folder of another user is not used", () => {
  const home = folder(0o700);
  expect(createSessionLog({}, home, silentLog, otherUser)).toBeUndefined();
  expect(readdirSync(home)).toEqual([]);
});

test("a home that is a link is followed", () => {
  const home = folder(0o700);
  const link = join(root, "link");
  symlinkSync(home, link);
  using made = createSessionLog({}, link, silentLog);
  expect(made === undefined ? "" : dirname(dirname(made.path))).toBe(link);
});

test("without either place there is none", () => {
  expect(createSessionLog({}, undefined, silentLog)).toBeUndefined();
});

test.each([
  { CODEX_TUI_RECORD_SESSION: "1" },
  { CODEX_TUI_RECORD_SESSION: "" },
  { CODEX_TUI_SESSION_LOG_PATH: "/mine" },
])("with %p of the person's own nothing is made", (own) => {
  const runtime = folder(0o700);
  expect(
    createSessionLog({ ...own, XDG_RUNTIME_DIR: runtime }, undefined, silentLog),
  ).toBeUndefined();
  expect(readdirSync(runtime)).toEqual([]);
});
