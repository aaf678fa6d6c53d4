import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  appendFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { waitFor } from "../support/wait-for.ts";
import { ThreadsScene } from "./threads-scene.ts";

let scene: ThreadsScene;
let home: ThreadsScene["home"];
let threads: ThreadsScene["threads"];
beforeEach(() => {
  scene = new ThreadsScene();
  ({ home, threads } = scene);
});
afterEach(() => scene[Symbol.dispose]());

describe("bad input", () => {
  test("is skipped and counted, and what is good is read", async () => {
    const good = home.thread();
    good.prompt();
    appendFileSync(good.path, Buffer.from([0xff, 0xfe, 0x7b, 0x0a, 0x00, 0x0a]));
    good.line("brand_new", {});
    appendFileSync(good.path, `{"timestamp":"x","type":"event_msg"}\n[1,2]\n`);
    appendFileSync(good.path, `${"y".repeat(2_000_000)}\n`);
    good.call("npm test");
    appendFileSync(good.path, '{"timestamp":"2026-01-01T00:00:00Z","type":"event_m');
    await threads.look();
    expect(scene.sessionOf(good)?.calls.length).toBe(1);
    expect(threads.met).toMatchObject({ files: 1, unknown: 1, broken: 4, long: 1 });
  });

  test("links in a circle, folders and pipes in a file's place, compressed files", async () => {
    const good = home.thread();
    good.prompt();
    const day = dirname(good.path);
    symlinkSync("..", join(day, "loop"));
    symlinkSync(join(home.path, "sessions"), join(home.path, "sessions", "2099"));
    mkdirSync(home.thread().path);
    symlinkSync("nowhere", home.thread().path);
    Bun.spawnSync(["mkfifo", home.thread().path]);
    writeFileSync(`${home.thread().path}.zst`, "zst");
    await threads.look();
    expect(scene.live()).toContain(good.id);
    expect(threads.met.refused).toBeGreaterThanOrEqual(1);
    expect(threads.met.lines).toBe(4);
  });

  test("of an empty file, a pipe and rubbish alone no session is made", async () => {
    const [empty, pipe, rubbish] = [home.thread(), home.thread(), home.thread()];
    mkdirSync(dirname(empty.path), { recursive: true });
    writeFileSync(empty.path, "");
    Bun.spawnSync(["mkfifo", pipe.path]);
    writeFileSync(rubbish.path, "rubbish\n");
    for (const thread of [empty, pipe, rubbish]) scene.hold(thread);
    threads.start();
    await threads.look();
    expect(threads.all()).toEqual([]);
    empty.prompt();
    await waitFor("its first line", () => scene.live().includes(empty.id));
  });

  test("a line of 40 MB is passed over and counted, wherever the reading begins", async () => {
    const thread = home.thread();
    thread.prompt();
    const text = "x".repeat(40_000_000);
    thread.line("response_item", { type: "message", content: text });
    thread.call("npm test");
    await threads.look();
    expect(scene.sessionOf(thread)?.calls).toHaveLength(1);
    expect(threads.met).toMatchObject({ long: 1 });
    thread.line("response_item", { type: "message", content: text });
    thread.finish();
    await threads.look();
    expect(scene.sessionOf(thread)?.calls).toHaveLength(0);
    expect(threads.met).toMatchObject({ long: 2 });
  });

  test("truncated, replaced and archived while it is followed", async () => {
    const thread = home.thread();
    thread.prompt();
    await threads.look();
    thread.call("npm test");
    truncateSync(thread.path, 0);
    thread.event("task_started", { turn_id: "another" });
    await threads.look();
    expect(scene.sessionOf(thread)?.turn?.id).toBe("another");
    const archive = join(home.path, "archived_sessions");
    mkdirSync(archive);
    renameSync(thread.path, join(archive, basename(thread.path)));
    await threads.look();
    expect(scene.live()).toEqual([]);
    expect(threads.met).toMatchObject({ restarts: 1, gone: 1 });
  });

  test("a home without sessions, and one that goes away, is no error", async () => {
    await threads.look();
    expect(threads.all()).toEqual([]);
    rmSync(home.path, { recursive: true });
    threads.start();
    await threads.look();
    expect(threads.all()).toEqual([]);
    mkdirSync(home.path);
  });
});
