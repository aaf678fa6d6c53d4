import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { utimesSync } from "node:fs";
import { costOf } from "../../src/session/cost.ts";
import { openLineages } from "../../src/codex/lineages.ts";
import {
  createdAtOf,
  isLaterFile,
  laterFileOf,
  threadOfRollout,
} from "../../src/codex/thread-files.ts";
import { waitFor } from "../support/wait-for.ts";
import { Scene } from "./simulated-child.ts";
import type { SimulatedThread } from "./simulated-codex.ts";
import { ThreadsScene } from "./threads-scene.ts";

const dayMs = 86_400_000;
const million = 1_000_000;

/** One response of a million tokens of input, after so many that the thread took before. */
function respond(thread: SimulatedThread, before: number): void {
  const count = (tokens: number) => ({ input_tokens: tokens, total_tokens: tokens });
  thread.line("token_usage_record", {
    response_id: `${thread.path} ${before}`,
    usage: count(million),
    thread_token_usage: count(before + million),
  });
}

describe("a thread over five files", () => {
  let scene: ThreadsScene;
  beforeEach(() => {
    scene = new ThreadsScene();
  });
  afterEach(() => scene[Symbol.dispose]());

  /** Begun five days ago, and rewound once a day since; each file has one response of its own. */
  function rewound(): SimulatedThread {
    const now = Date.now();
    const thread = scene.home.thread({ createdAt: now - 4 * dayMs });
    for (const daysAgo of [4, 3, 2, 1, 0]) {
      if (daysAgo < 4) thread.rewind(now - daysAgo * dayMs);
      thread.prompt();
      respond(thread, (4 - daysAgo) * million);
      if (daysAgo > 0) thread.finish();
      const at = new Date(now - daysAgo * dayMs);
      utimesSync(thread.path, at, at);
    }
    thread.call("npm test");
    return thread;
  }

  test.each([
    ["that holds its lock", true],
    ["without a lock", false],
  ])("%s is one session, with the state, tokens and cost of the newest", async (_, held) => {
    const thread = rewound();
    if (held) scene.hold(thread);
    await scene.threads.look();
    expect(scene.live()).toEqual([thread.id]);
    const [{ session, spent }] = scene.threads.all() as [ReturnType<typeof scene.threads.all>[0]];
    expect(session.calls).toHaveLength(1);
    expect(session.usage?.total.input).toBe(5 * million);
    expect(session.facts?.createdAt).toBe(createdAtOf(thread.id));
    // Long prompts: twice the price.
    expect(costOf(spent)).toEqual({ usd: 10, complete: true });
  });

  test("silent for a day, but held, it is followed in its newest file", async () => {
    const thread = rewound();
    const yesterday = new Date(Date.now() - dayMs);
    utimesSync(thread.path, yesterday, yesterday);
    scene.hold(thread);
    scene.threads.start();
    await waitFor("its newest file", () => scene.sessionOf(thread)?.calls.length === 1);
  });

  test("of whose newest file only the end was read, has no whole cost", async () => {
    const thread = scene.home.thread();
    thread.prompt();
    thread.rewind();
    thread.prompt();
    respond(thread, 3 * million);
    thread.line("response_item", { type: "message", content: "x".repeat(1_400_000) });
    thread.finish();
    thread.prompt();
    respond(thread, 4 * million);
    await scene.threads.look();
    expect(costOf(scene.threads.all()[0]!.spent)).toEqual({ usd: 10, complete: false });
    scene.threads.start();
    await waitFor("all of it", () => costOf(scene.threads.all()[0]!.spent)?.complete === true);
    expect(costOf(scene.threads.all()[0]!.spent)).toEqual({ usd: 20, complete: true });
  });

  test("that is rewound while it is followed goes on in the new file", async () => {
    const thread = scene.home.thread();
    thread.prompt();
    thread.call("npm test");
    scene.threads.start();
    await waitFor("the call", () => scene.sessionOf(thread)?.calls.length === 1);
    thread.rewind();
    await waitFor("the new file", () => {
      scene.clock.advance(50);
      return scene.sessionOf(thread)?.calls.length === 0;
    });
    thread.prompt();
    await waitFor("its turn", () => scene.sessionOf(thread)?.turn?.id === thread.turn);
    expect(scene.live()).toEqual([thread.id]);
  });
});

describe("the child's own thread", () => {
  let scene: Scene;
  beforeEach(() => {
    scene = new Scene();
  });
  afterEach(() => scene[Symbol.dispose]());

  test("is followed into the file of a rewind", async () => {
    const own = scene.child();
    own.log.start();
    const thread = scene.home.thread();
    thread.show();
    own.log.prompt("id-1");
    thread.prompt("id-1");
    await waitFor("the thread", () => own.threads.includes(thread.id));
    thread.call("npm test");
    await waitFor("the call", () => own.session().calls.length === 1);
    thread.rewind();
    own.log.prompt("id-2");
    thread.prompt("id-2");
    await waitFor("the new turn", () => own.session().turn?.id === thread.turn);
    expect(own.session().calls).toEqual([]);
  });

  test("resumed after it was rewound long ago, is found in its newest file", async () => {
    const now = Date.now();
    const thread = scene.home.thread({ createdAt: now - 40 * dayMs });
    thread.prompt();
    thread.rewind(now - 30 * dayMs);
    thread.prompt();
    thread.finish();
    const own = scene.child();
    own.log.start();
    thread.show();
    own.log.prompt("id-1");
    thread.prompt("id-1");
    await waitFor("the turn", () => own.session().turn?.id === thread.turn);
    expect(own.threads).toContain(thread.id);
  });
});

describe("names", () => {
  const thread = "01a226b6-70f3-74b0-bfba-61021af798fc";
  const first = `rollout-2026-11-29T09-50-20-${thread}.jsonl`;
  const later = `rollout-2026-11-29T09-50-30-${thread}_01a226b6-99f2-7771-8815-24d650f25465.jsonl`;

  test("of both kinds name the thread; only one is a later file", () => {
    expect([first, later].map(threadOfRollout)).toEqual([thread, thread]);
    expect([first, later].map(laterFileOf)).toEqual([undefined, thread]);
  });

  test.each([
    ["by its own id", later, true],
    // Summer time ends: an hour later by the clock on the wall is the same hour again.
    ["by its id, whatever the hour says", later.replace("T09-50-30", "T08-50-30"), true],
    ["by its name, where its id has no time", later.replace("7771", "4771"), true],
    ["by its name, before", later.replace("7771", "4771").replace("09-50-30", "09-40-30"), false],
  ])("a file is a later one %s", (_, name, expected) => {
    expect(isLaterFile(`/a/${name}`, `/b/${first}`)).toBe(expected);
    expect(isLaterFile(`/b/${first}`, `/a/${name}`)).toBe(!expected);
  });

  test("of several later files the one begun last is known, in whichever order they come", async () => {
    const last = later.replace("01a226b6-99f2", "01a226b7-99f2").replace("09-50-30", "09-51-35");
    for (const names of [
      [first, later, last],
      [last, later, first],
    ]) {
      const listed: Readonly<Record<string, readonly string[]>> = {
        "/h/sessions": ["2026"],
        "/h/sessions/2026": ["11"],
        "/h/sessions/2026/11": ["29"],
        "/h/sessions/2026/11/29": names,
      };
      const disk = { list: async (path: string) => Promise.resolve(listed[path] ?? []) };
      const lineages = openLineages(disk, "/h");
      // oxlint-disable-next-line no-await-in-loop -- one order after the other
      await lineages.read(0);
      expect(lineages.laterOf(thread)).toBe(`/h/sessions/2026/11/29/${last}`);
    }
  });
});
