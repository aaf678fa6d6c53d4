import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { dirname, join } from "node:path";
import type { Channel } from "../../src/instance/channel.ts";
import {
  connectControl,
  distrustFolder,
  distrustSocket,
  openControl,
  type Control,
  type ControlOptions,
} from "../../src/instance/control.ts";
import type { Message } from "../../src/instance/message.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import type { Peer } from "../../src/lib/peer.ts";
import { waitFor } from "../support/wait-for.ts";
import { Stage } from "./stage.ts";

setDefaultTimeout(30_000);

const hello = { type: "hello", role: "client", pid: 1, version: "1", startedAt: 1 } as const;
const greeting = `${JSON.stringify(hello)}\n`;
/** What the kernel says of this process itself. */
const known = { kind: "known", uid: process.getuid?.() ?? 0, pid: process.pid } as const;
const controls: Control[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const control of controls.splice(0)) control[Symbol.dispose]();
  for (const socket of sockets.splice(0)) socket.destroy();
});

interface Heard {
  readonly control: Control;
  readonly channels: Channel[];
  readonly messages: Message[];
  readonly closed: string[];
}

async function listening(
  stage: Stage,
  env: Record<string, string> = {},
  more: Pick<ControlOptions, "whoIs"> = {},
): Promise<Heard> {
  const channels: Channel[] = [];
  const messages: Message[] = [];
  const closed: string[] = [];
  const control = await openControl({
    home: stage.home,
    env: { XDG_RUNTIME_DIR: stage.runtime, ...env },
    clock: systemClock,
    log: silentLog,
    ...more,
    onChannel: (channel) => {
      channels.push(channel);
      channel.send({ type: "welcome", pid: 1, version: "1" });
      return {
        message: (message) => void messages.push(message),
        closed: (reason) => void closed.push(reason),
      };
    },
  });
  if (typeof control === "string") throw new Error(control);
  controls.push(control);
  return { control, channels, messages, closed };
}

function raw(path: string): { readonly socket: Socket; readonly isClosed: () => boolean } {
  let closed = false;
  const socket = connect(path);
  sockets.push(socket);
  socket.on("error", () => undefined);
  socket.on("close", () => (closed = true));
  socket.resume();
  return { socket, isClosed: () => closed };
}

/** A well-behaved peer is still served. */
async function stillServes(heard: Heard): Promise<void> {
  const before = heard.messages.length;
  const answers: Message[] = [];
  const connection = connectControl(
    heard.control.address,
    {
      opened: (channel) => {
        channel.send(hello);
        channel.send({ type: "ping" });
      },
      message: (message) => void answers.push(message),
      closed: () => undefined,
    },
    systemClock,
  );
  await waitFor("the welcome", () => answers.length > 0 && heard.messages.length > before);
  connection[Symbol.dispose]();
}

test("lies in a private folder, mode 0600, knows its peers by uid, and leaves nothing", async () => {
  await using stage = new Stage();
  const heard = await listening(stage);
  const { path } = heard.control.address;
  expect(dirname(dirname(path))).toBe(stage.runtime);
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await stillServes(heard);
  expect(heard.control.guard).toBe("peer uid");
  heard.control[Symbol.dispose]();
  expect(readdirSync(stage.runtime)).toEqual([]);
  expect(readdirSync(stage.home)).toEqual([]);
});

test.each([
  ["", "no XDG_RUNTIME_DIR"],
  ["relative", "one that is no absolute path"],
  ["/nonexistent", "one that is not there"],
])("lies under Codex's home with %p: %s", async (runtime) => {
  await using stage = new Stage();
  const heard = await listening(stage, { XDG_RUNTIME_DIR: runtime });
  expect(dirname(heard.control.address.path)).toBe(join(stage.home, "cdp-control"));
  await stillServes(heard);
  heard.control[Symbol.dispose]();
  expect(readdirSync(stage.home)).toEqual([]);
});

test("a runtime folder that others may write to is not used", async () => {
  await using stage = new Stage();
  chmodSync(stage.runtime, 0o777);
  const heard = await listening(stage);
  expect(heard.control.address.path).toStartWith(stage.home);
  heard.control[Symbol.dispose]();
});

test("a path longer than the 108 bytes of a socket's address works", async () => {
  await using stage = new Stage();
  const runtime = join(stage.runtime, "d".repeat(120));
  mkdirSync(runtime, { mode: 0o700 });
  const heard = await listening(stage, { XDG_RUNTIME_DIR: runtime });
  expect(heard.control.address.path.length).toBeGreaterThan(150);
  await stillServes(heard);
  heard.control[Symbol.dispose]();
  expect(readdirSync(runtime)).toEqual([]);
});

test("what a killed publisher left is removed, and a folder opened to others is closed", async () => {
  await using stage = new Stage();
  const first = await listening(stage);
  const folder = dirname(first.control.address.path);
  first.control[Symbol.dispose]();
  mkdirSync(folder, { mode: 0o755 });
  writeFileSync(join(folder, "control-1"), "");
  const second = await listening(stage);
  expect(readdirSync(folder)).toEqual([`control-${process.pid}`]);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  second.control[Symbol.dispose]();
});

test.each([
  ["a folder open to others", 0o755, true],
  ["no socket", 0o700, false],
])("is not trusted in %s", async (_, mode, real) => {
  await using stage = new Stage();
  const heard = await listening(stage);
  const { path } = heard.control.address;
  chmodSync(dirname(path), mode);
  const file = join(dirname(path), "file");
  if (!real) writeFileSync(file, "");
  const reasons: string[] = [];
  connectControl(
    { path: real ? path : file },
    {
      opened: () => reasons.push("opened"),
      message: () => undefined,
      closed: (reason) => void reasons.push(reason),
    },
    systemClock,
  );
  expect(reasons).toEqual([]);
  await waitFor("the refusal", () => reasons.length > 0);
  expect(reasons[0]).toContain("not ours");
  heard.control[Symbol.dispose]();
});

test.each([
  ["garbage", () => crypto.getRandomValues(new Uint8Array(5000))],
  ["garbage after a hello", () => `${greeting}}{\n`],
  ["a request before the hello", () => '{"type":"ask","verb":"status"}\n'],
  ["a flood", () => greeting + '{"type":"ping"}\n'.repeat(5000)],
  ["a line of 1 MB", () => "x".repeat(1e6)],
  ["nesting", () => `${greeting}{"type":"session","session":${"[".repeat(50_000)}\n`],
  ["lines of nothing", () => "\n".repeat(10_000)],
])("hangs up on %s and serves the others", async (_, make) => {
  await using stage = new Stage();
  const heard = await listening(stage);
  const peer = raw(heard.control.address.path);
  peer.socket.write(make());
  await waitFor("the end", peer.isClosed);
  expect(heard.messages.length).toBeLessThanOrEqual(200);
  await stillServes(heard);
});

test("100 MB of requests cost no memory to speak of", async () => {
  await using stage = new Stage();
  const heard = await listening(stage);
  const before = process.memoryUsage.rss();
  const block = new Uint8Array(1e6).fill(0x7b);
  for (let turn = 0; turn < 100; turn += 1) {
    const peer = raw(heard.control.address.path);
    peer.socket.write(block);
    await waitFor("the end", peer.isClosed);
  }
  expect(process.memoryUsage.rss() - before).toBeLessThan(60e6);
  await stillServes(heard);
});

test("1000 silent connections keep nobody out", async () => {
  await using stage = new Stage();
  const heard = await listening(stage);
  const peers = Array.from({ length: 1000 }, () => raw(heard.control.address.path));
  await waitFor(
    "most of them to be hung up on",
    () => peers.filter((p) => p.isClosed()).length > 800,
  );
  await stillServes(heard);
  await waitFor("the others too", () => peers.every((peer) => peer.isClosed()));
  heard.control[Symbol.dispose]();
});

test("another user is refused by the kernel's word, whatever the folder lets through", async () => {
  await using stage = new Stage();
  const heard = await listening(stage, {}, { whoIs: () => ({ ...known, uid: 4242 }) });
  const { socket, isClosed } = raw(heard.control.address.path);
  socket.write(greeting);
  await waitFor("the refusal", isClosed);
  expect(heard.channels).toEqual([]);
});

test.each<[string, Peer]>([
  ["a peer whose user the kernel does not say", { kind: "unknown" }],
  ["a peer in another pid namespace", { ...known, pid: undefined }],
  ["a peer that has ended", { ...known, pid: 2 ** 30 }],
])("%s is refused", async (_, peer) => {
  await using stage = new Stage();
  const heard = await listening(stage, {}, { whoIs: () => peer });
  const { socket, isClosed } = raw(heard.control.address.path);
  socket.write(greeting);
  await waitFor("the refusal", isClosed);
  expect(heard.channels).toEqual([]);
});

test.each<[string, Peer]>([
  ["another user's", { ...known, uid: known.uid + 1 }],
  ["nobody's that the kernel names", { kind: "unknown" }],
])("a publisher that is %s is told nothing", async (_, peer) => {
  await using stage = new Stage();
  const heard = await listening(stage);
  const said: string[] = [];
  connectControl(
    heard.control.address,
    {
      opened: () => said.push("opened"),
      message: () => undefined,
      closed: (reason) => void said.push(reason),
    },
    systemClock,
    () => peer,
  );
  await waitFor("the refusal", () => said.length > 0);
  expect(said).toEqual(["the control socket is another user's"]);
});

test("a folder, a socket and a file that belong to another user are not trusted", async () => {
  await using stage = new Stage();
  const heard = await listening(stage);
  const { path } = heard.control.address;
  const other = known.uid + 1;
  expect(distrustFolder(dirname(path), 0)).toBeUndefined();
  expect(distrustFolder(dirname(path), 0, other)).toContain("is not ours alone");
  expect(distrustSocket(path)).toBeUndefined();
  expect(distrustSocket(path, other)).toContain("is not ours alone");
});

test("where the kernel names no peer the private folder is what guards", async () => {
  await using stage = new Stage();
  const heard = await listening(stage, {}, { whoIs: () => ({ kind: "unsupported" }) });
  await stillServes(heard);
  expect(heard.control.guard).toBe("private folder");
});

test("half a message waits for its other half", async () => {
  await using stage = new Stage();
  const heard = await listening(stage);
  const { socket } = raw(heard.control.address.path);
  socket.write(greeting.slice(0, 20));
  await stillServes(heard);
  socket.write(`${greeting.slice(20)}{"type":"pi`);
  await waitFor("the hello", () => heard.channels.length === 2);
  expect(heard.messages.length).toBe(1);
  socket.write('ng"}\n{"type":"of a later version"}\n');
  await waitFor("the message", () => heard.messages.length === 2);
  heard.control[Symbol.dispose]();
});

test("a peer that reads nothing is hung up on", async () => {
  await using stage = new Stage();
  const heard = await listening(stage);
  const { socket } = raw(heard.control.address.path);
  socket.pause();
  socket.write(greeting);
  await waitFor("the hello", () => heard.channels.length === 1);
  const value = "x".repeat(50_000);
  for (let turn = 0; turn < 100 && heard.closed.length === 0; turn += 1) {
    heard.channels[0]?.send({ type: "answer", verb: "status", value });
  }
  expect(heard.closed).toEqual(["it does not read"]);
  await stillServes(heard);
});
