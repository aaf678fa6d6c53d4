import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../src/lib/clock.ts";
import { type GitFiles, openGitFiles } from "../../src/repository/git-files.ts";
import { type Look, openRepositories, type Repository } from "../../src/repository/repositories.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";
import { waitFor } from "../support/wait-for.ts";
import { hash, makeHome, origin, write } from "./folders.ts";

const home = makeHome();
const at = (path: string): string => join(home.path, path);
afterAll(() => home[Symbol.dispose](), 60_000);

const files = openGitFiles({ homes: [home.path] });
const head = "ref: refs/heads/main\n";

/** The repository of a folder, with a deadline that nothing here may need. */
async function look(path: string, disk = files): Promise<Repository | undefined> {
  const found = await openRepositories(disk, systemClock, { deadlineMs: 4000 }).look(path);
  expect(found.kind).not.toBe("unknown");
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
    expect(await look(at(folder))).toMatchObject({ branch: { name: "main" } });
    expect(await look(at(folder))).not.toHaveProperty("remote");
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

test("a chain of a thousand folders is not climbed to its top", async () => {
  const deep = `good/${"d/".repeat(1000)}`;
  mkdirSync(at(deep), { recursive: true });
  expect(await look(at(deep))).toBeUndefined();
  expect(await look(at(`good/${"d/".repeat(60)}`))).toMatchObject({ name: "good" });
});

test("a home folder is no project, whatever it holds, and nothing above it is looked at", async () => {
  write(home.path, {
    "people/.git/HEAD": head,
    "people/me/.git/HEAD": head,
    "people/me/work/": "",
    "people/me/demo/.git/HEAD": head,
  });
  symlinkSync("me", at("people/also-me"));
  const mine = openGitFiles({ homes: [at("people/also-me")] });
  expect(await look(at("people/me/work"), mine)).toBeUndefined();
  expect(await look(at("people/me"), mine)).toBeUndefined();
  expect((await look(at("people/me/demo"), mine))?.name).toBe("demo");
});

test("a repository of somebody else is none", async () => {
  const somebody = openGitFiles({ homes: [home.path], uid: (process.getuid?.() ?? 0) + 1 });
  expect(await look(at("good"))).toBeDefined();
  expect(await look(at("good"), somebody)).toBeUndefined();
});

test("a git folder of somebody else is none, however it is named", async () => {
  write(home.path, {
    "mine/.git": `gitdir: ${at("theirs/.git")}\n`,
    "theirs/.git/HEAD": head,
    "shared/.git/HEAD": head,
    "shared/.git/commondir": at("theirs/.git"),
  });
  symlinkSync(at("theirs/.git"), at("link.git"));
  mkdirSync(at("linking"));
  symlinkSync(at("theirs/.git"), at("linking/.git"));
  const theirs: GitFiles = {
    ...files,
    entry: async (path) => {
      const entry = await files.entry(path);
      return entry && { ...entry, ours: !path.startsWith(at("theirs")) };
    },
  };
  for (const folder of ["mine", "shared", "linking", "theirs"]) {
    expect(await look(at(folder))).toBeDefined();
    expect(await look(at(folder), theirs)).toBeUndefined();
  }
});

function nameOf(found: Look): string | undefined {
  return found.kind === "repository" ? found.repository.name : undefined;
}

/** A disk that stops answering. */
function stuck(): GitFiles & { hang: boolean; release: () => void; asked: number } {
  const waiting: (() => void)[] = [];
  const disk = {
    ...files,
    hang: false,
    asked: 0,
    release: () => waiting.splice(0).forEach((go) => go()),
    entry: async (path: string) => {
      disk.asked += 1;
      if (disk.hang) await new Promise<void>((resolve) => waiting.push(resolve));
      return files.entry(path);
    },
  };
  return disk;
}

test("a disk that does not answer costs the deadline, once, and its last word stands", async () => {
  const disk = stuck();
  const clock = new FakeClock();
  const repositories = openRepositories(disk, clock, { deadlineMs: 250 });
  // The real disk needs real time; the clock that stands still waits for it.
  const before = await repositories.look(at("good"));
  expect(nameOf(before)).toBe("good");
  disk.hang = true;
  const answers: Look[] = [];
  const late = repositories.look(at("good")).then((found) => answers.push(found));
  await settle();
  expect(answers).toEqual([]);
  clock.advance(250);
  await late;
  expect(answers[0]).toBe(before);
  const { asked } = disk;
  const again = repositories.look(at("good"));
  clock.advance(250);
  expect(await again).toBe(before);
  expect(disk.asked).toBe(asked);

  // It answers at last: HEAD has changed meanwhile.
  unlinkSync(at("good/.git/HEAD"));
  writeFileSync(at("good/.git/HEAD"), `${hash}\n`);
  disk.hang = false;
  disk.release();
  const after = await repositories.look(at("good"));
  expect(after).toMatchObject({ repository: { branch: { name: "d29312c", detached: true } } });
  expect(clock.pending).toBe(0);
});

test("no more than four looks wait for a disk that does not answer", async () => {
  const disk = stuck();
  disk.hang = true;
  const clock = new FakeClock();
  const repositories = openRepositories(disk, clock, { deadlineMs: 250 });
  const looks = Array.from({ length: 50 }, (_, i) => {
    mkdirSync(at(`many/${i}`), { recursive: true });
    return repositories.look(at(`many/${i}`));
  });
  await waitFor("four looks at the disk", () => disk.asked >= 4, 4000);
  clock.advance(250);
  expect(await Promise.all(looks)).toEqual(Array.from({ length: 50 }, () => ({ kind: "unknown" })));
  expect(disk.asked).toBe(4);
  disk.hang = false;
  disk.release();
});

test("of many folders only the last ones are remembered", async () => {
  const disk = stuck();
  const repositories = openRepositories(disk, new FakeClock(), { maxFolders: 3 });
  for (let i = 0; i < 4; i += 1) {
    write(home.path, { [`bounded/${i}/.git/HEAD`]: head });
    expect(nameOf(await repositories.look(at(`bounded/${i}`)))).toBe(`${i}`);
  }
  const cost = async (i: number): Promise<number> => {
    const before = disk.asked;
    await repositories.look(at(`bounded/${i}`));
    return disk.asked - before;
  };
  // Two stats where it is remembered: HEAD and config.
  expect(await cost(3)).toBe(2);
  expect(await cost(1)).toBe(2);
  expect(await cost(0)).toBeGreaterThan(2);
  expect(await cost(2)).toBeGreaterThan(2);
});
