import { afterEach, beforeEach, describe, expect, spyOn, test } from "bun:test";
import { rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { costOf } from "../../src/session/cost.ts";
import { waitFor } from "../support/wait-for.ts";
import type { SimulatedThread } from "./simulated-codex.ts";
import { ThreadsScene } from "./threads-scene.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

let scene: ThreadsScene;
let home: ThreadsScene["home"];
let clock: ThreadsScene["clock"];
let threads: ThreadsScene["threads"];
beforeEach(() => {
  scene = new ThreadsScene();
  ({ home, clock, threads } = scene);
});
afterEach(() => scene[Symbol.dispose]());

function age(thread: SimulatedThread, ms: number): void {
  const at = new Date(Date.now() - ms);
  utimesSync(thread.path, at, at);
}

describe("which threads live", () => {
  test("an old thread that somebody resumed is found by its lock, however long it is silent", async () => {
    const old = home.thread({ createdAt: Date.now() - 200 * dayMs });
    old.prompt();
    age(old, 100 * dayMs);
    scene.hold(old);
    await threads.look();
    expect(scene.live()).toEqual([old.id]);
    expect(scene.sessionOf(old)?.settings.model).toBe("gpt-5.5");
  });

  test("a lock that a killed process left, or gave back, is the end", async () => {
    const [killed, left] = [home.thread(), home.thread()];
    for (const thread of [killed, left]) {
      thread.prompt();
      scene.hold(thread);
    }
    await threads.look();
    expect(scene.live().toSorted()).toEqual([killed.id, left.id].toSorted());
    scene.held.delete(killed.id);
    rmSync(join(home.path, "thread-writer-locks", `${left.id}.lock`));
    await threads.look();
    expect(scene.live()).toEqual([]);
  });

  test("without locks it lives as long as what is open explains its silence", async () => {
    const [rests, thinks, runs] = [home.thread(), home.thread(), home.thread()];
    for (const thread of [rests, thinks, runs]) thread.prompt();
    rests.finish();
    runs.call("cargo build");
    await threads.look();
    const after = (ms: number): string[] => {
      clock.advance(ms);
      return scene.live();
    };
    expect(after(9 * 60_000).toSorted()).toEqual([rests.id, thinks.id, runs.id].toSorted());
    expect(after(2 * 60_000).toSorted()).toEqual([thinks.id, runs.id].toSorted());
    expect(after(20 * 60_000)).toEqual([runs.id]);
    expect(after(12 * hourMs)).toEqual([]);
  });

  test("a clock that is set by days ends no session and keeps none", async () => {
    const thread = home.thread();
    thread.prompt();
    thread.finish();
    await threads.look();
    clock.jumpWall(5 * dayMs);
    await threads.look();
    expect(scene.live()).toEqual([thread.id]);
    clock.jumpWall(-9 * dayMs);
    clock.advance(11 * 60_000);
    expect(scene.live()).toEqual([]);
  });

  test("in a home with locks nothing is read of what has none and is silent", async () => {
    const [locked, ended] = [home.thread(), home.thread()];
    for (const thread of [locked, ended]) thread.prompt();
    const older = [1, 2, 3, 4].map(() => home.thread());
    for (const thread of older) {
      thread.prompt();
      age(thread, hourMs);
    }
    scene.hold(locked);
    await threads.look();
    expect(threads.all().map(({ id }) => id)).not.toContain(older[3]!.id);
    expect(threads.met.files).toBeLessThan(5);
  });

  test("an old thread resumed by a Codex without locks is found by its last write", async () => {
    const old = home.thread({ createdAt: Date.now() - 40 * dayMs });
    old.prompt();
    for (const days of [3, 2, 1, 0]) home.thread({ createdAt: Date.now() - days * dayMs }).prompt();
    threads.start();
    await waitFor("the old one", () => scene.live().includes(old.id));
    const resumed = home.thread({ createdAt: Date.now() - 50 * dayMs });
    resumed.prompt();
    clock.advance(61_000);
    await waitFor("one that was resumed since", () => scene.live().includes(resumed.id));
  });
});

describe("what happens while it looks", () => {
  test("what is appended, and a thread that begins, are noticed", async () => {
    const one = home.thread();
    one.prompt();
    threads.start();
    await waitFor("the first", () => scene.live().length === 1);
    one.call("npm test");
    await waitFor("its call", () => scene.sessionOf(one)?.calls.length === 1);
    const two = home.thread();
    two.prompt();
    await waitFor("the second", () => {
      clock.advance(50);
      return scene.live().length === 2;
    });
  });

  test("what is written to a followed one starts no search", async () => {
    const one = home.thread();
    one.prompt();
    threads.start();
    await waitFor("the first", () => scene.live().length === 1);
    const list = spyOn(scene.files, "list");
    for (const turn of ["a", "b", "c"]) {
      one.event("task_started", { turn_id: turn });
      // oxlint-disable-next-line no-await-in-loop -- one turn after the other
      await waitFor("the turn", () => scene.sessionOf(one)?.turn?.id === turn);
      clock.advance(50);
    }
    expect(list).not.toHaveBeenCalled();
    const two = home.thread();
    two.prompt();
    await waitFor("a search for another", () => {
      clock.advance(50);
      return scene.live().length === 2;
    });
    expect(list).toHaveBeenCalled();
  });

  test("of a large file the end comes first, and its cost when all of it is read", async () => {
    const thread = home.thread();
    thread.prompt();
    respond(thread, "r1", 1_000_000, 1_000_000);
    thread.line("response_item", { type: "message", content: "x".repeat(1_400_000) });
    thread.finish();
    thread.prompt();
    respond(thread, "r2", 1_000_000, 2_000_000);
    await threads.look();
    const cost = () => costOf(threads.all()[0]!.spent);
    expect(cost()).toEqual({ usd: 10, complete: false });
    threads.start();
    await waitFor("the whole cost", () => cost()?.complete === true);
    expect(cost()).toEqual({ usd: 20, complete: true });
  });
});

function respond(thread: SimulatedThread, id: string, input: number, total: number): void {
  const count = (tokens: number) => ({ input_tokens: tokens, total_tokens: tokens });
  thread.line("token_usage_record", {
    response_id: id,
    usage: count(input),
    thread_token_usage: count(total),
  });
}
