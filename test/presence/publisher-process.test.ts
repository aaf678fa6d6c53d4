import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  compilePublisher,
  DiscordProcess,
  fromSource,
  PublisherProcess,
  type Runner,
} from "../support/discord-processes.ts";

const runners = new Map<string, Runner>([["from source", fromSource]]);
let folder = "";
let count = 0;

beforeAll(async () => {
  const scratch = join(import.meta.dir, "../../.scratch");
  mkdirSync(scratch, { recursive: true });
  folder = mkdtempSync(join(scratch, "processes-"));
  runners.set("compiled", await compilePublisher(join(folder, "publisher")));
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Prints nothing and ends by itself. */
async function endsWell(publisher: PublisherProcess): Promise<void> {
  const { code, output } = await publisher.end();
  expect({ code, output }).toEqual({ code: 0, output: "" });
}

describe.each(["from source", "compiled"])("a publisher %s", (name) => {
  const begin = (): { readonly socket: string; readonly publisher: () => PublisherProcess } => {
    count += 1;
    const socket = join(folder, `${count}.sock`);
    const runner = runners.get(name) ?? [];
    return { socket, publisher: () => new PublisherProcess(runner, socket, `${socket}.log`) };
  };
  const shown = ({ event, activity }: Readonly<Record<string, unknown>>): boolean =>
    event === "sight" && activity !== undefined;
  const hidden = ({ event, activity }: Readonly<Record<string, unknown>>): boolean =>
    event === "sight" && activity === undefined;

  test("without Discord", async () => {
    await using publisher = begin().publisher();
    publisher.order("show Codex");
    await publisher.logged("absent: Discord is not running");
    await endsWell(publisher);
  });

  test("shows a card and takes it away at the end", async () => {
    const scene = begin();
    await using discord = await DiscordProcess.standIn(scene.socket);
    await using publisher = scene.publisher();
    publisher.order("show Codex");
    await discord.until(shown, "the card");
    await endsWell(publisher);
    await discord.until(hidden, "no card");
    const sent = discord.events.filter(({ event }) => event === "update");
    expect(sent.map(({ activity }) => activity)).toEqual([
      { type: 0, details: "Codex", instance: false },
      undefined,
    ]);
  });

  test("killed: the card goes with the connection", async () => {
    const scene = begin();
    await using discord = await DiscordProcess.standIn(scene.socket);
    await using publisher = scene.publisher();
    publisher.order("show Codex");
    await discord.until(shown, "the card");
    publisher.kill();
    await discord.until(hidden, "no card");
  });

  test("ends while Discord lets it wait for READY", async () => {
    const scene = begin();
    await using discord = await DiscordProcess.standIn(scene.socket, { handshake: "hang" });
    await using publisher = scene.publisher();
    await discord.until(({ op }) => op === 0, "the handshake");
    await endsWell(publisher);
  });

  test("ends while Discord answers nothing", async () => {
    const scene = begin();
    await using discord = await DiscordProcess.standIn(scene.socket, { reply: "none" });
    await using publisher = scene.publisher();
    publisher.order("show Codex");
    await discord.until(shown, "the card");
    await endsWell(publisher);
    await discord.until(hidden, "no card");
  });

  test("Discord is killed while all is idle", async () => {
    const scene = begin();
    await using discord = await DiscordProcess.standIn(scene.socket);
    await using publisher = scene.publisher();
    publisher.order("show Codex");
    await publisher.logged('reply #1 {"kind":"accepted"}');
    await discord.kill();
    await publisher.logged("connection lost");
    publisher.order("show Again");
    await endsWell(publisher);
  });

  test("Discord is killed in the middle of a request", async () => {
    const scene = begin();
    await using discord = await DiscordProcess.standIn(scene.socket, { reply: "none" });
    await using publisher = scene.publisher();
    publisher.order("show Codex");
    await discord.until(shown, "the card");
    await discord.kill();
    await publisher.logged("connection lost");
    await endsWell(publisher);
  });

  test("Discord is killed while our loop is busy: the write that fails is no crash", async () => {
    const scene = begin();
    await using discord = await DiscordProcess.standIn(scene.socket);
    await using publisher = scene.publisher();
    await publisher.logged("connected: connected");
    publisher.order("busy 300\nshow Codex\nclear\nshow Again");
    await discord.kill();
    await publisher.logged("connection lost");
    await endsWell(publisher);
  });
});

test("arRPC, which others wrote, is shown the card and its end", async () => {
  const runtime = mkdtempSync(join(folder, "arrpc-"));
  await using discord = await DiscordProcess.arRpc(runtime);
  const socket = join(runtime, "discord-ipc-0");
  await using publisher = new PublisherProcess(fromSource, socket, join(folder, "arrpc.log"));
  publisher.order("show Codex");
  await publisher.logged('reply #1 {"kind":"accepted"}');
  await discord.until(
    ({ activity }) => JSON.stringify([activity]).includes('"application_id":"1470480085453770854"'),
    "the card",
  );
  publisher.order("clear");
  await discord.until(({ activity }) => activity === null, "no card");
  expect(discord.events.find(({ activity }) => activity !== undefined)).toMatchObject({
    activity: { details: "Codex", type: 0 },
    pid: expect.any(Number),
  });
  await endsWell(publisher);
});
