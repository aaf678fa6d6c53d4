import { describe, expect, test } from "bun:test";

import { everySplit } from "../support/every-split.ts";
import { Oracle } from "../support/oracle.ts";
import { screenCases } from "../support/screens.ts";

const SIZE = { rows: 8, cols: 12 };
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const cases = screenCases();

for (const [where, before, paneRows] of [
  ["the alternate screen", "\u001b[?1049h", 1],
  ["the main screen", "$ program\r\n", 2],
] as const) {
  describe(`a child on ${where} sees what it would see alone, at every cut`, () => {
    for (const { name, input } of cases) {
      test(name, () => {
        for (const chunks of everySplit(input)) {
          const oracle = new Oracle({ size: SIZE, paneRows });
          oracle.feed(encode(before));
          for (const [at, chunk] of chunks.entries()) {
            oracle.setPane(`pane ${at}`);
            oracle.feed(chunk);
            const found = oracle.differences(true);
            if (found.length > 0) expect({ chunks, at, found }).toEqual({ chunks, at, found: [] });
          }
          oracle.feed(encode("\u0018\u001b[?2026l\u001b[1;1H"));
          expect([...oracle.differences(), ...oracle.scrollbackDifferences()]).toEqual([]);
        }
      });
    }
  });
}
