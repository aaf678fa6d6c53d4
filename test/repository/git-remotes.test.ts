import { afterAll, beforeAll, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type GitStage, gitStage, paths, realPath, remote } from "./git-stage.ts";

let stage: GitStage;
beforeAll(() => (stage = gitStage()));
afterAll(() => stage[Symbol.dispose]());

const gh = "https://github.com";

/** Without git the same, but for what only git can read. */
const unreadable = expect.stringContaining("which only git can read");

type Row = readonly [name: string, config: string, paths: string, onlyGit?: string];
const configs: readonly Row[] = [
  ["nothing", "", ""],
  ["a remote", remote("origin", `${gh}/a/b`), "a/b"],
  [
    "where it is pushed to",
    `${remote("origin", `${gh}/a/b`)}\tpushurl = git@github.com:c/d\n`,
    "a/b c/d",
  ],
  ["only pushed to", `[remote "origin"]\n\tpushurl = git@github.com:c/d\n`, "c/d"],
  ["a remote named by its address", `[remote "${gh}/a/b"]\n\tfetch = x\n`, "a/b"],
  ["a remote without an address", `[remote "origin"]\n\tprune = true\n`, ""],
  ["an address of a branch", `[branch "pr/1"]\n\tremote = ${gh}/a/b\n`, "a/b"],
  ["where a branch is pushed to", `[branch "x"]\n\tpushRemote = ${gh}/a/b\n`, "a/b"],
  ["a branch of a remote", `${remote("up", `${gh}/a/b`)}[branch "x"]\n\tremote = up\n`, "a/b"],
  ["a branch of a remote that is gone", `[branch "x"]\n\tremote = up\n`, "?"],
  ["a branch of this repository", `[branch "x"]\n\tremote = .\n`, ""],
  ["the default to push to", `[remote]\n\tpushDefault = ${gh}/a/b\n`, "a/b"],
  ["a group", `${remote("up", `${gh}/a/b`)}[remotes]\n\tall = up ${gh}/c/d\n`, "a/b c/d"],
  ["git-svn", `[svn-remote "svn"]\n\turl = svn://svn.acme.example/a/b\n`, "?"],
  ["a helper program", `${remote("origin", "x")}\tvcs = hg\n`, "?"],
  ["a submodule", `[submodule "x"]\n\turl = ${gh}/a/b\n`, "a/b"],
  ["a local clone", remote("origin", "../other"), "?"],
  ["insteadOf", `[url "${gh}/"]\n\tinsteadOf = gh:\n${remote("origin", "gh:a/b")}`, "a/b", "?"],
  [
    "pushInsteadOf",
    `[url "git@github.com:fork/"]\n\tpushInsteadOf = ${gh}/a/\n${remote("origin", `${gh}/a/b`)}`,
    "a/b fork/b",
    "?",
  ],
  ["an empty address", remote("origin", ""), ""],
  [
    "a word that a rule makes an address of",
    `[url "${gh}/a/b"]\n\tinsteadOf = up\n[remote "up"]\n\tfetch = x\n`,
    "a/b",
    "?",
  ],
  [
    "a rule that takes a prefix away",
    `[url ""]\n\tinsteadOf = mirror.example:\n${remote("o", `mirror.example:${gh}/a/b`)}`,
    "a/b",
    "?",
  ],
  [
    "an address to push to that is taken back",
    `[url "git@github.com:fork/"]\n\tpushInsteadOf = ${gh}/a/\n${remote("o", `${gh}/a/b`)}\tpushurl =\n`,
    "a/b fork/b",
    "?",
  ],
  ["large files", `[lfs]\n\turl = ${gh}/a/b.git/info/lfs\n`, "a/b"],
  [
    "large files of a remote",
    `${remote("o", `${gh}/a/b`)}\tlfsurl = ${gh}/c/d/info/lfs\n`,
    "a/b c/d",
  ],
  ["bundles", `[bundle "x"]\n\turi = ${gh}/a/b\n[fetch]\n\tbundleURI = ${gh}/c/d\n`, "a/b c/d"],
  ["capitals", `[REMOTE "Up"]\n\tURL = ${gh}/a/b\n`, "a/b"],
  [
    "several addresses",
    `${remote("o", `${gh}/a/b`)}\turl = ${gh}/c/d\n\turl = ${gh}/e/f\n`,
    "a/b c/d e/f",
  ],
];

test.each(configs)("of a config with %s the remotes are known", async (name, config, expected) => {
  const question = stage.repository(`git/${name}`, config);
  expect(paths(await stage.ask(question))).toBe(expected);
});

for (const [name, config, expected, onlyGit] of configs) {
  test(`and by hand, with ${name}`, async () => {
    const question = stage.repository(`hand/${name}`, config);
    const found = paths(await stage.ask(question, "/nowhere"));
    expect(found).toEqual(onlyGit === undefined ? expected : unreadable);
  });
}

test.each<[string, (root: string) => void, string]>([
  [
    "an included file",
    (root) => {
      writeFileSync(join(root, ".git/config"), "[include]\n\tpath = more\n", { flag: "a" });
      writeFileSync(join(root, ".git/more"), remote("origin", `${gh}/in/cluded`));
    },
    "in/cluded",
  ],
  [
    "a file included for this folder",
    (root) => {
      const condition = `[includeIf "gitdir:${root}/"]\n\tpath = ~/work.conf\n`;
      writeFileSync(join(root, ".git/config"), condition, { flag: "a" });
      stage.write("home/work.conf", remote("origin", `${gh}/if/cluded`));
    },
    "if/cluded",
  ],
  [
    "a worktree's own config",
    (root) => {
      stage.git(root, "config", "extensions.worktreeConfig", "true");
      writeFileSync(join(root, ".git/config.worktree"), remote("origin", `${gh}/work/tree`));
    },
    "work/tree",
  ],
])(
  "with %s git knows the remotes, and without it nothing is known",
  async (name, make, expected) => {
    const question = stage.repository(`only/${name}`);
    make(question.root);
    expect(paths(await stage.ask(question))).toBe(expected);
    expect(paths(await stage.ask(question, "/nowhere"))).toEqual(unreadable);
  },
);

test.each<[string, Readonly<Record<string, string>>, string]>([
  [".git/remotes", { ".git/remotes/up": `URL: ${gh}/a/b\nPull: main\n` }, "a/b"],
  [".git/remotes, several", { ".git/remotes/up": `URL: ${gh}/a/b\nURL:${gh}/c/d  \n` }, "a/b c/d"],
  [".git/remotes, deeper", { ".git/remotes/x/y": `URL: ${gh}/a/b\n` }, "a/b"],
  [".git/branches", { ".git/branches/up": `${gh}/a/b#main\n` }, "a/b"],
  [".gitmodules", { ".gitmodules": `[submodule "x"]\n\tpath = x\n\turl = ${gh}/a/b\n` }, "a/b"],
  [".gitmodules, relative", { ".gitmodules": `[submodule "x"]\n\turl = ../b.git\n` }, "?"],
  [
    ".gitmodules, with a mistake",
    { ".gitmodules": "[submodule\n" },
    "unknown: its .gitmodules cannot be read",
  ],
  [
    ".gitmodules, too big",
    { ".gitmodules": `[submodule "x"]\n\turl = ${gh}/a/b\n${" ".repeat(70_000)}` },
    "unknown: its .gitmodules cannot be read",
  ],
  [
    ".git/remotes, a file",
    { ".git/remotes": `URL: ${gh}/a/b\n` },
    "unknown: a file in .git/remotes or .git/branches cannot be read",
  ],
  [
    ".git/remotes, too big",
    { ".git/remotes/up": `URL: ${gh}/a/b\n${" ".repeat(70_000)}` },
    "unknown: a file in .git/remotes or .git/branches cannot be read",
  ],
  [
    ".git/remotes, too many",
    Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`.git/remotes/r${at}`, ""])),
    "unknown: a file in .git/remotes or .git/branches cannot be read",
  ],
])("remotes in %s", async (name, files, expected) => {
  for (const path of [realPath, "/nowhere"]) {
    const question = stage.repository(`files/${name}/${path.length}`);
    for (const [file, text] of Object.entries(files)) {
      stage.write(join("files", name, `${path.length}`, file), text);
    }
    expect(paths(await stage.ask(question, path))).toBe(expected);
  }
});

test("a submodule's relative address starts at the remote's", async () => {
  const config = remote("origin", "git@github.com:acme/app.git");
  const question = stage.repository("super", config);
  stage.write(
    "super/.gitmodules",
    '[submodule "x"]\n\turl = ../lib.git\n[submodule "y"]\n\turl = ./sub\n',
  );
  expect(paths(await stage.ask(question))).toBe("acme/app acme/lib acme/app.git/sub");
});

test("a person's own settings count: insteadOf and remotes for every repository", async () => {
  using other = gitStage();
  other.write(
    "home/.gitconfig",
    `[url "https://github.com/"]\n\tinsteadOf = gh:\n${remote("all", "gh:x/y")}`,
  );
  const question = other.repository("r", remote("origin", "gh:a/b"));
  expect(paths(await other.ask(question))).toBe("x/y a/b");
  expect(paths(await other.ask(question, "/nowhere"))).toEqual(unreadable);
});

test("without git, what only it can read in the person's own settings makes the remotes unknown", async () => {
  using other = gitStage();
  const question = other.repository("r", remote("origin", `${gh}/a/b`));
  expect(paths(await other.ask(question, "/nowhere"))).toBe("a/b");
  other.write("home/.config/git/config", "[include]\n\tpath = x\n");
  expect(paths(await other.ask(question, "/nowhere"))).toEqual(unreadable);
});

test.each<[string, string, string]>([
  ["a mistake", "[remote\n", "a config file has a mistake"],
  ["more than 64 KB", `# ${"x".repeat(70_000)}\n`, "a config file cannot be read"],
])("without git a config with %s makes the remotes unknown", async (name, config, reason) => {
  const question = stage.repository(`hand-odd/${name}`, config);
  expect(paths(await stage.ask(question, "/nowhere"))).toContain(reason);
});

test.each<[string, string, Readonly<Record<string, string>>]>([
  ["a worktree's own config", "", { "config.worktree": "" }],
  ["the setting for it alone", "[extensions]\n\tworktreeConfig = true\n", {}],
])("without git %s makes the remotes unknown", async (name, config, files) => {
  const question = stage.repository(`hand-tree/${name}`, config);
  for (const [file, text] of Object.entries(files)) {
    writeFileSync(join(question.gitFolder, file), text);
  }
  expect(paths(await stage.ask(question, "/nowhere"))).toEqual(unreadable);
});

test("names and addresses by which git knows the person, and the remote that matters", async () => {
  const config = `[user]\n\tname = Jane Quillfeather\n\temail = jane@quill.example\n[author]\n\temail = j@q.example\n${remote("origin", `${gh}/a/b.git`)}`;
  const known = await stage.ask(stage.repository("people", config));
  expect(known).toMatchObject({
    kind: "known",
    own: { host: "github.com", owner: "a", name: "b", https: "https://github.com/a/b" },
    people: expect.arrayContaining(["Jane Quillfeather", "jane@quill.example", "j@q.example"]),
  });
});

test("a linked worktree has the remotes of its repository", async () => {
  const { root, gitFolder } = stage.repository("main-tree", remote("origin", `${gh}/a/b`));
  stage.git(
    root,
    "-c",
    "user.name=x",
    "-c",
    "user.email=x@x.example",
    "commit",
    "-q",
    "--allow-empty",
    "-m",
    "x",
  );
  const linked = join(stage.folder, "linked");
  stage.git(root, "worktree", "add", "-q", linked);
  const question = {
    root: linked,
    gitFolder: join(gitFolder, "worktrees/linked"),
    commonFolder: gitFolder,
    branch: "linked",
  };
  expect(paths(await stage.ask(question))).toBe("a/b");
});

test("our own settings on git's command line are no address", async () => {
  const known = await stage.ask(stage.repository("command"));
  expect(known).toEqual({ kind: "known", remotes: [], own: undefined, people: expect.anything() });
});

test("a config that includes itself makes the remotes unknown", async () => {
  const question = stage.repository(
    "circle",
    `[include]\n\tpath = config\n${remote("o", `${gh}/a/b`)}`,
  );
  expect(paths(await stage.ask(question))).toStartWith("unknown: ");
});

test("an address that is not UTF-8 makes the remotes unknown", async () => {
  const question = stage.repository("latin");
  const text = Buffer.concat([
    Buffer.from('[remote "origin"]\n\turl = https://github.com/a/'),
    Buffer.from([0xe9, 0x0a]),
  ]);
  writeFileSync(join(question.gitFolder, "config"), text, { flag: "a" });
  expect(paths(await stage.ask(question))).toContain("not UTF-8");
  expect(paths(await stage.ask(question, "/nowhere"))).toContain("not UTF-8");
});
