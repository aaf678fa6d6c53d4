import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { encodeFrame, op } from "../../src/discord/frame.ts";
import { wireOpener } from "../../src/discord/transport.ts";
import type { Wire, WireEnd } from "../../src/discord/wire.ts";
import { until } from "../support/fake-clock.ts";

let folder = "";
beforeEach(() => {
  const scratch = join(import.meta.dir, "../../.scratch");
  mkdirSync(scratch, { recursive: true });
  folder = mkdtempSync(join(scratch, "transport-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A wire to a peer that does as it likes, and how the wire ended. */
async function wired(behave: (peer: Socket) => void, use: (wire: Wire) => void = () => undefined) {
  const path = join(folder, "discord-ipc-0");
  const peers: Socket[] = [];
  const server = createServer((peer) => {
    peers.push(peer);
    peer.on("error", () => undefined);
    behave(peer);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const ends: WireEnd[] = [];
  const held = { address: path, [Symbol.dispose]: () => undefined };
  const open = wireOpener(
    () => Promise.resolve(held),
    () => ({ kind: "unsupported" }),
  );
  const wire = open(
    "1470480085453770854",
    { path, client: "discord" },
    {
      opened: () => use(wire),
      ready: () => undefined,
      pong: () => undefined,
      ended: (end) => void ends.push(end),
    },
  );
  await until(() => ends.length > 0, "the end of the wire");
  for (const peer of peers) peer.destroy();
  await new Promise((resolve) => server.close(resolve));
  return ends;
}

const lost = (reason: string): readonly WireEnd[] => [{ kind: "lost", reason, code: undefined }];

test("a peer that sends without end is hung up on", async () => {
  const pong = encodeFrame(op.pong, "x");
  const ends = await wired((peer) => void peer.write(Buffer.concat(Array(1500).fill(pong))));
  expect<readonly WireEnd[]>(ends).toEqual(lost("Discord sends far too much"));
});

test("a peer that announces a frame of more than 1 MB is hung up on before the frame comes", async () => {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(op.frame, 0);
  header.writeUInt32LE(1024 * 1024 + 1, 4);
  const ends = await wired((peer) => void peer.write(header));
  expect<readonly WireEnd[]>(ends).toEqual(lost("Discord sent a frame of 1048577 bytes"));
});

test("for a peer that reads nothing no more than a few MB are kept", async () => {
  const ends = await wired(
    (peer) => void peer.pause(),
    (wire) => {
      for (let sent = 0; sent < 64; sent += 1) wire.ping("x".repeat(256 * 1024));
    },
  );
  expect<readonly WireEnd[]>(ends).toEqual(lost("Discord does not read"));
});
