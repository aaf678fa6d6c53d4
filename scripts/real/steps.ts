// `kill -9` of the compiled publisher at every step between the lock and its end: each call to the
// system that concerns it is found by tracing a whole life, and is then the moment of a death.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { nothingLeft, OneHome } from "../../test/support/one-home.ts";
import { isRunning } from "../../test/support/processes.ts";
import type { Spawned } from "../../test/support/spawned.ts";
import { waitFor } from "../../test/support/wait-for.ts";
import { check, fail, finish, same, skip } from "./support/report.ts";
import { cdp } from "./support/stage.ts";

/** A call of the main thread: its name, and the how manyth of that name it is. */
interface Step {
  readonly call: string;
  readonly nth: number;
  /** As traced. */
  readonly line: string;
}

/** Without `write`: another thread's ticks are writes too. What follows each write is here. */
const calls =
  "openat,flock,ftruncate,pwrite64,mkdir,chmod,bind,listen,unlink,rename,connect,sendto";
const strace = ["strace", "-f", "-qq", "-e", `trace=${calls}`] as const;
/** A publisher that lives reaches Discord's handshake and leaves again. */
const fewestSteps = 15;

const traceable = Bun.spawnSync([...strace, "-o", "/dev/null", "true"]).exitCode === 0;
if (!traceable) {
  skip("kill -9 at every step of a publisher", "nothing can be traced here");
  process.exit();
}
const steps = await stepsOfALife();
await check("a whole life has been traced", () => {
  if (steps.length < fewestSteps) fail(steps.map(({ line }) => line).join("\n"));
});
for (const [index, { call, nth, line }] of steps.entries()) {
  const where = `${index + 1}/${steps.length} ${line.slice(0, 76)}`;
  // oxlint-disable-next-line no-await-in-loop -- one after the other
  await check(`kill -9 at ${where}: the next one publishes`, () => die(call, nth));
}
finish();

async function stepsOfALife(): Promise<readonly Step[]> {
  await using home = await OneHome.open(cdp);
  const trace = join(home.path, "..", "trace");
  const traced = home.beside(...strace, "-o", trace, cdp, "--headless");
  await publishesAndLeaves(home, traced);
  const counts = new Map<string, number>();
  const [first = ""] = readFileSync(trace, "utf8").split(" ");
  const all = readFileSync(trace, "utf8")
    .split("\n")
    .filter((line) => line.startsWith(`${first} `) && !line.includes("resumed>"))
    .flatMap((line): readonly Step[] => {
      const call = /^\d+ +(\w+)\(/.exec(line)?.[1];
      if (call === undefined) return [];
      const nth = (counts.get(call) ?? 0) + 1;
      counts.set(call, nth);
      return [
        { call, nth, line: line.replace(/^\d+ +/, "").replaceAll(join(home.path, ".."), "") },
      ];
    });
  const begin = all.findIndex(({ call }) => call === "flock");
  // Calls that make or change nothing are no steps: what is looked at stays as it is.
  return all.slice(begin).filter(({ line }) => !/^openat\([^)]*O_RDONLY/.test(line));
}

async function die(call: string, nth: number): Promise<void> {
  await using home = await OneHome.open(cdp);
  const trace = join(home.path, "..", "trace");
  const inject = ["-e", `inject=${call}:signal=KILL:when=${nth}`];
  const traced = home.beside(...strace, ...inject, "-o", trace, cdp, "--headless");
  await publishesAndLeaves(home, traced);
  const text = readFileSync(trace, "utf8");
  if (!text.includes("killed by SIGKILL")) fail(`it was not killed:\n${text.slice(-500)}`);
  rmSync(trace);
  const told = await home.status();
  same("status", JSON.stringify(told), '{"code":3,"state":"not_running","pid":null}');

  const next = home.headless();
  await waitFor("the next publisher", () => home.named === next.pid);
  await waitFor("its connection", () => home.discord.open === 1);
  same("status of the next", String((await home.status()).pid), String(next.pid));
  next.signal("SIGTERM");
  same("exit status of the next", String(await next.exited), "0");
  same("what is left", home.left, nothingLeft);
  if (home.longestOverlapMs > 10) fail(`two were connected for ${home.longestOverlapMs} ms`);
}

/** Resolves when the traced publisher is gone: told to end as soon as it greeted Discord, or killed. */
async function publishesAndLeaves(home: OneHome, traced: Spawned): Promise<void> {
  const greeted = (): boolean => home.discord.frames.length > 0 && home.named !== undefined;
  await waitFor("the handshake", () => greeted() || traced.ended(), 20_000);
  const { named } = home;
  if (named !== undefined && isRunning(named) && !traced.ended()) process.kill(named, "SIGTERM");
  await waitFor("the end", () => traced.ended(), 20_000);
}
