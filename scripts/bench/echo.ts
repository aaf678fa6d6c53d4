/**
 * From a key to its echo: bare, in tmux, beneath `cdp`, key by key in turns. The child is `cat` on
 * the alternate screen of a raw terminal. Once quiet, once while the rollout that `cdp` follows
 * grows by lines of 10 MB, once while it looks for a thread among 10 000 (`load.ts`).
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Goal, judge, say, sayLoad, sayTable } from "./goals.ts";
import { benchOptions } from "./options.ts";
import { median, quantile } from "./statistics.ts";
import { openBench, type Subject, subjects, tmuxPath } from "./subjects.ts";
import { type BenchTerminal, readUntil } from "./terminal.ts";

/** How much later than bare an echo may come, ms. */
const addedGoalMs = 0.15;
/** Under load a key may wait as long as one frame of a 60 Hz screen. */
const loadedGoalMs = 1000 / 60;
const warmUps = 100;
/** Between two keys, ms: at random, so that nothing falls into step with them. */
const pauseMs = { least: 1, most: 9 };
const newlineEvery = 40;

type Latencies = Readonly<Record<Subject, number[]>>;

const { cdp, scale } = benchOptions();
const keys = Math.round(2000 * scale);
using bench = openBench(cdp);
const echo = ["stty raw -echo", "printf '\\033[?1049h\\033[2J\\033[Hready'", "exec cat"];
const quietChild = bench.script("echo", echo);

say(`echo: a key to its echo, ${keys} keys for each in turns, quiet and under load`);
sayLoad();
const quiet = await measure(() => quietChild);
const lines = await measureUnder("lines");
const scan = await measureUnder("scan");
sayLoad();
sayTable([
  ["ms", "p50", "p90", "p99", "p50 to bare", "p50 to tmux"],
  ...rows("quiet", quiet),
  ...rows("lines", lines.took),
  ...rows("scan", scan.took),
]);
judge(goals());

/** The same with a load beside the child beneath `cdp`; the others feel what it takes of the machine. */
async function measureUnder(kind: string): Promise<{ took: Latencies; rounds: number }> {
  const out = join(bench.root, `${kind}.out`);
  const load = `"${process.execPath}" "${join(import.meta.dir, "load.ts")}" ${kind}`;
  const child = bench.script(kind, [`${load} </dev/null >"${out}" 2>&1 &`, ...echo]);
  const before = followedThreads();
  const took = await measure((subject) => (subject === "cdp" ? child : quietChild), 3000);
  const followed = followedThreads() > before;
  return { took, rounds: followed ? readFileSync(out, "utf8").trim().split("\n").length : 0 };
}

function followedThreads(): number {
  return bench.log().split("follows thread").length - 1;
}

/** @param settleMs what the children's companions get to begin */
async function measure(child: (subject: Subject) => string, settleMs = 0): Promise<Latencies> {
  await using opened = new AsyncDisposableStack();
  const terminals = subjects.map((subject) => {
    const terminal = opened.use(bench.open(subject, child(subject)));
    readUntil(terminal, /ready/);
    return { subject, terminal };
  });
  await Bun.sleep(settleMs);
  const took: Latencies = { bare: [], tmux: [], cdp: [] };
  for (let key = -warmUps; key < keys; key++) {
    const shuffled = terminals.toSorted(() => Math.random() - 0.5);
    for (const { subject, terminal } of shuffled) {
      drain(terminal, key);
      const ms = timeToEcho(terminal, key + warmUps);
      if (key >= 0) took[subject].push(ms);
    }
  }
  return took;
}

/** Waits a little and reads what came by itself: a new line, a pane painted anew. */
function drain(terminal: BenchTerminal, key: number): void {
  if (key % newlineEvery === 0) terminal.write("\r");
  Bun.sleepSync(pauseMs.least + Math.random() * (pauseMs.most - pauseMs.least));
  for (;;) {
    const chunk = terminal.read(0);
    if (chunk === undefined) throw new Error("the program has ended");
    if (chunk.length === 0) return;
  }
}

function timeToEcho(terminal: BenchTerminal, key: number): number {
  // Beyond ASCII: no escape sequence holds these bytes, so the echo is found whatever is around.
  const pressed = Buffer.from(String.fromCharCode(0xe0 + (key % 24)));
  const from = Bun.nanoseconds();
  terminal.write(pressed);
  for (;;) {
    const chunk = terminal.read(5000);
    const now = Bun.nanoseconds();
    if (chunk === undefined || chunk.length === 0) throw new Error("a key had no echo");
    if (Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).includes(pressed)) {
      return (now - from) / 1e6;
    }
  }
}

function rows(name: string, took: Latencies): string[][] {
  return subjects.map((subject) => {
    const p50 = median(took[subject]);
    return [
      `${name} ${subject}`,
      ...[p50, quantile(took[subject], 0.9), quantile(took[subject], 0.99)].map((ms) =>
        ms.toFixed(3),
      ),
      (p50 / median(took.bare)).toFixed(2),
      tmuxPath === undefined ? "-" : (p50 / median(took.tmux)).toFixed(2),
    ];
  });
}

function goals(): Goal[] {
  const p50 = median(quiet.cdp);
  const unit = "ms";
  return [
    {
      name: "echo p50 beneath cdp, against tmux",
      value: p50,
      limit: tmuxPath === undefined ? undefined : median(quiet.tmux),
      unit,
      digits: 3,
    },
    {
      name: "echo p50 beneath cdp, more than bare",
      value: p50 - median(quiet.bare),
      limit: addedGoalMs,
      unit,
      digits: 3,
    },
    ...underLoad("lines of 10 MB", lines),
    ...underLoad("scans", scan),
  ];
}

function underLoad(
  name: string,
  { took, rounds }: Awaited<ReturnType<typeof measureUnder>>,
): Goal[] {
  return [
    {
      name: `echo p99 beneath cdp during ${name}, more than bare`,
      value: quantile(took.cdp, 0.99) - quantile(took.bare, 0.99),
      limit: loadedGoalMs,
      unit: "ms",
    },
    {
      // Zero where `cdp` did not follow the thread: then there was no load.
      name: `${name} that came meanwhile`,
      value: rounds,
      limit: 3,
      bound: "least",
      unit: "rounds",
      digits: 0,
    },
  ];
}
