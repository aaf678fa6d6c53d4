import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, linkSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { FakeDiscord } from "../support/fake-discord.ts";
import { OneHome } from "../support/one-home.ts";
import type { Spawned } from "../support/spawned.ts";
import { waitFor } from "../support/wait-for.ts";
import { cdp } from "./stage.ts";

setDefaultTimeout(60_000);

const program = resolve(import.meta.dir, "../support/control-peer.ts");

let home: OneHome;
beforeEach(async () => {
  home = await OneHome.open(cdp);
});
afterEach(() => home[Symbol.asyncDispose]());

const peer = (how: string, ...words: readonly string[]): Spawned =>
  home.beside(process.execPath, program, how, ...words);

/** The control socket of this publisher. */
async function socketOf({ pid }: Spawned): Promise<string> {
  await waitFor("the publisher", () => home.named === pid);
  const [name] = readdirSync(home.runtime, { recursive: true, encoding: "utf8" }).filter((each) =>
    each.endsWith(`control-${pid}`),
  );
  if (name === undefined) throw new Error("no control socket");
  return join(home.runtime, name);
}

/** It answers its user's shell, was not made to end, and shows nothing that was forged. */
async function goesOn(publisher: Spawned): Promise<void> {
  const { pid } = publisher;
  expect(await home.status()).toEqual({ code: 0, state: "running", pid });
  expect(publisher.ended()).toBe(false);
  expect(JSON.stringify(home.discord.updates)).not.toContain("forged");
}

test("a command of the user's shell is heard", async () => {
  const publisher = home.headless();
  const shell = peer("free", await socketOf(publisher));
  await shell.said("answer");
  expect(shell.lines[0]).toBe("welcome");
  // What a successor would inherit is told again with each change, such as Discord's coming.
  expect(new Set(shell.lines)).toEqual(new Set(["welcome", "inherit", "answer"]));
});

test.each([["confined"], ["filtered"]])(
  "a peer that is %s as in Codex's sandbox is told nothing, whatever it asks",
  async (how) => {
    const publisher = home.headless();
    const confined = peer(how, await socketOf(publisher));
    await confined.said("closed");
    expect(confined.lines).toEqual(["closed"]);
    await goesOn(publisher);
  },
);

test("a confined peer that becomes cdp with its connection open is told nothing", async () => {
  const publisher = home.headless();
  const confined = peer("exec", await socketOf(publisher), cdp, "status", "--json");
  await confined.exited;
  const { instance, presence } = JSON.parse(confined.lines.join("\n"));
  expect([instance.pid, presence.discord]).toEqual([publisher.pid, "unknown"]);
  await goesOn(publisher);
});

test("a publisher that is confined itself still hears its user's shell", async () => {
  const publisher = peer("become", "", cdp, "--headless");
  const path = await socketOf(publisher);
  const shell = peer("free", path);
  await shell.said("answer");
  await goesOn(publisher);
  // As confined as the publisher is: by the same filters, as far as that can be seen.
  const alike = peer("filtered", path);
  await alike.said("welcome");
});

test("a socket that is replaced by a link after it was found is not connected to", async () => {
  // As /tmp, where a link with a second name may have been put there by another user.
  chmodSync(home.runtime, 0o1777);
  home.discord.faults.handshake = "hang";
  const at = (name: string): string => join(home.runtime, name);
  const replaced = await FakeDiscord.start({ path: at("discord-ipc-1") });
  await using next = await FakeDiscord.start({ path: at("discord-ipc-2") });
  await using elsewhere = await FakeDiscord.start({ path: at("elsewhere") });
  home.headless();
  await waitFor("the first connection", () => home.discord.open === 1);
  await replaced[Symbol.asyncDispose]();
  rmSync(at("discord-ipc-1"), { force: true });
  symlinkSync(at("elsewhere"), at("link"));
  linkSync(at("link"), at("discord-ipc-1"));
  await waitFor("the next place", () => next.open === 1);
  expect([elsewhere.open, elsewhere.frames.length]).toEqual([0, 0]);
});
