import { describe, expect, test } from "bun:test";

import { Oracle } from "../support/oracle.ts";
import { readRecording, recordingNames } from "../support/recordings.ts";

describe("the pane above recordings of the real Codex", () => {
  for (const name of recordingNames) {
    test(name, () => {
      const { size, moments } = readRecording(name);
      const oracle = new Oracle({ size, paneRows: 3 });
      for (const [at, moment] of moments.entries()) {
        if (at % 7 === 0) oracle.setPane(`pane ${at}`);
        if ("size" in moment) oracle.resize(moment.size);
        else oracle.feed(moment.chunk);
        const found = oracle.differences(true);
        if (found.length > 0) expect({ at, found }).toEqual({ at, found: [] });
      }
      expect(oracle.scrollbackDifferences()).toEqual([]);
      expect(oracle.compared).toBeGreaterThan(1000);
    });
  }
});

test("a storm of 200 resizes ends with an exact screen", () => {
  const { moments } = readRecording("resize");
  const oracle = new Oracle({ size: { rows: 30, cols: 100 }, paneRows: 3 });
  const chunks = moments.flatMap((moment) => ("chunk" in moment ? [moment.chunk] : []));
  for (let at = 0; at < 200; at++) {
    oracle.feed(chunks[at] ?? new Uint8Array(0));
    oracle.resize({ rows: 9 + ((at * 7) % 40), cols: 40 + ((at * 13) % 100) });
    oracle.setPane(`pane ${at}`);
  }
  // What a child that repaints itself after each resize would write last.
  oracle.feed(new TextEncoder().encode("\u001b[?2026l\u001b[1;1H\u001b[Jdone\u001b[1;1H"));
  expect(oracle.differences()).toEqual([]);
});
