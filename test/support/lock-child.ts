/**
 * A process with the lock of `argv[2]`, without the rest of an instance. Orders:
 * `take`: takes it when it can be had, writes the metadata, prints `held`; `leave`: gives it up and
 * leaves the metadata, prints `left`; `spawn`: starts a child that outlives it, prints its pid.
 * `churn <times> <ms>`: holds the lock that often for so long; prints
 * `span <asked> <held> <leaving> <left> <pid>` for each, in ns of the machine's monotonic clock. `inspect <times>`: looks that often at once,
 * prints `look <from> <to> <pid or none>`.
 */
import { dlopen, ptr } from "bun:ffi";
import { systemClock } from "../../src/lib/clock.ts";
import { seeProcess } from "../../src/instance/identity.ts";
import { inspect } from "../../src/instance/inspect.ts";
import { lockPath, tryLock, type Lock } from "../../src/instance/lock.ts";
import { writeMetadata } from "../../src/instance/metadata.ts";

const [home = ""] = process.argv.slice(2);
let lock: Lock | undefined;
const say = (text: string) => process.stdout.write(`${text}\n`);
const { clock_gettime } = dlopen("libc.so.6", {
  clock_gettime: { args: ["i32", "ptr"], returns: "i32" },
}).symbols;

/** CLOCK_MONOTONIC, ns: the same in every process, which `process.hrtime` is not. */
function now(): bigint {
  const time = new BigInt64Array(2);
  clock_gettime(1, ptr(time));
  return (time[0] ?? 0n) * 1_000_000_000n + (time[1] ?? 0n);
}

async function take(): Promise<void> {
  for (;;) {
    const attempt = tryLock(lockPath(home), process.pid);
    if (attempt.kind === "held") {
      lock = attempt.lock;
      break;
    }
    if (attempt.kind === "unavailable") throw new Error(attempt.reason);
    await Bun.sleep(2);
  }
}

function describe(): void {
  writeMetadata(home, {
    pid: process.pid,
    exePath: process.execPath,
    startedAt: new Date().toISOString(),
    identity: seeProcess(process.pid)?.identity,
    mode: "dashboard",
    version: "1.0.0",
    control: undefined,
  });
}

async function churn(times: number, ms: number): Promise<void> {
  for (let turn = 0; turn < times; turn += 1) {
    const asked = now();
    await take();
    const from = now();
    describe();
    await Bun.sleep(ms);
    const to = now();
    lock?.[Symbol.dispose]();
    say(`span ${asked} ${from} ${to} ${now()} ${process.pid}`);
    await Bun.sleep(1);
  }
  say("churned");
}

async function look(times: number): Promise<void> {
  const one = async () => {
    const from = now();
    const seen = await inspect(home, systemClock);
    return `look ${from} ${now()} ${seen.kind === "running" ? (seen.pid ?? "unknown") : "none"}`;
  };
  for (const text of await Promise.all(Array.from({ length: times }, one))) say(text);
  say("looked");
}

async function obey(order: string): Promise<void> {
  const [verb, first, second] = order.split(" ");
  if (verb === "take") {
    await take();
    describe();
    say("held");
  } else if (verb === "leave") {
    lock?.[Symbol.dispose]();
    say("left");
  } else if (verb === "spawn") {
    const child = Bun.spawn(["sleep", "60"], { stdio: ["ignore", "ignore", "ignore"] });
    child.unref();
    say(`spawned ${child.pid}`);
  } else if (verb === "churn") await churn(Number(first), Number(second));
  else if (verb === "inspect") await look(Number(first));
}

say("ready");
let rest = "";
for await (const chunk of process.stdin) {
  const parts = `${rest}${String(chunk)}`.split("\n");
  rest = parts.pop() ?? "";
  for (const part of parts) await obey(part);
}
