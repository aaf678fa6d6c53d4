/**
 * 50 MB of recorded Codex frames and 50 MB of plain lines: bare, in tmux, beneath `cdp`, in turns,
 * with a terminal that reads as fast as it can. From the go to the mark that the child writes after
 * all of it.
 */
import { statSync } from "node:fs";
import { join } from "node:path";
import { type Goal, judge, say, sayLoad, sayTable } from "./goals.ts";
import { benchOptions } from "./options.ts";
import { writeCodexFrames, writePlainLines } from "./payload.ts";
import { median } from "./statistics.ts";
import { openBench, type Subject, subjects, tmuxPath } from "./subjects.ts";
import { endMark, sendThrough } from "./stream.ts";

type Rates = Readonly<Record<Subject, number[]>>;

const { cdp, scale } = benchOptions();
const bytes = Math.round(50_000_000 * scale);
const runs = 5;
using bench = openBench(cdp);

say(`throughput: ${bytes / 1e6} MB, ${runs} runs of each in turns, medians`);
sayLoad();
const frames = await measure("frames", writeCodexFrames);
const lines = await measure("lines", writePlainLines);
sayLoad();
sayTable([
  ["MB/s", "rate", "ratio to bare", "ratio to tmux"],
  ...rows("Codex frames", frames),
  ...rows("plain lines", lines),
]);
judge([goal("Codex frames", frames, 1), goal("plain lines", lines, 0.5)]);

async function measure(name: string, write: (path: string, bytes: number) => void): Promise<Rates> {
  const payload = join(bench.root, name);
  write(payload, bytes);
  const size = statSync(payload).size;
  const child = bench.script(`send-${name}`, [
    "stty raw -echo",
    "printf '\\033[?1049h\\033[2J\\033[Hready'",
    "read -r go",
    `cat "${payload}"`,
    `printf '\\033[?1049h\\033[2J\\033[H${endMark}'`,
    "read -r end",
  ]);
  const rates: Rates = { bare: [], tmux: [], cdp: [] };
  for (let run = 0; run < runs; run++) {
    for (const subject of subjects.toSorted(() => Math.random() - 0.5)) {
      // oxlint-disable-next-line no-await-in-loop -- one at a time
      await using terminal = bench.open(subject, child);
      rates[subject].push(size / 1e6 / sendThrough(terminal));
    }
  }
  bench.log();
  return rates;
}

function rows(name: string, rates: Rates): string[][] {
  return subjects.map((subject) => {
    const rate = median(rates[subject]);
    const toTmux = tmuxPath === undefined ? "-" : (rate / median(rates.tmux)).toFixed(2);
    return [`${name} ${subject}`, rate.toFixed(1), (rate / median(rates.bare)).toFixed(2), toTmux];
  });
}

function goal(name: string, rates: Rates, share: number): Goal {
  return {
    name: `${name} beneath cdp, against ${share === 1 ? "tmux" : "half of tmux"}`,
    value: median(rates.cdp),
    limit: tmuxPath === undefined ? undefined : share * median(rates.tmux),
    bound: "least",
    unit: "MB/s",
    digits: 1,
  };
}
