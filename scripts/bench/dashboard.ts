/**
 * What the dashboard takes while it is looked at: three invented sessions at work, each of which
 * calls another tool every 13 s; the same three in the middle of long commands; nobody at work.
 * Beside them, in the same minute, a bare Bun that does nothing and one that writes a character a
 * second: on a busy machine every waking costs more. Nothing may be written while nothing changes.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cast } from "../../src/demo/cast.ts";
import { type DemoHome, openDemoHome } from "../../src/demo/home.ts";
import { openSessions } from "../../src/demo/sessions.ts";
import { openStandInDiscord } from "../../src/demo/stand-in-discord.ts";
import { judge, say, sayLoad, sayTable } from "./goals.ts";
import { benchOptions } from "./options.ts";
import { cpuMs, openBenchTerminal, readFor, readUntil } from "./terminal.ts";

/** Share of one core. */
const cpuGoalPercent = 0.3;
/** The start, and the time in which Bun compiles what it runs and collects garbage every second. */
const settleMs = 150_000;
/** Ages move on with the minute of the wall clock; nothing is measured across that. */
const minuteMs = 60_000;
const edgeMs = 2000;

interface Scene {
  readonly name: string;
  readonly roles: typeof cast;
  readonly speed: number;
}

/** As slow as this a call takes an hour and more. */
const still = 0.001;
const scenes: readonly Scene[] = [
  { name: "three at work", roles: cast, speed: 0.5 },
  { name: "three in long commands", roles: cast, speed: still },
  { name: "nobody at work", roles: cast.filter(({ quiet }) => quiet > 0), speed: still },
];

const { cdp, scale } = benchOptions();
const measuredMs = Math.min(minuteMs - 2 * edgeMs, 50_000 * scale);

say(`dashboard: ${measuredMs / 1000} s after ${settleMs / 1000} s or more`);
sayLoad();
const startAt = nextWindow(Date.now() + settleMs);
const [bare, waking, ...shown] = await Promise.all([
  measureBare("setInterval(() => undefined, 1e9)"),
  measureBare("setInterval(() => process.stdout.write('.'), 1000)"),
  ...scenes.map(measure),
]);
sayLoad();
sayTable([
  ["", "CPU %", "bytes written"],
  ["bare Bun", bare.toFixed(3), ""],
  ["bare Bun, a character a second", waking.toFixed(3), ""],
  ...shown.map(({ name, cpu, bytes }) => [name, cpu.toFixed(3), String(bytes)]),
]);
judge([
  ...shown.map(({ name, cpu }) => {
    return { name: `${name}: CPU`, value: cpu, limit: cpuGoalPercent, unit: "%", digits: 3 };
  }),
  {
    name: "written while nothing changes",
    value: shown.at(-1)?.bytes ?? Number.NaN,
    limit: 0,
    unit: "bytes",
    digits: 0,
  },
]);

/** The first moment from `at` on after which the minute lasts long enough. */
function nextWindow(at: number): number {
  const into = at % minuteMs;
  const fits = into >= edgeMs && into + measuredMs + edgeMs <= minuteMs;
  return fits ? at : at - into + edgeMs + (into < edgeMs ? 0 : minuteMs);
}

async function measure({ name, roles, speed }: Scene) {
  using home = openDemoHome("bench", process.platform);
  await using discord = await openStandInDiscord(home.discordSocket);
  using _sessions = openSessions(home, speed, Date.now(), roles);
  const env = {
    ...home.environment({ ...process.env, LANG: "C.UTF-8", TERM: "xterm-256color" }),
    CDP_CODEX_BIN: spoiledChild(home),
  };
  await using terminal = openBenchTerminal({ command: [...cdp], env, cwd: home.cwd });
  readUntil(terminal, /Leading/);
  await readFor(terminal, startAt - Date.now());
  const before = cpuMs(terminal.pid);
  const bytes = await readFor(terminal, measuredMs);
  if (discord.cards.length === 0 && cdp.length === 1)
    throw new Error(`not measured: no card came, ${name}`);
  return { name, bytes, cpu: ((cpuMs(terminal.pid) - before) / measuredMs) * 100 };
}

/** What stands below the spoiled wrapper: it says that it is there. */
function spoiledChild(home: DemoHome): string {
  const path = join(home.folderOf("bin"), "child");
  writeFileSync(path, "#!/bin/sh\necho Leading\nexec sleep 1000\n", { mode: 0o755 });
  return path;
}

async function measureBare(script: string): Promise<number> {
  const program = Bun.spawn([process.execPath, "-e", script], {
    stdio: ["ignore", "ignore", "ignore"],
  });
  await Bun.sleep(startAt - Date.now());
  const before = cpuMs(program.pid);
  await Bun.sleep(measuredMs);
  const cpu = ((cpuMs(program.pid) - before) / measuredMs) * 100;
  program.kill();
  return cpu;
}
