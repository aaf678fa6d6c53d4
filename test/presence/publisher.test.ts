import { beforeAll, describe, expect, test } from "bun:test";
import { systemClock } from "../../src/lib/clock.ts";
import type { DiscordState } from "../../src/presence/recipient.ts";
import { clientId, DiscordScene, loadPackage } from "../support/discord-scene.ts";
import { wallClock } from "../support/fake-discord-frames.ts";
import { until } from "../support/fake-clock.ts";

beforeAll(loadPackage);

describe("a card", () => {
  test("is shown at once and taken away at the end", async () => {
    await using scene = new DiscordScene(systemClock);
    const discord = await scene.discord();
    const publisher = scene.publisher();
    publisher.publish({ details: "Using Codex", state: "Thinking" });
    await discord.waitFor(({ visible }) => visible?.["state"] === "Thinking", "the card");
    await until(() => publisher.state.delivery.acknowledged === true, "an answer");
    expect(publisher.state).toMatchObject({ discord: "connected", client: "stable" });
    await publisher.close();
    await discord.waitFor(({ open }) => open === 0, "the end of the connection");
    expect(discord.updates.map(({ activity, fate }) => [activity?.["state"], fate])).toEqual([
      ["Thinking", "shown"],
      [undefined, "shown"],
    ]);
    expect(discord.frames[0]).toMatchObject({ op: 0, data: { v: 1, client_id: clientId } });
  });

  test("that is equal is not sent again", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord();
    const publisher = scene.publisher();
    for (let at = 0; at < 10; at += 1) publisher.publish({ details: "Using Codex" });
    await scene.clock.run(60_000);
    publisher.publish({ details: "Using Codex " }); // The same, once it is clamped.
    await scene.clock.run(60_000);
    expect(discord.updates).toHaveLength(2);
  });

  test("is taken away at once when nothing is to be shown", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord();
    const publisher = scene.publisher();
    publisher.publish({ details: "Using Codex" });
    await discord.waitFor(({ visible }) => visible !== undefined, "the card");
    publisher.publish(undefined);
    await discord.waitFor(({ visible }) => visible === undefined, "no card");
  });

  test("wanted before Discord is there is shown when it comes", async () => {
    await using scene = DiscordScene.withFakeClock();
    const publisher = scene.publisher();
    publisher.publish({ details: "Using Codex" });
    await scene.clock.run(3 * 60_000);
    expect(publisher.state).toMatchObject({ discord: "absent", reason: "Discord is not running" });
    const discord = await scene.discord();
    const appeared = scene.clock.monotonic();
    await scene.clock.runUntil(() => discord.visible !== undefined, "the card");
    expect(scene.clock.monotonic() - appeared).toBeLessThanOrEqual(6000);
  });
});

describe("two Discords", () => {
  test("the first is shown the card; when it quits, the other is", async () => {
    await using scene = DiscordScene.withFakeClock();
    const first = await scene.discord({}, 0);
    const canary = { v: 1, config: { api_endpoint: "//canary.discord.com/api" } };
    const second = await scene.discord({ faults: { readyData: canary } }, 1);
    const publisher = scene.publisher();
    publisher.publish({ details: "Using Codex" });
    await scene.clock.run(20_000, 500);
    expect([first.visible !== undefined, second.accepted]).toEqual([true, 0]);
    await first.stop();
    await scene.clock.runUntil(() => second.visible !== undefined, "the card", 40_000);
    expect(publisher.state.client).toBe("canary");
  });
});

describe("under Discord's own limits", () => {
  test("400 changes in 100 s: nothing dropped, the last one shown", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord();
    const publisher = scene.publisher();
    for (let at = 0; at < 400; at += 1) {
      publisher.publish({ details: "Using Codex", state: `Step ${at}` });
      await scene.clock.run(250, 250);
    }
    await scene.clock.run(25_000, 250);
    expect(discord.visible).toMatchObject({ state: "Step 399" });
    expect(discord.updates.filter(({ fate }) => fate !== "shown")).toEqual([]);
    expect(discord.updates.length).toBeGreaterThan(15);
  });

  test("after four cards within 15 s an approval is on the card at once", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord();
    const publisher = scene.publisher();
    await scene.clock.runUntil(() => publisher.state.discord === "connected", "a connection");
    for (let at = 0; at < 4; at += 1) {
      publisher.publish({ details: "Using Codex", state: `Step ${at}` });
      await scene.clock.run(3600, 100);
    }
    publisher.publish({ details: "Waiting for approval" }, { attention: "1" });
    await scene.clock.run(20, 10);
    expect(discord.visible).toMatchObject({ details: "Waiting for approval" });
    expect(publisher.state.delivery).toMatchObject({ acknowledged: true, pending: undefined });
  });

  test("a clear that comes when six frames are under way is not dropped", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord();
    const publisher = scene.publisher();
    await scene.clock.runUntil(() => publisher.state.discord === "connected", "a connection");
    // A machine so slow that what was sent over 15 s arrives together.
    discord.faults.arrivalDelay = 15_000;
    for (let at = 0; at < 5; at += 1) {
      publisher.publish({ details: "Using Codex", state: `Step ${at}` });
      await scene.clock.run(3600, 100);
    }
    discord.faults.arrivalDelay = 0;
    publisher.publish(undefined);
    await scene.clock.run(60_000, 100);
    expect(discord.visible).toBeUndefined();
    expect(discord.updates.filter(({ fate }) => fate !== "shown")).toEqual([]);
  });

  test("a clear that Discord does not answer is sent again", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord();
    const publisher = scene.publisher();
    publisher.publish({ details: "Using Codex" });
    await scene.clock.runUntil(() => discord.visible !== undefined, "the card");
    discord.faults.reply = "none";
    publisher.publish(undefined);
    await scene.clock.run(1100, 100);
    expect(discord.updates.map(({ activity }) => activity === undefined)).toEqual([
      false,
      true,
      true,
    ]);
    expect(publisher.state.delivery).toMatchObject({ card: undefined, acknowledged: undefined });
    await scene.clock.run(4000, 100);
    expect(publisher.state.delivery.acknowledged).toBe(false);
  });

  test("a card that must go though five places are spent goes with its connection", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord();
    const publisher = scene.publisher({ inheritedAges: [4000, 2000, 1000, 500] });
    publisher.publish({ details: "Waiting for approval" }, { attention: "1" });
    await scene.clock.run(16_500, 100);
    publisher.publish({ details: "Waiting" }, { privacy: "other" });
    expect(publisher.state.delivery.card?.activity.details).toBe("Waiting");
    const sent = discord.updates.length;
    for (const privacy of ["a", "b", "c", "d", "e"]) {
      publisher.publish({ details: `Waiting ${privacy}` }, { privacy });
      await scene.clock.run(10, 10);
    }
    await scene.clock.run(1000, 100);
    expect(discord.visible).toBeUndefined();
    expect(publisher.state.delivery).toMatchObject({
      card: undefined,
      acknowledged: undefined,
      pending: { card: { activity: { details: "Waiting e" } } },
    });
    expect(discord.updates.length - sent).toBeLessThan(5);
    await scene.clock.runUntil(() => discord.visible !== undefined, "the card", 60_000);
    expect(discord.visible).toMatchObject({ details: "Waiting e" });
    expect(discord.updates.filter(({ fate }) => fate !== "shown")).toEqual([]);
  });

  test("an equal card under another privacy is no news, but what the next is compared with", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord();
    const publisher = scene.publisher();
    publisher.publish({ details: "Running" }, { privacy: "1" });
    await scene.clock.runUntil(() => publisher.state.delivery.acknowledged === true, "taken");
    publisher.publish({ details: "Running" }, { privacy: "2" });
    publisher.publish({ details: "Thinking" }, { privacy: "2" });
    await scene.clock.run(1000, 100);
    expect(discord.updates).toHaveLength(1);
  });

  test.each([
    ["does not answer", "none"],
    ["refuses all", { code: 4000, message: "bad" }],
  ] as const)("a Discord that %s is told of changes all the same", async (_, reply) => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord({ faults: { reply } });
    const publisher = scene.publisher();
    for (let at = 0; at < 100; at += 1) {
      publisher.publish({ details: `Card ${at}` });
      await scene.clock.run(1000, 250);
    }
    expect(discord.accepted).toBe(1);
    expect(discord.updates.length).toBeGreaterThan(8);
    expect(discord.updates.filter(({ fate }) => fate === "dropped")).toEqual([]);
  });

  test("starting up is sent only when nothing else comes in two seconds", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord();
    const publisher = scene.publisher();
    await scene.clock.runUntil(() => publisher.state.discord === "connected", "a connection");
    publisher.publish({ details: "Starting up" }, { starting: true });
    await scene.clock.run(1000, 100);
    publisher.publish({ details: "Starting up", state: "gpt" }, { starting: true });
    await scene.clock.run(900, 100);
    expect(discord.updates).toEqual([]);
    expect(publisher.state.delivery.pending?.card?.activity.state).toBe("gpt");
    await scene.clock.run(200, 100);
    expect(discord.updates).toHaveLength(1);
  });

  test("eight tool events in three seconds send two frames", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord();
    const publisher = scene.publisher();
    await scene.clock.runUntil(() => publisher.state.discord === "connected", "a connection");
    for (let at = 0; at < 8; at += 1) {
      publisher.publish({ details: "Using Codex", state: `Tool ${at}` });
      await scene.clock.run(428, 100);
    }
    await scene.clock.run(10_000);
    const states = discord.updates.map(({ activity }) => activity?.["state"]);
    expect(states).toEqual(["Tool 0", "Tool 7"]);
  });

  test("what the last publisher sent is counted by the next", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord();
    const publisher = scene.publisher({ inheritedAges: [4000, 3000, 2000] });
    publisher.publish({ details: "Using Codex" });
    await scene.clock.run(15_000);
    expect(discord.updates).toEqual([]);
    await scene.clock.run(2000);
    expect(discord.updates).toHaveLength(1);
    expect(publisher.sendAges.length).toBe(3);
  });
});

describe("state", () => {
  test("is told to listeners, and one that throws harms nobody", async () => {
    await using scene = DiscordScene.withFakeClock();
    const publisher = scene.publisher();
    const told: DiscordState["discord"][] = [];
    using _bad = publisher.onState(() => {
      throw new Error("not our fault");
    });
    using _good = publisher.onState(({ discord }) => void told.push(discord));
    const discord = await scene.discord();
    await scene.clock.runUntil(() => told.includes("connected"), "connected");
    await discord.stop();
    await until(() => told.includes("absent"), "absent");
    expect(told).toEqual(["connecting", "connected", "connecting", "absent"]);
    expect(scene.log.join("\n")).toContain("not our fault");
  });
});

describe("a fault of ours", () => {
  test("in the search is logged and harms nobody", async () => {
    await using scene = DiscordScene.withFakeClock();
    let broken = true;
    const discord = await scene.discord();
    const publisher = scene.publisher({
      find: async () => {
        if (broken) throw new Error("broken search");
        return scene.find();
      },
    });
    publisher.publish({ details: "Using Codex" });
    await scene.clock.run(20_000);
    expect(scene.log.join("\n")).toContain("broken search");
    broken = false;
    await scene.clock.runUntil(() => discord.visible !== undefined, "the card", 6000);
  });
});

describe("the debug log", () => {
  test("has the moment of each frame", async () => {
    await using scene = new DiscordScene(systemClock);
    const discord = await scene.discord();
    const publisher = scene.publisher();
    await until(() => publisher.state.discord === "connected", "a connection");
    const before = wallClock();
    publisher.publish({ details: "Using Codex" });
    await discord.waitFor(({ updates }) => updates.length === 1, "the card");
    const line = scene.log.find((message) => message.startsWith("sent #1"));
    const wall = Number(/ wall=([\d.]+) held=[\d.]+ \{/.exec(line ?? "")?.[1]);
    // Between the order and the arrival, by the same clock; its digits end at the microsecond.
    expect(wall).toBeWithin(before - 1, (discord.updates[0]?.at ?? 0) + 1);
  });
});
