import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { createRolloutReader } from "../../src/codex/events.ts";
import { linesOf, rollouts, rolloutsOf, terminalEvents, timeline } from "./timeline.ts";

// What a later Codex may write: things that this release of `cdp` has never seen.

const unknown: readonly object[] = [
  { type: "brand_new_line", payload: { turn_id: "t", state: "working" } },
  { type: "event_msg", payload: { type: "brand_new_event", turn_id: "t" } },
  {
    type: "event_msg",
    payload: { type: "item_completed", item: { type: "BrandNewItem", id: "i" } },
  },
  { type: "response_item", payload: { type: "brand_new_call", call_id: "c", name: "x" } },
];

const encoder = new TextEncoder();
const recordings = readdirSync(rollouts).filter(
  (name) => !/^(?:legacy|story_spawn|spawn)/.test(name),
);

test.each(recordings)("lines of unknown types anywhere in %s change nothing", (recording) => {
  const [terminal, files] = [terminalEvents(recording), rolloutsOf(recording)];
  let counted = 0;
  const read = (path: string, withUnknown: boolean) => {
    const reader = createRolloutReader();
    const events = linesOf(path).flatMap((line, at) => {
      const { timestamp, ordinal }: { timestamp: string; ordinal?: number } = JSON.parse(line);
      const later = { timestamp, ordinal, ...unknown[at % unknown.length] };
      const lines = withUnknown && at > 0 ? [JSON.stringify(later), line] : [line];
      return lines.flatMap((each) => [...reader.read(encoder.encode(each))]);
    });
    counted += reader.counts.unknown;
    expect(reader.counts.broken).toBe(0);
    return events;
  };
  const known = timeline([terminal, ...files.map((path) => read(path, false))]);
  expect(counted).toBe(0);
  expect(timeline([terminal, ...files.map((path) => read(path, true))])).toEqual(known);
  expect(counted).toBeGreaterThan(0);
});
