import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { SimulatedHome } from "../codex/simulated-codex.ts";
import { waitFor } from "../support/wait-for.ts";
import { cdp, openStage } from "./stage.ts";

setDefaultTimeout(60_000);

let home: SimulatedHome;
beforeEach(() => {
  home = new SimulatedHome();
});
afterEach(() => home[Symbol.dispose]());

interface Run {
  readonly text: string;
  /** The most memory that was resident while it ran, MB; only Linux tells. */
  readonly peakMb: number;
}

/** Runs `cdp` with these words and watches its memory. */
async function run(...words: readonly string[]): Promise<Run> {
  const program = Bun.spawn([cdp, ...words], {
    env: { HOME: home.root, CODEX_HOME: home.path, PATH: "/usr/bin:/bin", LANG: "C.UTF-8" },
    cwd: home.root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let peakMb = 0;
  while (program.exitCode === null) {
    peakMb = Math.max(peakMb, memoryMb(program.pid, "VmHWM"));
    // oxlint-disable-next-line no-await-in-loop -- as often as there is time
    await Bun.sleep(1);
  }
  return { text: await program.stdout.text(), peakMb };
}

function memoryMb(pid: number, what: "VmHWM" | "VmRSS"): number {
  try {
    const found = new RegExp(`^${what}:\\s+(\\d+) kB$`, "m");
    return Number(found.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // Another system, or it has ended.
  }
}

const part = "x".repeat(10_000_000);

/** A line of 200 MB, as a tool's output would be. */
function appendLongLine(path: string): void {
  const head = `"type":"response_item","payload":{"type":"function_call_output","call_id":"c"`;
  appendFileSync(path, `{"timestamp":"${new Date().toISOString()}",${head},"output":"`);
  for (let i = 0; i < 20; i += 1) appendFileSync(path, part);
  appendFileSync(path, `"}}\n`);
}

test("a line of 200 MB takes neither time nor memory, and doctor tells of it", async () => {
  const thread = home.thread();
  thread.prompt();
  appendLongLine(thread.path);
  thread.call("npm test");
  const status = await run("status", "--json");
  expect(JSON.parse(status.text).sessions).toMatchObject([{ id: thread.id, target: "npm test" }]);
  expect(status.peakMb).toBeLessThan(80);
  const doctor = await run("doctor");
  expect(doctor.text).toMatch(/warn\s+rollouts .*passed over: 1 overlong line/);
  expect(doctor.peakMb).toBeLessThan(80);
});

test("what nobody can read is passed over, and doctor tells how much", async () => {
  const thread = home.thread();
  thread.prompt();
  const bytes = [0xff, 0xfe, 0x7b, 0x0a, 0x00, 0x0a];
  appendFileSync(thread.path, Buffer.from(bytes));
  appendFileSync(thread.path, `{"timestamp":"yesterday","type":"event_msg","payload":{}}\n[1]\n`);
  for (const type of ["brand_new", "and_another"]) thread.line(type, {});
  thread.call("cargo build");
  // Of an older turn that ended, late.
  const late = { timestamp: "2020-01-01T00:00:00Z", ordinal: 1, type: "event_msg" };
  const payload = { type: "task_complete", turn_id: "long-ago" };
  appendFileSync(thread.path, `${JSON.stringify({ ...late, payload })}\n`);
  appendFileSync(thread.path, '{"timestamp":"2026-01-01T00:00:00Z","type":"event_m');
  // Links in a circle, a pipe and a folder in a rollout's place.
  symlinkSync("..", join(dirname(thread.path), "99"));
  symlinkSync(".", join(home.path, "sessions", "2098"));
  mkdirSync(home.thread().path);
  Bun.spawnSync(["mkfifo", home.thread().path]);
  const { sessions } = JSON.parse((await run("status", "--json")).text);
  expect(sessions).toMatchObject([{ id: thread.id, target: "cargo build" }]);
  const { text } = await run("doctor");
  expect(text).toMatch(
    /rollouts .* 3 of them of types unknown here; passed over: .*3 broken lines/,
  );
  expect(text).toMatch(/rollouts .*[12] unreadable file/);
});

test("names that no terminal should get are never shown, and end nothing", async () => {
  const thread = home.thread();
  thread.prompt();
  const locks = join(home.path, "thread-writer-locks");
  mkdirSync(locks);
  const day = dirname(thread.path);
  const id = thread.id.replace("-7000-", "-7001-");
  const names = [
    "\u001b[2J.lock",
    `${id}\n.lock`,
    "\u202e",
    `rollout-\u001b]0;x\u0007-${id}.jsonl`,
  ];
  for (const name of names) {
    writeFileSync(join(locks, name), "");
    writeFileSync(join(day, name), "{}\n");
  }
  for (const words of [["status"], ["status", "--json"], ["doctor"]]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { text } = await run(...words);
    expect(text).not.toMatch(/[\u001b\u202e\u0007]/u);
    expect(text).not.toContain(id);
  }
});

test("beneath cdp Codex goes on while its rollout gets a line of 200 MB, in bounded memory", async () => {
  await using stage = await openStage();
  const { user, friend, terminal, model } = stage;
  await user.ready();
  await user.submit("story search");
  await user.sees("done");
  const [rollout = ""] = stage.home.rollouts();
  const before = memoryMb(terminal.pid, "VmRSS");
  appendLongLine(rollout);
  model.hold("patch/0");
  await user.submit("story patch");
  await friend.sees("Thinking");
  model.release("patch/0");
  await user.sees("done");
  await waitFor("the rest", () => friend.cards().at(-1) === "Waiting for input", 30_000);
  expect(memoryMb(terminal.pid, "VmHWM") - before).toBeLessThan(60);
  rmSync(rollout);
});
