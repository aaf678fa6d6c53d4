import { expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync } from "node:fs";
import { askPublisher } from "../../src/instance/request.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { Stage } from "./stage.ts";

setDefaultTimeout(30_000);

const publishing = 'state {"kind":"publishing"';
const ask = (home: string) =>
  askPublisher({
    home,
    verb: "status",
    pid: process.pid,
    version: "1",
    clock: systemClock,
    timeoutMs: 2000,
  });

test("a second dashboard takes over at once; the first ends and says by whom", async () => {
  await using stage = new Stage();
  const first = stage.child("instance-child.ts", "dashboard");
  await first.said(publishing);
  expect(await ask(stage.home)).toMatchObject({ kind: "answered", value: { by: first.pid } });
  first.tell("sent 100,200 1700000000000");
  const second = stage.child("instance-child.ts", "headless");
  await second.said(publishing);
  await first.said(`state {"kind":"takenOver","by":${second.pid}}`);
  expect(await first.exited).toBe(0);
  const inherited = JSON.parse((await second.said("publish")).slice("publish ".length));
  expect(inherited.timerStart).toBe(1700000000000);
  expect(inherited.sendAges[0]).toBeGreaterThanOrEqual(100);
  expect(inherited.sendAges[1] - inherited.sendAges[0]).toBeCloseTo(100);
  second.signal("SIGTERM");
  expect(await second.exited).toBe(0);
  expect(readdirSync(stage.home)).toEqual(["codex-discord-presence.lock"]);
  expect(readdirSync(stage.runtime)).toEqual([]);
  expect(await ask(stage.home)).toMatchObject({ kind: "notRunning" });
});

test("a wrapper hands the role to a dashboard, waits, and takes it back with the same timer", async () => {
  await using stage = new Stage();
  const older = stage.child("instance-child.ts", "wrapper", "1000");
  await older.said(publishing);
  const newer = stage.child("instance-child.ts", "wrapper", "2000");
  await newer.said(`state {"kind":"following","pid":${older.pid}`);
  older.tell("sent 50 1700000000000");
  older.tell('session {"id":"older"}');
  newer.tell('session {"id":"newer"}');
  await older.said(`sessions [{"pid":${newer.pid},"startedAt":2000,"session":{"id":"newer"}}]`);

  const dashboard = stage.child("instance-child.ts", "dashboard");
  await dashboard.said(publishing);
  expect(await dashboard.said("publish")).toContain('"timerStart":1700000000000');
  await dashboard.said(
    `sessions [{"pid":${newer.pid},"startedAt":2000,"session":{"id":"newer"}},` +
      `{"pid":${older.pid},"startedAt":1000,"session":{"id":"older"}}]`,
  );
  expect([older.ended(), newer.ended()]).toEqual([false, false]);

  dashboard.tell("end");
  expect(await dashboard.exited).toBe(0);
  await newer.said(publishing);
  expect(await newer.said("publish")).toContain('"timerStart":1700000000000');
  await older.said(`state {"kind":"following","pid":${newer.pid}`);
});

test("a killed publisher is followed by the newest wrapper, which knows its sends", async () => {
  await using stage = new Stage();
  const dashboard = stage.child("instance-child.ts", "dashboard");
  await dashboard.said(publishing);
  const wrappers = ["3000", "1000", "2000"].map((at) =>
    stage.child("instance-child.ts", "wrapper", at),
  );
  await Promise.all(wrappers.map((child) => child.said('state {"kind":"following"')));
  dashboard.tell("sent 10 1700000000000");
  await ask(stage.home); // By then the news is with everybody.
  dashboard.signal("SIGKILL");
  expect(await wrappers[0]!.said("publish")).toContain('"timerStart":1700000000000');
  const rest = wrappers.slice(1);
  await Promise.all(
    rest.map((child) => child.said(`state {"kind":"following","pid":${wrappers[0]!.pid}`)),
  );
  wrappers[0]!.signal("SIGTERM");
  await rest[1]!.said(publishing);
});

test("a stopped wrapper is waited for, by its pid, and is never signalled", async () => {
  await using stage = new Stage();
  const wrapper = stage.child("instance-child.ts", "wrapper");
  await wrapper.said(publishing);
  wrapper.signal("SIGSTOP");
  const dashboard = stage.child("instance-child.ts", "dashboard");
  await dashboard.said(
    `state {"kind":"waiting","pid":${wrapper.pid},"why":"process ${wrapper.pid} holds the role but is stopped"}`,
  );
  expect(await ask(stage.home)).toMatchObject({ kind: "silent", why: "it is stopped" });
  wrapper.signal("SIGCONT");
  await dashboard.said(publishing);
  await wrapper.said(`state {"kind":"following","pid":${dashboard.pid}`);

  dashboard.signal("SIGSTOP");
  const other = stage.child("instance-child.ts", "dashboard");
  await other.said(`state {"kind":"waiting","pid":${dashboard.pid}`);
  dashboard.signal("SIGKILL");
  await other.said(publishing);
  expect(wrapper.ended()).toBe(false);
});

test("before it stops itself a publisher hands over, and comes back as in the beginning", async () => {
  await using stage = new Stage();
  const first = stage.child("instance-child.ts", "wrapper", "1000");
  await first.said(publishing);
  first.tell("handover");
  await first.said("handed over");
  expect(await ask(stage.home)).toMatchObject({ kind: "notRunning" });
  const second = stage.child("instance-child.ts", "wrapper", "2000");
  await second.said(publishing);
  first.tell("rejoin");
  await first.said('state {"kind":"following"');
  second.tell("handover");
  await first.said(publishing, first.lines.length);
});

test("a dashboard that neither answers nor ends is terminated, then killed", async () => {
  await using stage = new Stage();
  const first = stage.child("instance-child.ts", "dashboard");
  await first.said(publishing);
  first.tell("deaf");
  await first.said("deaf");
  const from = performance.now();
  const second = stage.child("instance-child.ts", "dashboard");
  await second.said(publishing);
  expect(performance.now() - from).toBeGreaterThan(6000);
  expect(first.ended()).toBe(true);
});

test("the earlier Rust tool is named and never signalled", async () => {
  await using stage = new Stage();
  const tool = stage.child("rust-tool-child.ts");
  await tool.said("held");
  const wrapper = stage.child("instance-child.ts", "wrapper");
  await wrapper.said(`state {"kind":"waiting","pid":${tool.pid}`);
  const dashboard = stage.child("instance-child.ts", "dashboard");
  const said = await dashboard.said('state {"kind":"failed"');
  expect(said).toContain(`earlier codex-discord-presence, process ${tool.pid}`);
  expect(await dashboard.exited).toBe(1);
  expect(tool.ended()).toBe(false);
  tool.signal("SIGKILL");
  await wrapper.said(publishing);
});
