import { expect, test } from "bun:test";
import { clientFrame, opcode, readWebSocket, upgradeRequest } from "../../src/codex/websocket.ts";
import { everySplit } from "../support/every-split.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const answer = bytes("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n");
const frame = (first: number, text: string) => {
  const payload = bytes(text);
  const { length } = payload;
  const size = length < 126 ? [length] : [126, length >> 8, length & 255];
  return new Uint8Array([first, ...size, ...payload]);
};
const join = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

function told(chunks: readonly Uint8Array[]): readonly string[] {
  const heard: string[] = [];
  const reader = readWebSocket({
    onOpen: () => heard.push("open"),
    onMessage: (text) => heard.push(text.length > 20 ? `${text.length} letters` : text),
    onPing: (payload) => heard.push(`ping ${new TextDecoder().decode(payload)}`),
    onEnd: () => heard.push("end"),
  });
  for (const chunk of chunks) reader.feed(chunk);
  return heard;
}

test("messages, pieces of messages and pings, however they are cut", () => {
  const stream = join(
    answer,
    frame(0x81, "one"),
    frame(0x01, "tw"),
    frame(0x89, "p"),
    frame(0x80, "o"),
    frame(0x81, "x".repeat(300)),
    frame(0x88, ""),
    frame(0x81, "after the end"),
  );
  const expected = ["open", "one", "ping p", "two", "300 letters", "end"];
  expect(told([stream])).toEqual(expected);
  for (const chunks of everySplit(stream)) expect(told(chunks)).toEqual(expected);
});

test.each<[string, Uint8Array]>([
  ["another answer", bytes("HTTP/1.1 404 Not Found\r\n\r\n")],
  ["an endless head", new Uint8Array(20_000)],
])("%s is the end", (_, chunk) => {
  expect(told([chunk])).toEqual(["end"]);
});

test.each<[string, Uint8Array]>([
  ["a masked frame", new Uint8Array([0x81, 0x83, 1, 2, 3, 4, 5, 6, 7])],
  ["a frame of 4 GB", new Uint8Array([0x81, 127, 0, 0, 0, 1, 0, 0, 0, 0])],
])("%s is the end", (_, chunk) => {
  expect(told([answer, chunk])).toEqual(["open", "end"]);
});

test("pieces without end are the end", () => {
  const pieces = Array.from({ length: 20 }, () => frame(0x01, "x".repeat(60_000)));
  expect(told([answer, ...pieces])).toEqual(["open", "end"]);
});

test("what we send is masked, and reads as it was", () => {
  const mask = new Uint8Array([1, 2, 3, 4]);
  const short = clientFrame(opcode.text, bytes("hello"), mask);
  expect([...short.subarray(0, 6)]).toEqual([0x81, 0x85, 1, 2, 3, 4]);
  const plain = short.subarray(6).map((byte, i) => byte ^ (mask[i % 4] ?? 0));
  expect(new TextDecoder().decode(plain)).toBe("hello");
  const long = clientFrame(opcode.text, bytes("y".repeat(1000)), mask);
  expect([...long.subarray(0, 4)]).toEqual([0x81, 0xfe, 3, 232]);
  expect(upgradeRequest("a2V5")).toEndWith("Sec-WebSocket-Version: 13\r\n\r\n");
});
