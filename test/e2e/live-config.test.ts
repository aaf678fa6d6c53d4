import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { OneHome } from "../support/one-home.ts";
import { waitFor } from "../support/wait-for.ts";
import { cdp } from "./stage.ts";

setDefaultTimeout(60_000);

function run(home: OneHome, ...words: readonly string[]): void {
  const child = Bun.spawnSync([cdp, ...words], { env: { ...home.env }, stdin: "ignore" });
  expect([child.exitCode, child.stderr.toString()]).toEqual([0, ""]);
}

/** Resolves when no card is there. How soon that is, test/presence proves on an injected clock. */
const showsNone = (home: OneHome) => waitFor("no card", () => home.discord.visible === undefined);

test("what cannot be saved is paused all the same, until the publisher ends or resume", async () => {
  await using home = await OneHome.open(cdp);
  const publisher = home.headless();
  await waitFor("its role", () => home.named === publisher.pid);
  home.wrapper();
  await waitFor("a card", () => home.discord.visible !== undefined);
  const file = join(home.path, "discord-presence-config.json");
  mkdirSync(file);
  const pause = Bun.spawnSync([cdp, "pause"], { env: { ...home.env } });
  expect(pause.exitCode).toBe(2);
  const told = `not a regular file; move it away. Until that is mended: process ${publisher.pid} shows no card`;
  expect(pause.stderr.toString()).toContain(told);
  await showsNone(home);
  rmdirSync(file);
  run(home, "resume");
  await waitFor("the card again", () => home.discord.visible !== undefined);
});

test("p in a dashboard pauses what cannot be saved, too", async () => {
  await using home = await OneHome.open(cdp);
  const dashboard = home.dashboard();
  await waitFor("its role", () => home.named === dashboard.pid);
  home.wrapper();
  await waitFor("a card", () => home.discord.visible !== undefined);
  const file = join(home.path, "discord-presence-config.json");
  mkdirSync(file);
  await dashboard.waitForText(/! Config: .*regular file/);
  dashboard.type("p");
  await showsNone(home);
  await dashboard.waitForText(/paused[^]*! Config: not saved/);
  rmdirSync(file);
  dashboard.type("p");
  await waitFor("the card again", () => home.discord.visible !== undefined);
  dashboard.type("q");
  expect(await dashboard.exited).toEqual({ code: 0 });
});

test.each(["headless", "dashboard", "wrapper"] as const)(
  "%s publishes: what pause and a level hide is gone",
  async (mode) => {
    await using home = await OneHome.open(cdp);
    const publisher = home[mode]();
    await waitFor("its role", () => home.named === publisher.pid);
    if (mode !== "wrapper") home.wrapper();
    await waitFor("a card", () => home.discord.visible !== undefined);
    run(home, "pause");
    await showsNone(home);
    run(home, "resume");
    // Discord takes a card 3.5 s after the one before: then it is there at once.
    await waitFor("the card again", () => home.discord.visible !== undefined);
    run(home, "config", "set", "privacy.level", "hidden");
    await showsNone(home);
  },
);
