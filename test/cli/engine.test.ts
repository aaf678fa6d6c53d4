import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Engine, type EngineOptions } from "../../src/cli/engine.ts";
import type { OwnChild } from "../../src/cli/session-watch.ts";
import type { ConfigLook } from "../../src/config/reader.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import { newSession } from "../../src/session/session.ts";
import { openFiles, type Files } from "../../src/tail/files.ts";
import { SimulatedHome } from "../codex/simulated-codex.ts";
import { FakeDiscord } from "../support/fake-discord.ts";
import { waitFor } from "../support/wait-for.ts";

let home: SimulatedHome;
let files: Files;
let discord: FakeDiscord;
beforeEach(async () => {
  home = new SimulatedHome();
  files = openFiles(systemClock, silentLog);
  discord = await FakeDiscord.start({ path: join(home.root, "discord-ipc-0") });
});
afterEach(async () => {
  files[Symbol.dispose]();
  await discord.stop();
  home[Symbol.dispose]();
});

/** The engine beneath a wrapper's child. */
const wrapper = (): EngineOptions => ({
  mode: "wrapper",
  startedAt: Date.now(),
  home: home.path,
  env: { CDP_DISCORD_SOCKET: discord.path },
  files,
  clock: systemClock,
  log: silentLog,
  onChange: () => undefined,
});

test("a card that cannot be made anew is taken away: it may show what is to be shown no more", async () => {
  const child: OwnChild = { session: newSession, surface: "cli", cwd: home.root, startedAt: 5 };
  let broken = false;
  await using engine = new Engine({
    ...wrapper(),
    own: () => {
      if (broken) throw new Error("a fault of ours");
      return child;
    },
  });
  engine.start();
  engine.connect();
  await discord.waitFor(({ visible }) => visible !== undefined, "a card");
  broken = true;
  expect(() => engine.poke()).not.toThrow();
  await discord.waitFor(({ visible }) => visible === undefined, "no card");
  broken = false;
  engine.poke();
  await discord.waitFor(({ visible }) => visible !== undefined, "a card again", 20_000);
}, 40_000);

test("a start in the future, as of a clock that was set back, is now on the wire", async () => {
  const ahead = Date.now() + 3_600_000;
  const child: OwnChild = { session: newSession, surface: "cli", cwd: home.root, startedAt: ahead };
  await using engine = new Engine({ ...wrapper(), own: () => child });
  engine.start();
  engine.connect();
  await discord.waitFor(({ visible }) => visible !== undefined, "a card");
  const starts = discord.updates.map(({ activity }) => {
    const times = activity?.["timestamps"] as { readonly start: number } | undefined;
    return times?.start ?? 0;
  });
  expect(Math.max(...starts)).toBeLessThanOrEqual(Date.now());
  expect(Math.min(...starts)).toBeGreaterThan(Date.now() - 60_000);
}, 40_000);

test("an old session that is taken up in a folder which hides: not one card, however long we run", async () => {
  let changes = 0;
  await using engine = new Engine({
    mode: "headless",
    startedAt: Date.now() - 3_600_000,
    home: home.path,
    env: { CDP_DISCORD_SOCKET: discord.path },
    files,
    clock: systemClock,
    log: silentLog,
    onChange: () => (changes += 1),
  });
  engine.start();
  engine.connect();
  await waitFor("Discord", () => engine.state.discord.discord === "connected");
  const cwd = join(home.root, "secret");
  mkdirSync(cwd);
  writeFileSync(join(cwd, ".codex-presence.json"), '{ "level": "hidden" }');
  home.thread({ cwd, createdAt: Date.now() - 5000 }).prompt();
  const why = () => engine.state.composed?.why.join("; ") ?? "";
  await waitFor("the file", () => why().includes(".codex-presence.json"), 20_000);
  expect(changes).toBeGreaterThan(0);
  expect(discord.updates).toEqual([]);
}, 40_000);

test("before the config has been read Discord is not looked for, and no card is made", async () => {
  const child: OwnChild = { session: newSession, surface: "cli", cwd: home.root, startedAt: 5 };
  const look = Promise.withResolvers<ConfigLook>();
  let isTold = false;
  await using engine = new Engine({
    mode: "wrapper",
    startedAt: Date.now(),
    home: home.path,
    env: { CDP_DISCORD_SOCKET: discord.path },
    files,
    config: { read: () => look.promise, [Symbol.dispose]: () => undefined },
    clock: systemClock,
    log: silentLog,
    own: () => child,
    onChange: () => (isTold ||= engine.state.config.problems.length > 0),
  });
  engine.start();
  engine.connect();
  await waitFor("the problem", () => isTold);
  engine.poke();
  expect(engine.state.composed?.card).toBeUndefined();
  expect(engine.state.role.kind).toBe("seeking");
  expect(discord.accepted).toBe(0);
  look.resolve({ kind: "absent", print: "ENOENT" });
  await discord.waitFor(({ visible }) => visible !== undefined, "a card");
}, 40_000);
