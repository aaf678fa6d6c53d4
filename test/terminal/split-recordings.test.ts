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
