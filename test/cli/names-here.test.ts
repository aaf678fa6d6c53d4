import { afterEach, beforeEach, expect, test } from "bun:test";
import { hostname } from "node:os";
import { accountLine, namesHere, namesInAccount } from "../../src/cli/names-here.ts";
import { PersonHere } from "../../src/cli/person-here.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { noGit } from "../../src/repository/ask-remotes.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";
import { type GitStage, gitStage, realPath } from "../repository/git-stage.ts";

let stage: GitStage;
beforeEach(() => (stage = gitStage()));
afterEach(() => stage[Symbol.dispose]());

const passwd = `root:x:0:0:root:/root:/bin/sh
jdoe:x:4711:4711:Jane Quillfeather,Room 7,555-867-5309:/data/people/janequill:/bin/sh
amp:x:12:12:& Miller:/home/amp:/bin/sh
short:x:4
`;

/** The names for an account of that list, without the test machine's own. */
async function names(
  options: {
    readonly uid?: number;
    readonly path?: string;
    readonly env?: object;
    readonly platform?: NodeJS.Platform;
  } = {},
): Promise<readonly string[]> {
  const { uid = 4711, path = "/nowhere", env = {}, platform = "linux" } = options;
  const list = stage.write("passwd", passwd);
  const question = { env: { PATH: path, ...env }, home: stage.home, clock: systemClock };
  const git = stage.openProgram(path);
  return namesHere({ ...question, git, uid, passwd: list, platform });
}

test("the account's login, full name and home folder", async () => {
  const found = await names();
  expect(found).toContain("jdoe");
  expect(found).toContain("Jane Quillfeather");
  expect(found).toContain("janequill");
  expect(found).toContain(hostname().split(".")[0]!);
  expect(found.join(" ")).not.toContain("Room");
});

test("what an account is called is taken apart as its system does it", () => {
  expect(accountLine(passwd, 12)).toStartWith("amp:");
  expect(accountLine(passwd, 4)).toStartWith("short:");
  expect(accountLine(passwd, 99)).toBeUndefined();
  expect(namesInAccount(accountLine(passwd, 12)!)).toEqual(["amp", "Amp Miller", "amp"]);
  expect(namesInAccount("short:x:4")).toEqual(["short"]);
  expect(namesInAccount("")).toEqual([]);
});

test("an account that stands in no file is asked for", async () => {
  const script = 'test "$1 $2" = "passwd 5000" && echo "ldap:x:5000:1:Ann Lee:/home/ann:/bin/sh"';
  const found = await names({ uid: 5000, path: stage.program("getent", script) });
  expect(found).toContain("Ann Lee");
  const hangs = await names({
    uid: 5000,
    path: `${stage.program("getent", "exec sleep 600")}:/bin`,
  });
  expect(hangs).not.toContain("Ann Lee");
}, 20_000);

test("git's name and e-mail address, as git has them", async () => {
  stage.write("home/.gitconfig", "[include]\n\tpath = who\n");
  stage.write(
    "home/who",
    "[user]\n\tname = Quill Jane\n\temail = qj@mail.example\n[author]\n\temail = a@b.example\n",
  );
  const found = await names({ path: realPath });
  expect(found).toContain("Quill Jane");
  expect(found).toContain("qj@mail.example");
  expect(found).toContain("a@b.example");
});

test.each([
  ["without git", "/nowhere"],
  ["with a git that fails", "fail"],
])("%s its settings are read by hand", async (_, path) => {
  stage.write("home/.config/git/config", "[user]\n\temail = qj@mail.example\n");
  stage.write("home/.gitconfig", "[user]\n\tname = Quill Jane\n!!!\n");
  const folder = path === "fail" ? stage.program("git", "exit 9") : path;
  const found = await names({ path: folder });
  expect(found).toContain("Quill Jane");
  expect(found).toContain("qj@mail.example");
});

test("names that the person has given to programs", async () => {
  const env = {
    USER: "janed",
    GIT_AUTHOR_NAME: "Jane Q. Feather",
    EMAIL: "jf@mail.example",
    LOGNAME: " ",
  };
  const found = await names({ env });
  expect(found).toEqual(expect.arrayContaining(["janed", "Jane Q. Feather", "jf@mail.example"]));
  expect(found).not.toContain("");
  expect(new Set(found).size).toBe(found.length);
});

test("on Windows no list of accounts is read", async () => {
  expect(await names({ platform: "win32" })).not.toContain("Jane Quillfeather");
});

const who = { home: undefined };

test("until the names are known there are none, and no card goes", async () => {
  const clock = new FakeClock();
  const answer = Promise.withResolvers<readonly string[]>();
  let changes = 0;
  const onChange = (): void => void (changes += 1);
  using person = new PersonHere({
    env: {},
    clock,
    git: noGit,
    person: who,
    onChange,
    names: () => answer.promise,
  });
  expect(person.current.names).toBeUndefined();
  expect(person.isWaiting).toBe(true);
  answer.resolve(["Jane Quillfeather"]);
  await answer.promise;
  await Promise.resolve();
  expect(person.current.names).toEqual(["Jane Quillfeather"]);
  expect(person.isWaiting).toBe(false);
  expect(changes).toBe(1);
  clock.advance(5000);
  expect(changes).toBe(1);
});

test("a name that git has for one repository alone is added, once", async () => {
  const clock = new FakeClock();
  let changes = 0;
  const onChange = (): void => void (changes += 1);
  const known = Promise.resolve(["Jane Quillfeather"]);
  const options = { env: {}, clock, git: noGit, person: who, onChange };
  using person = new PersonHere({ ...options, names: () => known });
  person.add(["J. at Work"]);
  expect(person.current.names).toBeUndefined();
  await known;
  await Promise.resolve();
  expect(person.current.names).toEqual(["Jane Quillfeather", "J. at Work"]);
  const before = person.current;
  person.add(["J. at Work"]);
  expect(person.current).toBe(before);
  expect(changes).toBe(1);
  person.add(["jaq@work.example"]);
  expect(person.current.names).toContain("jaq@work.example");
  expect(changes).toBe(2);
});

test("after two seconds cards go, though nothing is named that may hold a name", async () => {
  const clock = new FakeClock();
  let changes = 0;
  const onChange = (): void => void (changes += 1);
  const fails = () => Promise.reject(new Error("no disk"));
  using person = new PersonHere({
    env: {},
    clock,
    git: noGit,
    person: who,
    onChange,
    names: fails,
  });
  await Promise.resolve();
  clock.advance(1999);
  expect(person.isWaiting).toBe(true);
  clock.advance(1);
  expect(person.isWaiting).toBe(false);
  expect(person.current.names).toBeUndefined();
  expect(changes).toBe(1);
});

test("while Codex starts the names are not asked for, and no card goes", async () => {
  const clock = new FakeClock();
  let asked = 0;
  const found = () => {
    asked += 1;
    return Promise.resolve(["Jane Quillfeather"]);
  };
  const onChange = () => undefined;
  const options = { env: {}, clock, git: noGit, person: who, onChange, names: found, afterMs: 250 };
  using person = new PersonHere(options);
  clock.advance(249);
  expect([asked, person.isWaiting]).toEqual([0, true]);
  clock.advance(1);
  await settle();
  expect([asked, person.isWaiting]).toEqual([1, false]);
  expect(person.current.names).toEqual(["Jane Quillfeather"]);
  const closed = new PersonHere(options);
  closed[Symbol.dispose]();
  clock.advance(5000);
  expect([asked, clock.pending]).toEqual([1, 0]);
});
