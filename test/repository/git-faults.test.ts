import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../src/lib/clock.ts";
import { openGitProgram } from "../../src/repository/git-program.ts";
import { type GitStage, gitStage, paths, realPath, remote } from "./git-stage.ts";

let stage: GitStage;
beforeAll(() => (stage = gitStage()));
afterAll(() => stage[Symbol.dispose]());

const gh = "https://github.com";

test("git that finds another repository than we did is not believed", async () => {
  const outer = stage.repository("outer", remote("origin", `${gh}/out/er`));
  const inner = stage.repository("outer/inner", remote("origin", `${gh}/in/ner`));
  const moved = { ...inner, gitFolder: outer.gitFolder, commonFolder: outer.gitFolder };
  expect(paths(await stage.ask(moved))).toBe("unknown: git finds another repository in its place");
  const half = { ...inner, commonFolder: outer.gitFolder };
  expect(paths(await stage.ask(half))).toBe("unknown: git finds another repository in its place");
  const gone = { ...inner, root: stage.home };
  expect(paths(await stage.ask(gone))).toBe(
    "unknown: git takes it for no repository, or does not trust it",
  );
});

const version = 'case "$*" in *--version) echo "git version 2.40.1"; exit;; esac';
const ours = (root: string): string =>
  `case "$*" in *rev-parse*) printf '%s\\n.git\\n' '${root}/.git'; exit;; esac`;

test.each<[string, (root: string) => string, string]>([
  [
    "prints no version",
    () => "echo hello",
    "unknown: git does not answer: it names no version of git",
  ],
  ["fails", () => "exit 3", "unknown: git does not answer: it names no version of git"],
  ["crashes", () => "kill -SEGV $$", "unknown: git does not answer: ended by SIGSEGV"],
  [
    "is no program",
    () => "\u0000\u0001",
    "unknown: git does not answer: it names no version of git",
  ],
  [
    "prints 100 MB",
    () => "exec yes 'git version 2.40'",
    "unknown: git does not answer: more than 1048576 bytes of output",
  ],
  [
    "does not trust the folder",
    () => `${version}; case "$*" in *rev-parse*) exit 128;; esac`,
    "unknown: git takes it for no repository, or does not trust it",
  ],
  [
    "says nothing of the folder",
    () => version,
    "unknown: git takes it for no repository, or does not trust it",
  ],
  [
    "lists 100 MB",
    (root) => `${version}; ${ours(root)}; exec yes`,
    "unknown: git: more than 1048576 bytes of output",
  ],
  [
    "lists what is no list",
    (root) => `${version}; ${ours(root)}; echo remote.origin.url=x`,
    "unknown: git cannot list its configuration (0)",
  ],
  [
    "lists half of it",
    (root) =>
      `${version}; ${ours(root)}; printf 'local\\0file:.git/config\\0remote.a.url\\nhttps://github.com/a/b'`,
    "unknown: git cannot list its configuration (0)",
  ],
  [
    "lists nothing",
    (root) => `${version}; ${ours(root)}; exit 0`,
    "unknown: git cannot list its configuration (0)",
  ],
  [
    "breaks off behind a value",
    (root) => `${version}; ${ours(root)}; printf 'local\\0file:.git/config\\0core.bare\nfalse\\0'`,
    "unknown: git cannot list its configuration (0)",
  ],
  [
    "cannot list",
    (root) => `${version}; ${ours(root)}; printf 'command\\0command line:\\0a.b\\0'; exit 1`,
    "unknown: git cannot list its configuration (1)",
  ],
  [
    "crashes while it lists",
    (root) => `${version}; ${ours(root)}; kill -9 $$`,
    "unknown: git: ended by SIGKILL",
  ],
])("a git that %s", async (name, script, expected) => {
  const question = stage.repository(`fake/${name}`, remote("origin", `${gh}/a/b`));
  const folder = stage.program("git", script(question.root));
  expect(paths(await stage.ask(question, `${folder}:${realPath}`))).toBe(expected);
});

test("a git that hangs is ended, with what it started", async () => {
  const question = stage.repository("hang", remote("origin", `${gh}/a/b`));
  const pids = join(stage.folder, "pids");
  const script = `${version}; echo $$ >>${pids}; sleep 600 & echo $! >>${pids}; wait`;
  const known = await stage.ask(question, `${stage.program("git", script)}:${realPath}`);
  expect(paths(known)).toBe("unknown: git: no answer in 2000 ms");
  const started = readFileSync(pids, "utf8").trim().split("\n").map(Number);
  expect(started).toHaveLength(2);
  while (started.some(isRunning)) await Bun.sleep(5);
}, 20_000);

function isRunning(pid: number): boolean {
  try {
    const state = /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
    return state !== "Z";
  } catch {
    return false;
  }
}

test("finding git takes no longer than it may", async () => {
  const path = `${stage.program("git", "exec sleep 600")}:${realPath}`;
  const git = openGitProgram({ env: { PATH: path }, clock: systemClock, findMs: 50 });
  expect(await git.state()).toMatchObject({ kind: "broken", reason: "it was not found in 50 ms" });
});

test("git 2.17 cannot answer this: the configuration is read by hand", async () => {
  const question = stage.repository("old", remote("origin", `${gh}/a/b`));
  const path = `${stage.program("git", "echo git version 2.17.1")}:${realPath}`;
  expect(paths(await stage.ask(question, path))).toBe("a/b");
  expect(await stage.openProgram(path).state()).toMatchObject({ kind: "tooOld", version: "2.17" });
});

test("git gets none of the caller's GIT_* variables, and asks for nothing", async () => {
  const question = stage.repository("env", remote("origin", `${gh}/a/b`));
  const given = join(stage.folder, "env-given");
  const folder = stage.program(
    "git",
    `${version}; { env; echo "args: $*"; pwd; } >>${given}; exit 1`,
  );
  const env = {
    ...process.env,
    PATH: `relative:.:${folder}:/usr/bin:/bin`,
    GIT_DIR: "/evil",
    GIT_CONFIG_COUNT: "1",
    git_config_global: "/evil",
  };
  const git = openGitProgram({ env, clock: systemClock });
  const state = await git.state();
  expect(state).toEqual({ kind: "ready", path: join(folder, "git"), version: "2.40" });
  await git.run({ path: join(folder, "git") }, ["-C", question.root, "config"], 2000);
  const text = readFileSync(given, "utf8");
  expect(text).not.toContain("/evil");
  const variables = text.split("\n").filter((line) => /^GIT_/i.test(line));
  expect(variables.toSorted()).toEqual([
    "GIT_NO_LAZY_FETCH=1",
    "GIT_OPTIONAL_LOCKS=0",
    "GIT_TERMINAL_PROMPT=0",
  ]);
  expect(text).toContain(`PATH=${folder}:/usr/bin:/bin\n`);
  expect(text).toContain(
    "args: --no-pager -c core.hooksPath=/dev/null -c core.fsmonitor=false -C ",
  );
});

test("a git in a relative folder of the PATH is never run", async () => {
  const ran = join(stage.folder, "ran");
  const folder = stage.program("git", `touch ${ran}; echo git version 2.40.1`);
  const relative = `../../../../../../../../../..${folder}`;
  expect(await stage.openProgram(`${relative}:.:`).state()).toEqual({ kind: "absent" });
  expect(existsSync(ran)).toBe(false);
});

test("what stands in the way of git is passed over: a folder, a file that is no program", async () => {
  mkdirSync(join(stage.folder, "way/git"), { recursive: true });
  stage.write("way2/git", "#!/bin/sh\n");
  const path = `${stage.folder}/way:${stage.folder}/way2:${stage.program("git", version)}`;
  expect(await stage.openProgram(path).state()).toMatchObject({ kind: "ready" });
});

test("the stand-in for git on a Mac is run only where the developer's tools are", async () => {
  const tools = Bun.which("xcode-select", { PATH: "/usr/bin" });
  const hasTools = tools !== null && Bun.spawnSync([tools, "-p"]).exitCode === 0;
  const path = `/usr/bin:${stage.program("git", version)}`;
  const git = openGitProgram({ env: { PATH: path }, clock: systemClock, platform: "darwin" });
  const state = await git.state();
  const first = hasTools ? "/usr/bin/git" : join(path.slice("/usr/bin:".length), "git");
  expect(state).toMatchObject({ kind: "ready", path: first });
});

test("a link to the Mac's stand-in is one, too", async () => {
  const tools = Bun.which("xcode-select", { PATH: "/usr/bin" });
  const hasTools = tools !== null && Bun.spawnSync([tools, "-p"]).exitCode === 0;
  mkdirSync(join(stage.folder, "links"));
  symlinkSync("/usr/bin/git", join(stage.folder, "links/git"));
  const env = { PATH: join(stage.folder, "links") };
  const git = openGitProgram({ env, clock: systemClock, platform: "darwin" });
  expect((await git.state()).kind).toBe(hasTools ? "ready" : "absent");
});
