/** What 1 GB of a child's output, half Codex frames, half plain lines, leaves behind in `cdp`. */
import { join } from "node:path";
import { say, sayLoad } from "./goals.ts";
import { judgeGrowth } from "./growth.ts";
import { benchOptions } from "./options.ts";
import { writeCodexFrames, writePlainLines } from "./payload.ts";
import { openBench } from "./subjects.ts";
import { residentMb } from "./terminal.ts";
import { endMark, sendThrough } from "./stream.ts";

const partBytes = 25_000_000;
const everyBytes = 2_000_000;

const { cdp, scale } = benchOptions();
const rounds = Math.max(4, Math.round((1_000_000_000 / (2 * partBytes)) * scale));
using bench = openBench(cdp);
const frames = join(bench.root, "frames");
const lines = join(bench.root, "lines");
writeCodexFrames(frames, partBytes);
writePlainLines(lines, partBytes);
const child = bench.script("send", [
  "stty raw -echo",
  "printf '\\033[?1049h\\033[2J\\033[Hready'",
  "read -r go",
  `n=0; while [ $n -lt ${rounds} ]; do cat "${frames}" "${lines}"; n=$((n + 1)); done`,
  `printf '\\033[?1049h\\033[2J\\033[H${endMark}'`,
  "read -r end",
]);

say(`memory: ${((rounds * 2 * partBytes) / 1e9).toFixed(1)} GB of output`);
sayLoad();
const samples: number[] = [];
{
  await using terminal = bench.open("cdp", child);
  let next = 0;
  const seconds = sendThrough(terminal, (bytes) => {
    if (bytes < next) return;
    next = bytes + everyBytes;
    samples.push(residentMb(terminal.pid));
  });
  bench.log();
  say(`  ${((rounds * 2 * partBytes) / 1e6 / seconds).toFixed(1)} MB/s`);
}
sayLoad();

judgeGrowth(samples);
