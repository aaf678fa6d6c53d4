/**
 * Looking at a home of Codex with years of rollouts in it: the first complete picture (`cdp
 * status`), the same with half the bytes, the time from a line to the new state with 50 live
 * sessions, and what those take while nothing happens. `--scale 1` makes 10 000 rollouts of 5 GB.
 */
import { dlopen } from "bun:ffi";
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join, resolve } from "node:path";
import { openSessionWatch } from "../../src/cli/session-watch.ts";
import { threadOfRollout } from "../../src/codex/thread-files.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import type { SessionList } from "../../src/session/session-view.ts";
import { openFiles } from "../../src/tail/files.ts";
import { waitFor } from "../../test/support/wait-for.ts";
import { installCcusage } from "./ccusage.ts";
import { type Goal, judge, say, sayLoad, sayTable } from "./goals.ts";
import { benchOptions } from "./options.ts";
import { callLine, makeTree, writeLater, writeRollout } from "./rollout-tree.ts";
import { median, quantile } from "./statistics.ts";
import { cpuMs } from "./terminal.ts";

const full = { rollouts: 10_000, bytes: 5e9 };
const liveCount = 50;
const folder = resolve(import.meta.dir, "../../.scratch/rollouts");

const { cdp, scale } = benchOptions();
const rollouts = Math.max(100, Math.round(full.rollouts * scale));
const bytes = Math.round(full.bytes * scale);
say(`sessions: ${rollouts} rollouts of ${bytes / 1e6} MB, ${liveCount} of them live`);
sayLoad();
const trees = [bytes, bytes / 2].map((each) => makeTree(folder, { rollouts, bytes: each }));
const [whole, half] = await firstPictures(trees);
const unlocked = withoutLocks(trees[0] ?? folder);
const busy = await linesToState();
const idle = await atRest();
sayLoad();
judge([
  { name: "first picture", value: whole.ms, limit: 100, unit: "ms", digits: 0 },
  {
    name: "first picture without locks, one resumed in a folder of last year",
    value: unlocked,
    limit: 100,
    unit: "ms",
    digits: 0,
  },
  { name: "first picture: peak memory", value: whole.mb, limit: 80, unit: "MB", digits: 0 },
  {
    name: "twice the bytes take longer by, CPU time",
    value: (whole.cpu / half.cpu - 1) * 100,
    limit: 10,
    unit: "%",
    digits: 1,
  },
  { name: "a line to the new state: p99", value: busy, limit: 25, unit: "ms", digits: 1 },
  { name: "50 sessions at rest: CPU", value: idle, limit: 0.2, unit: "%", digits: 3 },
  ccusageGoal(),
]);

interface Run {
  readonly ms: number;
  /** Of the processor, ms. */
  readonly cpu: number;
  readonly mb: number;
}

/**
 * Medians (of the memory the most) of `cdp status` in each tree and, as what no look can do
 * without, in a home without anything; in turns, with the disk's cache warm.
 */
async function firstPictures(homes: readonly string[]): Promise<readonly [whole: Run, half: Run]> {
  const empty = join(folder, "empty");
  mkdirSync(empty, { recursive: true });
  using open = new DisposableStack();
  for (const home of homes) open.use(openLive(home));
  const runs = [...homes, empty].map((home) => ({ home, ms: [] as number[], cpu: [] as number[] }));
  for (let turn = 0; turn < 15; turn += 1) {
    for (const { home, ms, cpu } of runs) {
      const run = statusOf(home, home === empty ? 0 : liveCount);
      ms.push(run.ms);
      cpu.push(run.cpu);
    }
  }
  const results: Run[] = [];
  for (const { home, ms, cpu } of runs) {
    // oxlint-disable-next-line no-await-in-loop -- one at a time is measured
    results.push({ ms: median(ms), cpu: median(cpu), mb: await peakMb(home) });
  }
  const names = [`${bytes / 1e6} MB`, `${bytes / 2e6} MB`, "empty home"];
  sayTable([
    ["cdp status", "ms", "CPU ms", "peak MB"],
    ...results.map(({ ms, cpu, mb }, i) => [
      names[i] ?? "",
      ...[ms, cpu, mb].map((value) => value.toFixed(0)),
    ]),
  ]);
  const none: Run = { ms: Number.NaN, cpu: Number.NaN, mb: Number.NaN };
  return [results[0] ?? none, results[1] ?? none];
}

/** Median of `cdp status` where a thread of last year was resumed, and no lock tells of it. */
function withoutLocks(home: string): number {
  using open = new DisposableStack();
  const path = writeRollout(home, Date.now() - 365 * 86_400_000, 400_000);
  open.defer(() => rmSync(path));
  const first = writeRollout(home, Date.now() - 364 * 86_400_000, 400_000);
  open.defer(() => rmSync(first));
  const later = writeLater(first, Date.now() - 363 * 86_400_000, 400_000);
  open.defer(() => rmSync(later));
  for (const resumed of [path, later]) appendFileSync(resumed, callLine("cargo build"));
  return median(Array.from({ length: 15 }, () => statusOf(home, 2).ms));
}

function statusOf(home: string, expected: number): Omit<Run, "mb"> {
  const start = performance.now();
  const { stdout, resourceUsage } = Bun.spawnSync([...cdp, "status", "--json"], {
    env: { ...process.env, CODEX_HOME: home },
  });
  const ms = performance.now() - start;
  const { sessions } = JSON.parse(stdout.toString()) as { readonly sessions: unknown[] };
  if (sessions.length !== expected) {
    throw new Error(`${sessions.length} sessions were seen`);
  }
  return { ms, cpu: Number(resourceUsage.cpuTime.total) / 1000 };
}

/** By the kernel's own high-water mark: what `wait4` tells includes the memory of its parent. */
async function peakMb(home: string): Promise<number> {
  const program = Bun.spawn([...cdp, "status", "--json"], {
    env: { ...process.env, CODEX_HOME: home },
    stdio: ["ignore", "ignore", "inherit"],
  });
  let kb = 0;
  while (program.exitCode === null) {
    try {
      const text = readFileSync(`/proc/${program.pid}/status`, "utf8");
      kb = Number(/^VmHWM:\s+(\d+) kB$/m.exec(text)?.[1] ?? kb);
    } catch {
      // It has just ended.
    }
    // oxlint-disable-next-line no-await-in-loop -- as often as there is time
    await Bun.sleep(0);
  }
  return kb / 1024;
}

/** Fifty sessions, older ones among them, whose locks this process holds. */
function openLive(home: string): Disposable & { readonly paths: readonly string[] } {
  const { flock } = dlopen("libc.so.6", {
    flock: { args: ["i32", "i32"], returns: "i32" },
  }).symbols;
  const locks = join(home, "thread-writer-locks");
  mkdirSync(locks, { recursive: true });
  const paths = Array.from({ length: liveCount }, (_, i) =>
    writeRollout(home, Date.now() - i * 20 * 3_600_000, 400_000),
  );
  const exclusive = 2;
  const open = paths.map((path) => {
    const lock = join(locks, `${threadOfRollout(basename(path))}.lock`);
    writeFileSync(lock, "");
    const fd = openSync(lock, "r");
    flock(fd, exclusive);
    return fd;
  });
  return {
    paths,
    [Symbol.dispose]: () => {
      for (const fd of open) closeSync(fd);
      for (const path of paths) rmSync(path);
      rmSync(locks, { recursive: true });
    },
  };
}

async function linesToState(): Promise<number> {
  const home = join(folder, "live");
  rmSync(home, { recursive: true, force: true });
  using live = openLive(home);
  using disk = openFiles(systemClock, silentLog);
  let told: (list: SessionList) => void = () => undefined;
  using watch = openSessionWatch({
    home,
    disk,
    clock: systemClock,
    log: silentLog,
    onChange: (list) => told(list),
  });
  watch.start();
  await waitFor("all sessions", () => watch.list.sessions.length === liveCount, 30_000);
  // All of them are read to their beginning first.
  await Bun.sleep(3000);
  const times: number[] = [];
  for (const path of live.paths) {
    const start = performance.now();
    const id = threadOfRollout(basename(path));
    // oxlint-disable-next-line no-await-in-loop -- one at a time is measured
    await new Promise<void>((done) => {
      told = (list) => {
        const session = list.sessions.find((each) => each.id === id);
        if (session?.activity.target === "cargo build") done();
      };
      appendFileSync(path, callLine("cargo build"));
    });
    times.push(performance.now() - start);
  }
  return quantile(times, 0.99);
}

/** CPU time of the whole program (`cdp --headless`) while nothing happens, in % of one core. */
async function atRest(): Promise<number> {
  const home = join(folder, "rest");
  rmSync(home, { recursive: true, force: true });
  using _live = openLive(home);
  const run = join(folder, "run");
  mkdirSync(run, { recursive: true });
  const env = { PATH: process.env["PATH"] ?? "", HOME: run, XDG_RUNTIME_DIR: run, TMPDIR: run };
  const program = Bun.spawn([...cdp, "--headless"], {
    env: { ...env, CODEX_HOME: home },
    stdio: ["ignore", "ignore", "inherit"],
  });
  try {
    // Bun collects garbage every second until the heap has kept its size for half a minute.
    await Bun.sleep(45_000);
    const before = cpuMs(program.pid);
    const idleMs = Math.max(20_000, 60_000 * scale);
    await Bun.sleep(idleMs);
    return ((cpuMs(program.pid) - before) / idleMs) * 100;
  } finally {
    program.kill();
    await program.exited;
  }
}

/** Not the same work: ccusage reads all there is, which is what a look must never do. */
function ccusageGoal(): Goal {
  const ccusage = installCcusage();
  const goal = { name: "first picture, to ccusage", value: whole.ms, unit: "ms", digits: 0 };
  if (ccusage === undefined) return { ...goal, limit: undefined };
  const times = [1, 2].map(() => {
    const start = performance.now();
    const { resourceUsage, exitCode } = Bun.spawnSync([ccusage, "codex", "--json", "--offline"], {
      env: { ...process.env, CODEX_HOME: trees[0] },
      stdout: "ignore",
    });
    const ms = performance.now() - start;
    const cpu = Number(resourceUsage.cpuTime.total) / 1000;
    const mb = resourceUsage.maxRSS / 1024 / 1024;
    say(`  ccusage: ${ms.toFixed(0)} ms, ${cpu.toFixed(0)} ms CPU, ${mb.toFixed(0)} MB`);
    return exitCode === 0 ? ms : Number.NaN;
  });
  return { ...goal, limit: Math.min(...times) };
}
