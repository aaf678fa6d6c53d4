import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Faults } from "../support/fake-discord-record.ts";
import { openStage, type Stage } from "./stage.ts";

setDefaultTimeout(120_000);

// Whatever happens to the pane, the reader or the presence part: Codex runs on, what it shows is
// right, nothing is printed, and its exit status is its own.

const discordFaults: Readonly<Record<string, Partial<Faults>>> = {
  "never says READY": { handshake: "hang" },
  "hangs up at the handshake": { handshake: "drop" },
  "refuses the application": { handshake: { code: 4000, message: "Invalid Client ID" } },
  "answers no update": { reply: "none" },
  "refuses every update": { reply: { code: 4002, message: "no\x1b[31m" } },
  "answers an error without data": { reply: "error without data" },
  "sends garbage": { before: Buffer.from("garbage that is no frame at all") },
  "sends a frame of 4 GiB": { before: Buffer.from("01000000ffffffff", "hex") },
  "sends null": { before: Buffer.from("01000000040000006e756c6c", "hex") },
  "says READY without a user": { readyData: undefined },
  "writes single bytes": { writes: "bytes" },
  "sends frames without end": { flood: true },
};

for (const [what, faults] of Object.entries(discordFaults)) {
  test(`a Discord that ${what}`, async () => {
    await using stage = await openStage({ faults });
    await worksAsAlways(stage);
  });
}

test("a Discord that dies in the middle", async () => {
  await using stage = await openStage();
  await stage.friend.sees("Waiting for input");
  await stage.discord.crash();
  await worksAsAlways(stage);
});

test("no Discord at all", async () => {
  await using stage = await openStage({ env: { CDP_DISCORD_SOCKET: "/nowhere/discord-ipc-0" } });
  await worksAsAlways(stage);
});

const hostileFiles: Readonly<Record<string, (stage: Pick<Stage, "home">) => void>> = {
  "rollouts that are none": ({ home }) => {
    const today = new Date();
    const date = [today.getFullYear(), today.getMonth() + 1, today.getDate()];
    const folder = join(
      home.path,
      "sessions",
      ...date.map((part) => String(part).padStart(2, "0")),
    );
    mkdirSync(folder, { recursive: true });
    const name = (i: number): string =>
      join(folder, `rollout-2099-01-01T00-00-0${i}-01a2023f-8542-7753-a5c0-8450e355500${i}.jsonl`);
    Bun.spawnSync(["mkfifo", name(1)]);
    mkdirSync(name(2));
    symlinkSync("/nowhere", name(3));
    symlinkSync(name(4), name(4));
    writeFileSync(name(5), Buffer.alloc(1 << 20, 0xff));
    writeFileSync(name(6), `{"type":"session_meta","payload":{"id":${"[".repeat(100_000)}`);
    writeFileSync(name(7), '{"type":"event_msg","payload":null}\n'.repeat(10_000));
  },
  "a config that is broken": ({ home }) => {
    writeFileSync(
      join(home.path, "discord-presence-config.json"),
      '{"schema_version":2,"privacy":',
    );
  },
  "a config that is a folder": ({ home }) => {
    mkdirSync(join(home.path, "discord-presence-config.json"));
  },
  "a config that is a named pipe": ({ home }) => {
    Bun.spawnSync(["mkfifo", join(home.path, "discord-presence-config.json")]);
  },
};

for (const [what, prepare] of Object.entries(hostileFiles)) {
  test(what, async () => {
    await using stage = await openStage({ prepare });
    await worksAsAlways(stage);
    // A config that cannot be read may hide anything.
    const isShown = !what.startsWith("a config that is a");
    expect(stage.friend.cards().some((card) => card !== "-")).toBe(isShown);
  });
}

test("a terminal of one cell, and of none, in between", async () => {
  await using stage = await openStage();
  await stage.user.ready();
  for (const [rows, cols] of [
    [1, 1],
    [2, 500],
    [300, 2],
    [3, 3],
    [32, 100],
  ] as const) {
    stage.terminal.resize(rows, cols);
    await Bun.sleep(20); // So that each size arrives as one of its own.
  }
  await stage.terminal.waitForText(/shortcuts/);
  await worksAsAlways(stage);
});

async function worksAsAlways({ user, terminal }: Stage): Promise<void> {
  await user.ready();
  await user.submit("story chat");
  await user.sees("done");
  await terminal.waitForText(/Hello, this is a short answer\./);
  await user.quit();
  expect(await terminal.exited).toEqual({ code: 0 });
  const words = terminal.history().join("\n").trim();
  expect(words).toMatch(/^Token usage: [^]*codex resume [^]*$/);
  expect(words).not.toMatch(/error|cdp|discord/i);
}
