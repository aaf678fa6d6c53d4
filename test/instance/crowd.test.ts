import { expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { seeProcess } from "../../src/instance/identity.ts";
import { inspect } from "../../src/instance/inspect.ts";
import { lockHolder, lockPath } from "../../src/instance/lock.ts";
import { systemClock } from "../../src/lib/clock.ts";
import type { Spawned } from "../support/spawned.ts";
import { waitFor } from "../support/wait-for.ts";
import { Stage } from "./stage.ts";

setDefaultTimeout(120_000);

const publishing = 'state {"kind":"publishing"';
const name = "codex-discord-presence.instance.json";
const isPublishing = (child: Spawned) =>
  child.lines.findLast((line) => line.startsWith("state"))?.startsWith(publishing) === true;

/** Who began and who ended, in the order in which it happened: never two at once. */
function overlaps(journal: string): readonly string[] {
  let holder: string | undefined;
  return journal
    .trim()
    .split("\n")
    .filter((line) => {
      const [what, pid] = line.split(" ");
      const wrong = what === "begin" ? holder !== undefined : holder !== pid;
      holder = what === "begin" ? pid : undefined;
      return wrong;
    });
}

test("a journal in which two publish at once is seen through", () => {
  expect(overlaps("begin 1\nend 1\nbegin 2\nend 2\n")).toEqual([]);
  expect(overlaps("begin 1\nbegin 2\nend 1\n")).toEqual(["begin 2", "end 1"]);
});

test("50 starts at once: one publisher at every moment, one dashboard left, every wrapper alive", async () => {
  await using stage = new Stage();
  const journal = join(stage.runtime, "journal");
  const start = (mode: string) => (_: unknown, index: number) =>
    stage.childIn({ JOURNAL: journal }, "instance-child.ts", mode, String(1000 + index));
  const wrappers = Array.from({ length: 30 }, start("wrapper"));
  const dashboards = Array.from({ length: 20 }, start("dashboard"));
  const isOver = () => dashboards.filter((child) => child.ended()).length === 19;
  await waitFor("the last dashboard to win", isOver, 60_000);
  const last = dashboards.find((child) => !child.ended())!;
  await last.said(publishing);
  const follow = `state {"kind":"following","pid":${last.pid}`;
  await Promise.all(wrappers.map((child) => child.said(follow)));
  expect(await inspect(stage.home, systemClock)).toMatchObject({ pid: last.pid });
  for (const child of dashboards) if (child !== last) expect(await child.exited).toBe(0);
  expect(wrappers.filter((child) => child.ended())).toEqual([]);

  last.tell("end");
  await waitFor("a wrapper to take the role", () => wrappers.some(isPublishing));
  const heir = wrappers.find(isPublishing)!;
  const behind = `state {"kind":"following","pid":${heir.pid}`;
  await Promise.all(wrappers.filter((each) => each !== heir).map((child) => child.said(behind)));
  for (const child of wrappers.toReversed()) child.signal("SIGTERM");
  await Promise.all(wrappers.map((child) => child.exited));
  expect(overlaps(readFileSync(journal, "utf8"))).toEqual([]);
  expect(readdirSync(stage.home)).toEqual(["codex-discord-presence.lock"]);
  expect(readdirSync(stage.runtime)).toEqual(["journal"]);
});

const steps: readonly (readonly [string, (stage: Stage, child: Spawned) => boolean])[] = [
  ["before anything", () => true],
  ["with the lock", ({ home }, { pid }) => isHeldBy(home, pid)],
  ["with the control socket", ({ runtime }) => readdirSync(runtime).length > 0],
  ["with the metadata", ({ home }) => existsSync(join(home, name))],
  ["as a publisher", (_, child) => child.lines.some((line) => line.startsWith("publish"))],
  ["at its end", (_, child) => child.lines.some((line) => line.startsWith("yield"))],
];

function isHeldBy(home: string, pid: number): boolean {
  const holder = lockHolder(lockPath(home));
  return holder.kind === "held" && holder.pid === pid;
}

test.each(steps)("kill -9 %s leaves nothing in the way of the next", async (_, isThere) => {
  await using stage = new Stage();
  const first = stage.child("instance-child.ts", "dashboard");
  if (isThere === steps.at(-1)?.[1]) void first.said(publishing).then(() => first.tell("end"));
  while (!isThere(stage, first)) await Bun.sleep(0);
  first.signal("SIGKILL");
  await first.exited;
  expect((await inspect(stage.home, systemClock)).kind).toBe("notRunning");
  const second = stage.child("instance-child.ts", "dashboard");
  await second.said(publishing);
  expect(await inspect(stage.home, systemClock)).toMatchObject({
    pid: second.pid,
    program: "instance",
  });
  second.tell("end");
  await second.exited;
  expect(readdirSync(stage.home)).toEqual(["codex-discord-presence.lock"]);
  expect(readdirSync(stage.runtime)).toEqual([]);
});

const metadataOf = (pid: number, identity: string | undefined) =>
  JSON.stringify({ pid, exe_path: "/cdp", identity, mode: "dashboard", version: "1.0.0" });

test("a process that has got the pid of a dead publisher survives", async () => {
  await using stage = new Stage();
  const innocent = stage.command("sleep", "60");
  writeFileSync(join(stage.home, name), metadataOf(innocent.pid, "boot:1"));
  const dashboard = stage.child("instance-child.ts", "dashboard");
  await dashboard.said(publishing);
  expect(innocent.ended()).toBe(false);
});

test("a process that the metadata names but that holds no lock survives", async () => {
  await using stage = new Stage();
  const innocent = stage.command("sleep", "60");
  const holder = stage.child("rust-tool-child.ts", "no");
  await holder.said("held");
  const { identity } = seeProcess(innocent.pid)!;
  writeFileSync(join(stage.home, name), metadataOf(innocent.pid, identity));
  const dashboard = stage.child("instance-child.ts", "dashboard");
  const failed = await dashboard.said('state {"kind":"failed"');
  expect(failed).toContain(`process ${holder.pid} holds the lock`);
  expect([innocent.ended(), holder.ended()]).toEqual([false, false]);
});

test("a wrapper too busy to answer is waited for, and hands over when it can", async () => {
  await using stage = new Stage();
  const wrapper = stage.child("instance-child.ts", "wrapper");
  await wrapper.said(publishing);
  wrapper.tell("busy 3500");
  const dashboard = stage.child("instance-child.ts", "dashboard");
  expect(await dashboard.said('state {"kind":"waiting"')).toContain("does not answer");
  await dashboard.said(publishing);
  await wrapper.said(`state {"kind":"following","pid":${dashboard.pid}`);
});

test("a home that may not be written: presence is off, says why, and everything runs on", async () => {
  await using stage = new Stage();
  // A place in which even root creates nothing.
  const run = (mode: string) => stage.childAt("/sys/kernel", "instance-child.ts", mode);
  const [wrapper, dashboard] = [run("wrapper"), run("dashboard")];
  for (const child of [wrapper, dashboard]) {
    expect(await child.said('state {"kind":"off"')).toContain("may not be written");
    expect(child.ended()).toBe(false);
    child.tell("end");
    expect(await child.exited).toBe(0);
  }
});
