/**
 * 30 s of `cdp` above the real Codex with nothing going on, with a Discord and without one: what
 * the `cdp` process itself takes, and what it writes to the terminal. Bare Codex beside it. The
 * goals are for a session at rest; what the half-minute after the start takes is shown as well.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { codexBinary, makeCodexHome } from "../../test/support/codex-home.ts";
import { FakeDiscord } from "../../test/support/fake-discord.ts";
import { type Goal, judge, say, sayLoad, sayTable } from "./goals.ts";
import { benchOptions } from "./options.ts";
import { type BenchTerminal, cpuMs, openBenchTerminal, readFor, readUntil } from "./terminal.ts";

/** Share of one core, and memory in MB (of 1024 * 1024 bytes). */
const cpuGoalPercent = 0.1;
const memoryGoalMb = 70;
/** Codex's own start, the connection to Discord and its refresh 15 s later are not idling. */
const startedMs = 20_000;
/** Bun collects garbage every second until the heap has kept its size for half a minute. */
const restMs = 60_000;

type Scene = "bare" | "cdp" | "cdp, no Discord";

interface Idle {
  readonly scene: Scene;
  /** Of one core, shortly after the start and at rest. */
  readonly early: number;
  readonly cpuPercent: number;
  readonly rss: number;
  readonly anonymous: number;
  readonly bytes: number;
}

const { cdp, scale } = benchOptions();
const idleMs = 30_000 * scale;
const codex = codexBinary();

say(`idle: ${idleMs / 1000} s after ${(startedMs + idleMs + restMs) / 1000} s without a key`);
sayLoad();
const idle = await Promise.all((["bare", "cdp", "cdp, no Discord"] as const).map(measure));
sayLoad();
const bareCpu = idle[0]?.cpuPercent ?? Number.NaN;
sayTable([
  ["", "CPU % early", "at rest", "ratio to Codex", "VmRSS MB", "RssAnon MB", "bytes written"],
  ...idle.map(({ scene, early, cpuPercent, rss, anonymous, bytes }) => [
    scene,
    early.toFixed(3),
    cpuPercent.toFixed(3),
    (cpuPercent / bareCpu).toFixed(2),
    rss.toFixed(1),
    anonymous.toFixed(1),
    String(bytes),
  ]),
]);
judge(idle.filter(({ scene }) => scene !== "bare").flatMap(goalsOf));

async function measure(scene: Scene): Promise<Idle> {
  using home = makeCodexHome({ modelUrl: "http://127.0.0.1:9/v1" });
  await using owned = new AsyncDisposableStack();
  if (scene === "cdp") {
    const path = join(home.env["XDG_RUNTIME_DIR"] ?? "", "discord-ipc-0");
    owned.use(await FakeDiscord.start({ path }));
  }
  const terminal: BenchTerminal = owned.use(
    openBenchTerminal({
      command: scene === "bare" ? [codex, "--no-daemon"] : [...cdp, "codex", "--no-daemon"],
      env: { ...home.env, CDP_CODEX_BIN: codex },
      cwd: home.project,
    }),
  );
  readUntil(terminal, /OpenAI Codex/);
  await readFor(terminal, startedMs);
  const early = (await cpuAndBytes(terminal)).cpuPercent;
  await readFor(terminal, restMs);
  const { cpuPercent, bytes } = await cpuAndBytes(terminal);
  const memory = memoryMb(terminal.pid);
  return { scene, early, cpuPercent, ...memory, bytes };
}

async function cpuAndBytes(terminal: BenchTerminal) {
  const before = cpuMs(terminal.pid);
  const bytes = await readFor(terminal, idleMs);
  return { bytes, cpuPercent: ((cpuMs(terminal.pid) - before) / idleMs) * 100 };
}

/** What stands in memory: all of it (pages of the program's file too), and what is its alone. */
function memoryMb(pid: number): { readonly rss: number; readonly anonymous: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const mb = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) / 1024;
  return { rss: mb("VmRSS"), anonymous: mb("RssAnon") };
}

function goalsOf({ scene, cpuPercent, rss, bytes }: Idle): Goal[] {
  return [
    {
      name: `${scene}: CPU at rest`,
      value: cpuPercent,
      limit: cpuGoalPercent,
      unit: "%",
      digits: 3,
    },
    { name: `${scene}: VmRSS`, value: rss, limit: memoryGoalMb, unit: "MB", digits: 1 },
    { name: `${scene}: written to the terminal`, value: bytes, limit: 0, unit: "bytes", digits: 0 },
  ];
}
