import { expect } from "bun:test";
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { leaveDeadSocket, rawFrame } from "./fake-discord-frames.ts";
import type { Faults } from "./fake-discord-record.ts";
import type { FakeDiscord } from "./fake-discord.ts";
import type { FaultStage } from "./fault-stage.ts";
import { Relay } from "./relay.ts";

type Case = (stage: FaultStage) => Promise<void>;

/** Longest wait for a card when all is well, and for one after a connection was lost. */
const soon = 8000;
const afterRest = 45_000;

/**
 * Faults of Discord, to be run with any publisher: the card is right afterwards, and the state says
 * what is the matter.
 */
export const discordFaults: Readonly<Record<string, Case>> = {
  "no Discord": async (stage) => {
    await stage.begin();
    await says(stage, "absent", /^Discord is not running$/);
  },
  "one that appears late": async (stage) => {
    await stage.begin();
    await says(stage, "absent", /not running/);
    await shown(stage, await stage.discord());
  },
  "a dead socket, a file, a folder and a link to nothing": async (stage) => {
    const at = (number: number): string => join(stage.folder, `discord-ipc-${number}`);
    await leaveDeadSocket(at(0));
    writeFileSync(at(1), "");
    mkdirSync(at(2));
    symlinkSync("/nowhere", at(3));
    await stage.begin();
    await says(stage, "absent", /^nobody listens at .*-0$/);
    await shown(stage, await stage.discord({}, 4), 40_000);
  },
  "a socket that another user could replace": async (stage) => {
    await stage.discord();
    const open = join(stage.folder, "app/com.discordapp.Discord");
    mkdirSync(open, { recursive: true });
    chmodSync(open, 0o777);
    renameSync(join(stage.folder, "discord-ipc-0"), join(open, "discord-ipc-0"));
    await stage.begin();
    await says(stage, "absent", /discord-ipc-0 belongs to another user$/);
  },
  "one that hangs before one that answers": async (stage) => {
    await stage.discord({ handshake: "hang" }, 0);
    const good = await stage.discord({}, 1);
    await stage.begin();
    await shown(stage, good);
  },
  "one that hangs, alone": async (stage) => {
    await stage.discord({ handshake: "hang" });
    await stage.begin();
    await says(stage, "connecting", /^trying .+discord-ipc-0$/);
  },
  "CLOSE 4000 is not asked again": async (stage) => {
    const discord = await stage.discord({ handshake: { code: 4000, message: "Invalid Client" } });
    await stage.begin();
    await says(stage, "refused", /^Discord refused the client id \(4000 Invalid Client\)$/);
    stage.change();
    expect(discord.accepted).toBe(1);
  },
  "CLOSE 4002 is left alone": async (stage) => {
    const discord = await stage.discord({ handshake: { code: 4002, message: "slow down" } });
    await stage.begin();
    await says(stage, "unknown", /^Discord asks for a pause$/);
    expect(discord.accepted).toBe(1);
  },
  "hangs up at the handshake": async (stage) => {
    const discord = await stage.discord({ handshake: "drop" });
    await stage.begin();
    await says(stage, "unknown", /discord-ipc-0: Discord closed the connection$/);
    discord.faults.handshake = "ready";
    await shown(stage, discord, 70_000);
  },
  "FIN while idle": lostBy((discord) => discord.hangUp("fin")),
  "the connection destroyed": lostBy((discord) => discord.hangUp("destroy")),
  "CLOSE 1000": lostBy((discord) => discord.closeAll(1000, "bye"), /closed: 1000 bye/),
  "a frame of 4 GiB": lostBy(
    (discord) => discord.write(rawFrame(1, Buffer.alloc(0), 0xff_ff_ff_ff)),
    /a frame of 4294967295 bytes/,
  ),
  "quits and starts again": async (stage) => {
    const discord = await stage.discord();
    await stage.begin();
    await shown(stage, discord);
    await discord.stop();
    await says(stage, "absent", /not running/);
    await discord.listen();
    await shown(stage, discord, afterRest);
  },
  "is killed and starts again": async (stage) => {
    const discord = await stage.discord();
    await stage.begin();
    await shown(stage, discord);
    await discord.crash();
    stage.change();
    await discord.listen();
    await shown(stage, discord, afterRest);
  },
  "READY 12 s late": async (stage) => {
    const discord = await stage.discord({ readyDelay: 12_000 });
    await stage.begin();
    await says(stage, "connecting", /^trying/);
    await shown(stage, discord, 20_000);
    expect(discord.accepted).toBe(1);
  },
  "single bytes": oddly({ writes: "bytes" }),
  "null before each frame": oddly({ before: rawFrame(1, Buffer.from("null")) }),
  "garbage before each frame": oddly({ before: rawFrame(1, Buffer.from("{nope")) }),
  "READY without data": oddly({ readyData: undefined }),
  "no reply to a card": async (stage) => {
    const discord = await stage.discord({ reply: "none" });
    await stage.begin();
    await shown(stage, discord);
    await says(stage, "unknown", /^no answer from Discord in 5000 ms$/);
    discord.faults.reply = "normal";
    await says(stage, "connected", /^connected at/, 20_000);
  },
  "every card refused": async (stage) => {
    const discord = await stage.discord({ reply: { code: 4000, message: "no\u001B[2J\u202E" } });
    await stage.begin();
    await says(stage, "connected", /^Discord refused the card: 4000 no \[2J/);
    expect(discord.open).toBe(1);
  },
  "an ERROR without data": async (stage) => {
    await stage.discord({ reply: "error without data" });
    await stage.begin();
    await says(stage, "connected", /^Discord refused the card: 1000 no reason$/);
  },
  "a flood of valid frames": async (stage) => {
    const discord = await stage.discord({ flood: true });
    await stage.begin();
    await says(stage, /^(?:connecting|unknown)$/, /Discord sends far too much/);
    expect(discord.accepted).toBe(1);
    discord.faults.flood = false;
    await shown(stage, discord, 70_000);
  },
  "a flood before one that answers": async (stage) => {
    const flooding = await stage.discord({ flood: true }, 0);
    const good = await stage.discord({}, 1);
    await stage.begin();
    await shown(stage, good, afterRest);
    expect(flooding.accepted).toBe(1);
  },
  "hangs up after each READY": async (stage) => {
    const discord = await stage.discord();
    await stage.begin();
    for (let connection = 1; connection <= 2; connection += 1) {
      await shown(stage, discord, afterRest);
      expect(discord.accepted).toBe(connection);
      discord.hangUp();
      await says(stage, "connecting", /^connection lost/);
      await stage.until(() => discord.open === 0, "the end", soon);
    }
  },
  "forty changes in ten seconds": async (stage) => {
    const discord = await stage.discord();
    await stage.begin();
    await shown(stage, discord);
    for (let change = 0; change < 40; change += 1) {
      stage.change();
      await stage.until(after(250), "a moment", 5000);
    }
    stage.change();
    await shown(stage, discord, 30_000);
    expect(new Set(discord.updates.map(({ fate }) => fate))).toEqual(new Set(["shown"]));
  },
  "two at once, both meant": async (stage) => {
    const one = await stage.discord(edition(""), 0);
    const two = await stage.discord(edition("canary."), 1);
    await stage.begin("all");
    await shown(stage, one);
    await shown(stage, two);
    await says(
      stage,
      "connected",
      /^discord-ipc-0 \(stable\): connected; discord-ipc-1 \(canary\): connected$/,
    );
    await one.stop();
    stage.change();
    await shown(stage, two);
    await says(stage, "connected", /^connected at .+discord-ipc-1$/);
  },
  "two at once, the second meant": async (stage) => {
    const one = await stage.discord(edition(""), 0);
    const two = await stage.discord(edition("canary."), 1);
    await stage.begin("canary");
    await shown(stage, two);
    expect([one.updates, one.accepted, two.accepted]).toEqual([[], 1, 1]);
  },
  "two at once, another chosen": async (stage) => {
    const one = await stage.discord(edition(""), 0);
    const two = await stage.discord(edition("canary."), 1);
    await stage.begin();
    await shown(stage, one);
    stage.choose("canary");
    await shown(stage, two);
    expect(one.visible).toBeUndefined();
    await says(stage, "connected", /discord-ipc-1$/);
  },
  "two at once, neither meant": async (stage) => {
    const one = await stage.discord(edition(""), 0);
    const two = await stage.discord(edition("canary."), 1);
    await stage.begin("ptb");
    await says(stage, "absent", /^Discord ptb is not running, only stable, canary$/);
    expect([one.updates, two.updates]).toEqual([[], []]);
  },
  "a socket forwarded by SSH: slow, then cut, then nobody behind it": async (stage) => {
    const discord = await stage.discord({}, 9);
    const behind = join(stage.folder, "behind");
    renameSync(discord.path, behind);
    await using relay = await Relay.open(join(stage.folder, "discord-ipc-0"), behind, stage.clock);
    await stage.begin();
    await shown(stage, discord);
    rmSync(behind); // Discord quits; the relay stays and hangs up at once.
    relay.cut();
    await says(stage, "connecting", /^connection lost/);
    await says(stage, "unknown", /discord-ipc-0: Discord closed the connection$/, afterRest);
    await discord.waitFor(({ visible }) => visible === undefined, "no card");
  },
};

function lostBy(end: (discord: FakeDiscord) => void, reason = /^connection lost/): Case {
  return async (stage) => {
    const discord = await stage.discord();
    await stage.begin();
    await shown(stage, discord);
    end(discord);
    await says(stage, "connecting", reason);
    stage.change();
    await shown(stage, discord, afterRest);
    expect(discord.accepted).toBe(2);
  };
}

function oddly(faults: Partial<Faults>): Case {
  return async (stage) => {
    const discord = await stage.discord(faults);
    await stage.begin();
    await shown(stage, discord);
    await says(stage, "connected", /^connected at/);
  };
}

function edition(host: string): Partial<Faults> {
  const config = { api_endpoint: `//${host}discord.com/api`, environment: "production" };
  return { readyData: { v: 1, config } };
}

async function shown(stage: FaultStage, discord: FakeDiscord, ms = soon): Promise<void> {
  const isRight = (): boolean => discord.visible?.["details"] === stage.wanted;
  await stage.until(isRight, `"${stage.wanted}" at ${discord.path}`, ms);
}

async function says(
  stage: FaultStage,
  discord: string | RegExp,
  reason: RegExp,
  ms = soon,
): Promise<void> {
  const isRight = typeof discord === "string" ? new RegExp(`^${discord}$`) : discord;
  let last = "";
  await stage
    .until(
      async () => {
        const state = await stage.state();
        last = JSON.stringify(state);
        return isRight.test(state.discord) && reason.test(state.reason ?? "");
      },
      `${String(discord)} ${String(reason)}`,
      ms,
    )
    .catch((error: unknown) => {
      throw new Error(`${String(error)}; it says ${last}`, { cause: error });
    });
}

/** False for so many asks of 100 ms or so. */
function after(ms: number): () => boolean {
  let asks = 0;
  return () => (asks += 1) > ms / 100;
}
