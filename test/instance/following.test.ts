import { expect, test } from "bun:test";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { Following, type Parting } from "../../src/instance/following.ts";
import type { Json } from "../../src/instance/message.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { waitFor } from "../support/wait-for.ts";
import { Stage } from "./stage.ts";

const self = {
  pid: 7,
  exePath: "/cdp",
  identity: "boot:1",
  mode: "wrapper",
  version: "1.0.0",
  startedAt: 1000,
} as const;

/** A publisher that says only what it is told to say. */
async function scene(stage: Stage, session: Json | undefined) {
  const path = join(stage.runtime, "control");
  const heard: string[] = [];
  let peer: Socket | undefined;
  const server = createServer((socket) => {
    peer = socket;
    socket.on("data", (chunk) => void heard.push(...String(chunk).trim().split("\n")));
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => void server.listen(path, resolve));
  const clock = new FakeClock();
  const health: boolean[] = [];
  const ends: Parting[] = [];
  const following = new Following({
    address: { path },
    self,
    clock,
    session,
    onHealth: (answers) => void health.push(answers),
    onEnd: (parting) => void ends.push(parting),
  });
  await waitFor("the hello", () => heard.length > 0);
  const say = (message: object) => peer?.write(`${JSON.stringify(message)}\n`);
  const hangUp = () => peer?.destroy();
  return {
    clock,
    health,
    ends,
    heard,
    following,
    say,
    hangUp,
    [Symbol.dispose]: () => server.close(),
  };
}

test("a publisher that falls silent is noticed, and that it speaks again", async () => {
  await using stage = new Stage();
  using play = await scene(stage, undefined);
  const { clock, health, heard, say, following } = play;
  clock.advance(2000);
  expect(health).toEqual([false]);
  say({ type: "welcome", pid: 1, version: "1" });
  await waitFor("the welcome", () => health.length === 2);
  clock.advance(5000);
  await waitFor("the ping", () => heard.some((line) => line.includes("ping")));
  clock.advance(1999);
  expect(health).toEqual([false, true]);
  clock.advance(1);
  expect(health).toEqual([false, true, false]);
  say({ type: "pong" });
  await waitFor("the pong", () => health.length === 4);
  following[Symbol.dispose]();
  expect(clock.pending).toBe(0);
});

test("tells its session at the beginning, and many changes as one", async () => {
  await using stage = new Stage();
  using play = await scene(stage, { id: "first" });
  const { clock, heard, following } = play;
  await waitFor("the session", () => heard.length === 2);
  expect(heard[1]).toBe('{"type":"session","session":{"id":"first"}}');
  following.tell({ id: "second" });
  following.tell({ id: "third" });
  clock.advance(20);
  await waitFor("the change", () => heard.length === 3);
  expect(heard[2]).toBe('{"type":"session","session":{"id":"third"}}');
  following[Symbol.dispose]();
});

const inheritance = { sendAges: [5], timerStart: 9 };

test.each([
  ["nothing", [], { welcomed: false, newer: 0, to: undefined, legacy: undefined }],
  [
    "what a killed one had said",
    [
      { type: "welcome", pid: 1, version: "1" },
      { type: "inherit", inheritance, newer: 2 },
    ],
    { welcomed: true, newer: 2, to: undefined, legacy: { inheritance, heardAt: 1000 } },
  ],
  [
    "what a leaving one says",
    [
      { type: "welcome", pid: 1, version: "1" },
      { type: "inherit", inheritance: {}, newer: 2 },
      { type: "handover", inheritance, newer: 1, to: 77 },
    ],
    { welcomed: true, newer: 1, to: 77, legacy: { inheritance, heardAt: 1000 } },
  ],
])("at the end it knows %s", async (_, messages, expected) => {
  await using stage = new Stage();
  using play = await scene(stage, undefined);
  const { ends, say, hangUp } = play;
  for (const message of messages) say(message);
  hangUp();
  await waitFor("the end", () => ends.length > 0);
  expect(ends).toEqual([{ ...expected, reason: expect.any(String) }]);
});
