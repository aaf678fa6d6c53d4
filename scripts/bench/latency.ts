/**
 * How fast a card follows its cause while Discord's limits leave room: from the moment before OSC
 * 7501 is written, known to a program in Codex's place, and from the timestamp that the real Codex
 * gave its rollout line, to the frame at Discord's socket.
 */
import { readFileSync } from "node:fs";
import { openStage, type Stage } from "../../test/e2e/stage.ts";
import { announced, announcer } from "../../test/support/announcer-program.ts";
import { waitFor } from "../../test/support/wait-for.ts";
import { judge, say, sayLoad } from "./goals.ts";
import { benchOptions } from "./options.ts";
import { median, quantile } from "./statistics.ts";

const oscGoalMs = 10;
const rolloutGoalMs = 20;
const runs = Math.max(1, Math.round(5 * benchOptions().scale));

const fromOsc: number[] = [];
const fromRollout: number[] = [];
for (let run = 0; run < runs; run += 1) {
  // Each is nearly always at rest, so that they do not measure each other.
  // oxlint-disable-next-line no-await-in-loop -- one after the other
  await Promise.all([announce(), announce(), work()]);
}

sayLoad();
say(`${fromOsc.length} changes by OSC 7501, ${fromRollout.length} by a line of a rollout`);
judge([
  { name: "OSC 7501 to frame, p50", value: median(fromOsc), limit: oscGoalMs, unit: "ms" },
  { name: "rollout to frame, p50", value: median(fromRollout), limit: rolloutGoalMs, unit: "ms" },
]);
say(`worst: ${quantile(fromOsc, 1).toFixed(1)} and ${quantile(fromRollout, 1).toFixed(1)} ms`);

/** Three changes by a program in Codex's place. */
async function announce(): Promise<void> {
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
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await friend.hasRoom();
    terminal.type(key);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await friend.sees(card);
    count += 1;
    // oxlint-disable-next-line no-await-in-loop -- as above
    await waitFor("the announcer's record", () => announced(home.path).length === count);
    fromOsc.push(lastFrameAt(stage) - announced(home.path).at(-1)!);
  }
}

/** Two changes by tools that Codex calls. */
async function work(): Promise<void> {
  await using stage = await openStage();
  const { user, model, friend, home } = stage;
  home.makeGate();
  await user.ready();
  for (const [story, card, tool] of [
    ["search-held", "Searching", "exec_command"],
    ["patch-held", "Editing files", "apply_patch"],
  ] as const) {
    model.hold(`${story}/0`);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await user.submit(`story ${story}`);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await friend.sees("Thinking");
    // oxlint-disable-next-line no-await-in-loop -- as above
    await friend.hasRoom();
    model.release(`${story}/0`);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await friend.sees(card);
    const at = lastFrameAt(stage);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await (tool === "apply_patch" ? home.readGate() : home.openGate());
    // oxlint-disable-next-line no-await-in-loop -- as above
    await user.sees("done");
    fromRollout.push(at - writtenAt(stage, tool));
  }
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
