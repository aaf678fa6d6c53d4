import { describe, expect, test } from "bun:test";
import { assert, integer, property } from "fast-check";

import { Oracle } from "../support/oracle.ts";
import { randomOutput } from "../support/random-output.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
/** Ends whatever is open and puts the cursor somewhere: then nothing is due any more. */
const SETTLED = encode("\u0018\u001b[?2026l\u001b[2;2H");

describe("random output, cut anywhere, under a pane that keeps changing", () => {
  for (const [where, before, rows] of [
    ["alternate", "\u001b[?1049h", 1],
    ["main", "$ ", 2],
  ] as const) {
    test(`on the ${where} screen`, () => {
      assert(
        property(
          randomOutput,
          integer({ min: 1, max: 40 }),
          integer({ min: rows, max: 4 }),
          (output, cut, paneRows) => {
            const oracle = new Oracle({ size: { rows: 10, cols: 12 }, paneRows });
            oracle.feed(encode(before));
            const bytes = encode(output);
            for (let at = 0; at < bytes.length; at += cut) {
              if ((at / cut) % 3 === 0) oracle.setPane(`pane ${at}`);
              oracle.feed(bytes.subarray(at, at + cut));
              expect(oracle.differences(true)).toEqual([]);
            }
            oracle.feed(SETTLED);
            expect(oracle.differences()).toEqual([]);
            expect(oracle.scrollbackDifferences()).toEqual([]);
          },
        ),
        { numRuns: 400, seed: 2026 },
      );
    }, 30_000);
  }
});
