import { afterEach, beforeEach, expect, test } from "bun:test";
import { join } from "node:path";
import type { Disk } from "../../src/codex/disk.ts";
import { lockFolder } from "../../src/codex/thread-files.ts";
import { activityDueAt, activityOf } from "../../src/session/activity-of.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { waitFor } from "../support/wait-for.ts";
import { Scene } from "./simulated-child.ts";
import type { SimulatedHome } from "./simulated-codex.ts";

const dayMs = 86_400_000;

let scene: Scene;
let home: SimulatedHome;
beforeEach(() => {
  scene = new Scene();
  ({ home } = scene);
});
afterEach(() => scene[Symbol.dispose]());

test("sub-agents' files are never taken for the child's thread", async () => {
  const own = scene.child({ noLog: true });
  own.poke();
  const parent = home.thread();
  parent.prompt();
  const helper = home.thread({ parent: parent.id });
  helper.prompt();
  await waitFor("the thread", () => own.threads.includes(parent.id));
  helper.prompt();
  parent.call("make");
  await waitFor("the call", () => own.session().calls.length === 1);
  expect(own.threads).toEqual([parent.id]);
});

test("a release whose log has no ids is joined by folder and time", async () => {
  const own = scene.child();
  own.log.start();
  const elsewhere = home.thread({ cwd: "/elsewhere", legacy: true });
  elsewhere.prompt();
  const thread = home.thread({ legacy: true });
  own.log.prompt();
  own.poke();
  thread.prompt();
  await waitFor("the thread", () => own.threads.includes(thread.id));
  expect(own.threads).toEqual([thread.id]);
});

test("a log that has begun is waited for, however long no prompt is sent", async () => {
  let now = Date.now();
  const clock = { ...systemClock, now: () => now };
  const own = scene.child({ clock });
  own.log.start();
  await waitFor("the log to be unlinked", () => !own.log.linked);
  now += 60_000;
  own.poke();
  const others = home.thread({ createdAt: now });
  others.prompt("of-another-terminal");
  own.poke();
  const ours = home.thread({ createdAt: now });
  own.log.prompt("id-1");
  ours.prompt("id-1");
  await waitFor("the thread", () => own.threads.length > 0);
  expect(own.threads).toEqual([ours.id]);
});

test("a log that never begins is not waited for", async () => {
  let now = Date.now();
  const clock = { ...systemClock, now: () => now };
  const own = scene.child({ clock });
  own.poke();
  now += 6000;
  const thread = home.thread({ createdAt: now });
  thread.prompt();
  own.poke();
  await waitFor("the thread", () => own.threads.includes(thread.id));
});

test("without a log: the folder, the program and a key just pressed must fit", async () => {
  const own = scene.child({ noLog: true });
  const old = home.thread({ createdAt: Date.now() - dayMs });
  const wrong = [
    home.thread({ cwd: "/elsewhere" }),
    home.thread({ originator: "codex_exec" }),
    home.thread({ parent: "somebody" }),
    old,
  ];
  for (const thread of wrong) thread.prompt();
  own.poke();
  for (const thread of wrong) thread.prompt();
  const right = home.thread();
  right.prompt();
  await waitFor("the thread", () => own.threads.length > 0);
  expect(own.threads).toEqual([right.id]);
  right.finish();
  await waitFor("the end", () => own.session().turn === undefined);
  const next = home.thread();
  own.poke();
  next.prompt();
  await waitFor("the next thread", () => own.threads.includes(next.id));
});

test("exec is known by its folder, program and moment", async () => {
  const own = scene.child({ noLog: true, surface: "exec" });
  const tui = home.thread();
  tui.prompt();
  const exec = home.thread({ originator: "codex_exec" });
  exec.prompt();
  await waitFor("the thread", () => own.threads.length > 0);
  expect(own.threads).toEqual([exec.id]);
});

test("of two exec that start in one folder at one moment each is known by its lock", async () => {
  const ours = home.thread({ originator: "codex_exec" });
  const theirs = home.thread({ originator: "codex_exec" });
  for (const thread of [ours, theirs]) thread.lock();
  const disk: Disk = {
    ...scene.files,
    watchState: "watching",
    async head(path, maxBytes) {
      if (path.endsWith("/children")) return bytes("");
      if (path !== "/proc/locks") return scene.files.head(path, maxBytes);
      const lines = [ours, theirs].map(async (thread, index) => {
        const lock = await scene.files.stat(join(home.path, lockFolder, `${thread.id}.lock`));
        return `${index}: FLOCK  ADVISORY  WRITE ${42 + index} 08:01:${lock?.inode} 0 EOF`;
      });
      return bytes((await Promise.all(lines)).join("\n"));
    },
  };
  const own = scene.child({ noLog: true, surface: "exec", disk, pid: 42 });
  theirs.prompt();
  ours.prompt();
  await waitFor("the thread", () => own.threads.length > 0);
  expect(own.threads).toEqual([ours.id]);
});

test("who holds the lock owns the thread, whatever folder it says", async () => {
  const ours = home.thread({ cwd: "/a-worktree", createdAt: Date.now() - dayMs });
  const theirs = home.thread();
  for (const thread of [ours, theirs]) thread.lock();
  const disk: Disk = {
    ...scene.files,
    watchState: "watching",
    async head(path, maxBytes) {
      const lock = await scene.files.stat(join(home.path, lockFolder, `${ours.id}.lock`));
      if (path === "/proc/42/task/42/children") return bytes("43 44 ");
      if (path === "/proc/44/task/44/children") return bytes("45 ");
      if (path.endsWith("/children")) return bytes("");
      if (path === "/proc/locks") {
        return bytes(`1: FLOCK  ADVISORY  WRITE 45 08:01:${lock?.inode} 0 EOF\n`);
      }
      return scene.files.head(path, maxBytes);
    },
  };
  const own = scene.child({ noLog: true, disk, pid: 42 });
  theirs.prompt();
  ours.prompt();
  own.poke();
  await waitFor("the thread", () => own.threads.includes(ours.id));
});

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

test("a release that writes prompts in the older form is joined by folder and time", async () => {
  const own = scene.child();
  own.log.start();
  const thread = home.thread({ legacy: true });
  own.log.userTurn();
  own.poke();
  thread.prompt();
  await waitFor("the thread", () => own.threads.includes(thread.id));
});

test("a release whose log names its thread is joined by that, though it tells of no turn", async () => {
  const own = scene.child();
  own.log.start();
  const others = home.thread({ legacy: true });
  const ours = home.thread({ legacy: true });
  own.log.configured(ours.id);
  for (const thread of [others, ours]) {
    thread.meta();
    thread.event("user_message", { message: "x" });
  }
  await waitFor("the thread", () => own.threads.includes(ours.id));
  expect(own.session().turn).toBeDefined();
  expect(own.threads).toEqual([ours.id]);
});

test("a release of which nothing but its log tells does not start for ever", async () => {
  const own = scene.child();
  own.log.start();
  await waitFor("its start", () => own.session().updatedAt !== undefined);
  const { updatedAt = 0 } = own.session();
  const after = (ms: number): string => activityOf(own.session(), updatedAt + ms).kind;
  expect([after(0), after(9999), after(10_000)]).toEqual(["starting", "starting", "idle"]);
  expect(activityDueAt(own.session(), updatedAt)).toBe(updatedAt + 10_000);
});

test("a release without titles that is ready waits for input, before its rollout is there", async () => {
  const own = scene.child();
  own.log.start();
  const activity = () => activityOf(own.session(), Date.now()).kind;
  expect(activity()).toBe("starting");
  const thread = home.thread({ legacy: true });
  own.log.configured(thread.id);
  await waitFor("a child that is ready", () => activity() === "idle");
  thread.meta();
  thread.event("user_message", { message: "x" });
  await waitFor("its first turn", () => activity() === "thinking");
});

test("an approval of an old release shows by its own log, and ends with the answer", async () => {
  const own = scene.child();
  own.log.start();
  const thread = home.thread({ legacy: true });
  own.log.configured(thread.id);
  thread.meta();
  thread.event("user_message", { message: "x" });
  thread.call("make");
  await waitFor("the call", () => own.session().calls.length === 1);
  const activity = () => activityOf(own.session(), Date.now()).kind;
  own.log.asks();
  await waitFor("the approval", () => activity() === "approval");
  own.log.approves();
  await waitFor("the command", () => activity() === "running");
});
