import { expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, rmSync } from "node:fs";
import { metadataPath } from "../../src/instance/metadata.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { waitFor } from "../support/wait-for.ts";
import { isFree, lastOf, play } from "./played.ts";
import { Stage } from "./stage.ts";

setDefaultTimeout(30_000);

/** A role on a home whose disk answers when the test says so. */
async function published(stage: Stage) {
  const clock = new FakeClock();
  let asked = Promise.withResolvers<void>();
  asked.resolve();
  const played = play(stage, { clock, answers: () => asked.promise });
  await clock.runUntil(() => lastOf(played) === "publishing", "the role", 1000);
  const silence = () => (asked = Promise.withResolvers<void>());
  return { clock, played, silence, answer: () => asked.resolve() };
}

test("a home whose disk is silent is not asked for lock and metadata; the role stays", async () => {
  await using stage = new Stage();
  const { clock, played, silence, answer } = await published(stage);
  silence();
  rmSync(metadataPath(stage.home));
  await clock.run(30_000);
  expect(existsSync(metadataPath(stage.home))).toBe(false);
  expect(lastOf(played)).toBe("publishing");
  answer();
  await clock.run(20_000);
  expect(existsSync(metadataPath(stage.home))).toBe(true);
  await played.role[Symbol.asyncDispose]();
});

test("the end waits for no disk; what lies on it is taken away when it answers", async () => {
  await using stage = new Stage();
  const { clock, played, silence, answer } = await published(stage);
  silence();
  let isClosed = false;
  const closed = played.role[Symbol.asyncDispose]().then(() => (isClosed = true));
  await clock.runUntil(() => isClosed, "the end", 1000);
  await closed;
  expect(played.done).toEqual(["publish", "yield"]);
  expect(existsSync(metadataPath(stage.home))).toBe(true);
  answer();
  await waitFor("the lock is free", () => isFree(stage));
  expect(existsSync(metadataPath(stage.home))).toBe(false);
});
