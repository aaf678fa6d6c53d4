/**
 * From exec to the first frame of the real Codex, bare and under `cdp`, in turns.
 * The frame counts once its end (`CSI ? 2026 l`) has been read from the terminal.
 */
import { codexBinary, makeCodexHome } from "../../test/support/codex-home.ts";
import { judge, say, sayLoad, sayTable } from "./goals.ts";
import { benchOptions } from "./options.ts";
import { median, quantile } from "./statistics.ts";
import { openBenchTerminal, readUntil } from "./terminal.ts";

const goalMs = 40;
const warmUps = 2;
const firstFrame = /OpenAI Codex[^]*?\x1b\[\?2026l/;

const { cdp, scale } = benchOptions();
const runs = Math.max(3, Math.round(24 * scale));
// Nothing is asked of the model, so none is served.
using home = makeCodexHome({ modelUrl: "http://127.0.0.1:9/v1" });
const codex = codexBinary();
const commands = {
  bare: [codex, "--no-daemon"],
  cdp: [...cdp, "codex", "--no-daemon"],
};
const took: Record<keyof typeof commands, number[]> = { bare: [], cdp: [] };

say(`start: exec to Codex's first frame, ${runs} runs of each in turns`);
sayLoad();
for (let run = -warmUps; run < runs; run++) {
  const order = run % 2 === 0 ? (["bare", "cdp"] as const) : (["cdp", "bare"] as const);
  for (const subject of order) {
    // oxlint-disable-next-line no-await-in-loop -- one at a time
    const ms = await timeToFirstFrame(commands[subject]);
    if (run >= 0) took[subject].push(ms);
  }
}
sayLoad();

const row = (name: keyof typeof commands): string[] => [
  name,
  ...[median(took[name]), quantile(took[name], 0.1), quantile(took[name], 0.9)].map((ms) =>
    ms.toFixed(1),
  ),
  (median(took[name]) / median(took.bare)).toFixed(3),
];
sayTable([["ms", "p50", "p10", "p90", "ratio to bare"], row("bare"), row("cdp")]);
judge([
  {
    name: "first frame under cdp later than bare, difference of the medians",
    value: median(took.cdp) - median(took.bare),
    limit: goalMs,
    unit: "ms",
    digits: 1,
  },
]);

async function timeToFirstFrame(command: readonly string[]): Promise<number> {
  await using terminal = openBenchTerminal({
    command,
    env: { ...home.env, CDP_CODEX_BIN: codex },
    cwd: home.project,
  });
  return (readUntil(terminal, firstFrame) - terminal.startedAt) / 1e6;
}
