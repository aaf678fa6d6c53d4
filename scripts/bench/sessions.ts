/**
 * Looking at a home of Codex with years of rollouts in it: the first complete picture (`cdp
 * status`), the same with half the bytes, the time from a line to the new state with 50 live
 * sessions, and what those take while nothing happens. `--scale 1` makes 10 000 rollouts of 5 GB.
 */
import { dlopen } from "bun:ffi";
import { appendFileSync, closeSync, mkdirSync, openSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { openSessionWatch } from "../../src/cli/session-watch.ts";
import { threadOfRollout } from "../../src/codex/thread-files.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import type { SessionList } from "../../src/session/session-view.ts";
import { openFiles } from "../../src/tail/files.ts";
import { waitFor } from "../../test/support/wait-for.ts";
import { judge, say, sayLoad } from "./goals.ts";
import { benchOptions } from "./options.ts";
import { callLine, makeTree, writeRollout } from "./rollout-tree.ts";
import { median, quantile } from "./statistics.ts";

const full = { rollouts: 10_000, bytes: 5e9 };
const liveCount = 50;
const folder = resolve(import.meta.dir, "../../.scratch/rollouts");

const { cdp, scale } = benchOptions();
const rollouts = Math.max(100, Math.round(full.rollouts * scale));
const bytes = Math.round(full.bytes * scale);
say(`sessions: ${rollouts} rollouts of ${bytes / 1e6} MB, ${liveCount} of them live`);
sayLoad();
const whole = firstPicture({ rollouts, bytes });
const half = firstPicture({ rollouts, bytes: bytes / 2 });
const busy = await liveSessions();
sayLoad();
judge([
  { name: "first picture", value: whole.ms, limit: 100, unit: "ms", digits: 0 },
  { name: "first picture: peak memory", value: whole.mb, limit: 80, unit: "MB", digits: 0 },
  {
    name: "twice the bytes take longer by",
    value: (whole.ms / half.ms - 1) * 100,
    limit: 10,
    unit: "%",
    digits: 1,
  },
  { name: "a line to the new state: p99", value: busy.p99, limit: 25, unit: "ms", digits: 1 },
  { name: "50 sessions at rest: CPU", value: busy.cpu, limit: 0.2, unit: "%", digits: 3 },
  ...peer(),
]);

/** Median and largest of several runs of `cdp status`, with the disk's cache warm. */
function firstPicture(size: { readonly rollouts: number; readonly bytes: number }) {
  const home = makeTree(folder, size);
  using _ = openLive(home);
  const runs = Array.from({ length: 7 }, () => {
    const start = performance.now();
    const { stdout, resourceUsage } = Bun.spawnSync([...cdp, "status", "--json"], {
      env: { ...process.env, CODEX_HOME: home },
    });
    const ms = performance.now() - start;
    const { sessions } = JSON.parse(stdout.toString()) as { readonly sessions: unknown[] };
    if (sessions.length !== liveCount) throw new Error(`${sessions.length} sessions were seen`);
    const cpuMs = Number(resourceUsage.cpuTime.total) / 1000;
    return { ms, cpuMs, mb: resourceUsage.maxRSS / 1024 / 1024 };
  });
  const cpu = median(runs.map(({ cpuMs }) => cpuMs));
  say(`  ${size.bytes / 1e6} MB: ${cpu.toFixed(0)} ms of the processor`);
  return {
    ms: median(runs.map(({ ms }) => ms)),
    mb: Math.max(...runs.map(({ mb }) => mb)),
  };
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

async function liveSessions(): Promise<{ readonly p99: number; readonly cpu: number }> {
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
  told = () => undefined;
  // Bun collects garbage every second until the heap has kept its size for half a minute.
  await Bun.sleep(40_000);
  const before = process.cpuUsage();
  const idleMs = Math.max(20_000, 60_000 * scale);
  await Bun.sleep(idleMs);
  const { user, system } = process.cpuUsage(before);
  return { p99: quantile(times, 0.99), cpu: ((user + system) / 1000 / idleMs) * 100 };
}

/** ccusage reads all rollouts to add up their tokens; it is asked where it is installed. */
function peer() {
  const ccusage = Bun.which("ccusage");
  const name = "first picture, to that of ccusage";
  if (ccusage === null) {
    return [{ name, value: whole.ms, limit: undefined, unit: "ms", digits: 0 }];
  }
  const start = performance.now();
  Bun.spawnSync([ccusage, "codex", "--json", "--offline"], {
    env: { ...process.env, CODEX_HOME: makeTree(folder, { rollouts, bytes }) },
  });
  return [{ name, value: whole.ms, limit: performance.now() - start, unit: "ms", digits: 0 }];
}
