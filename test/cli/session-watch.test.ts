import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openSessionWatch, type OwnChild, type SessionWatch } from "../../src/cli/session-watch.ts";
import type { KnownRemotes } from "../../src/repository/ask-remotes.ts";
import { claimOf } from "../../src/repository/remote-claims.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import { newSession } from "../../src/session/session.ts";
import { openFiles, type Files } from "../../src/tail/files.ts";
import { SimulatedHome } from "../codex/simulated-codex.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { waitFor } from "../support/wait-for.ts";

let home: SimulatedHome;
let files: Files;
let own: OwnChild | undefined;
let titles: boolean;
let watch: SessionWatch;
beforeEach(() => {
  home = new SimulatedHome();
  files = openFiles(systemClock, silentLog);
  own = undefined;
  titles = false;
  watch = openSessionWatch({
    home: home.path,
    disk: files,
    clock: systemClock,
    log: silentLog,
    own: () => own,
    titles: () => titles,
  });
});
afterEach(() => {
  watch[Symbol.dispose]();
  files[Symbol.dispose]();
  home[Symbol.dispose]();
});

function repository(name: string, remote: string): string {
  const folder = join(home.root, name);
  mkdirSync(join(folder, ".git"), { recursive: true });
  mkdirSync(join(folder, "src"));
  writeFileSync(join(folder, ".git", "HEAD"), "ref: refs/heads/feature/login\n");
  writeFileSync(join(folder, ".git", "config"), `[remote "origin"]\n\turl = ${remote}\n`);
  return folder;
}

const child = (session = newSession): OwnChild => ({
  session,
  surface: "cli",
  cwd: home.root,
  startedAt: 5,
});

test("a session with its project, branch, remote and the places that rules ask for", async () => {
  const root = repository("shop", "git@github.com:acme/shop.git");
  const cwd = join(root, "src");
  home.thread({ cwd }).prompt();
  const { sessions, leader, aggregate } = await watch.look();
  expect(sessions[0]).toBe(leader);
  expect(leader).toMatchObject({
    project: "shop",
    branch: "feature/login",
    repository: { host: "github.com", owner: "acme", name: "shop", credentials: false },
    model: { id: "gpt-5.5", label: "GPT-5.5" },
    surface: "cli",
    activity: { kind: "thinking" },
    places: { cwd, folder: { place: { realPath: cwd, root, mainWorktree: root } } },
  });
  expect(aggregate).toMatchObject({ sessions: 1, projects: 1 });
});

test("a repository whose git takes long is in the list once git has answered", async () => {
  home.thread({ cwd: repository("shop", "git@github.com:acme/shop.git") }).prompt();
  const remotes = Promise.withResolvers<KnownRemotes>();
  const branches: (string | undefined)[] = [];
  using slow = openSessionWatch({
    home: home.path,
    disk: files,
    clock: systemClock,
    log: silentLog,
    deadlineMs: 1,
    remotes: () => remotes.promise,
    onChange: ({ sessions }) => branches.push(sessions[0]?.branch),
  });
  slow.start();
  slow.poke();
  await waitFor("a list without it", () => branches.length > 0);
  expect(branches).toEqual([undefined]);
  remotes.resolve({ kind: "known", remotes: [], own: undefined, people: [] });
  await waitFor("its branch", () => branches.at(-1) === "feature/login");
});

test("a folder is looked at again with the news of its session, without any after 8 s", async () => {
  const clock = new FakeClock();
  const [shop, site] = ["shop", "site"].map((name) =>
    repository(name, `git@github.com:acme/${name}.git`),
  );
  const [quiet, busy] = [shop, site].map((cwd) => home.thread({ cwd: cwd ?? "" }));
  for (const thread of [quiet, busy]) thread?.prompt();
  const told: string[] = [];
  using held = openSessionWatch({
    home: home.path,
    disk: files,
    clock,
    log: silentLog,
    onChange: () => told.push("another"),
    onLooked: () => told.push("the same"),
  });
  await held.look();
  held.start();
  const branches = () => new Set(held.list.sessions.map(({ branch }) => branch));
  const next = async (): Promise<string | undefined> => {
    const before = told.length;
    held.poke();
    clock.advance(5);
    await waitFor("the next list", () => told.length > before);
    return told.at(-1);
  };
  expect(await next()).toBe("another");
  for (const folder of [shop, site]) {
    writeFileSync(join(folder ?? "", ".git", "HEAD"), "ref: refs/heads/main\n");
  }
  const before = held.list.sessions;
  expect(await next()).toBe("the same");
  expect(held.list.sessions.every((session, i) => session === before[i])).toBe(true);
  expect(branches()).toEqual(new Set(["feature/login"]));
  busy?.call("git switch main");
  await held.threads.look();
  expect(await next()).toBe("another");
  expect(branches()).toEqual(new Set(["feature/login", "main"]));
  clock.advance(8000);
  expect(await next()).toBe("another");
  expect(branches()).toEqual(new Set(["main"]));
});

test("two sessions in one repository are two sessions in one project", async () => {
  const root = repository("shop", "git@github.com:acme/shop.git");
  home.thread({ cwd: root }).prompt();
  home.thread({ cwd: join(root, "src") }).prompt();
  home.thread({ cwd: home.root }).prompt();
  expect((await watch.look()).aggregate).toMatchObject({ sessions: 3, projects: 2 });
});

test("sub-agents are part of their session", async () => {
  const main = home.thread();
  main.prompt();
  const agent = home.thread({ parent: main.id });
  agent.prompt();
  agent.call("npm test");
  const { sessions } = await watch.look();
  expect(sessions.map(({ id, agents, open }) => [id, agents, open])).toEqual([[main.id, 1, true]]);
});

test("the own child leads before it has a thread, and by what its terminal says after", async () => {
  const [mine, other] = [home.thread(), home.thread()];
  other.prompt();
  other.call("make");
  own = child();
  expect((await watch.look()).leader).toMatchObject({ id: "child", own: true, startedAt: 5 });
  mine.prompt();
  const facts = { thread: mine.id, originator: "codex-tui" };
  const status = {
    state: "blocked",
    kind: "permission",
    since: 9,
    restSince: undefined,
    quietAt: undefined,
  } as const;
  own = child({ ...newSession, facts, status });
  const { leader, sessions } = await watch.look();
  expect(leader).toMatchObject({ id: mine.id, own: true, activity: { kind: "approval" } });
  expect(sessions.map(({ id }) => id)).toEqual([mine.id, other.id]);
});

test("what happens is told, and a pin leads", async () => {
  const [one, two] = [home.thread(), home.thread()];
  one.prompt();
  two.prompt();
  two.finish();
  watch.start();
  await waitFor("both", () => watch.list.sessions.length === 2);
  expect(watch.list.leader?.id).toBe(one.id);
  watch.pin(two.id);
  await waitFor("the pin", () => watch.list.leader?.id === two.id);
  one.call("npm test");
  const target = () => watch.list.sessions.find(({ id }) => id === one.id)?.activity.target;
  await waitFor("the command", () => target() === "npm test");
  expect(watch.list.leader?.id).toBe(two.id);
});

test("titles are read only while the person wants them, and forgotten when not", async () => {
  const thread = home.thread();
  thread.prompt();
  const entry = { id: thread.id, thread_name: "Fix the login" };
  writeFileSync(join(home.path, "session_index.jsonl"), `${JSON.stringify(entry)}\n`);
  expect((await watch.look()).leader?.title).toBeUndefined();
  titles = true;
  expect((await watch.look()).leader?.title).toBe("Fix the login");
  own = child({ ...newSession, facts: { thread: thread.id } });
  expect((await watch.look()).leader).toMatchObject({ own: true, title: "Fix the login" });
  titles = false;
  expect((await watch.look()).leader?.title).toBeUndefined();
});

test("what Codex wrote down of its remote counts, wherever the folder is by now", async () => {
  const folderOf = async (cwd: string, repositoryUrl: string | undefined) => {
    const thread = home.thread({ cwd, ...(repositoryUrl === undefined ? {} : { repositoryUrl }) });
    thread.prompt();
    const { sessions } = await watch.look();
    return sessions.find(({ id }) => id === thread.id)?.places?.folder;
  };
  const url = "https://git.example/acme/far.git";
  const far = claimOf(url);
  const near = claimOf("git@github.com:acme/near.git");
  expect(await folderOf("/not/here", url)).toEqual({
    kind: "unknown",
    reason: "the folder is not on this machine",
    places: [{ realPath: "/not/here" }],
    remotes: [far],
  });
  const root = repository("near", "git@github.com:acme/near.git");
  expect(await folderOf(root, url)).toMatchObject({ kind: "repository", remotes: [near, far] });
  // Not understood, so it may be any; a repository on this machine has remotes of its own.
  for (const path of ["@team", "/srv/x.git", "../x", "file:///srv/x", "C:\\x"]) {
    const cwd = join(root, "src", encodeURIComponent(path));
    mkdirSync(cwd, { recursive: true });
    const any = { hosts: undefined, paths: undefined };
    expect(await folderOf(cwd, path)).toMatchObject({ kind: "repository", remotes: [near, any] });
  }
});

test("a clone that is deleted: its places and remotes count on", async () => {
  const root = repository("gone", "git@github.com:acme/gone.git");
  home.thread({ cwd: join(root, "src") }).prompt();
  const folder = async () => (await watch.look()).sessions[0]?.places?.folder;
  const place = { realPath: join(root, "src"), root, mainWorktree: root };
  const remotes = [claimOf("git@github.com:acme/gone.git")];
  expect(await folder()).toEqual({ kind: "repository", place, remotes });
  rmSync(root, { recursive: true });
  const reason = "the folder is not on this machine";
  const places = [{ realPath: join(root, "src") }, place];
  expect(await folder()).toEqual({ kind: "unknown", reason, places, remotes });
});
