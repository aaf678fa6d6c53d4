/**
 * How long keys and frames wait while a long line of a rollout is read: the longest time without a
 * turn of the event loop. A picture that a tool returns is such a line.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "../../src/lib/log.ts";
import { openTail } from "../../src/tail/tail.ts";
import { judge, say, sayLoad } from "./goals.ts";
import { benchOptions } from "./options.ts";
import { median } from "./statistics.ts";

const lineBytes = 10_000_000;
/** A frame of a terminal at 60 Hz lasts 16 ms; half of it may be lost. */
const goalMs = 8;
const rounds = Math.max(3, Math.round(20 * benchOptions().scale));

const folder = mkdtempSync(join(tmpdir(), "cdp-bench-"));
const path = join(folder, "rollout.jsonl");
writeFileSync(path, `before\n${"x".repeat(lineBytes)}\nafter\n`);
const waits: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  // oxlint-disable-next-line no-await-in-loop -- one after the other
  waits.push(await longestWait());
}
rmSync(folder, { recursive: true });

sayLoad();
say(`a line of ${lineBytes / 1e6} MB, ${rounds} times`);
judge([
  { name: "longest time without a turn, median", value: median(waits), limit: goalMs, unit: "ms" },
]);

/** One reading of the whole file, ms. */
async function longestWait(): Promise<number> {
  using tail = openTail({ file: path, from: "start", log: silentLog, onLine: () => undefined });
  let [last, longest, isReading] = [performance.now(), 0, true];
  const turn = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (isReading) setImmediate(turn);
  };
  setImmediate(turn);
  await tail.look();
  isReading = false;
  return Math.max(longest, performance.now() - last);
}
