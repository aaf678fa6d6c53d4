import { expect, test } from "bun:test";
import { encodeMessage, LineReader, maxMessage, parseMessage } from "../../src/instance/message.ts";
import type { Message, SendAge } from "../../src/instance/message.ts";

const inheritance = { sendAges: [1, 2.5], timerStart: 1700000000000 };
const messages: readonly Message[] = [
  { type: "hello", role: "wrapper", pid: 1, version: "1.0.0", startedAt: 2 },
  { type: "hello", role: "client", pid: 1, version: "1.0.0", startedAt: 2, token: "t" },
  { type: "welcome", pid: 3, version: "1.0.0" },
  { type: "takeover", by: 4 },
  { type: "bye", inheritance },
  { type: "inherit", inheritance, newer: 3 },
  { type: "handover", inheritance, newer: 0, to: 5 },
  { type: "session", session: { id: "é\n", list: [null, true] } },
  { type: "ask", verb: "status" },
  { type: "answer", verb: "why", value: "because" },
  { type: "ping" },
  { type: "pong" },
];

test.each(messages)("goes there and comes back: %p", (message) => {
  const line = encodeMessage(message) ?? "";
  expect(line.endsWith("\n")).toBe(true);
  expect(parseMessage(line)).toEqual(message);
});

test.each([
  "",
  "x",
  "{",
  "[]",
  "null",
  "3",
  '"hello"',
  "[".repeat(60_000),
  '{"type":"hello"}',
  '{"type":"hello","role":"king","pid":1,"version":"1","startedAt":1}',
  '{"type":"hello","role":"client","pid":-1,"version":"1","startedAt":1}',
  '{"type":"welcome","pid":"1","version":"1"}',
  '{"type":"welcome","pid":1e999,"version":"1"}',
  `{"type":"welcome","pid":1,"version":"${"1".repeat(257)}"}`,
  `{"type":"hello","role":"client","pid":1,"version":"${"1".repeat(257)}","startedAt":1}`,
  '{"type":"takeover","by":1.5}',
  '{"type":"takeover"}',
  '{"type":"session"}',
  '{"type":"answer","verb":"why"}',
])("is no message of ours, %#", (line) => {
  expect(parseMessage(line)).toBeUndefined();
});

test.each([
  '{"type":"sing"}',
  '{"type":7}',
  "{}",
  '{"type":"ask","verb":"sing"}',
  '{"type":"__proto__"}',
])("may be a later version's: %p", (line) => {
  expect(parseMessage(line)).toBe("unknown");
});

test.each<[value: unknown, sendAges: readonly SendAge[]]>([
  [undefined, []],
  [{ sendAges: "x" }, []],
  [{ sendAges: [1, "x", -1, null, {}] }, [1, 0, 0, 0, 0]],
  [{ sendAges: [[1, "less"], 2] }, [[1, "less"], 2]],
  [{ sendAges: [[1], [2, "Less\n"], [-3, "less"], [], [4, 5]] }, [1, 2, [0, "less"], 0, 4]],
  [{ sendAges: Array.from({ length: 1000 }, () => 7) }, Array.from({ length: 16 }, () => 7)],
])("a damaged inheritance is read as far as it goes, %#", (value, sendAges) => {
  const line = JSON.stringify({ type: "bye", inheritance: value });
  expect(parseMessage(line)).toEqual({
    type: "bye",
    inheritance: { sendAges, timerStart: undefined },
  });
});

test("lines come out whole, however they are cut", () => {
  const bytes = new TextEncoder().encode('{"a":"é€😀"}\n\n{"b":1}\nrest');
  for (let first = 0; first <= bytes.length; first += 1) {
    for (let second = first; second <= bytes.length; second += 1) {
      const reader = new LineReader();
      const cuts = [
        bytes.subarray(0, first),
        bytes.subarray(first, second),
        bytes.subarray(second),
      ];
      expect(cuts.flatMap((cut) => reader.feed(cut))).toEqual(['{"a":"é€😀"}', "", '{"b":1}']);
    }
  }
});

test("a line that never ends is given up at 64 KiB", () => {
  const reader = new LineReader();
  const piece = new Uint8Array(1024).fill(0x61);
  for (let size = 1024; size < maxMessage; size += 1024) expect(reader.feed(piece)).toEqual([]);
  expect(reader.feed(piece)).toBeUndefined();
  expect(new LineReader().feed(new Uint8Array(1e6).fill(0x61))).toBeUndefined();
  expect(encodeMessage({ type: "session", session: "é".repeat(40_000) })).toBeUndefined();
});
