import { expect, test } from "bun:test";
import { readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gitStage, paths, realPath, remote } from "./git-stage.ts";

const gh = "https://github.com";

test("git is asked once, and again when a file changed of which its answer was made", async () => {
  using other = gitStage();
  const question = other.repository(
    "r",
    `[include]\n\tpath = ../../more\n${remote("o", `${gh}/a/b`)}`,
  );
  const log = join(other.folder, "log");
  const real = Bun.which("git") ?? "";
  const folder = other.program("git", `echo "$*" >>${log}; exec ${real} "$@"`);
  const remotes = other.open(`${folder}:${realPath}`);
  const asked = (): number =>
    readFileSync(log, "utf8")
      .split("\n")
      .filter((line) => line.includes("--list")).length;
  const settled = async (): Promise<string> => {
    let before = -1;
    let known = await remotes.of(question);
    while (asked() !== before) {
      before = asked();
      known = await remotes.of(question);
    }
    return paths(known);
  };
  expect(await settled()).toBe("a/b");
  const first = asked();
  await Promise.all(Array.from({ length: 20 }, () => remotes.of(question)));
  expect(asked()).toBe(first);

  const changes: readonly (readonly [() => void, string])[] = [
    // The file that is included did not exist before.
    [() => other.write("more", remote("x", `${gh}/in/c`)), "in/c a/b"],
    [() => other.write("home/.gitconfig", remote("g", `${gh}/glo/bal`)), "glo/bal in/c a/b"],
    [() => other.write("r/.git/remotes/y", `URL: ${gh}/le/gacy\n`), "glo/bal in/c a/b le/gacy"],
    [() => other.write("r/.git/remotes/y", `URL: ${gh}/le/gate\n`), "glo/bal in/c a/b le/gate"],
    [
      () => other.write("r/.gitmodules", `[submodule "s"]\n\turl = ${gh}/mod/ule\n`),
      "glo/bal in/c a/b le/gate mod/ule",
    ],
    [() => other.git(question.root, "remote", "remove", "o"), "glo/bal in/c le/gate mod/ule"],
  ];
  for (const [change, expected] of changes) {
    change();
    // oxlint-disable-next-line no-await-in-loop -- one change after the other
    expect(await settled()).toBe(expected);
  }
}, 30_000);

test("git is asked again when another branch is checked out that HEAD does not name", async () => {
  using other = gitStage();
  const question = other.repository("r", remote("o", `${gh}/a/b`));
  const table = "r/.git/reftable/tables.list";
  other.write(table, "one\n");
  const log = join(other.folder, "log");
  const real = Bun.which("git") ?? "";
  const folder = other.program("git", `echo "$*" >>${log}; exec ${real} "$@"`);
  const remotes = other.open(`${folder}:${realPath}`);
  const lists = (): number => readFileSync(log, "utf8").split("--list").length;
  await remotes.of(question);
  await remotes.of(question);
  const before = lists();
  await remotes.of(question);
  expect(lists()).toBe(before);
  other.write(table, "one\ntwo\n");
  await remotes.of(question);
  expect(lists()).toBe(before + 1);
}, 30_000);

test("what changes while git is reading is asked about again", async () => {
  using other = gitStage();
  const question = other.repository("r");
  const config = join(question.gitFolder, "config");
  const late = remote("late", `${gh}/la/te`);
  const script = [
    `${Bun.which("git") ?? ""} "$@"`,
    `case "$*" in *--list*) test -e ${other.folder}/once || echo '${late}' >>${config}`,
    `touch ${other.folder}/once;; esac`,
  ];
  const folder = other.program("git", script.join("\n"));
  const remotes = other.open(`${folder}:${realPath}`);
  expect(paths(await remotes.of(question))).toBe("");
  expect(paths(await remotes.of(question))).toBe("la/te");
});

test("a config behind a link is asked about again when the file behind it changes", async () => {
  using other = gitStage();
  const target = other.write("dotfiles", "");
  symlinkSync(target, join(other.home, ".gitconfig"));
  const question = other.repository("r");
  const remotes = other.open();
  expect(paths(await remotes.of(question))).toBe("");
  writeFileSync(target, remote("g", `${gh}/glo/bal`));
  expect(paths(await remotes.of(question))).toBe("glo/bal");
  renameSync(other.write("dotfiles2", remote("g", `${gh}/a/b`)), target);
  expect(paths(await remotes.of(question))).toBe("a/b");
});

test("10 000 remotes are more than git may say, 2000 are not", async () => {
  const many = (n: number): string =>
    Array.from({ length: n }, (_, at) => remote(`r${at}`, `${gh}/r/r${at}`)).join("");
  using stage = gitStage();
  const known = await stage.ask(stage.repository("many", many(2000)));
  expect(known.kind === "known" && known.remotes.length).toBe(2000);
  const branches = Array.from(
    { length: 100_000 },
    (_, at) => `[branch "b${at}"]\n\tremote = origin\n\tmerge = refs/heads/b${at}\n`,
  ).join("");
  expect(paths(await stage.ask(stage.repository("more", many(20_000))))).toStartWith("unknown: ");
  expect(paths(await stage.ask(stage.repository("branches", branches)))).toStartWith("unknown: ");
}, 30_000);
