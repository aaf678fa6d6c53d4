import { beforeAll, describe, expect, test } from "bun:test";
import { heapStats } from "bun:jsc";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { DiscordScene, loadPackage } from "../support/discord-scene.ts";
import { settle, until } from "../support/fake-clock.ts";
import { frame, leaveDeadSocket, rawFrame } from "../support/fake-discord-frames.ts";
import type { Faults } from "../support/fake-discord-record.ts";

beforeAll(loadPackage);

const card = { details: "Using Codex", state: "Thinking" };

describe("nothing that answers", () => {
  test("a dead socket, a file, a folder and a link to nothing are no Discord", async () => {
    await using scene = DiscordScene.withFakeClock();
    await leaveDeadSocket(scene.path(0));
    writeFileSync(scene.path(1), "");
    mkdirSync(scene.path(2));
    symlinkSync("/nowhere", scene.path(3));
    const publisher = scene.publisher();
    publisher.publish(card);
    await until(() => publisher.state.reason.startsWith("nobody listens"), "an answer");
    expect(publisher.state.discord).toBe("absent");
    const discord = await scene.discord({}, 4);
    await scene.clock.runUntil(() => discord.visible !== undefined, "the card", 10_000);
  });

  test("a dead socket that comes alive is found within 5 s, after any backoff", async () => {
    await using scene = DiscordScene.withFakeClock();
    await leaveDeadSocket(scene.path());
    const publisher = scene.publisher({ random: () => 0.999 });
    publisher.publish(card);
    await scene.clock.run(570_000, 500); // The next try of its own is half a minute away.
    const discord = await scene.discord();
    await scene.clock.runUntil(() => discord.visible !== undefined, "the card", 5500);
  });

  test("killed, its socket left behind, and started again: the card comes back", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord();
    const publisher = scene.publisher();
    publisher.publish(card);
    await discord.waitFor(({ visible }) => visible !== undefined, "the card");
    await discord.crash();
    await scene.clock.run(280_000, 500); // The next try of its own is 20 s away.
    expect(publisher.state.discord).toBe("absent");
    await discord.listen();
    await scene.clock.runUntil(() => discord.visible !== undefined, "the card again", 5500);
  });

  test("a third connection within a minute: its late READY is waited for", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord();
    const publisher = scene.publisher();
    publisher.publish(card);
    for (let connection = 1; connection <= 2; connection += 1) {
      await until(() => publisher.state.discord === "connected", "a connection");
      publisher.reconnect();
      expect(publisher.state.discord).toBe("connecting");
    }
    await scene.clock.run(55_000, 500);
    expect(publisher.state.discord).toBe("connecting");
    await scene.clock.runUntil(() => discord.visible !== undefined, "the card", 6000);
    expect(discord.accepted).toBe(3);
  });

  test("hung: after 3 s the next is asked while the first stays open, and the first READY wins", async () => {
    await using scene = DiscordScene.withFakeClock();
    const hung = await scene.discord({ faults: { handshake: "hang" } }, 0);
    const good = await scene.discord({}, 1);
    const publisher = scene.publisher();
    publisher.publish(card);
    await scene.clock.run(2900, 100);
    expect([hung.open, good.open]).toEqual([1, 0]);
    await scene.clock.runUntil(() => good.visible !== undefined, "the card", 1000);
    await hung.waitFor(({ open }) => open === 0, "the loser closed");
  });

  test("hung for good: given up after 90 s, without a storm of connections", async () => {
    await using scene = DiscordScene.withFakeClock();
    const hung = await scene.discord({ faults: { handshake: "hang" } });
    const publisher = scene.publisher();
    await scene.clock.run(89_000, 500);
    expect([hung.accepted, publisher.state.discord]).toEqual([1, "connecting"]);
    await scene.clock.run(2000, 500);
    expect(scene.log).toContain("unknown: no READY from Discord in 90000 ms");
    expect(hung.open).toBeLessThanOrEqual(1);
    await scene.clock.run(60 * 60_000, 1000);
    expect(hung.accepted).toBeLessThanOrEqual(41);
  });

  test.each([12_000, 70_000])("READY that comes after %d ms is waited for", async (readyDelay) => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord({ faults: { readyDelay } });
    const publisher = scene.publisher();
    publisher.publish(card);
    await scene.clock.runUntil(() => discord.visible !== undefined, "the card", readyDelay + 1000);
    expect(discord.accepted).toBe(1);
    expect(publisher.state.discord).toBe("connected");
  });
});

describe("Discord refuses", () => {
  test("an unknown client id (4000) is not asked again until the configuration changes", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord();
    const publisher = scene.publisher({ clientId: "12345" });
    publisher.publish(card);
    await until(() => publisher.state.discord === "refused", "the refusal");
    expect(publisher.state.reason).toBe("Discord refused the client id (4000 Invalid Client ID)");
    await scene.clock.run(60 * 60_000, 1000);
    publisher.check();
    await scene.clock.run(10_000);
    expect(discord.accepted).toBe(1);
    publisher.reconnect("1470480085453770854");
    await discord.waitFor(({ visible }) => visible !== undefined, "the card");
  });

  test("a pause (4002) lasts a minute at least", async () => {
    await using scene = DiscordScene.withFakeClock();
    const handshake = { code: 4002, message: "Rate limited" };
    const discord = await scene.discord({ faults: { handshake } });
    scene.publisher();
    await discord.waitFor(({ accepted, open }) => accepted === 1 && open === 0, "the close");
    await scene.clock.run(59_000);
    expect(discord.accepted).toBe(1);
    await scene.clock.runUntil(() => discord.accepted === 2, "another try", 10_000);
  });

  test("a handshake that is dropped is tried again, twice a minute at most", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord({ faults: { handshake: "drop" } });
    const publisher = scene.publisher({ random: () => 0 });
    publisher.publish(card);
    await scene.clock.run(10 * 60_000, 500);
    expect(discord.accepted).toBeGreaterThan(10);
    expect(discord.accepted).toBeLessThanOrEqual(22);
    discord.faults.handshake = "ready";
    await scene.clock.runUntil(() => discord.visible !== undefined, "the card", 121_000);
  });

  test("a card (ERROR) leaves the connection, and the state says why", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord({ faults: { reply: { code: 4000, message: "bad" } } });
    const publisher = scene.publisher();
    publisher.publish(card);
    await until(() => publisher.state.reason.includes("refused"), "the refusal");
    expect(publisher.state).toMatchObject({
      discord: "connected",
      reason: "Discord refused the card: 4000 bad",
    });
    expect(publisher.state.delivery.acknowledged).toBe(false);
    discord.faults.reply = { code: 4000, message: `\u001B[2J\u202E${"x".repeat(1000)}` };
    publisher.publish({ details: "Another" });
    await scene.clock.runUntil(() => publisher.state.reason.includes("xxx"), "no control codes");
    expect(publisher.state.reason).toMatch(/^Discord refused the card: 4000 {2}\[2J x+$/);
    expect(publisher.state.reason).toHaveLength(300);
    discord.faults.reply = "error without data";
    publisher.publish({ details: "A third" });
    await scene.clock.runUntil(() => publisher.state.reason.includes("no reason"), "no reason");
    expect(discord.open).toBe(1);
  });
});

describe("the connection ends", () => {
  const ends: readonly (readonly [string, (discord: Discord) => void])[] = [
    ["FIN", (discord) => discord.hangUp("fin")],
    ["destroyed", (discord) => discord.hangUp("destroy")],
    ["CLOSE 1000", (discord) => discord.closeAll(1000, "bye")],
    ["oversize", (discord) => discord.write(rawFrame(1, Buffer.alloc(0), 0xff_ff_ff_ff))],
  ];

  test.each([...ends])("%s while idle: connected again, the card sent again", async (_, end) => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord();
    const publisher = scene.publisher();
    publisher.publish(card);
    await scene.clock.run(20_000); // The card has been repeated, so only the new connection counts.
    expect(discord.updates).toHaveLength(2);
    end(discord);
    await until(() => publisher.state.discord === "connecting", "the loss");
    expect(publisher.state.reason).toContain("connection lost");
    await discord.waitFor(({ open }) => open === 0, "closed");
    await scene.clock.run(29_000);
    expect(discord.accepted).toBe(1);
    await scene.clock.runUntil(() => discord.visible !== undefined, "the card again", 10_000);
    expect(discord.accepted).toBe(2);
  });

  test.each([...ends])("%s in the middle of a request", async (_, end) => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord({ faults: { reply: "none" } });
    const publisher = scene.publisher();
    publisher.publish(card);
    await discord.waitFor(({ updates }) => updates.length === 1, "the request");
    discord.faults.reply = "normal";
    end(discord);
    await scene.clock.runUntil(() => discord.updates.length === 2, "the card again", 40_000);
    await until(() => publisher.state.delivery.acknowledged === true, "accepted");
  });

  test.each([...ends])(
    "%s while our loop is busy: the write that fails is no crash",
    async (_, end) => {
      await using scene = DiscordScene.withFakeClock();
      const discord = await scene.discord();
      const publisher = scene.publisher();
      await until(() => publisher.state.discord === "connected", "a connection");
      end(discord);
      for (let at = 0; at < 5; at += 1) {
        publisher.publish({ details: `Card ${at}` }); // Before the loop has seen the end.
        scene.clock.advance(3500);
      }
      await scene.clock.runUntil(
        () => discord.visible?.["details"] === "Card 4",
        "the last",
        60_000,
      );
    },
  );

  test("1000 restarts: no growth in timers, sockets or heap", async () => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord();
    const publisher = scene.publisher({ random: () => 0 });
    publisher.publish(card);
    const restart = async (): Promise<void> => {
      await until(() => discord.visible !== undefined, "the card");
      discord.hangUp();
      await until(() => publisher.state.discord === "connecting" && discord.open === 0, "the loss");
      await scene.clock.run(31_000, 31_000);
    };
    for (let at = 0; at < 100; at += 1) await restart();
    const before = await footprint(scene, discord);
    for (let at = 0; at < 900; at += 1) await restart();
    const after = await footprint(scene, discord);
    expect(discord.accepted).toBe(1001);
    expect(after.pending).toBe(before.pending);
    expect(after.timers).toBeLessThanOrEqual(before.timers + 2);
    expect(after.sockets).toBeLessThanOrEqual(before.sockets + 5);
    expect(after.heap - before.heap).toBeLessThan(1024 * 1024);
  }, 60_000);
});

type Discord = Awaited<ReturnType<DiscordScene["discord"]>>;

/** What could grow, once the records of the fake itself are thrown away. */
async function footprint(scene: DiscordScene, discord: Discord) {
  discord.forget();
  scene.log.length = 0;
  for (let round = 0; round < 3; round += 1) {
    await settle(20);
    Bun.gc(true);
  }
  const { heapSize, objectTypeCounts } = heapStats();
  const count = (name: string): number => objectTypeCounts[name] ?? 0;
  return {
    pending: scene.clock.pending,
    timers: count("Timeout"),
    sockets: count("TCPSocket"),
    heap: heapSize,
  };
}

describe("odd frames", () => {
  const odd: readonly (readonly [string, Partial<Faults>])[] = [
    ["one byte at a time", { writes: "bytes" }],
    ["null before each frame", { before: frame(1, null) }],
    ["garbage before each frame", { before: rawFrame(1, Buffer.from("{nope")) }],
    ["an empty frame before each", { before: frame(1, undefined) }],
    ["an unknown operation before each", { before: frame(77, {}) }],
    ["a ping before each", { before: frame(3, "are you there") }],
    ["an event named error before each", { before: frame(1, { evt: "error", data: null }) }],
    ["an event that nobody asked for", { before: frame(1, { cmd: "DISPATCH", evt: "ERROR" }) }],
    ["READY without data", { readyData: undefined }],
    ["READY with a strange user", { readyData: { user: 7, config: null } }],
  ];
  test.each([...odd])("%s: the card is shown and accepted", async (_, faults) => {
    await using scene = DiscordScene.withFakeClock();
    const discord = await scene.discord({ faults });
    const publisher = scene.publisher();
    publisher.publish(card);
    await until(() => publisher.state.delivery.acknowledged === true, "accepted");
    expect(discord.visible).toMatchObject(card);
  });
});
