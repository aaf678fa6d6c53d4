import { expect, test } from "bun:test";
import { splitLines } from "../../src/tail/lines.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function splitter(limits?: { maxBytes: number; headBytes: number }) {
  const lines: string[] = [];
  const split = splitLines((line, whole) => {
    lines.push(`${whole ? "" : "…"}${decoder.decode(line)}`);
  }, limits);
  return { split, lines };
}

test("lines come whole wherever the bytes are cut", () => {
  const bytes = encoder.encode("one\n\ntwo ⠋ é\r\nthe third\nunfinished");
  const expected = ["one", "", "two ⠋ é\r", "the third"];
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    for (let next = cut; next <= bytes.length; next += 1) {
      const { split, lines } = splitter();
      for (const part of [bytes.slice(0, cut), bytes.slice(cut, next), bytes.slice(next)]) {
        // The reader's buffer is used again for the next part.
        const buffer = part.slice();
        split.feed(buffer);
        buffer.fill(10);
      }
      expect(lines).toEqual(expected);
    }
  }
});

test("of a line that is too long only its beginning comes, and little is kept meanwhile", () => {
  const limits = { maxBytes: 10, headBytes: 4 };
  const bytes = encoder.encode(`short\n${"x".repeat(10)}\n${"y".repeat(11)}\nafter\n`);
  for (let size = 1; size <= bytes.length; size += 1) {
    const { split, lines } = splitter(limits);
    for (let at = 0; at < bytes.length; at += size) {
      split.feed(bytes.slice(at, at + size));
      expect(split.held).toBeLessThanOrEqual(10);
    }
    expect(lines).toEqual(["short", "xxxxxxxxxx", "…yyyy", "after"]);
  }
});

test("a line of 200 MB is passed over in constant memory", () => {
  const { split, lines } = splitter();
  const chunk = new Uint8Array(65_536).fill(120);
  split.feed(encoder.encode("first\n"));
  for (let i = 0; i < 3200; i += 1) {
    split.feed(chunk);
    if (split.held > 1_048_576) throw new Error(`${split.held} bytes held`);
  }
  split.feed(encoder.encode("\nlast\n"));
  expect(lines).toEqual(["first", `…${"x".repeat(1024)}`, "last"]);
});

test("of a line whose beginning was not met it is known when it was too long", () => {
  const { split, lines } = splitter({ maxBytes: 10, headBytes: 4 });
  split.reset(true);
  split.feed(encoder.encode("rest\nwhole\n"));
  expect(lines).toEqual(["whole"]);
  split.reset(true);
  for (let i = 0; i < 6; i += 1) split.feed(encoder.encode("xx"));
  split.feed(encoder.encode("\nwhole\n"));
  expect(lines).toEqual(["whole", "…", "whole"]);
});

test("bytes that are no UTF-8 pass through", () => {
  const lines: Uint8Array[] = [];
  splitLines((line) => lines.push(line.slice())).feed(new Uint8Array([0xff, 0x00, 0x80, 10]));
  expect(lines).toEqual([new Uint8Array([0xff, 0x00, 0x80])]);
});

test("a start in the middle of a line begins with the next one", () => {
  const { split, lines } = splitter();
  split.feed(encoder.encode("gone"));
  split.reset(true);
  split.feed(encoder.encode("rest of "));
  split.feed(encoder.encode("a line\nwhole\n"));
  split.reset(false);
  split.feed(encoder.encode("anew\n"));
  expect(lines).toEqual(["whole", "anew"]);
});
