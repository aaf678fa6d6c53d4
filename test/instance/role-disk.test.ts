import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { lockHolder, lockPath } from "../../src/instance/lock.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { waitFor } from "../support/wait-for.ts";
import { isFree, lastOf, play, type Played } from "./played.ts";
import { Stage } from "./stage.ts";

setDefaultTimeout(30_000);

const half = "codex-discord-presence.instance.json.new";

test.each(["wrapper", "dashboard"] as const)(
  "a %s that cannot say where it listens gives the lock back, and tries again",
  async (mode) => {
    await using stage = new Stage();
    mkdirSync(join(stage.home, half, "x"), { recursive: true });
    const clock = new FakeClock();
    const played = play(stage, { mode, clock });
    await clock.runUntil(() => lastOf(played) === "off", "off", 1000);
    expect(played.role.state).toMatchObject({
      reason: expect.stringContaining("cannot be written"),
    });
    expect(isFree(stage)).toBe(true);
    expect(readdirSync(stage.runtime)).toEqual([]);
    await clock.run(9000);
    expect(played.done).toEqual([]);
    rmSync(join(stage.home, half), { recursive: true });
    await clock.runUntil(() => lastOf(played) === "publishing", "the role", 2000);
    expect(played.states.map(({ kind }) => kind)).toEqual(["off", "publishing"]);
    await played.role[Symbol.asyncDispose]();
    expect(readdirSync(stage.home)).toEqual(["codex-discord-presence.lock"]);
  },
);

test("a dashboard tries again where there were no locks", async () => {
  await using stage = new Stage();
  mkdirSync(lockPath(stage.home));
  const clock = new FakeClock();
  const played = play(stage, { mode: "dashboard", clock });
  await clock.runUntil(() => lastOf(played) === "off", "off", 1000);
  expect(played.role.state).toMatchObject({
    reason: expect.stringContaining("is not a regular file"),
  });
  rmdirSync(lockPath(stage.home));
  await clock.runUntil(() => lastOf(played) === "publishing", "the role", 11_000);
  await played.role[Symbol.asyncDispose]();
});

test("leaves while it is off", async () => {
  await using stage = new Stage();
  mkdirSync(join(stage.home, half, "x"), { recursive: true });
  const played = play(stage);
  await played.role.handOver();
  played.role.rejoin();
  await waitFor("off", () => lastOf(played) === "off");
  await played.role[Symbol.asyncDispose]();
});

const metadata = "codex-discord-presence.instance.json";

/** One that has got the role. */
async function published(stage: Stage): Promise<{ clock: FakeClock; played: Played }> {
  const clock = new FakeClock();
  const played = play(stage, { clock });
  await clock.runUntil(() => lastOf(played) === "publishing", "the role", 1000);
  return { clock, played };
}

test("lock file and metadata that somebody deletes are put back, and nothing else happens", async () => {
  await using stage = new Stage();
  const { clock, played } = await published(stage);
  const written = readFileSync(join(stage.home, metadata), "utf8");
  for (const gone of [[metadata], ["codex-discord-presence.lock"], readdirSync(stage.home)]) {
    for (const name of gone) rmSync(join(stage.home, name));
    await clock.run(10_000);
    expect(lockHolder(lockPath(stage.home))).toEqual({ kind: "held", pid: process.pid });
    expect(readFileSync(join(stage.home, metadata), "utf8")).toBe(written);
  }
  expect(played.done).toEqual(["publish"]);
  await played.role[Symbol.asyncDispose]();
  expect(readdirSync(stage.home)).toEqual(["codex-discord-presence.lock"]);
});

test("when another one has locked the new file, the first gives the role up and follows it", async () => {
  await using stage = new Stage();
  const { clock, played } = await published(stage);
  rmSync(lockPath(stage.home));
  const other = stage.child("instance-child.ts", "dashboard");
  await other.said('state {"kind":"publishing"');
  clock.advance(10_000);
  await waitFor("the end of the role", () => played.done.includes("yield"));
  await waitFor("the other one", () => {
    clock.advance(5);
    return lastOf(played) === "following";
  });
  expect(played.role.state).toMatchObject({ pid: other.pid });
  expect(readFileSync(join(stage.home, metadata), "utf8")).toContain(`"pid": ${other.pid}`);
  other.tell("end");
  await other.exited;
  await played.role[Symbol.asyncDispose]();
});

test("who leaves with its lock's file deleted leaves the metadata of the one that has the new", async () => {
  await using stage = new Stage();
  const { played } = await published(stage);
  rmSync(lockPath(stage.home));
  const other = stage.child("instance-child.ts", "dashboard");
  await other.said('state {"kind":"publishing"');
  const written = readFileSync(join(stage.home, metadata), "utf8");
  await played.role[Symbol.asyncDispose]();
  expect(readFileSync(join(stage.home, metadata), "utf8")).toBe(written);
  expect(other.ended()).toBe(false);
});
