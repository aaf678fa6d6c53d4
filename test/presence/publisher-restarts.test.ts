import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { compilePublisher } from "../support/discord-processes.ts";
import { FakeDiscord } from "../support/fake-discord.ts";

interface Taken {
  readonly connections: number;
  readonly heap: number;
  readonly rss: number;
  readonly timers: number;
  readonly sockets: number;
}

test("a compiled publisher and a Discord that starts again a thousand times: no growth", async () => {
  const scratch = join(import.meta.dir, "../../.scratch");
  mkdirSync(scratch, { recursive: true });
  const folder = mkdtempSync(join(scratch, "restarts-"));
  using _folder = { [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
  const program = await compilePublisher(join(folder, "restarts"), "restarts-child.ts");
  // Its clock runs ahead, so what this Discord counts in real time would be no limit of Discord's.
  const limits = { connections: 10_000, updates: 10_000 };
  const path = join(folder, "discord.sock");
  await using discord = await FakeDiscord.start({ path, limits });
  const child = Bun.spawn([...program, "100", "1000"], {
    env: { CDP_DISCORD_SOCKET: path },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for (let connection = 1; connection <= 1000; connection += 1) {
    await discord.waitFor(
      ({ visible, accepted }) => accepted === connection && visible !== undefined,
      `card ${connection}`,
    );
    await discord.waitFor(({ frames }) => frames.length >= 2, "the update");
    discord.forget();
    discord.hangUp();
  }
  const output = await new Response(child.stdout).text();
  expect(await child.exited).toBe(0);
  const [early, late] = output
    .trim()
    .split("\n")
    .map((line): Taken => JSON.parse(line));
  expect([early?.connections, late?.connections]).toEqual([100, 1000]);
  // How many are under way differs by the moment; one for each of the 900 connections would be a leak.
  expect(late!.timers).toBeLessThanOrEqual(early!.timers + 20);
  expect(late!.sockets).toBeLessThanOrEqual(early!.sockets + 20);
  expect(late!.heap - early!.heap).toBeLessThan(1024 * 1024);
  expect(late!.rss - early!.rss).toBeLessThan(16 * 1024 * 1024);
}, 120_000);
