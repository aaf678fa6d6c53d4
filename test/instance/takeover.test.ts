import { expect, test } from "bun:test";
import type { Running, RunningState } from "../../src/instance/inspect.ts";
import { beginning, decide, type Progress, type Reply } from "../../src/instance/takeover.ts";

const dashboard: Running = {
  kind: "running",
  pid: 42,
  why: undefined,
  program: "instance",
  mode: "dashboard",
  startedAt: "2026-01-01T00:00:00Z",
  version: "1.0.0",
  exePath: "/cdp",
  identity: "boot:1",
  control: { path: "/run/control" },
  stopped: false,
};
const headless: Running = { ...dashboard, mode: "headless" };
const wrapper: Running = { ...dashboard, mode: "wrapper" };
const nameless: Running = { ...dashboard, mode: undefined };
const stopped = (running: Running): Running => ({ ...running, stopped: true });
const rust: Running = { ...dashboard, program: "earlier", identity: undefined, exePath: "/rust" };
const strange: Running = { ...nameless, program: "unknown", why: "it is odd", identity: undefined };
const nobody: RunningState = { kind: "notRunning", problem: undefined };

/** What is done, and when, if this is seen in each of these spans (ms). */
function story(...spans: readonly (readonly [RunningState, number, Reply?])[]): readonly string[] {
  const done: string[] = [];
  let progress: Progress = beginning(0);
  let now = 0;
  for (const [seen, ms, reply = "none"] of spans) {
    for (const end = now + ms; now < end; now += 100) {
      const decision = decide(progress, seen, reply, now);
      progress = decision.progress;
      const { step } = decision;
      if (step.kind === "signal") done.push(`${step.name} ${step.pid} ${step.identity} at ${now}`);
      else if (step.kind !== "none") done.push(`${step.kind} at ${now}`);
      if (step.kind === "fail") return done;
    }
  }
  return done;
}

const ladder = [
  "ask at 0",
  "SIGTERM 42 boot:1 at 2000",
  "SIGKILL 42 boot:1 at 6000",
  "fail at 9000",
];

test.each([
  ["a silent dashboard", [[dashboard, 20_000]], ladder],
  ["a silent headless one", [[headless, 20_000]], ladder],
  ["one that hangs up", [[dashboard, 20_000, "gone"]], ladder],
  [
    "one that says bye and stays",
    [
      [dashboard, 100],
      [dashboard, 20_000, "bye"],
    ],
    ladder,
  ],
  [
    "one that leaves",
    [
      [dashboard, 500],
      [nobody, 9000],
    ],
    ["ask at 0"],
  ],
  [
    "one that ends at TERM",
    [
      [dashboard, 2500],
      [nobody, 9000],
    ],
    ladder.slice(0, 2),
  ],
  ["a silent wrapper", [[wrapper, 60_000]], ["ask at 0", "wait at 2000"]],
  ["an instance of a mode nobody knows", [[nameless, 60_000]], ["ask at 0", "wait at 2000"]],
  ["a stopped wrapper", [[stopped(wrapper), 60_000]], ["ask at 0", "wait at 100"]],
  ["a stopped dashboard", [[stopped(dashboard), 60_000]], ["ask at 0", "wait at 100"]],
  [
    "a stopped dashboard that continues and stays silent",
    [
      [stopped(dashboard), 60_000],
      [dashboard, 20_000],
    ],
    [
      "ask at 0",
      "wait at 100",
      "SIGTERM 42 boot:1 at 62000",
      "SIGKILL 42 boot:1 at 66000",
      "fail at 69000",
    ],
  ],
  [
    "a wrapper that hangs up while it is waited for is asked again",
    [
      [wrapper, 3000],
      [wrapper, 100, "gone"],
      [wrapper, 1000],
    ],
    ["ask at 0", "wait at 2000", "ask at 3100"],
  ],
  [
    "another process in between gets its own time",
    [
      [dashboard, 1900],
      [{ ...dashboard, pid: 43 }, 1900],
      [dashboard, 1900],
    ],
    ["ask at 0", "ask at 1900", "ask at 3800"],
  ],
  [
    "a reused pid is another process",
    [
      [dashboard, 1900],
      [{ ...dashboard, identity: "boot:2" }, 1900],
    ],
    ["ask at 0", "ask at 1900"],
  ],
  ["the Rust tool", [[rust, 60_000]], ["fail at 0"]],
  [
    "a holder that starts",
    [
      [strange, 1900],
      [dashboard, 500],
    ],
    ["ask at 1900"],
  ],
  [
    "a holder that was stopped before it said anything",
    [
      [{ ...strange, stopped: true }, 60_000],
      [strange, 60_000],
    ],
    ["wait at 0", "fail at 62000"],
  ],
  ["a holder that nothing is known of", [[strange, 60_000]], ["fail at 2000"]],
] as const)("%s", (_, spans, expected) => {
  expect(story(...spans)).toEqual([...expected]);
});

test.each([
  [dashboard, 10_000, "process 42 cannot be ended; end it by hand"],
  [
    rust,
    100,
    "an earlier codex-discord-presence, process 42 (/rust), publishes already; end it first",
  ],
  [strange, 3000, "process 42 holds the lock, but it is odd; look at it with: ps -fp 42"],
  [
    { ...strange, pid: undefined },
    3000,
    "a process that cannot be named holds the lock, but it is odd; end it",
  ],
] as const)("a failure names the pid and what to do, %#", (seen, ms, reason) => {
  let progress: Progress = beginning(0);
  let last = "";
  for (let now = 0; now <= ms; now += 100) {
    const { step, ...decision } = decide(progress, seen, "none", now);
    progress = decision.progress;
    if (step.kind === "fail") last = step.reason;
  }
  expect(last).toBe(reason);
});
