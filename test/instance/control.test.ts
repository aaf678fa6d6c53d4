import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { connectControl } from "../../src/instance/control.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { waitFor } from "../support/wait-for.ts";
import { endAll, greeting, listening, raw, stillServes } from "./control-scene.ts";
import { Stage } from "./stage.ts";

setDefaultTimeout(30_000);
afterEach(endAll);

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
  ["no XDG_RUNTIME_DIR", () => ""],
  ["one that is no absolute path", () => "relative"],
  ["one that is not there", ({ runtime }: Stage) => join(runtime, "not-there")],
])("lies under Codex's home with %s", async (_, runtimeOf) => {
  await using stage = new Stage();
  const runtime = runtimeOf(stage);
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
  const clock = new FakeClock(); // The two seconds for a hello do not pass.
  const heard = await listening(stage, {}, { clock });
  const peers = Array.from({ length: 1000 }, () => raw(heard.control.address.path));
  await waitFor(
    "all but 128 of them to be hung up on",
    () => peers.filter((peer) => peer.isClosed()).length === 872,
  );
  await stillServes(heard);
  clock.advance(2000);
  await waitFor("the others too", () => peers.every((peer) => peer.isClosed()));
  heard.control[Symbol.dispose]();
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
