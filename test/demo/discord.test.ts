import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { openStandInDiscord, type StandInDiscord } from "../../src/demo/stand-in-discord.ts";
import { connectDiscord } from "../../src/discord/client.ts";
import { encodeFrame, FrameDecoder, op, type Incoming } from "../../src/discord/frame.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { codeOf } from "../../src/lib/errors.ts";
import { waitFor } from "../support/wait-for.ts";

let folder: string;
let path: string;
let discord: StandInDiscord;

beforeEach(async () => {
  const scratch = join(import.meta.dir, "../../.scratch");
  mkdirSync(scratch, { recursive: true });
  folder = mkdtempSync(join(scratch, "d-"));
  path = join(folder, "s");
  discord = await openStandInDiscord(path);
});

afterEach(async () => {
  await discord[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** A client that writes what it is told and keeps what comes back. */
async function client(): Promise<{ socket: Socket; frames: Incoming[]; closed: () => boolean }> {
  const socket = connect(path);
  const frames: Incoming[] = [];
  const decoder = new FrameDecoder();
  socket.on("data", (chunk: Buffer) => frames.push(...decoder.feed(chunk)));
  socket.on("error", () => undefined);
  await new Promise<void>((open) => socket.once("connect", () => open()));
  return { socket, frames, closed: () => socket.closed || socket.readableEnded };
}

const handshake = encodeFrame(op.handshake, { v: 1, client_id: "1470480085453770854" });
const set = (activity: unknown, nonce = "n"): Uint8Array =>
  encodeFrame(op.frame, { cmd: "SET_ACTIVITY", args: { pid: 100, activity }, nonce });

describe("the stand-in Discord", () => {
  test("records what our own client sends, as it was sent", async () => {
    const attempt = await connectDiscord({
      clientId: "1470480085453770854",
      places: [{ path, client: "discord" }],
      clock: systemClock,
      opened: () => undefined,
      signal: new AbortController().signal,
    });
    if (attempt.kind !== "connected") throw new Error(`not connected: ${attempt.kind}`);
    const { connection } = attempt;
    const activity = { type: 0, details: "Thinking", timestamps: { start: 1 }, instance: false };
    expect(await connection.setActivity(activity)).toEqual({ kind: "accepted" });
    expect(await connection.setActivity(undefined)).toEqual({ kind: "accepted" });
    connection.close();
    expect(discord.cards.map((card) => card.activity)).toEqual([
      expect.objectContaining(activity),
      undefined,
    ]);
  });

  test("understands frames in single bytes and several in one piece", async () => {
    const { socket, frames } = await client();
    for (const byte of handshake) socket.write(new Uint8Array([byte]));
    await waitFor("READY", () => frames.length === 1);
    expect(frames[0]).toMatchObject({ kind: "message", payload: { evt: "READY" } });
    socket.write(Buffer.concat([set({ details: "a" }, "1"), set({ details: "b" }, "2")]));
    await waitFor("both replies", () => frames.length === 3);
    expect(frames[2]).toMatchObject({ payload: { nonce: "2", data: { details: "b" } } });
    expect(discord.cards.map((card) => card.activity)).toEqual([
      { details: "a" },
      { details: "b" },
    ]);
    socket.destroy();
  });

  test("takes the card away when its client is gone", async () => {
    const { socket, frames } = await client();
    socket.write(Buffer.concat([handshake, set({ details: "a" })]));
    await waitFor("the reply", () => frames.length === 2);
    socket.destroy();
    await waitFor("the end of the card", () => discord.cards.length === 2);
    expect(discord.cards[1]?.activity).toBeUndefined();
  });

  test("answers a ping with what it carried", async () => {
    const { socket, frames } = await client();
    socket.write(encodeFrame(op.ping, "x"));
    await waitFor("the pong", () => frames.length === 1);
    expect(frames[0]).toEqual({ kind: "pong", data: "x" });
    socket.destroy();
  });

  const header = (operation: number, length: number): Uint8Array => {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32LE(operation, 0);
    bytes.writeUInt32LE(length, 4);
    return bytes;
  };
  test.each([
    ["a frame of 4 GiB", header(1, 0xffff_ffff), true],
    ["no client id", encodeFrame(op.handshake, { v: 1 }), true],
    ["a close", encodeFrame(op.close, {}), true],
    ["a card before the handshake", set({ details: "a" }), false],
    ["an unknown operation", encodeFrame(op.pong, 1), false],
    ["a body that is not JSON", Buffer.concat([header(1, 2), Buffer.from("{]")]), false],
    ["null", Buffer.concat([handshake, encodeFrame(op.frame, null)]), false],
    ["no arguments", Buffer.concat([handshake, encodeFrame(op.frame, { cmd: "SET" })]), false],
    ["an empty body", Buffer.concat([handshake, header(1, 0)]), false],
  ])("survives %s", async (_, bytes, hangsUp) => {
    const hostile = await client();
    hostile.socket.write(bytes);
    if (hangsUp) await waitFor("the hangup", hostile.closed);
    const honest = await client();
    honest.socket.write(Buffer.concat([handshake, set({ details: "here" })]));
    await waitFor("the reply", () => honest.frames.length === 2);
    expect(discord.cards.map((card) => card.activity)).toEqual([{ details: "here" }]);
    expect(hostile.closed()).toBe(hangsUp);
    hostile.socket.destroy();
    honest.socket.destroy();
  });

  test("keeps no more cards than a demo can have", async () => {
    const { socket, frames } = await client();
    const flood = Array.from({ length: 700 }, (_, i) => set({ details: `card ${i}` }));
    socket.write(Buffer.concat([handshake, ...flood]));
    await waitFor("all replies", () => frames.length === 701);
    expect(discord.cards).toHaveLength(500);
    socket.destroy();
  });
});

test("a socket that cannot be opened is an error, not a crash", async () => {
  const opening = openStandInDiscord("/nowhere/at/all").catch(codeOf);
  expect(await opening).toBe("ENOENT");
});
