/**
 * How fast an approval is on the card: from the moment before Codex's OSC 7501 is written to the frame
 * at Discord's socket, after as many ordinary changes as there are places for, with another waiting.
 */
import { openStage } from "../../test/e2e/stage.ts";
import { announced, announcer } from "../../test/support/announcer-program.ts";
import { waitFor } from "../../test/support/wait-for.ts";
import { judge, say, sayLoad } from "./goals.ts";
import { benchOptions } from "./options.ts";
import { median, quantile } from "./statistics.ts";

const goalMedianMs = 20;
const goalWorstMs = 1000;
/** Each is nearly always at rest, so that they do not measure each other. */
const atOnce = 4;
const rounds = Math.max(1, Math.round(10 * benchOptions().scale));

const waits: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  // oxlint-disable-next-line no-await-in-loop -- one after the other
  waits.push(...(await Promise.all(Array.from({ length: atOnce }, approval))));
}

sayLoad();
say(`${waits.length} approvals`);
judge([
  { name: "approval to frame, p50", value: median(waits), limit: goalMedianMs, unit: "ms" },
  { name: "approval to frame, worst", value: quantile(waits, 1), limit: goalWorstMs, unit: "ms" },
]);

/** One story, ms. */
async function approval(_: unknown, index: number): Promise<number> {
  await using stage = await openStage({ program: announcer });
  const { terminal, friend, home, discord } = stage;
  await terminal.waitForText(/Announcer/);
  await friend.sees("Waiting for input");
  for (const [key, card] of [
    ["w", "Thinking"],
    ["i", "Waiting for input"],
  ] as const) {
    terminal.type(key);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await friend.sees(card);
  }
  terminal.type("w");
  await Bun.sleep(500 + 500 * index);
  terminal.type("b");
  await friend.sees("Waiting for approval");
  await waitFor("the announcer's record", () => announced(home.path).length === 4);
  return discord.updates.at(-1)!.at - announced(home.path).at(-1)!;
}
