import { expect, test } from "bun:test";
import { Channel, type ChannelSocket } from "../../src/instance/channel.ts";
import { encodeMessage, type Message } from "../../src/instance/message.ts";
import { FakeClock } from "../support/fake-clock.ts";

/** The other end's socket, whose bytes come when the test says so. */
class PlayedSocket implements ChannelSocket {
  writableLength = 0;
  isDestroyed = false;
  readonly #heard: ((chunk: Uint8Array) => void)[] = [];
  write(): void {}
  end(): void {}
  destroy(): void {
    this.isDestroyed = true;
  }
  on(event: string, heard: (value: never) => void): void {
    if (event === "data") this.#heard.push(heard as (chunk: Uint8Array) => void);
  }
  hear(text: string): void {
    for (const heard of this.#heard) heard(new TextEncoder().encode(text));
  }
}

/** A publisher's end of a connection, on a clock that stands still. */
function accepted(token: string | undefined) {
  const [socket, clock] = [new PlayedSocket(), new FakeClock()];
  const messages: Message[] = [];
  const closed: string[] = [];
  let opened = 0;
  Channel.accept(socket, clock, {
    token,
    onChannel: () => {
      opened += 1;
      return {
        message: (message) => void messages.push(message),
        closed: (reason) => void closed.push(reason),
      };
    },
  });
  return { socket, clock, messages, closed, opened: () => opened };
}

const hello = (token?: string): string =>
  encodeMessage({
    type: "hello",
    role: "client",
    pid: 1,
    version: "1",
    startedAt: 1,
    ...(token === undefined ? {} : { token }),
  }) ?? "";
const ask = encodeMessage({ type: "ask", verb: "status" }) ?? "";

test("with the token a peer is heard", () => {
  const { socket, messages, opened } = accepted("secret");
  socket.hear(hello("secret") + ask);
  expect(opened()).toBe(1);
  expect(messages).toEqual([{ type: "ask", verb: "status" }]);
});

test.each([undefined, "", "Secret", "secret "])(
  "a peer whose token is %j is hung up on, unheard",
  (token) => {
    const { socket, messages, opened } = accepted("secret");
    socket.hear(hello(token) + ask);
    expect([socket.isDestroyed, opened(), messages.length]).toEqual([true, 0, 0]);
  },
);

test("a peer that asks before its hello is hung up on, unheard", () => {
  const { socket, messages, opened } = accepted(undefined);
  socket.hear(ask + hello() + ask);
  expect([socket.isDestroyed, opened(), messages.length]).toEqual([true, 0, 0]);
});

test("a peer that is silent has two seconds for its hello", () => {
  const { socket, clock } = accepted(undefined);
  clock.advance(1999);
  expect(socket.isDestroyed).toBe(false);
  clock.advance(1);
  expect(socket.isDestroyed).toBe(true);
});

test("one that has said hello may be silent for ever", () => {
  const { socket, clock, closed } = accepted(undefined);
  socket.hear(hello());
  clock.advance(3_600_000);
  expect([socket.isDestroyed, closed]).toEqual([false, []]);
});

test("200 messages a second are heard, and not one more", () => {
  const { socket, clock, messages, closed } = accepted(undefined);
  socket.hear(hello() + ask.repeat(199));
  clock.advance(1000);
  socket.hear(ask.repeat(200));
  expect([messages.length, closed]).toEqual([399, []]);
  socket.hear(ask);
  expect([messages.length, closed]).toEqual([399, ["too many messages"]]);
});

test("what no instance would send ends it, and nothing after it is heard", () => {
  const { socket, messages, closed } = accepted(undefined);
  socket.hear(`${hello()}[]\n${ask}`);
  expect([messages.length, closed]).toEqual([0, ["no message of ours"]]);
});

test("to a peer that does not read nothing more is sent", () => {
  const [socket, clock] = [new PlayedSocket(), new FakeClock()];
  const closed: string[] = [];
  const channel = new Channel(socket, clock, {
    message: () => undefined,
    closed: (reason) => void closed.push(reason),
  });
  socket.writableLength = 1024 * 1024;
  channel.send({ type: "ping" });
  expect([socket.isDestroyed, closed]).toEqual([false, []]);
  socket.writableLength += 1;
  channel.send({ type: "ping" });
  expect([socket.isDestroyed, closed]).toEqual([true, ["it does not read"]]);
});
