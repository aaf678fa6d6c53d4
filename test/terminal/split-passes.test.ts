import { expect, test } from "bun:test";

import { openEmulator } from "../../src/terminal/emulator.ts";
import { Split } from "../../src/terminal/split.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function after(...chunks: readonly Uint8Array[]): Split {
  const size = { rows: 12, cols: 20 };
  const split = new Split({ size, paneRows: 2, emulator: openEmulator });
  for (const chunk of chunks) split.feedChild(chunk);
  return split;
}

const alternate = encode("\u001b[?1049h");

test.each<[string, boolean, readonly Uint8Array[], Uint8Array]>([
  ["text", true, [alternate], encode("x")],
  ["text beyond ASCII", true, [alternate], encode("é日")],
  ["half a character", true, [alternate], Uint8Array.of(0xe6, 0x97)],
  ["its other half", true, [alternate, Uint8Array.of(0xe6, 0x97)], Uint8Array.of(0xa5)],
  ["lines", true, [alternate], encode("a\r\n\tb\b\u0007")],
  ["a sequence", false, [alternate], encode("a\u001b[1m")],
  ["its rest", false, [alternate, encode("\u001b[1")], encode("m")],
  ["a string's rest", false, [alternate, encode("\u001b]0;ti")], encode("tle")],
  ["an 8-bit control", false, [alternate], encode("\u009b1m")],
  ["what may begin one", false, [alternate], Uint8Array.of(0xc2)],
  ["what may end one", false, [alternate, Uint8Array.of(0xc2)], Uint8Array.of(0x9b)],
  ["before the first cell on the main screen", false, [], encode("x")],
  ["after it", true, [encode("x")], encode("y")],
])("%s passes as it is: %p", (_, passes, before, chunk) => {
  expect(after(...before).passes(chunk)).toBe(passes);
});
