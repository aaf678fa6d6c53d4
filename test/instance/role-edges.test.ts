import { expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync } from "node:fs";
import { Channel, type ChannelSocket } from "../../src/instance/channel.ts";
import type { Json } from "../../src/instance/message.ts";
import { askPublisher } from "../../src/instance/request.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { waitFor } from "../support/wait-for.ts";
import { isFree, lastOf, play } from "./played.ts";
import { Stage } from "./stage.ts";

setDefaultTimeout(30_000);

const ask = (home: string, verb: "status" | "why" = "status", timeoutMs = 2000) =>
  askPublisher({ home, verb, pid: process.pid, version: "1", clock: systemClock, timeoutMs });

test("nothing is called back before the constructor has returned", async () => {
  await using stage = new Stage();
  const played = play(stage);
  expect([played.done, played.states, played.role.state]).toEqual([[], [], { kind: "seeking" }]);
  await played.role[Symbol.asyncDispose]();
  expect(played.done).toEqual([]);
  expect(readdirSync(stage.home)).toEqual([]);
});

test("leaving twice is leaving once; it yields and leaves nothing", async () => {
  await using stage = new Stage();
  const played = play(stage);
  await waitFor("the role", () => lastOf(played) === "publishing");
  await Promise.all([played.role[Symbol.asyncDispose](), played.role[Symbol.asyncDispose]()]);
  expect(played.done).toEqual(["publish", "yield"]);
  expect(readdirSync(stage.home)).toEqual(["codex-discord-presence.lock"]);
});

test.each(["publish", "yield"] as const)(
  "a %s that fails turns presence off and frees the role",
  async (which) => {
    await using stage = new Stage();
    const fail = () => {
      throw new Error("broken");
    };
    const played = play(
      stage,
      which === "publish" ? { publish: fail } : { yield: async () => fail() },
    );
    if (which === "yield") {
      await waitFor("the role", () => lastOf(played) === "publishing");
      await played.role.handOver();
    }
    await waitFor("the end", () => lastOf(played) === "off");
    expect(played.role.state).toEqual({ kind: "off", reason: "presence failed: broken" });
    expect(isFree(stage)).toBe(true);
    if (which === "publish") expect(played.done).toEqual(["yield"]);
    await played.role[Symbol.asyncDispose]();
  },
);

test("listeners that fail are no reason to fail", async () => {
  await using stage = new Stage();
  const fail = () => {
    throw new Error("broken");
  };
  const played = play(stage, { onState: fail, onSessions: fail, inheritance: fail });
  await waitFor("the role", () => played.done.length === 1);
  const second = play(stage, { startedAt: 2000 });
  second.role.report({ id: "second" });
  await waitFor("a second to follow", () => lastOf(second) === "following");
  await played.role[Symbol.asyncDispose]();
  await waitFor("the second to publish", () => lastOf(second) === "publishing");
  expect(played.done).toEqual(["publish", "yield"]);
  await second.role[Symbol.asyncDispose]();
});

test("the role is free only when the card is cleared", async () => {
  await using stage = new Stage();
  const cleared = Promise.withResolvers<void>();
  const played = play(stage, { yield: () => cleared.promise });
  await waitFor("the role", () => lastOf(played) === "publishing");
  const leaving = played.role.handOver();
  const second = play(stage, { startedAt: 2000 });
  await waitFor("a second to follow", () => lastOf(second) === "following");
  expect(second.done).toEqual([]);
  cleared.resolve();
  await leaving;
  await waitFor("the second to publish", () => lastOf(second) === "publishing");
  expect(lastOf(played)).toBe("resting");
  played.role.rejoin();
  await waitFor("the first to follow", () => lastOf(played) === "following");
  await second.role[Symbol.asyncDispose]();
  await waitFor("the first to publish again", () => lastOf(played) === "publishing");
  await played.role[Symbol.asyncDispose]();
});

test.each(["wrapper", "dashboard"] as const)(
  "a %s that rests and at once rejoins has the role",
  async (mode) => {
    await using stage = new Stage();
    const played = play(stage, { mode });
    for (let turn = 0; turn < 3; turn += 1) {
      const rested = played.role.handOver();
      played.role.rejoin();
      await rested;
    }
    await waitFor("the role", () => lastOf(played) === "publishing");
    const rested = played.role.handOver();
    played.role.rejoin();
    await rested;
    await waitFor("the role", () => lastOf(played) === "publishing" && !isFree(stage));
    await played.role[Symbol.asyncDispose]();
    expect(played.done.length % 2).toBe(0);
    expect(isFree(stage)).toBe(true);
  },
);

test("several leave at the same time: the last takes the metadata away", async () => {
  await using stage = new Stage();
  const all = [1, 2, 3].map((startedAt) => play(stage, { startedAt }));
  const count = (kind: string) => all.filter((played) => lastOf(played) === kind).length;
  await waitFor("one and two", () => count("following") === 2 && count("publishing") === 1);
  await Promise.all(all.map(({ role }) => role[Symbol.asyncDispose]()));
  expect(readdirSync(stage.home)).toEqual(["codex-discord-presence.lock"]);
  expect(readdirSync(stage.runtime)).toEqual([]);
});

test("an answer is the publisher's own word; one too long, or failing, is silence", async () => {
  await using stage = new Stage();
  let answer: () => Json | Promise<Json> = () => ({ card: "the card" });
  const played = play(stage, { answer: () => answer() });
  await waitFor("the role", () => lastOf(played) === "publishing");
  expect(await ask(stage.home)).toMatchObject({ kind: "answered", value: { card: "the card" } });
  answer = () => "x".repeat(100_000);
  expect((await ask(stage.home)).kind).toBe("silent");
  answer = () => Promise.reject(new Error("broken"));
  expect((await ask(stage.home, "why")).kind).toBe("silent");
  answer = () => new Promise(() => undefined);
  expect(await ask(stage.home, "why", 30)).toMatchObject({ why: "no answer in 30 ms" });
  await played.role[Symbol.asyncDispose]();
  expect((await ask(stage.home)).kind).toBe("notRunning");
});

/** A socket that remembers. */
function socket() {
  const written: string[] = [];
  let feed: (chunk: Uint8Array) => void = () => undefined;
  const fake: ChannelSocket = {
    writableLength: 0,
    write: (text) => written.push(text),
    end: () => undefined,
    destroy: () => void written.push("destroyed"),
    on: (event: string, heard: (value: never) => void) => {
      if (event === "data") feed = heard as (chunk: Uint8Array) => void;
    },
  };
  return { fake, written, say: (text: string) => feed(new TextEncoder().encode(text)) };
}

test.each([
  ['"token":"secret"', true],
  ['"token":"guess"', false],
  ['"more":1', false],
])("where the system names no peer a hello needs the token: %s", (field, welcome) => {
  const { fake, written, say } = socket();
  const welcomed: Channel[] = [];
  Channel.accept(fake, new FakeClock(), {
    token: "secret",
    onChannel: (channel) => {
      welcomed.push(channel);
      return { message: () => undefined, closed: () => undefined };
    },
  });
  say(`{"type":"hello","role":"client","pid":1,"version":"1","startedAt":1,${field}}\n`);
  expect(welcomed.length).toBe(welcome ? 1 : 0);
  expect(written).toEqual(welcome ? [] : ["destroyed"]);
});

test("who does not say hello within 2 s is hung up on", () => {
  const clock = new FakeClock();
  const { fake, written } = socket();
  const onChannel = () => ({ message: () => undefined, closed: () => undefined });
  Channel.accept(fake, clock, { token: undefined, onChannel });
  clock.advance(1999);
  expect(written).toEqual([]);
  clock.advance(1);
  expect(written).toEqual(["destroyed"]);
  expect(clock.pending).toBe(0);
});
