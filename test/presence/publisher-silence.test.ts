import { beforeAll, describe, expect, test } from "bun:test";
import { DiscordScene, loadPackage } from "../support/discord-scene.ts";
import { settle, until } from "../support/fake-clock.ts";

beforeAll(loadPackage);

const card = { details: "Using Codex" };

describe("no reply to a card", () => {
  test("for 5 s: the state is unknown; a Discord that pongs keeps its connection", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord({ faults: { reply: "none" } });
    const publisher = scene.publisher();
    publisher.publish(card);
    await discord.waitFor(({ updates }) => updates.length === 1, "the card");
    await scene.clock.run(4900, 100);
    expect(publisher.state.discord).toBe("connected");
    await scene.clock.run(200, 100);
    expect(publisher.state).toMatchObject({
      discord: "unknown",
      reason: "no answer from Discord in 5000 ms",
    });
    discord.faults.reply = "normal";
    await scene.clock.runUntil(() => publisher.state.discord === "connected", "the repetition");
    expect(discord.accepted).toBe(1);
  });

  test("nor to a ping: the connection is given up and made anew", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord({ faults: { reply: "none", pong: false } });
    const publisher = scene.publisher();
    publisher.publish(card);
    await discord.waitFor(({ updates }) => updates.length === 1, "the card");
    await scene.clock.runUntil(() => discord.open === 0, "given up", 21_000);
    discord.faults.reply = "normal";
    discord.faults.pong = true;
    await scene.clock.runUntil(
      () => publisher.state.delivery.acknowledged === true,
      "accepted",
      40_000,
    );
  });
});

describe("an idle connection", () => {
  test("is pinged every 30 s and stays one connection for hours", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord();
    const publisher = scene.publisher();
    publisher.publish(card);
    await scene.clock.run(2 * 60 * 60_000, 5000);
    expect(discord.accepted).toBe(1);
    const pings = discord.frames.filter(({ op }) => op === 3).length;
    expect(pings).toBeGreaterThan(200);
    expect(pings).toBeLessThanOrEqual(240);
    expect(discord.updates).toHaveLength(2);
  });

  test("that hangs is noticed within 45 s", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord();
    const publisher = scene.publisher();
    await until(() => publisher.state.discord === "connected", "a connection");
    discord.faults.pong = false;
    await scene.clock.runUntil(() => discord.open === 0, "given up", 45_500);
    expect(scene.log.join("\n")).toContain("no pong from Discord in 15000 ms");
  });

  test("after a suspend is checked within 5 s, and kept when Discord answers", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord();
    const publisher = scene.publisher();
    await until(() => publisher.state.discord === "connected", "a connection");
    publisher.check();
    await scene.clock.run(6000);
    expect(discord.open).toBe(1);
    discord.faults.pong = false;
    publisher.check();
    await scene.clock.runUntil(() => discord.open === 0, "given up", 5200);
    discord.faults.pong = true;
    await scene.clock.runUntil(() => publisher.state.discord === "connected", "again", 40_000);
  });
});

describe("hours without Discord", () => {
  test("one timer, and no memory", async () => {
    await using scene = DiscordScene.withFakeClock();
    const publisher = scene.publisher();
    publisher.publish(card);
    await scene.clock.run(30 * 60_000, 5000);
    const before = heap(scene);
    expect(scene.clock.pending).toBe(1);
    await scene.clock.run(3 * 60 * 60_000, 5000);
    expect(scene.clock.pending).toBe(1);
    expect(heap(scene) - before).toBeLessThan(512 * 1024);
    expect(publisher.state.discord).toBe("absent");
    expect(scene.log).toHaveLength(0);
  });
});

describe("closing", () => {
  test("a Discord that does not answer is waited for no longer than 150 ms", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord();
    const publisher = scene.publisher();
    publisher.publish(card);
    await until(() => publisher.state.delivery.acknowledged === true, "accepted");
    discord.faults.reply = "none";
    let closed = false;
    void publisher.close().then(() => (closed = true));
    await discord.waitFor(({ visible }) => visible === undefined, "the clear");
    scene.clock.advance(149);
    await settle();
    expect(closed).toBe(false);
    scene.clock.advance(1);
    await until(() => closed, "closed");
    await discord.waitFor(({ open }) => open === 0, "the end of the connection");
    expect(scene.clock.pending).toBe(0);
  });

  test("before, during and after connecting leaves no timer and no socket", async () => {
    for (const turns of [0, 1, 2, 3, 4, 5, 6, 8, 10, 15]) {
      await using scene = DiscordScene.withFakeClock();
      const discord = await scene.discord({ faults: { readyDelay: turns > 5 ? 1000 : 0 } });
      const publisher = scene.publisher();
      publisher.publish(card);
      await settle(turns);
      let closed = false;
      void publisher.close().then(() => (closed = true));
      await until(() => closed, "closed");
      await discord.waitFor(({ open }) => open === 0, "no socket");
      scene.clock.advance(10_000);
      await settle(5);
      expect([turns, scene.clock.pending, discord.open]).toEqual([turns, 0, 0]);
      expect(discord.visible).toBeUndefined();
    }
  });

  test("twice is once, and nothing is shown afterwards", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord();
    const publisher = scene.publisher();
    publisher.publish(card);
    await until(() => publisher.state.delivery.acknowledged === true, "accepted");
    await Promise.all([publisher.close(), publisher.close()]);
    publisher.publish({ details: "Too late" });
    publisher.start();
    publisher.reconnect();
    publisher.check();
    await scene.clock.run(120_000);
    expect(discord.accepted).toBe(1);
    expect(discord.updates.map(({ activity }) => activity?.["details"])).toEqual([
      "Using Codex",
      undefined,
    ]);
  });

  test("a clear that is on its way is waited for, and sent only once", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord();
    const publisher = scene.publisher();
    publisher.publish(card);
    await until(() => publisher.state.delivery.acknowledged === true, "accepted");
    publisher.publish(undefined);
    await publisher.close();
    expect(discord.updates).toHaveLength(2);
    expect(discord.visible).toBeUndefined();
  });
});

function heap(scene: DiscordScene): number {
  scene.log.length = 0;
  Bun.gc(true);
  return process.memoryUsage().heapUsed;
}
