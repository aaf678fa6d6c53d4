import { describe, expect, test } from "bun:test";
import {
  encodeFrame,
  FrameDecoder,
  maxFrameBytes,
  op,
  type Incoming,
} from "../../src/discord/frame.ts";
import { frame, rawFrame } from "../support/fake-discord-frames.ts";

describe("encoding", () => {
  test("op and length in little endian, then JSON in UTF-8", () => {
    expect(hex(encodeFrame(op.handshake, { v: 1 }))).toBe(hex(frame(0, { v: 1 })));
    expect(hex(encodeFrame(op.frame, { t: "é👍" }))).toBe(hex(frame(1, { t: "é👍" })));
    expect(hex(encodeFrame(op.ping, undefined))).toBe(hex(frame(3, undefined)));
  });
});

const interpretations: readonly (readonly [string, Buffer, readonly Incoming[]])[] = [
  ["a message", frame(1, { a: 1 }), [{ kind: "message", payload: { a: 1 } }]],
  ["null", frame(1, null), []],
  ["an array", frame(1, [1]), []],
  ["a string", frame(1, "x"), []],
  ["an empty body", frame(1, undefined), []],
  ["garbage", rawFrame(1, Buffer.from("{nope")), []],
  ["bytes that are not UTF-8", rawFrame(1, Buffer.from([0xff, 0xfe])), []],
  ["an unknown operation", frame(9, { a: 1 }), []],
  ["a ping", frame(3, "id"), [{ kind: "ping", data: "id" }]],
  ["a pong without data", frame(4, undefined), [{ kind: "pong", data: undefined }]],
  [
    "a close",
    frame(2, { code: 4000, message: "Invalid Client ID" }),
    [{ kind: "close", code: 4000, message: "Invalid Client ID" }],
  ],
  [
    "a close with garbage",
    rawFrame(2, Buffer.from("?")),
    [{ kind: "close", code: 1006, message: "" }],
  ],
  [
    "a close with odd types",
    frame(2, { code: "x", message: 7 }),
    [{ kind: "close", code: 1006, message: "" }],
  ],
];

describe("decoding", () => {
  test.each([...interpretations])("%s", (_, bytes, expected) => {
    expect(new FrameDecoder().feed(bytes)).toEqual([...expected]);
  });

  test("whatever was skipped, the next frame is read", () => {
    for (const [, bytes, expected] of interpretations) {
      const next = new FrameDecoder().feed(Buffer.concat([bytes, frame(1, { next: true })]));
      expect(next).toEqual([...expected, { kind: "message", payload: { next: true } }]);
    }
  });

  test("the same frames at every cut", () => {
    const bytes = Buffer.concat([frame(1, { text: "é👍" }), frame(4, undefined), frame(3, 7)]);
    const whole = new FrameDecoder().feed(bytes);
    expect(whole).toHaveLength(3);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const decoder = new FrameDecoder();
      const parts = [...decoder.feed(bytes.subarray(0, cut)), ...decoder.feed(bytes.subarray(cut))];
      expect(parts).toEqual([...whole]);
    }
    const decoder = new FrameDecoder();
    expect([...bytes].flatMap((byte) => decoder.feed(Buffer.from([byte])))).toEqual([...whole]);
  });

  test("of the reason that comes with a close 200 characters are kept", () => {
    const [close] = new FrameDecoder().feed(frame(2, { code: 1, message: "x".repeat(1000) }));
    expect(close).toEqual({ kind: "close", code: 1, message: "x".repeat(200) });
  });

  test("a body of exactly 1 MiB is read, one byte more ends the stream", () => {
    const body = Buffer.from(JSON.stringify({ t: "x".repeat(maxFrameBytes - 8) }));
    expect(body).toHaveLength(maxFrameBytes);
    expect(new FrameDecoder().feed(rawFrame(1, body))[0]?.kind).toBe("message");
    const decoder = new FrameDecoder();
    const length = maxFrameBytes + 1;
    expect(decoder.feed(rawFrame(1, Buffer.alloc(0), length))).toEqual([
      { kind: "oversize", length },
    ]);
    expect(decoder.feed(frame(1, { late: true }))).toEqual([]);
  });

  test("a length of 4 GiB asks for no memory and is told at once", () => {
    const length = 0xff_ff_ff_ff;
    const decoder = new FrameDecoder();
    expect(decoder.feed(rawFrame(1, Buffer.alloc(0), length))).toEqual([
      { kind: "oversize", length },
    ]);
  });

  // Copying the tail at each byte would move half a TiB: not within the limit of a test.
  test("1 MiB in one-byte chunks is not quadratic", () => {
    const bytes = rawFrame(1, Buffer.from(JSON.stringify({ t: "x".repeat(maxFrameBytes - 8) })));
    const decoder = new FrameDecoder();
    let frames = 0;
    for (let at = 0; at < bytes.length; at += 1)
      frames += decoder.feed(bytes.subarray(at, at + 1)).length;
    expect(frames).toBe(1);
  });
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
