import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setKey } from "../../src/config/edit.ts";
import { configName } from "../../src/config/file.ts";
import { loadConfig } from "../../src/config/load.ts";
import { type FileLock, updateConfig } from "../../src/config/update.ts";
import { tryLock } from "../../src/instance/lock.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { UserError } from "../../src/lib/errors.ts";

const scratch = join(import.meta.dir, "../../.scratch");
let root: string;

beforeAll(() => {
  mkdirSync(scratch, { recursive: true });
  root = mkdtempSync(join(scratch, "update-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
function newHome(text?: string): string {
  const home = join(root, String((count += 1)));
  mkdirSync(home);
  if (text !== undefined) writeFileSync(join(home, configName), text, { mode: 0o644 });
  return home;
}
const textIn = (home: string) => readFileSync(join(home, configName), "utf8");
const lock: FileLock = (path) => tryLock(path, process.pid);
const pause = (text: string) => setKey(text, ["display", "paused"], true);
const update = (home: string, change = pause, parts: { lock?: FileLock; copy?: boolean } = {}) =>
  updateConfig(home, change, { lock, clock: systemClock, ...parts });
const ours = '{ "$schema": "x", "schema_version": 2, "mine": [1, 2,], /* c */ }';

async function refused(home: string): Promise<string> {
  const error: unknown = await update(home).catch((thrown: unknown) => thrown);
  if (!(error instanceof UserError)) throw new Error(`not refused: ${String(error)}`);
  expect(error.message).not.toContain("\n");
  return error.message;
}

test("a link in the lock's place: the config stays, and what the link leads to", async () => {
  const home = newHome("{}");
  const target = join(home, "notes");
  writeFileSync(target, "notes");
  symlinkSync(target, join(home, `${configName}.lock`));
  expect(await refused(home)).toContain(`${configName}.lock is a link`);
  expect([readFileSync(target, "utf8"), readFileSync(join(home, configName), "utf8")]).toEqual([
    "notes",
    "{}",
  ]);
});

test("a new file is whole, private to its owner, and alone", async () => {
  const home = newHome();
  expect(await update(home)).toEqual({ changed: true, notes: [] });
  expect(await loadConfig(home)).toMatchObject({
    problems: [],
    config: { display: { paused: true } },
  });
  expect(statSync(join(home, configName)).mode & 0o777).toBe(0o600);
  expect(readdirSync(home)).toEqual([configName]);
});

test("a file of ours is changed in place; the same change again writes nothing", async () => {
  const home = newHome(ours);
  expect(await update(home)).toEqual({ changed: true, notes: [] });
  expect(textIn(home)).toBe(ours.replace(" }", ' "display": { "paused": true }, }'));
  const { ino, mtimeMs } = statSync(join(home, configName));
  expect(await update(home)).toEqual({ changed: false, notes: [] });
  expect(statSync(join(home, configName))).toMatchObject({ ino, mtimeMs });
  expect(readdirSync(home)).toEqual([configName]);
});

test("a change that changes nothing makes no file", async () => {
  const home = newHome();
  expect(await update(home, (text) => text)).toEqual({ changed: false, notes: [] });
  expect(readdirSync(home)).toEqual([]);
});

test.each([
  ["to a file", true],
  ["to nothing yet", false],
])("a link %s is written through", async (_, exists) => {
  const home = newHome();
  const dotfiles = newHome();
  const real = join(dotfiles, "codex.json");
  if (exists) writeFileSync(real, ours);
  symlinkSync(real, join(dotfiles, "second"));
  symlinkSync("../" + dotfiles.split("/").at(-1) + "/second", join(home, configName));
  await update(home);
  expect(lstatSync(join(home, configName)).isSymbolicLink()).toBe(true);
  expect(lstatSync(real).isSymbolicLink()).toBe(false);
  expect((await loadConfig(home)).config.display.paused).toBe(true);
  expect(readdirSync(dotfiles).toSorted()).toEqual(["codex.json", "second"]);
});

test("an older file is kept as it was, under a name of its own each time", async () => {
  const old = '{ "privacy": { "enabled": true } }\n';
  const home = newHome(old);
  writeFileSync(join(home, `${configName}.old`), "older");
  const { notes } = await update(home);
  expect(notes.join()).toContain(`${configName}.old-2`);
  expect(readFileSync(join(home, `${configName}.old`), "utf8")).toBe("older");
  expect(readFileSync(join(home, `${configName}.old-2`), "utf8")).toBe(old);
  expect(statSync(join(home, `${configName}.old-2`)).mode & 0o777).toBe(0o600);
  expect((await update(home)).changed).toBe(false);
  expect(readdirSync(home)).toHaveLength(3);
});

test.each<[string, string | Uint8Array, string]>([
  ["broken", '{ "a": 1\n', "mend it"],
  ["a list", "[]", "one object"],
  ["newer than we are", '{ "$schema": "x", "schema_version": 3 }', "schema_version 3 is newer"],
  ["newer than the earlier tool", '{ "schema_version": 14 }', "schema_version 14 is newer"],
  ["Latin-1", new Uint8Array([0x7b, 0x2f, 0x2a, 0xe9, 0x2a, 0x2f, 0x7d]), "not UTF-8"],
  ["10 MB", " ".repeat(10_000_000), "larger than 1 MB"],
])("a file that is %s is left as it is", async (_, content, problem) => {
  const home = newHome();
  writeFileSync(join(home, configName), content);
  expect(await refused(home)).toContain(problem);
  expect(readFileSync(join(home, configName))).toEqual(Buffer.from(content));
  expect(readdirSync(home)).toEqual([configName]);
});

test.each<[string, (path: string) => void, string]>([
  ["a folder", (path) => mkdirSync(path), "not a regular file"],
  [
    "an endless device",
    (path) => symlinkSync("/dev/zero", path),
    // Only root gets as far as looking at it: the folder is not another user's to write into.
    process.getuid?.() === 0 ? "not a regular file" : "cannot be written",
  ],
  ["a circle of links", (path) => symlinkSync(path, path), "too many links"],
  ["a link into nowhere", (path) => symlinkSync("/nowhere/at/all", path), "folder is not there"],
  [
    "a file made read-only",
    (path) => {
      writeFileSync(path, ours);
      chmodSync(path, 0o400);
    },
    "read-only",
  ],
])("%s in its place is left alone", async (_, make, problem) => {
  const home = newHome();
  make(join(home, configName));
  const before = lstatSync(join(home, configName));
  expect(await refused(home)).toContain(problem);
  expect(lstatSync(join(home, configName)).ino).toBe(before.ino);
  expect(readdirSync(home)).toEqual([configName]);
});

test("a home that is not there is not made", async () => {
  expect(await refused(join(root, "none"))).toContain("folder is not there");
  expect(readdirSync(root)).not.toContain("none");
});

test("what an editor saved between our read and our write is not lost", async () => {
  const home = newHome(ours);
  let turns = 0;
  await update(home, (text) => {
    turns += 1;
    if (turns === 1) writeFileSync(join(home, configName), setKey(ours, ["edited"], true));
    return pause(text);
  });
  expect(turns).toBe(2);
  expect(textIn(home)).toContain('"edited": true');
  expect((await loadConfig(home)).config.display.paused).toBe(true);
});

test("what a writer that was killed left behind is in nobody's way, and goes", async () => {
  const home = newHome(ours);
  writeFileSync(join(home, `${configName}.lock`), "4194304");
  writeFileSync(join(home, `.${configName}.tmp`), "{ half");
  await update(home);
  expect((await loadConfig(home)).config.display.paused).toBe(true);
  expect(readdirSync(home)).toEqual([configName]);
});

test("a change that would break the file is not written", async () => {
  const home = newHome(ours);
  const change = () => "{";
  expect(await update(home, change).catch((thrown: unknown) => thrown)).toBeInstanceOf(UserError);
  expect(textIn(home)).toBe(ours);
});

test.each<[string, "ENOTSUP" | "ENOSPC", boolean]>([
  ["without locks is written all the same", "ENOTSUP", true],
  ["without room is not written", "ENOSPC", false],
])("a disk %s", async (_, code, written) => {
  const home = newHome(ours);
  const outcome = update(home, pause, {
    lock: () => ({ kind: "unavailable", code, reason: code }),
  });
  if (written) await outcome;
  else expect(await outcome.catch(String)).toContain("disk is full");
  expect(textIn(home) !== ours).toBe(written);
});

test("many at once: no change is lost, every reader sees a sound file, nothing is left", async () => {
  const home = newHome(ours);
  const child = join(import.meta.dir, "edit-child.ts");
  const writers = Array.from({ length: 6 }, (_, i) =>
    Bun.spawn([process.execPath, child, home, `w${i}`], { stdout: "inherit", stderr: "inherit" }),
  );
  let done = false;
  const ended = Promise.all(writers.map(({ exited }) => exited)).finally(() => (done = true));
  let reads = 0;
  while (!done) {
    expect((await loadConfig(home)).source).toBe("file");
    reads += 1;
    await Bun.sleep(1);
  }
  expect(await ended).toEqual([0, 0, 0, 0, 0, 0]);
  expect(reads).toBeGreaterThan(1);
  expect(textIn(home).match(/"w\d-\d"/g)).toHaveLength(30);
  expect(readdirSync(home)).toEqual([configName]);
}, 30_000);
