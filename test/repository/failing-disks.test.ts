import { afterAll, expect, test } from "bun:test";
import { mkdirSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../src/lib/clock.ts";
import { type Knowledge, known, nothing, unknown } from "../../src/lib/knowledge.ts";
import { follow } from "../../src/repository/follow.ts";
import type { GitFiles } from "../../src/repository/git-files.ts";
import { type Look, openRepositories } from "../../src/repository/repositories.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";
import { filesFor, hash, makeHome, origin, write } from "./folders.ts";

const home = makeHome();
const at = (path: string): string => join(home.path, path);
afterAll(() => home[Symbol.dispose](), 60_000);

const files = filesFor([home.path]);
const head = "ref: refs/heads/main\n";
write(home.path, { "good/.git/HEAD": head, "good/.git/config": origin("git@github.com:a/b") });

/** What a look comes to, with a deadline that nothing here may need. */
async function lookAt(path: string, disk = files): Promise<Look> {
  const looked = await openRepositories(disk, systemClock, { deadlineMs: 4000 }).look(path);
  return looked!.look;
}

test("nothing is said only where every folder up to the root was seen to have no .git", async () => {
  const folder = at("proof/a/b");
  mkdirSync(folder, { recursive: true });
  const none: GitFiles = {
    ...filesFor(["/nowhere"]),
    entry: async (path) => (path.endsWith("/.git") ? nothing : files.entry(path)),
  };
  expect(await lookAt(folder, none)).toMatchObject({ kind: "nothing", path: folder });
  const above = folder.split("/").map((_, depth, names) => names.slice(0, depth + 1).join("/"));
  for (const place of above) {
    for (const name of [".git", "HEAD"]) {
      const fails: GitFiles = {
        ...none,
        entry: async (path) => (path === `${place}/${name}` ? unknown("EACCES") : none.entry(path)),
      };
      expect(await lookAt(folder, fails)).toMatchObject({ kind: "unknown" });
    }
  }
});

test("what makes a repository's place unknown, one by one", async () => {
  const folder = at("steps/in");
  write(home.path, {
    "steps/.git": "gitdir: ../common/worktrees/w\n",
    "steps/in/": "",
    "common/HEAD": head,
    "common/config": origin("git@github.com:a/b"),
    "common/worktrees/w/HEAD": head,
    "common/worktrees/w/commondir": "../..\n",
  });
  const steps = [
    ["entry", at("steps")],
    ["entry", folder],
    ["entry", at("steps/in/.git")],
    ["entry", at("steps/.git")],
    ["text", at("steps/.git")],
    ["entry", at("common")],
    ["entry", at("common/worktrees/w")],
    ["entry", at("common/worktrees/w/HEAD")],
    ["text", at("common/worktrees/w/commondir")],
    ["text", at("common/config")],
  ] as const;
  expect(await lookAt(folder)).toMatchObject({
    kind: "repository",
    repository: { name: "common" },
  });
  for (const [call, place] of steps) {
    const fails = async (path: string) => (path === place ? unknown("EIO") : files[call](path));
    const disk = withFollow({ ...files, [call]: fails });
    expect(await lookAt(folder, disk)).toMatchObject({ kind: "unknown" });
  }
});

test("what fails says whether it may be a linked worktree, whose main one may be anywhere", async () => {
  const folder = at("linked/in");
  write(home.path, {
    "linked/.git": "gitdir: ../shared/worktrees/w\n",
    "linked/in/": "",
    "shared/HEAD": head,
    "shared/config": origin("git@github.com:a/b"),
    "shared/worktrees/w/HEAD": head,
    "shared/worktrees/w/commondir": "../..\n",
    "whole/.git/HEAD": head,
    "whole/.git/config": "",
    "whole/astray/.git": "gitdir: ../../empty\n",
    "empty/": "",
  });
  const failing = (call: "entry" | "text", place: string, answer: Knowledge<never>): GitFiles => {
    const fails = async (path: string) => (path === place ? answer : files[call](path));
    return withFollow({ ...files, [call]: fails });
  };
  const eio = unknown("EIO");
  const linked = [
    failing("entry", at("linked/in/.git"), eio),
    failing("entry", at("linked/in/HEAD"), eio),
    failing("text", at("linked/.git"), eio),
    failing("entry", at("shared/worktrees/w/HEAD"), eio),
    failing("text", at("shared/worktrees/w/commondir"), eio),
    failing("text", at("shared/worktrees/w/commondir"), nothing),
    failing("text", at("shared/config"), eio),
  ];
  for (const disk of linked) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await lookAt(folder, disk)).toMatchObject({ kind: "unknown", mayBeLinked: true });
  }
  expect(await lookAt(at("whole/astray"))).toMatchObject({ kind: "unknown", mayBeLinked: true });
  const own = await lookAt(at("whole"), failing("entry", at("whole/.git/HEAD"), eio));
  expect([own.kind, "mayBeLinked" in own]).toEqual(["unknown", false]);
  const gone = await lookAt(at("gone"));
  expect([gone.kind, "mayBeLinked" in gone]).toEqual(["unknown", false]);
});

/** Follows links through its own `entry` and `link`, as the real one does. */
function withFollow(disk: GitFiles): GitFiles {
  const real: GitFiles["real"] = async (path) => {
    const found = await follow(path, disk);
    if (found.kind !== "known") return found;
    return found.value.isWhole ? known(found.value.path) : nothing;
  };
  return { ...disk, follow: (path) => follow(path, disk), real };
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
  return Object.assign(disk, { follow: (path: string) => follow(path, disk) });
}

test("a disk that does not answer costs the deadline, and one look for all who ask", async () => {
  const disk = stuck();
  const clock = new FakeClock();
  const repositories = openRepositories(disk, clock, { deadlineMs: 250 });
  // The real disk needs real time; the clock that stands still waits for it.
  const lates: unknown[] = [];
  const onLate = (answer: unknown): void => void lates.push(answer);
  const before = await repositories.look(at("good"), onLate);
  expect(before).toMatchObject({ look: { kind: "repository" }, at: clock.monotonic() });
  disk.hang = true;
  const answers: unknown[] = [];
  const late = repositories.look(at("good"), onLate).then((found) => answers.push(found));
  await settle();
  expect(answers).toEqual([]);
  const began = clock.monotonic();
  clock.advance(250);
  await late;
  expect(answers).toEqual([undefined]);
  const { asked } = disk;
  const again = repositories.look(at("good"));
  clock.advance(250);
  expect(await again).toBeUndefined();
  expect(disk.asked).toBe(asked);

  // It answers at last: HEAD has changed meanwhile.
  const joined = repositories.look(at("good"));
  unlinkSync(at("good/.git/HEAD"));
  writeFileSync(at("good/.git/HEAD"), `${hash}\n`);
  disk.hang = false;
  disk.release();
  // It began when the first of them asked.
  expect(await joined).toMatchObject({
    look: { repository: { branch: { name: "d29312c", detached: true } } },
    at: began,
  });
  // Who asked first and got no answer in time gets it now, and no other call does.
  expect(lates).toEqual([await joined]);
  expect(clock.pending).toBe(0);
});

test("a look that fails in a way of its own is unknown, and the next one looks again", async () => {
  let fails = true;
  const entry: GitFiles["entry"] = (path) =>
    fails ? Promise.reject(new Error("a fault")) : files.entry(path);
  const disk = withFollow({ ...files, entry });
  const repositories = openRepositories(disk, systemClock, { deadlineMs: 4000 });
  const found = async () => (await repositories.look(at("good")))?.look;
  expect(await found()).toMatchObject({ kind: "unknown", reason: "a fault" });
  fails = false;
  expect(await found()).toMatchObject({ kind: "repository" });
  repositories.keep(new Set());
  expect(await found()).toMatchObject({ kind: "repository" });
});
