import { expect, test } from "bun:test";
import { joinBytes } from "../../src/lib/bytes.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

test.each([
  ["nothing", [], bytes()],
  ["one", [bytes(1, 2)], bytes(1, 2)],
  ["several", [bytes(1), bytes(), bytes(2, 3)], bytes(1, 2, 3)],
])("%s in one piece", (_, parts, whole) => {
  expect(joinBytes(parts)).toEqual(whole);
});
