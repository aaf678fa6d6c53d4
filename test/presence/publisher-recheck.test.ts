import { beforeAll, expect, test } from "bun:test";
import { DiscordScene, loadPackage } from "../support/discord-scene.ts";

beforeAll(loadPackage);

// Before a card goes out it is looked at again.

test("first, once more, and after a connection was lost; a clear waits for nothing", async () => {
  await using scene = DiscordScene.withFakeClock();
  const discord = await scene.discord();
  let asked = 0;
  const publisher = scene.publisher({
    recheck: () => {
      asked += 1;
      return undefined;
    },
  });
  publisher.publish({ details: "falcon" });
  await scene.clock.run(20_000);
  expect([asked, discord.updates.length]).toEqual([2, 2]);
  publisher.publish(undefined);
  await discord.waitFor(({ visible }) => visible === undefined, "no card");
  expect(asked).toBe(2);
});

test("what is not to be seen any more is not sent, though its turn has come", async () => {
  await using scene = DiscordScene.withFakeClock();
  const discord = await scene.discord();
  const looked = Promise.withResolvers<void>();
  const publisher = scene.publisher({ recheck: () => looked.promise });
  publisher.publish({ details: "falcon" });
  await scene.clock.run(30_000);
  expect(discord.updates).toEqual([]);
  publisher.publish(undefined);
  looked.resolve();
  await scene.clock.run(30_000);
  expect(discord.updates).toEqual([]);
});

test("where that takes too long the card goes out all the same", async () => {
  await using scene = DiscordScene.withFakeClock();
  const discord = await scene.discord();
  const publisher = scene.publisher({ recheck: () => Promise.resolve() });
  publisher.publish({ details: "falcon" });
  await discord.waitFor(({ visible }) => visible?.["details"] === "falcon", "the card");
});

test("a card that shows less waits for no look: what is there is to go", async () => {
  await using scene = DiscordScene.withFakeClock();
  const discord = await scene.discord();
  let recheck = (): Promise<void> | undefined => undefined;
  const publisher = scene.publisher({ recheck: () => recheck() });
  publisher.publish({ details: "Reading", state: "falcon" });
  await discord.waitFor(({ visible }) => visible?.["state"] === "falcon", "the card");
  recheck = () => new Promise(() => undefined);
  publisher.publish({ details: "Reading" });
  await discord.waitFor(({ visible }) => visible?.["state"] === undefined, "less");
  expect(discord.visible?.["details"]).toBe("Reading");
});
