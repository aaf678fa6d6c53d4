import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../src/lib/clock.ts";
import { known } from "../../src/lib/knowledge.ts";
import type { GitFiles } from "../../src/repository/git-files.ts";
import { type Look, openRepositories, type Repository } from "../../src/repository/repositories.ts";
import { filesFor, makeHome, origin, write } from "./folders.ts";

const home = makeHome();
const at = (path: string): string => join(home.path, path);
afterAll(() => home[Symbol.dispose](), 60_000);

const files = filesFor([home.path]);
const head = "ref: refs/heads/main\n";

/** What a look comes to, with a deadline that nothing here may need. */
async function lookAt(path: string, disk = files): Promise<Look> {
  const looked = await openRepositories(disk, systemClock, { deadlineMs: 4000 }).look(path);
  return looked!.look;
}

/** The repository of a folder, where that is known for certain. */
async function look(path: string, disk = files): Promise<Repository | undefined> {
  const found = await lookAt(path, disk);
  expect(found.kind).toBe(found.kind === "repository" ? "repository" : "unknown");
  return found.kind === "repository" ? found.repository : undefined;
}

function pipe(path: string): void {
  expect(Bun.spawnSync(["mkfifo", path]).exitCode).toBe(0);
}

beforeAll(() => {
  write(home.path, { "good/.git/HEAD": head, "good/.git/config": origin("git@github.com:a/b") });
});

const named = [
  "/dev/zero",
  "/dev/tty",
  "/proc/self",
  "/proc/self/root",
  "//server/share/.git",
  "\\\\server\\share\\.git",
  "\\\\.\\pipe\\x",
  "C:\\demo\\.git",
  "../../../../../../../../../../../../dev/zero",
  "missing",
  "pipe",
  "loop",
  "plain-file",
  "\0",
  "x".repeat(5000),
  "/".repeat(60_000),
  "",
];

test.each(named)("a worktree whose git folder is %j is in no repository", async (target) => {
  const folder = `named-${named.indexOf(target)}`;
  write(home.path, { [`${folder}/.git`]: `gitdir: ${target}\n`, [`${folder}/plain-file`]: head });
  pipe(at(`${folder}/pipe`));
  symlinkSync("loop", at(`${folder}/loop`));
  expect(await look(at(folder))).toBeUndefined();
});

test.each(named)("a worktree whose common folder is %j is in no repository", async (target) => {
  const folder = `common-${named.indexOf(target)}`;
  write(home.path, {
    [`${folder}/.git/HEAD`]: head,
    [`${folder}/.git/commondir`]: `${target}\n`,
    [`${folder}/.git/plain-file`]: head,
  });
  pipe(at(`${folder}/.git/pipe`));
  symlinkSync("loop", at(`${folder}/.git/loop`));
  expect(await look(at(folder))).toBeUndefined();
});

type Replace = (path: string) => void;
const link =
  (target: string): Replace =>
  (path) =>
    symlinkSync(target, path);

const strange: readonly (readonly [string, Replace])[] = [
  ["a pipe", pipe],
  ["a link to a pipe", (path) => [pipe(`${path}-pipe`), link(`${path}-pipe`)(path)]],
  ["a link to itself", link("HEAD")],
  ["a link to /dev/zero", link("/dev/zero")],
  ["a link to a terminal", link("/dev/tty")],
  ["a link into /proc", link("/proc/self/environ")],
  ["a folder", (path) => mkdirSync(path)],
  ["a file of 65 KB", (path) => writeFileSync(path, head + " ".repeat(65 * 1024))],
  ["a file of 8 MB", (path) => writeFileSync(path, head + " ".repeat(8 * 1024 * 1024))],
  ["binary", (path) => writeFileSync(path, new Uint8Array(60_000).fill(0xff))],
  ["empty", (path) => writeFileSync(path, "")],
];

test.each(strange)("a HEAD that is %s tells no branch and nothing hangs", async (what, replace) => {
  const folder = `head ${what.replaceAll("/", " ")}`;
  write(home.path, { [`${folder}/.git/config`]: "" });
  replace(at(`${folder}/.git/HEAD`));
  expect((await look(at(folder)))?.branch).toBeUndefined();
});

test.each(strange)(
  "a config that is %s tells no remote and nothing hangs",
  async (what, replace) => {
    const folder = `config ${what.replaceAll("/", " ")}`;
    write(home.path, { [`${folder}/.git/HEAD`]: head });
    replace(at(`${folder}/.git/config`));
    const found = await lookAt(at(folder));
    // What it holds otherwise is known, and the card may say it; its remotes may be any.
    expect(found.kind).toBe(what === "empty" ? "repository" : "unknown");
    expect(found).toMatchObject({ repository: { branch: { name: "main" }, remotes: [] } });
  },
);

test.each(strange)("a .git that is %s is none", async (what, replace) => {
  const folder = `git ${what.replaceAll("/", " ")}`;
  mkdirSync(at(folder));
  replace(at(`${folder}/.git`));
  expect(await look(at(folder))).toBeUndefined();
});

test("a file of exactly 64 KB is read", async () => {
  const config = origin("git@github.com:a/b");
  write(home.path, {
    "full/.git/HEAD": head,
    "full/.git/config": config + "#".repeat(65_536 - config.length),
  });
  expect((await look(at("full")))?.remote?.name).toBe("b");
});

const never: readonly string[] = [
  "",
  "good",
  "./good",
  "//good",
  "\\\\server\\share",
  "C:\\good",
  "/dev/fd/0",
  "/dev/zero",
  "/proc/self/cwd",
  "/proc/self/fd/0",
  "/sys",
  "file:///tmp",
  "/\0",
  `/${"x/".repeat(100_000)}`,
];

test.each(never)("the working folder %j is not looked at", async (path) => {
  expect(await look(path)).toBeUndefined();
});

test("a link in a circle, and one out of the way, end nowhere", async () => {
  symlinkSync("circle", at("circle"));
  symlinkSync("/proc/self", at("good/away"));
  expect(await look(at("circle"))).toBeUndefined();
  expect(await look(at("circle/x"))).toBeUndefined();
  expect(await look(at("good/away"))).toBeUndefined();
});

test("a home folder is no project, whatever it holds, and nothing above it is looked at", async () => {
  write(home.path, {
    "people/.git/HEAD": head,
    "people/me/.git/HEAD": head,
    "people/me/work/": "",
    "people/me/demo/.git/HEAD": head,
  });
  symlinkSync("me", at("people/also-me"));
  const mine = filesFor([at("people/also-me")]);
  expect(await look(at("people/me/work"), mine)).toBeUndefined();
  expect(await look(at("people/me"), mine)).toBeUndefined();
  expect((await look(at("people/me/demo"), mine))?.name).toBe("demo");
});

test("a repository of another user may be any, also inside one of the user", async () => {
  const other = filesFor([home.path], (process.getuid?.() ?? 0) + 1);
  expect(await lookAt(at("good"))).toMatchObject({ kind: "repository" });
  const reason = `the .git of ${at("good")}: it belongs to another user`;
  expect(await lookAt(at("good"), other)).toMatchObject({ kind: "unknown", reason });
});

test("a git folder of another user leaves it unknown, however it is named", async () => {
  write(home.path, {
    "mine/.git": `gitdir: ${at("theirs/.git")}\n`,
    "theirs/.git/HEAD": head,
    "shared/.git/HEAD": head,
    "shared/.git/commondir": at("theirs/.git"),
    "around/.git/HEAD": head,
    "around/inner/.git": `gitdir: ${at("theirs/.git")}\n`,
    "naked/HEAD": head,
    "naked/objects/": "",
    "naked/refs/": "",
  });
  symlinkSync(at("theirs/.git"), at("link.git"));
  mkdirSync(at("linking"));
  symlinkSync(at("theirs/.git"), at("linking/.git"));
  const isTheirs = (path: string) => path.startsWith(at("theirs")) || path === at("naked");
  const theirs: GitFiles = {
    ...files,
    entry: async (path) => {
      const entry = await files.entry(path);
      if (entry.kind !== "known") return entry;
      return known({ ...entry.value, ours: !isTheirs(path) });
    },
  };
  for (const folder of ["mine", "shared", "linking", "theirs", "around/inner", "naked"]) {
    expect(await lookAt(at(folder))).toMatchObject({ kind: "repository" });
    const found = await lookAt(at(folder), theirs);
    expect(found).toMatchObject({ kind: "unknown", repository: undefined });
    expect(found).toHaveProperty("reason", expect.stringContaining("another user"));
  }
});
