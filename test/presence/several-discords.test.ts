import { beforeAll, describe, expect, test } from "bun:test";
import { symlinkSync } from "node:fs";
import { type Choice, choiceOf } from "../../src/discord/choice.ts";
import { DiscordScene, loadPackage } from "../support/discord-scene.ts";
import { until } from "../support/fake-clock.ts";
import type { Faults } from "../support/fake-discord-record.ts";
import type { FakeDiscord } from "../support/fake-discord.ts";

beforeAll(loadPackage);

const card = { details: "Using Codex" };
const all = (): Choice => ({ kind: "all" });

/** A Discord that says which it is, as Discord does. */
function edition(name: "stable" | "ptb" | "canary"): Partial<Faults> {
  const host = name === "stable" ? "discord.com" : `${name}.discord.com`;
  const config = { api_endpoint: `//${host}/api`, environment: "production" };
  return { readyData: { v: 1, config, user: { id: "1" } } };
}

const shows = ({ visible }: FakeDiscord): boolean => visible !== undefined;

describe("all Discords", () => {
  test("are shown the card, each on a connection of its own, and lose it at the end", async () => {
    await using scene = DiscordScene.withFakeClock();
    const one = await scene.discord({ faults: edition("stable") }, 0);
    const two = await scene.discord({ faults: edition("canary") }, 4);
    const publisher = scene.publisher({ choice: all });
    publisher.publish(card);
    await until(() => [one, two].every(shows), "both cards");
    await until(() => publisher.state.delivery.acknowledged === true, "accepted");
    expect(publisher.state).toMatchObject({
      discord: "connected",
      reason: "discord-ipc-0 (stable): connected; discord-ipc-4 (canary): connected",
      client: "stable, canary",
    });
    publisher.publish({ details: "Another" });
    await scene.clock.runUntil(
      () => [one, two].every(({ visible }) => visible?.["details"] === "Another"),
      "both changes",
    );
    await publisher.close();
    expect([one.visible, two.visible]).toEqual([undefined, undefined]);
    await until(() => one.open + two.open === 0, "closed");
    expect([one.accepted, two.accepted]).toEqual([1, 1]);
    expect(scene.clock.pending).toBe(0);
  });

  test("one that comes later is shown the card within 5 s, one that goes is forgotten", async () => {
    await using scene = DiscordScene.withFakeClock();
    const publisher = scene.publisher({ choice: all });
    publisher.publish(card);
    expect(publisher.state).toMatchObject({
      discord: "absent",
      reason: "Discord is not running",
    });
    const one = await scene.discord({ faults: edition("ptb") }, 3);
    await scene.clock.runUntil(() => shows(one), "the first card", 5500);
    await scene.clock.run(180_000, 1000);
    const two = await scene.discord({ faults: edition("stable") }, 0);
    await scene.clock.runUntil(() => shows(two), "the second card", 5500);
    expect(one.accepted).toBe(1);
    await one.stop();
    await scene.clock.run(20_000, 1000);
    expect(publisher.state).toMatchObject({ discord: "connected", client: "stable" });
    expect(publisher.state.reason).toBe(`connected at ${scene.path(0)}`);
    expect(shows(two)).toBe(true);
  });

  test("one that hangs or refuses is no hindrance for the others, and is named", async () => {
    await using scene = DiscordScene.withFakeClock();
    const hung = await scene.discord({ faults: { handshake: "hang" } }, 0);
    const no = { handshake: { code: 4000, message: "Invalid Client ID" } };
    await scene.discord({ faults: no }, 1);
    const good = await scene.discord({ faults: edition("stable") }, 2);
    const publisher = scene.publisher({ choice: all });
    publisher.publish(card);
    await until(() => shows(good), "the card");
    await until(() => publisher.state.reason.includes("refused"), "the refusal");
    expect(publisher.state.discord).toBe("connected");
    expect(publisher.state.reason).toMatch(
      /^discord-ipc-0: trying .+-0; discord-ipc-1: Discord refused the client id \(4000 .*\); discord-ipc-2 \(stable\): connected$/,
    );
    await hung.waitFor(({ accepted }) => accepted === 1, "the hung one was tried");
  });

  test("each keeps Discord's limits by itself: one that restarts takes nothing from the other", async () => {
    await using scene = DiscordScene.withFakeClock();
    const one = await scene.discord({}, 0);
    const two = await scene.discord({}, 1);
    const publisher = scene.publisher({ choice: all });
    for (let at = 0; at < 100; at += 1) {
      publisher.publish({ details: `Card ${at}` });
      if (at % 25 === 10) one.hangUp();
      await scene.clock.run(1000, 250);
    }
    await scene.clock.runUntil(
      () => [one, two].every(({ visible }) => visible?.["details"] === "Card 99"),
      "the last card at both",
      60_000,
    );
    const fates = [one, two].map(({ updates }) => new Set(updates.map(({ fate }) => fate)));
    expect(fates).toEqual([new Set(["shown"]), new Set(["shown"])]);
    expect(two.accepted).toBe(1);
    expect(one.accepted).toBeLessThanOrEqual(5);
  });

  test("what the last publisher sent counts for each, and what was sent for the next", async () => {
    await using scene = DiscordScene.withFakeClock();
    await scene.discord({}, 0);
    const two = await scene.discord({}, 1);
    const publisher = scene.publisher({ choice: all, inheritedAges: [9000, 6000, 10] });
    expect(publisher.sendAges).toEqual([9000, 6000, 10]);
    publisher.publish(card);
    await scene.clock.run(11_000, 500);
    expect(two.updates).toEqual([]);
    await scene.clock.run(2000, 500);
    expect(two.updates).toHaveLength(1);
    expect(publisher.sendAges).toHaveLength(3);
  });

  test("crowds and dead sockets: ten at most, and no growth", async () => {
    await using scene = DiscordScene.withFakeClock();
    const crowd = await Promise.all(
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => scene.discord({}, n)),
    );
    const publisher = scene.publisher({ choice: all });
    publisher.publish(card);
    await until(() => crowd.every(shows), "ten cards");
    for (const discord of crowd.slice(1)) await discord.crash();
    await scene.clock.run(10 * 60_000, 1000);
    expect(publisher.state.reason).toBe(`connected at ${scene.path(0)}`);
    expect(scene.clock.pending).toBeLessThan(20);
    expect(publisher.state.reason.length).toBeLessThanOrEqual(300);
  });
});

test("a Discord that stands at two paths, one a link to the other, is told once", async () => {
  await using scene = DiscordScene.withFakeClock();
  const discord = await scene.discord({ faults: edition("stable") }, 1);
  symlinkSync(scene.path(1), scene.path(0));
  const publisher = scene.publisher({ choice: all });
  publisher.publish(card);
  await until(() => shows(discord), "the card");
  await scene.clock.run(30_000, 1000);
  expect([discord.accepted, discord.open]).toEqual([1, 1]);
  expect(publisher.state.reason).toBe(`connected at ${scene.path(0)}`);
});

describe("the one that is chosen", () => {
  test.each(["stable", "ptb", "canary"] as const)("%s among three", async (name) => {
    await using scene = DiscordScene.withFakeClock();
    const names = ["ptb", "canary", "stable"] as const;
    const three = await Promise.all(
      names.map((each, n) => scene.discord({ faults: edition(each) }, n)),
    );
    const publisher = scene.publisher({ choice: () => choiceOf(name) });
    publisher.publish(card);
    await until(() => three.some(shows), "the card");
    expect(three.map(shows)).toEqual(names.map((each) => each === name));
    expect(publisher.state.client).toBe(name);
    await until(() => three.every((it) => it.open === (shows(it) ? 1 : 0)), "the others left");
  });

  test("is not there: the others are looked at once, not again and again", async () => {
    await using scene = DiscordScene.withFakeClock();
    const one = await scene.discord({ faults: edition("stable") }, 0);
    const two = await scene.discord({ faults: edition("ptb") }, 1);
    const publisher = scene.publisher({ choice: () => choiceOf("canary") });
    publisher.publish(card);
    await until(() => publisher.state.discord === "absent", "not there");
    expect(publisher.state.reason).toBe("Discord canary is not running, only stable, ptb");
    await scene.clock.run(60 * 60_000, 5000);
    expect([one.accepted, two.accepted, one.updates.length]).toEqual([1, 1, 0]);
    const three = await scene.discord({ faults: edition("canary") }, 2);
    await scene.clock.runUntil(() => shows(three), "the card", 5500);
    expect([one.accepted, two.accepted]).toEqual([1, 1]);
  });

  test("comes in place of another, on the same socket", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord({ faults: edition("stable") });
    const publisher = scene.publisher({ choice: () => choiceOf("canary") });
    publisher.publish(card);
    await until(() => publisher.state.reason.includes("only stable"), "not there");
    await discord.stop();
    await scene.clock.run(60_000, 1000);
    discord.faults.readyData = edition("canary").readyData;
    await discord.listen();
    await scene.clock.runUntil(() => shows(discord), "the card", 5500);
  });

  test("comes in place of another on a pipe, which looks the same: seen within two minutes", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord({ faults: edition("stable") });
    const find = async () =>
      (await scene.find()).map((socket) => ({ ...socket, identity: socket.place.path }));
    const publisher = scene.publisher({ find, choice: () => choiceOf("canary") });
    publisher.publish(card);
    await until(() => publisher.state.reason.includes("only stable"), "not there");
    await scene.clock.run(30 * 60_000, 1000);
    expect(discord.accepted).toBeGreaterThan(5);
    expect(discord.accepted).toBeLessThanOrEqual(16);
    discord.faults.readyData = edition("canary").readyData;
    await scene.clock.runUntil(() => shows(discord), "the card", 130_000);
  });

  test("one that does not tell which it is, is not it", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord({ faults: { readyData: { v: 1 } } });
    const publisher = scene.publisher({ choice: () => choiceOf("stable") });
    publisher.publish(card);
    await until(() => publisher.state.discord === "absent", "not there");
    expect(publisher.state.reason).toBe(
      "Discord stable is not running, only one that does not say which it is",
    );
    await scene.clock.run(60_000, 1000);
    expect(discord.updates).toEqual([]);
  });

  test("that hangs up each time lets another of the same kind have its turn", async () => {
    await using scene = DiscordScene.withFakeClock();
    const bad = await scene.discord({ faults: edition("stable") }, 0);
    const good = await scene.discord({ faults: edition("stable") }, 1);
    const publisher = scene.publisher();
    publisher.publish(card);
    await until(() => shows(bad), "the first card");
    bad.hangUp();
    await scene.clock.runUntil(() => shows(good), "the card at the other", 40_000);
    expect(bad.accepted).toBe(1);
  });
});

test("another choice while it runs: the card goes from one to the other", async () => {
  await using scene = DiscordScene.withFakeClock();
  const one = await scene.discord({ faults: edition("stable") }, 0);
  const two = await scene.discord({ faults: edition("canary") }, 1);
  let setting = "first";
  const publisher = scene.publisher({ choice: () => choiceOf(setting) });
  publisher.publish(card);
  await until(() => shows(one), "the card");
  setting = "canary";
  publisher.reconnect();
  await scene.clock.runUntil(() => shows(two) && !shows(one), "the card at the other");
  setting = "all";
  publisher.reconnect();
  await scene.clock.runUntil(() => shows(two) && shows(one), "the card at both", 130_000);
  expect(publisher.sendAges.length).toBeGreaterThan(0);
  setting = "first";
  publisher.reconnect();
  await publisher.close();
  expect([shows(one), shows(two)]).toEqual([false, false]);
  expect(publisher.state).toMatchObject({ discord: "unknown", reason: "closed" });
  await until(() => one.open + two.open === 0, "no connection is left");
});

test("two other choices at once leave no card behind, and the last one counts", async () => {
  await using scene = DiscordScene.withFakeClock();
  const one = await scene.discord({ faults: edition("stable") }, 0);
  const two = await scene.discord({ faults: edition("canary") }, 1);
  let setting = "all";
  const publisher = scene.publisher({ choice: () => choiceOf(setting) });
  publisher.publish(card);
  await until(() => shows(one) && shows(two), "both cards");
  for (const next of ["first", "all", "stable", "canary"]) {
    setting = next;
    publisher.reconnect();
  }
  await scene.clock.runUntil(() => shows(two) && !shows(one), "only the last", 130_000);
  await scene.clock.run(60_000, 1000);
  expect([shows(one), shows(two), one.open + two.open]).toEqual([false, true, 1]);
  await publisher.close();
  await until(() => one.open + two.open === 0, "no connection is left");
  expect(scene.clock.pending).toBe(0);
});
