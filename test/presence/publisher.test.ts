import { afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findSockets } from "../../src/discord/client.ts";
import { systemClock, type Clock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import { Publisher } from "../../src/presence/publisher.ts";
import { FakeDiscord } from "../support/fake-discord.ts";
import { FakeClock, until } from "../support/fake-clock.ts";

const clientId = "1470480085453770854";
let folder = "";
let path = "";

// A fake clock must not run while the package is still being read from the disk.
beforeAll(async () => void (await import("../../src/discord/transport.ts")));

beforeEach(() => {
  const scratch = join(import.meta.dir, "../../.scratch");
  mkdirSync(scratch, { recursive: true });
  folder = mkdtempSync(join(scratch, "publisher-"));
  path = join(folder, "discord-ipc-0");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a card", () => {
  test("is shown, changed and taken away at the end", async () => {
    await using discord = await FakeDiscord.start({ path });
    const publisher = newPublisher();
    publisher.start();
    publisher.publish({ details: "Using Codex", state: "Thinking" });
    await discord.waitFor(({ visible }) => visible?.["state"] === "Thinking", "the card");
    await until(() => publisher.state.acceptedAt !== undefined, "an answer");
    expect(publisher.state).toMatchObject({ discord: "connected", client: "stable" });
    await publisher.close();
    await discord.waitFor(({ open }) => open === 0, "the end of the connection");
    expect(discord.updates.map(({ activity, fate }) => [activity?.["state"], fate])).toEqual([
      ["Thinking", "shown"],
      [undefined, "shown"],
    ]);
  });
});

describe("Discord comes and goes", () => {
  test("restarted: connected again after 30 s or more, and the card is sent again", async () => {
    const clock = new FakeClock();
    await using discord = await FakeDiscord.start({ path, clock });
    const publisher = newPublisher(clock);
    publisher.start();
    publisher.publish({ details: "Using Codex" });
    await clock.runUntil(() => discord.updates.length === 1, "the first card");
    await discord.stop();
    await until(
      () => publisher.state.discord === "absent",
      () => publisher.state.reason,
    );
    const gone = clock.monotonic();
    await discord.listen();
    await clock.runUntil(() => discord.updates.length === 2, "the card again");
    expect(clock.monotonic() - gone).toBeGreaterThanOrEqual(30_000);
    expect(clock.monotonic() - gone).toBeLessThan(37_000);
    expect(discord.visible).toMatchObject({ details: "Using Codex" });
    await publisher.close();
  });
});

function newPublisher(clock: Clock = systemClock): Publisher {
  return new Publisher({
    clientId,
    clock,
    log: silentLog,
    find: () => findSockets({ CDP_DISCORD_SOCKET: path }),
  });
}
