import { afterEach, beforeEach, expect, test } from "bun:test";
import { truncateSync } from "node:fs";
import { newSaid } from "../../src/codex/said.ts";
import { openThreads, type Threads } from "../../src/codex/threads.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import { openFiles, type Files } from "../../src/tail/files.ts";
import { SimulatedHome, type SimulatedThread } from "./simulated-codex.ts";

let home: SimulatedHome;
let files: Files;
let threads: Threads;
beforeEach(() => {
  home = new SimulatedHome();
  files = openFiles(systemClock, silentLog);
  threads = openThreads({
    home: home.path,
    disk: files,
    clock: systemClock,
    log: silentLog,
    probe: () => "free",
    onChange: () => undefined,
  });
});
afterEach(() => {
  threads[Symbol.dispose]();
  files[Symbol.dispose]();
  home[Symbol.dispose]();
});

const sessionOf = (thread: SimulatedThread) =>
  threads.all().find(({ id }) => id === thread.id)?.session;

test("an approval that the daemon tells of is shown; nothing else tells of one", async () => {
  const thread = home.thread();
  thread.prompt();
  thread.call("rm -r build");
  await threads.look();
  expect(sessionOf(thread)?.status).toBeUndefined();
  const at = Date.now();
  threads.report(thread.id, { type: "statusReported", at, state: "blocked", kind: "permission" });
  expect(sessionOf(thread)?.status?.state).toBe("blocked");
  threads.forget();
  expect(sessionOf(thread)?.status).toBeUndefined();
});

test("what the daemon told before a thread had a file counts once it has one", async () => {
  const [early, closed] = [home.thread(), home.thread()];
  const at = Date.now();
  const approval = { type: "statusReported", at, state: "blocked", kind: "permission" } as const;
  for (const thread of [early, closed]) threads.report(thread.id, approval);
  threads.report(closed.id, undefined);
  for (const thread of [early, closed]) thread.prompt();
  await threads.look();
  expect(sessionOf(early)?.status?.state).toBe("blocked");
  expect(sessionOf(closed)?.status).toBeUndefined();
});

test("a file that begins anew loses nothing that stands in no file", async () => {
  const thread = home.thread();
  thread.prompt();
  await threads.look();
  const at = Date.now();
  threads.report(thread.id, { type: "statusReported", at, state: "blocked", kind: "question" });
  truncateSync(thread.path, 0);
  await threads.look();
  expect(sessionOf(thread)?.turn).toBeUndefined();
  expect(sessionOf(thread)?.status?.state).toBe("blocked");
});

test("of very many threads the newest are remembered", () => {
  const said = newSaid();
  for (let i = 0; i < 1000; i += 1) said.set(`t${i}`, { type: "childEnded", at: i });
  expect(said.threads).toHaveLength(256);
  const heard: number[] = [];
  for (const thread of ["t743", "t744"]) {
    said.repeat({ thread, report: ({ at }) => heard.push(at) });
  }
  expect(heard).toEqual([744]);
});
