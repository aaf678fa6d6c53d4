import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../src/lib/clock.ts";
import { type Look, openRepositories, type Repository } from "../../src/repository/repositories.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { filesFor, hash, makeHome, origin, write } from "./folders.ts";

const home = makeHome();
const at = (path: string): string => join(home.path, path);
afterAll(() => home[Symbol.dispose](), 60_000);

const open = (clock = systemClock) =>
  openRepositories(filesFor([home.path]), clock, { deadlineMs: 5000 });

async function lookAt(path: string, repositories = open()): Promise<Look> {
  const looked = await repositories.look(at(path));
  return looked!.look;
}

/** `root main name branch remote`, folders below the home; "~" before a commit. Else why not. */
async function told(path: string, repositories = open()): Promise<string> {
  const look = await lookAt(path, repositories);
  if (look.kind === "repository") return describe(look.repository);
  return look.kind === "nothing" ? "nothing" : look.reason.replaceAll(home.path, "home");
}

function describe({ root, main, name, branch, remote }: Repository): string {
  const below = (path: string): string => path.slice(home.path.length + 1);
  const head = branch === undefined ? "-" : `${branch.detached ? "~" : ""}${branch.name}`;
  const from = remote === undefined ? "-" : `${remote.owner ?? ""}/${remote.name}`;
  return [below(root), below(main), name, head, from].join(" ");
}

beforeAll(() => {
  write(home.path, {
    // An ordinary one.
    "plain/.git/HEAD": "ref: refs/heads/main\n",
    "plain/.git/config": origin("git@github.com:octo/demo.git"),
    "plain/src/deep/er/": "",
    "plain/.git/hooks/": "",
    // One inside another, and a folder that only looks like one.
    "plain/vendor/inner/.git/HEAD": "ref: refs/heads/inner\n",
    "plain/empty/.git/": "",
    "plain/note/.git": "gitdir: nowhere\n",
    "plain/junk/.git": "hello\n",
    "detached/.git/HEAD": `${hash}\n`,
    "table/.git/HEAD": "ref: refs/heads/.invalid\n",
    "table/.git/reftable/tables.list": "x\n",
    "broken/.git/HEAD": "\0\0garbage",
    "none/src/": "",
    // Two worktrees; git writes absolute paths, or relative ones when asked.
    "side/.git": `gitdir: ${at("plain/.git/worktrees/side")}\n`,
    "plain/.git/worktrees/side/HEAD": "ref: refs/heads/side\n",
    "plain/.git/worktrees/side/commondir": "../..\n",
    "side/src/": "",
    "other/.git": "gitdir: ../plain/.git/worktrees/other",
    "plain/.git/worktrees/other/HEAD": `${hash}\n`,
    "plain/.git/worktrees/other/commondir": `${at("plain/.git")}\n`,
    // Worktrees of a bare repository, and of one hidden beside them.
    "bare/tool.git/HEAD": "ref: refs/heads/main\n",
    "bare/tool.git/config": `[core]\nbare = true\n${origin("https://example.com/a/tool")}`,
    "bare/tool.git/objects/": "",
    "bare/tool.git/refs/": "",
    "bare/tool.git/worktrees/x/HEAD": "ref: refs/heads/x\n",
    "bare/tool.git/worktrees/x/commondir": "../..",
    "bare/x/.git": "gitdir: ../tool.git/worktrees/x",
    "hidden/.bare/HEAD": "ref: refs/heads/main\n",
    "hidden/.bare/worktrees/y/HEAD": "ref: refs/heads/y\n",
    "hidden/.bare/worktrees/y/commondir": "../..",
    "hidden/y/.git": "gitdir: ../.bare/worktrees/y",
    // A submodule and a worktree of it.
    "plain/.git/modules/lib/HEAD": "ref: refs/heads/sub\n",
    "plain/.git/modules/lib/config": `[core]\n\tworktree = ../../../lib\n${origin("git@host:o/lib")}`,
    "plain/.git/modules/lib/worktrees/w/HEAD": "ref: refs/heads/w\n",
    "plain/.git/modules/lib/worktrees/w/commondir": "../..\n",
    "plain/lib/.git": "gitdir: ../.git/modules/lib\n",
    "libw/.git": "gitdir: ../plain/.git/modules/lib/worktrees/w\n",
    // Its git folder is elsewhere.
    "apart/.git": "gitdir: ../store/apart\n",
    "store/apart/HEAD": "ref: refs/heads/main\n",
    // Names as somebody else chose them.
    "odd\u202e\u0007 name/.git/HEAD": "ref: refs/heads/main\n",
    "\u200b/.git/HEAD": "ref: refs/heads/main\n",
    // Worktrees of what a person keeps in the home folder.
    ".git/HEAD": "ref: refs/heads/dotfiles\n",
    ".git/worktrees/dots/HEAD": "ref: refs/heads/dots\n",
    ".git/worktrees/dots/commondir": "../..\n",
    "dots/.git": "gitdir: ../.git/worktrees/dots\n",
  });
  symlinkSync(at("plain/src"), at("link"));
  mkdirSync(at("linked"));
  symlinkSync("../plain/.git", at("linked/.git"));
  mkdirSync(at("old/.git"), { recursive: true });
  // The branch is not born, so the link leads nowhere.
  symlinkSync("refs/heads/old", at("old/.git/HEAD"));
});

const folders: readonly (readonly [string, string])[] = [
  ["plain", "plain plain plain main octo/demo"],
  ["plain/", "plain plain plain main octo/demo"],
  ["plain/src/deep/er", "plain plain plain main octo/demo"],
  ["plain/src/../src/deep", "plain plain plain main octo/demo"],
  ["plain/.git/hooks", "plain plain plain main octo/demo"],
  ["link/deep", "plain plain plain main octo/demo"],
  ["linked", "linked linked linked main octo/demo"],
  ["plain/vendor/inner", "plain/vendor/inner plain/vendor/inner inner inner -"],
  ["plain/empty", "plain plain plain main octo/demo"],
  ["plain/note", "the .git of home/plain/note: it leads nowhere"],
  ["plain/junk", "the .git of home/plain/junk: it names no folder"],
  ["side", "side plain plain side octo/demo"],
  ["side/src", "side plain plain side octo/demo"],
  ["other", "other plain plain ~d29312c octo/demo"],
  ["bare/x", "bare/x bare/tool.git tool x a/tool"],
  ["hidden/y", "hidden/y hidden hidden y -"],
  ["plain/lib", "plain/lib plain/lib lib sub o/lib"],
  ["libw", "libw plain/lib lib w o/lib"],
  ["apart", "apart apart apart main -"],
  ["detached", "detached detached detached ~d29312c -"],
  ["old", "old old old old -"],
  ["table", "table table table - -"],
  ["broken", "broken broken broken - -"],
  ["odd\u202e\u0007 name", "odd\u202e\u0007 name odd\u202e\u0007 name odd name main -"],
  ["dots", "dots  dots dots -"],
  // Nothing that can be shown is left of its name.
  ["\u200b", "the repository at home/\u200b has no name"],
  ["none/src", "the repository at home holds a home folder"],
  ["missing", "the folder is not on this machine"],
  ["plain/.git/HEAD", "it is no folder"],
  ["bare/tool.git", "bare/tool.git bare/tool.git tool main a/tool"],
  ["bare/tool.git/refs", "bare/tool.git bare/tool.git tool main a/tool"],
  [".", "the repository at home holds a home folder"],
];

test.each(folders)("the folder %j is in %p", async (folder, expected) => {
  expect(await told(folder)).toBe(expected);
});

test("a look tells where the folder is, links followed, in a repository or not", async () => {
  const inside = await lookAt("link/deep");
  expect(inside).toMatchObject({ kind: "repository", path: at("plain/src/deep") });
  expect(await lookAt("missing/x")).toMatchObject({ kind: "unknown", path: at("missing/x") });
  const elsewhere = openRepositories(filesFor(["/nowhere"]), systemClock, { deadlineMs: 5000 });
  using outside = makeOutside();
  const looked = await elsewhere.look(join(outside.path, "none"));
  expect(looked?.look).toMatchObject({ kind: "nothing", path: join(outside.path, "none") });
});

const git = Bun.which("git");

/** "root branch" as git itself tells them. */
function askGit(folder: string): string {
  const env = { PATH: process.env["PATH"], HOME: home.path, GIT_CONFIG_NOSYSTEM: "1" };
  const ask = (...args: readonly string[]): string =>
    Bun.spawnSync([git!, "-C", folder, ...args], { env })
      .stdout.toString()
      .trim();
  return `${ask("rev-parse", "--show-toplevel")} ${ask("symbolic-ref", "--short", "HEAD")}`;
}

// The tables above hold without it; where git is, it also judges them and repositories of its own.
test(`git ${git === null ? "is not here to be asked" : "agrees"}`, async () => {
  if (git === null) return expect(await told("plain")).toStartWith("plain");
  const made = at("made");
  const env = { PATH: process.env["PATH"], HOME: made, GIT_CONFIG_NOSYSTEM: "1" };
  const script = `set -e
    git init -q -b trunk "$HOME/a" && cd "$HOME/a"
    git -c user.name=n -c user.email=e@x commit -q --allow-empty -m m
    git worktree add -q -b feature/x ../b
    git init -q -b unborn "$HOME/c"
    git clone -q --bare "$HOME/a" "$HOME/d.git"
    cd "$HOME/d.git" && git worktree add -q -b bare-side "$HOME/e"
    git init -q -b apart --separate-git-dir "$HOME/store" "$HOME/f"
    cd "$HOME/c" && git -c protocol.file.allow=always submodule --quiet add "$HOME/a" sub`;
  mkdirSync(made);
  const run = Bun.spawnSync(["sh", "-c", script], { env });
  expect(run.stderr.toString()).toBe("");
  for (const name of ["a", "b", "c", "e", "f", "c/sub"]) {
    const look = await lookAt(join("made", name));
    const { root, branch } = look.kind === "repository" ? look.repository : {};
    expect(`${root} ${branch?.name}`).toBe(askGit(join(made, name)));
  }
  expect(await told("made/b")).toBe("made/b made/a a feature/x -");
  expect(await told("made/e")).toBe("made/e made/d.git d bare-side -");
  expect(await told("made/c/sub")).toBe("made/c/sub made/c/sub sub trunk -");
}, 20_000);

const later = (path: string, seconds: number): void => {
  const { atimeMs, mtimeMs } = statSync(path);
  utimesSync(path, atimeMs / 1000, mtimeMs / 1000 + seconds);
};

test("what did not change is the same object; a new branch or remote is seen at the next look", async () => {
  write(home.path, { "moving/.git/HEAD": "ref: refs/heads/one\n", "moving/.git/config": "" });
  const repositories = open(new FakeClock());
  const first = await lookAt("moving", repositories);
  expect(first).toMatchObject({ repository: { branch: { name: "one" } } });
  expect(await lookAt("moving", repositories)).toBe(first);

  // As git does it: a new file takes the old one's place.
  writeFileSync(at("moving/.git/HEAD.lock"), "ref: refs/heads/two\n");
  renameSync(at("moving/.git/HEAD.lock"), at("moving/.git/HEAD"));
  expect(await told("moving", repositories)).toBe("moving moving moving two -");

  // Written in place, with the same length.
  writeFileSync(at("moving/.git/HEAD"), "ref: refs/heads/six\n");
  later(at("moving/.git/HEAD"), 2);
  expect(await told("moving", repositories)).toBe("moving moving moving six -");

  writeFileSync(at("moving/.git/config"), origin("git@github.com:a/b.git"));
  expect(await told("moving", repositories)).toBe("moving moving moving six a/b");
});

test("a repository that comes or goes, also inside another, is seen at the next look", async () => {
  write(home.path, { "outer/.git/HEAD": "ref: refs/heads/main\n", "outer/inner/": "" });
  const repositories = open(new FakeClock());
  expect(await told("outer/inner", repositories)).toStartWith("outer ");
  write(home.path, { "outer/inner/.git/HEAD": "ref: refs/heads/main\n" });
  expect(await told("outer/inner", repositories)).toStartWith("outer/inner ");
  rmSync(at("outer/inner/.git"), { recursive: true });
  expect(await told("outer/inner", repositories)).toStartWith("outer ");
  rmSync(at("outer"), { recursive: true });
  expect(await told("outer/inner", repositories)).toBe("the folder is not on this machine");
});

test("a link that is turned is seen at the next look", async () => {
  symlinkSync("plain", at("turned"));
  const repositories = open(new FakeClock());
  expect(await told("turned", repositories)).toStartWith("plain ");
  rmSync(at("turned"));
  symlinkSync("detached", at("turned"));
  expect(await told("turned", repositories)).toStartWith("detached ");
});

test("however deep a folder lies, its repository is found", async () => {
  const deep = `plain/${"d/".repeat(1500)}`;
  mkdirSync(at(deep), { recursive: true });
  expect(await told(deep)).toStartWith("plain ");
});

test("all remotes count, however many", async () => {
  const remotes = Array.from(
    { length: 300 },
    (_, i) => `[remote "r${i}"]\nurl = git@git.example:o/n${i}\n`,
  );
  write(home.path, {
    "many/.git/HEAD": "ref: refs/heads/main\n",
    "many/.git/config": remotes.join(""),
  });
  const look = await lookAt("many");
  expect(look.kind === "repository" ? look.repository.remotes.length : look).toBe(300);
});

/** A folder that is in no repository, nor any above it. */
function makeOutside(): { readonly path: string } & Disposable {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "outside-")));
  mkdirSync(join(path, "none"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}
