import { afterEach, beforeEach, expect, test } from "bun:test";
import { appendFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Disk } from "../../src/codex/disk.ts";
import { lockFolder } from "../../src/codex/thread-files.ts";
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

test("the child's thread is known by the id of its prompt, and followed from then on", async () => {
  const own = scene.child();
  own.log.start();
  await waitFor("the log to be unlinked", () => !own.log.linked);
  const thread = home.thread();
  thread.show();
  own.log.prompt("id-1");
  thread.prompt("id-1");
  await waitFor("the thread", () => own.threads.includes(thread.id));
  expect(own.session().facts?.thread).toBe(thread.id);
  expect(own.session().turn?.id).toBe(thread.turn);
  thread.call("npm test");
  await waitFor("the call", () => own.session().calls.length === 1);
  thread.finish();
  await waitFor("the end", () => own.session().turn === undefined);
  expect(own.threads).toEqual([thread.id]);
  expect(own.events.map((event) => event.type)).toEqual([
    "childStarted",
    "toolStarted",
    "turnEnded",
  ]);
});

test("the log that holds prompts is off the disk before the first of them", async () => {
  const own = scene.child();
  expect(existsSync(own.log.path)).toBe(true);
  own.log.start();
  await waitFor("the log to be unlinked", () => !existsSync(own.log.path));
  const thread = home.thread();
  own.log.prompt("id-1");
  thread.prompt("id-1");
  await waitFor("the thread", () => own.threads.includes(thread.id));
});

test("two children in the same folder at the same moment follow each its own", async () => {
  const [one, two] = [scene.child(), scene.child()];
  const at = Date.now();
  const [first, second] = [home.thread({ createdAt: at }), home.thread({ createdAt: at })];
  one.log.start();
  two.log.start();
  first.show();
  second.show();
  // The wrong one's file comes first, for either of them.
  two.log.prompt("id-2");
  one.log.prompt("id-1");
  second.prompt("id-2");
  first.prompt("id-1");
  await waitFor("one's thread", () => one.threads.includes(first.id));
  await waitFor("two's thread", () => two.threads.includes(second.id));
  first.call("npm test");
  second.call("cargo build");
  await waitFor("both calls", () => one.session().calls.length + two.session().calls.length === 2);
  expect(one.threads).toEqual([first.id]);
  expect(two.threads).toEqual([second.id]);
  expect(one.session().calls[0]?.work.target).toBe("npm test");
  expect(two.session().calls[0]?.work.target).toBe("cargo build");
});

test("after /new nothing is known until the new thread's first prompt, then that thread", async () => {
  const own = scene.child();
  own.log.start();
  const old = home.thread();
  old.show();
  own.log.prompt("id-1");
  old.prompt("id-1");
  await waitFor("the first thread", () => own.threads.includes(old.id));
  old.finish();
  await waitFor("its end", () => own.session().turn === undefined);
  const next = home.thread();
  next.show();
  own.log.reset();
  await waitFor("the reset", () => own.threads.at(-1) === "");
  own.log.prompt("id-2");
  next.prompt("id-2");
  await waitFor("the second thread", () => own.threads.at(-1) === next.id);
  old.prompt("id-of-another-terminal");
  next.call("make");
  await waitFor("the call", () => own.session().calls.length === 1);
  expect(own.threads).toEqual([old.id, "", next.id]);
  expect(own.events.filter((event) => event.type === "turnStarted")).toEqual([]);
});

test("another view while a turn runs does not lose the thread", async () => {
  const own = scene.child();
  own.log.start();
  const thread = home.thread();
  own.log.prompt("id-1");
  thread.prompt("id-1");
  await waitFor("the thread", () => own.threads.includes(thread.id));
  own.log.reset();
  await waitFor("the reset", () => own.events.some((event) => event.type === "screenReset"));
  thread.call("make");
  await waitFor("the call", () => own.session().calls.length === 1);
  expect(own.threads).toEqual([thread.id]);
});

test("an old thread that is resumed is found in its old folder, before its next prompt", async () => {
  const old = home.thread({ createdAt: Date.now() - 40 * dayMs });
  old.prompt("long-ago");
  old.finish();
  const own = scene.child();
  own.log.start();
  old.show();
  await waitFor("the resumed thread", () => own.threads.includes(old.id));
  expect(own.session().settings.model).toBe("gpt-5.5");
  own.log.prompt("id-1");
  old.prompt("id-1");
  await waitFor("its new turn", () => own.session().turn?.id === old.turn);
  expect(own.threads).toEqual([old.id]);
});

test("where terminals leave no trace, a resumed thread is found by its lock and its growth", async () => {
  const old = home.thread({ createdAt: Date.now() - 40 * dayMs });
  const other = home.thread({ createdAt: Date.now() - 50 * dayMs });
  for (const thread of [old, other]) {
    thread.prompt("long-ago");
    thread.finish();
    thread.lock();
  }
  const own = scene.child();
  own.log.start();
  own.log.prompt("id-1");
  old.prompt("id-1");
  await waitFor("the resumed thread", () => own.threads.includes(old.id));
});

test("of a large old file only head and end are read", async () => {
  const old = home.thread({ createdAt: Date.now() - 2 * dayMs });
  old.prompt("long-ago");
  for (let i = 0; i < 300; i += 1) old.event("agent_message", { message: "y".repeat(10_000) });
  old.finish();
  const own = scene.child();
  own.log.start();
  old.show();
  old.prompt("id-1");
  own.log.prompt("id-1");
  await waitFor("the thread", () => own.threads.includes(old.id));
  expect(own.session().facts).toMatchObject({ thread: old.id, cwd: "/work" });
  expect(own.session().turn?.id).toBe(old.turn);
});

test("a prompt that stands far above the end of a large file is found nevertheless", async () => {
  const old = home.thread({ createdAt: Date.now() - 2 * dayMs });
  old.prompt("long-ago");
  for (let i = 0; i < 300; i += 1) old.event("agent_message", { message: "y".repeat(10_000) });
  old.finish();
  const own = scene.child();
  own.log.start();
  own.log.prompt("id-1");
  old.prompt("id-1");
  for (let i = 0; i < 100; i += 1) old.event("agent_message", { message: "y".repeat(10_000) });
  old.call("make");
  old.lock();
  await waitFor("the thread", () => own.threads.includes(old.id));
  expect(own.session().turn?.id).toBe(old.turn);
  old.finish();
  await waitFor("the end", () => own.session().turn === undefined);
});

test("a compaction the person asks for is told by the log, before the rollout knows", async () => {
  const own = scene.child();
  own.log.start();
  own.log.compact();
  await waitFor("the event", () => own.events.some(({ type }) => type === "compactionStarted"));
});

test("a home with thousands of threads is not walked", async () => {
  const threads = Array.from({ length: 600 }, (_, i) =>
    home.thread({ createdAt: Date.now() - (2 + (i % 300)) * dayMs }),
  );
  for (const thread of threads) {
    mkdirSync(dirname(thread.path), { recursive: true });
    writeFileSync(thread.path, "");
    thread.show();
  }
  const asked: string[] = [];
  const disk: Disk = {
    ...scene.files,
    watchState: "watching",
    stat: (path) => {
      asked.push(path);
      return scene.files.stat(path);
    },
    list: (folder) => {
      asked.push(folder);
      return scene.files.list(folder);
    },
  };
  const own = scene.child({ disk });
  own.log.start();
  const thread = home.thread();
  thread.show();
  own.log.prompt("id-1");
  thread.prompt("id-1");
  await waitFor("the thread", () => own.threads.includes(thread.id));
  expect(asked.length).toBeLessThan(300);
});

test("rubbish in the home breaks nothing", async () => {
  const day = dirname(home.thread().path);
  mkdirSync(day, { recursive: true });
  const rubbish = [home.thread(), home.thread(), home.thread(), home.thread()];
  mkdirSync(rubbish[0]!.path);
  symlinkSync(day, rubbish[1]!.path);
  symlinkSync("/dev/zero", rubbish[2]!.path);
  writeFileSync(rubbish[3]!.path, '{"timestamp":1}\n\xff\xfe\n{"timestamp":"x","type":"a"\n[]\n\n');
  for (const thread of rubbish) thread.show();
  mkdirSync(join(home.path, lockFolder));
  writeFileSync(join(home.path, lockFolder, "not-a-thread.lock"), "");
  const own = scene.child();
  appendFileSync(own.log.fd, 'rubbish\n{"ts":"never","dir":"meta","kind":"session_start"}\n\n{}\n');
  own.log.start();
  const thread = home.thread();
  own.log.prompt("id-1");
  thread.prompt("id-1");
  await waitFor("the thread", () => own.threads.includes(thread.id));
  appendFileSync(thread.path, "{{{\n");
  thread.call("make");
  await waitFor("the call", () => own.session().calls.length === 1);
});

test("a home that is not there yet, or never, is no error", async () => {
  const own = scene.child({ home: join(home.root, "nowhere") });
  own.log.start();
  await waitFor("the log to be unlinked", () => !own.log.linked);
  own.poke();
  expect(own.threads).toEqual([]);
});

test("after disposal nothing comes any more", async () => {
  const own = scene.child();
  own.log.start();
  const thread = home.thread();
  own.log.prompt("id-1");
  thread.prompt("id-1");
  await waitFor("the thread", () => own.threads.includes(thread.id));
  own.stop();
  const { length } = own.events;
  thread.call("make");
  own.poke();
  await Bun.sleep(50); // Nothing says that an event has not come.
  expect(own.events.length).toBe(length);
});
