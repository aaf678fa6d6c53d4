import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { announced, announcer } from "../support/announcer-program.ts";
import { waitFor } from "../support/wait-for.ts";
import { openStage, type Stage } from "./stage.ts";

setDefaultTimeout(120_000);

// How fast a card follows its cause while Discord's limits leave room. The goal is 20 ms at the
// median; what is asserted leaves room for a machine that does other things meanwhile.
const boundMs = 100;

/** From the moment before OSC 7501 is written, known to a program in Codex's place, to the frame. */
const fromOsc: number[] = [];
/** From the timestamp that the real Codex gave its rollout line to the frame. */
const fromRollout: number[] = [];

describe.concurrent("from the cause to the frame", () => {
  for (let run = 1; run <= 3; run += 1) {
    test(`OSC 7501, run ${run}`, async () => {
      await using stage = await openStage({ program: announcer });
      const { terminal, friend, home } = stage;
      await terminal.waitForText(/Announcer/);
      await friend.sees("Waiting for input");
      let count = 0;
      for (const [key, card] of [
        ["w", "Thinking"],
        ["i", "Waiting for input"],
        ["w", "Thinking"],
      ] as const) {
        await friend.hasRoom();
        terminal.type(key);
        await friend.sees(card);
        count += 1;
        await waitFor("the announcer's record", () => announced(home.path).length === count);
        fromOsc.push(lastFrameAt(stage) - announced(home.path).at(-1)!);
      }
      terminal.type("q");
      expect(await terminal.exited).toEqual({ code: 0 });
    });

    test(`rollout, run ${run}`, async () => {
      await using stage = await openStage();
      const { user, model, friend } = stage;
      await user.ready();
      for (const [story, card, tool] of [
        ["search", "Searching", "exec_command"],
        ["patch", "Editing files", "apply_patch"],
      ] as const) {
        model.hold(`${story}/0`);
        await user.submit(`story ${story}`);
        await friend.sees("Thinking");
        await friend.hasRoom();
        model.release(`${story}/0`);
        await friend.sees(card);
        const at = lastFrameAt(stage);
        await user.sees("done");
        fromRollout.push(at - writtenAt(stage, tool));
      }
    });
  }
});

test("is fast at the median", () => {
  expect([fromOsc.length, fromRollout.length]).toEqual([9, 6]);
  expect(percentile(fromOsc, 50)).toBeLessThan(boundMs);
  expect(percentile(fromRollout, 50)).toBeLessThan(boundMs);
});

afterAll(() => {
  process.stdout.write(`OSC 7501 to frame: ${summaryOf(fromOsc)}\n`);
  process.stdout.write(`rollout line to frame: ${summaryOf(fromRollout)}\n`);
});

function summaryOf(ms: readonly number[]): string {
  const [p50, p99] = [percentile(ms, 50), percentile(ms, 99)];
  return `n ${ms.length}, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

function lastFrameAt({ discord }: Stage): number {
  return discord.updates.at(-1)!.at;
}

/** When Codex wrote the first call of a tool down, ms since the epoch. */
function writtenAt({ home }: Stage, tool: string): number {
  const lines = readFileSync(home.rollouts()[0]!, "utf8").split("\n").filter(Boolean);
  const items = lines.map((line): { timestamp: string; payload: { name?: string } } =>
    JSON.parse(line),
  );
  return Date.parse(items.find(({ payload }) => payload.name === tool)!.timestamp);
}
