import { expect } from "bun:test";
import { eventsOf } from "../../src/codex/events.ts";
import { readRolloutLine } from "../../src/codex/rollout.ts";
import { encoder, timestamp } from "./lines.ts";

/** The events of a line in words, or why there are none. */
export function told(line: string): string {
  const read = readRolloutLine(encoder.encode(line));
  if (typeof read === "string") return read;
  return eventsOf(read, true)
    .map((each) => {
      const { at, type: what, ...rest } = each;
      expect(at).toBe(Date.parse(timestamp));
      return `${what} ${JSON.stringify(rest)}`;
    })
    .join(" ");
}
