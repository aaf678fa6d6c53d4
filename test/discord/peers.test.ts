import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { connectDiscord } from "../../src/discord/client.ts";
import type { Attempt } from "../../src/discord/race.ts";
import type { SocketPlace } from "../../src/discord/socket-paths.ts";
import type { Peer, WhoIs } from "../../src/lib/peer.ts";
import { FakeClock, until } from "../support/fake-clock.ts";

const ours: Peer = { kind: "known", uid: process.getuid?.() ?? 0, pid: 1 };
const theirs = { kind: "known", uid: (process.getuid?.() ?? 0) + 1, pid: 1 } as const;

let folder = "";
const servers: Server[] = [];
const sockets: Socket[] = [];

beforeEach(async () => {
  const scratch = join(import.meta.dir, "../../.scratch");
  mkdirSync(scratch, { recursive: true });
  folder = mkdtempSync(join(scratch, "peers-"));
  await import("../../src/discord/transport.ts");
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

/** What a stand-in that says nothing was sent, and whether the other end has hung up. */
interface Overheard {
  readonly path: string;
  connections: number;
  text: string;
  ends: number;
}

async function listen(name: string): Promise<Overheard> {
  const overheard = { path: join(folder, name), connections: 0, text: "", ends: 0 };
  const server = createServer((socket) => {
    overheard.connections += 1;
    sockets.push(socket);
    socket.on("data", (chunk) => (overheard.text += String(chunk)));
    socket.on("error", () => undefined);
    socket.on("close", () => (overheard.ends += 1));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(overheard.path, resolve));
  return overheard;
}

function attempt(places: readonly SocketPlace[], whoIs: WhoIs, clock = new FakeClock()) {
  const abort = new AbortController();
  const opened: string[] = [];
  const outcome: { attempt?: Attempt } = {};
  const ended = connectDiscord({
    clientId: "1470480085453770854",
    places,
    clock,
    opened: () => void opened.push("opened"),
    signal: abort.signal,
    whoIs,
  }).then((found) => (outcome.attempt = found));
  return { clock, opened, outcome, ended, abort };
}

const placeOf = ({ path }: Overheard, owner?: number): SocketPlace =>
  owner === undefined ? { path, client: "discord" } : { path, client: "named", owner };

describe("Discord's end belongs to another user", () => {
  test.each<[string, Peer]>([
    ["another user", theirs],
    ["one of the overflow number", { kind: "known", uid: 0xffff_fffe, pid: 1 }],
    ["one that the kernel does not name", { kind: "unknown" }],
  ])("%s: it is hung up on, and not a byte was sent", async (_, peer) => {
    const there = await listen("discord-ipc-0");
    const { ended, outcome, opened } = attempt([placeOf(there)], () => peer);
    await until(() => outcome.attempt !== undefined || there.text !== "", "the verdict");
    expect([outcome.attempt?.kind, there.text]).toEqual(["foreign", ""]);
    await until(() => there.ends === 1, "the end");
    await ended;
    expect(there.text).toBe("");
    expect(opened).toEqual([]);
  });

  test("replaced while the first place was silent: the newcomer is sent nothing", async () => {
    const [silent, replaced] = [await listen("discord-ipc-0"), await listen("discord-ipc-1")];
    const peers = [ours, theirs];
    const run = attempt([placeOf(silent), placeOf(replaced)], () => peers.shift() ?? theirs);
    await until(() => silent.text !== "", "the first handshake");
    run.clock.advance(3000);
    await until(() => replaced.ends === 1, "the end of the second");
    expect(replaced.text).toBe("");
    expect(run.outcome.attempt).toBeUndefined();
    run.abort.abort();
    await run.ended;
  });

  test("the next place is tried at once", async () => {
    const [foreign, own] = [await listen("discord-ipc-0"), await listen("discord-ipc-1")];
    const peers = [theirs, ours];
    const run = attempt([placeOf(foreign), placeOf(own)], () => peers.shift() ?? theirs);
    await until(() => own.text !== "", "the handshake at the other");
    expect(foreign.text).toBe("");
    run.abort.abort();
    await run.ended;
  });
});

describe("a path that the person has named", () => {
  test.each<[string, Peer]>([
    ["the socket's owner", theirs],
    ["ourselves", ours],
    ["root, who opens sockets for others", { kind: "known", uid: 0, pid: 1 }],
  ])("is used with %s behind it", async (_, peer) => {
    const there = await listen("named");
    const run = attempt([placeOf(there, theirs.uid)], () => peer);
    await until(() => there.text.includes("1470480085453770854"), "the handshake");
    expect(run.opened).toEqual(["opened"]);
    run.abort.abort();
    await run.ended;
  });

  test.each<[string, Peer]>([
    ["a third user", { kind: "known", uid: theirs.uid + 1, pid: 1 }],
    ["one that the kernel does not name", { kind: "unknown" }],
  ])("is not used with %s behind it", async (_, peer) => {
    const there = await listen("named");
    const run = attempt([placeOf(there, theirs.uid)], () => peer);
    await until(() => run.outcome.attempt !== undefined || there.text !== "", "the verdict");
    expect([run.outcome.attempt?.kind, there.text]).toEqual(["foreign", ""]);
  });
});

test("a system that has no such call does not ask", async () => {
  const there = await listen("discord-ipc-0");
  const run = attempt([placeOf(there)], () => ({ kind: "unsupported" }));
  await until(() => there.text !== "", "the handshake");
  run.abort.abort();
  await run.ended;
});
