import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  appendFileSync,
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { SimulatedHome } from "../codex/simulated-codex.ts";
import { codexBinary } from "../support/codex-home.ts";
import { leaveDeadSocket } from "../support/fake-discord-frames.ts";
import { FakeDiscord } from "../support/fake-discord.ts";
import { isRunning, stateOf } from "../support/processes.ts";
import { spawned } from "../support/spawned.ts";
import { openVirtualTerminal } from "../support/virtual-terminal.ts";
import { waitFor } from "../support/wait-for.ts";
import { cdp } from "./stage.ts";

interface Row {
  readonly name: string;
  readonly state: string;
  readonly line: string;
  readonly fix: string | null;
}

let home: SimulatedHome;
let bin: string;
let runtime: string;
beforeEach(() => {
  home = new SimulatedHome();
  bin = join(home.root, "bin");
  runtime = join(home.root, "run");
  mkdirSync(bin);
  mkdirSync(runtime, { mode: 0o700 });
});
afterEach(() => home[Symbol.dispose]());

/** A `codex` on PATH. */
function program(script: string): void {
  const path = join(bin, "codex");
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

const environment = (): Record<string, string> => ({
  HOME: home.root,
  CODEX_HOME: home.path,
  PATH: `${bin}:/usr/bin:/bin`,
  XDG_RUNTIME_DIR: runtime,
  LANG: "C.UTF-8",
  TERM: "xterm-256color",
});

async function doctor(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const child = Bun.spawn([cdp, "doctor", ...args], {
    env: { ...environment(), ...env },
    cwd: home.root,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [text, errors, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { text, errors, exitCode };
}

async function checks(env: Readonly<Record<string, string>> = {}) {
  const { text, errors, exitCode } = await doctor(["--json"], env);
  expect(errors).toBe("");
  const report = JSON.parse(text) as { schema: number; checks: Row[] };
  expect(report.schema).toBe(1);
  const of = (name: string) => report.checks.filter((check) => check.name === name);
  return { rows: report.checks, of, exitCode };
}

/** Names, kinds, sizes and times of everything in a folder. */
function contents(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .toSorted()
    .map((name) => {
      const { size, mode, mtimeMs } = lstatSync(join(folder, name));
      return `${name} ${mode} ${size} ${mtimeMs}`;
    });
}

test("all well: every check says so, one short connection, nothing is left behind", async () => {
  program('echo "codex-cli 0.169.0"');
  home.thread().prompt();
  await using discord = await FakeDiscord.start({ path: join(runtime, "discord-ipc-0") });
  const before = contents(home.root);
  const { rows, of, exitCode } = await checks();
  expect(rows.filter(({ state }) => state !== "ok")).toEqual([]);
  expect(exitCode).toBe(0);
  expect(of("codex")[0]!.line).toBe(`0.169.0 at ${join(bin, "codex")}`);
  expect(of("discord socket")[0]!.line).toContain(discord.path);
  expect(of("client id")[0]!.line).toContain("was accepted");
  expect(of("rollouts")[0]!.line).toStartWith("1 open thread");
  expect(discord.accepted).toBe(1);
  expect(discord.updates).toEqual([]);
  await discord.waitFor(({ open }) => open === 0, "the connection is closed");
  expect(contents(home.root)).toEqual(before);
});

test("the real Codex is asked for its version without a trace in its home", async () => {
  const before = contents(home.root);
  const { of } = await checks({ CDP_CODEX_BIN: codexBinary() });
  expect(of("codex")[0]!.line).toMatch(/^\d+\.\d+\.\d+ at /);
  expect(contents(home.root)).toEqual(before);
});

test("before a person: glyphs, the terminal and the pane", async () => {
  program('echo "codex-cli 0.169.0"');
  await using _ = await FakeDiscord.start({ path: join(runtime, "discord-ipc-0") });
  await using terminal = openVirtualTerminal({
    command: [cdp, "doctor"],
    env: environment(),
    cwd: home.root,
  });
  await terminal.waitForText(/checks are well/);
  const text = terminal.screen().join("\n");
  expect(text).toMatch(/✓ terminal .*xterm-256color, \d+x\d+/);
  expect(text).toMatch(/✓ pane .*stands/);
});

test("nothing installed: what to do, in plain text", async () => {
  const { text, errors, exitCode } = await doctor([], {
    PATH: "",
    CODEX_HOME: join(home.root, "nowhere"),
    CDP_DISCORD_SOCKET: join(runtime, "nowhere"),
  });
  expect(exitCode).toBe(1);
  expect(errors).toBe("");
  expect(text).not.toMatch(/[^\n -~]/);
  const failures = text.split("\n").filter((line) => line.startsWith("FAIL"));
  expect(failures.map((line) => line.slice(5, 16).trim())).toEqual([
    "codex",
    "codex home",
    "discord",
  ]);
  expect(text).toContain("fix: Install it with");
  expect(text.trimEnd().split("\n").at(-1)).toStartWith("3 failures");
});

test("everything hostile: named in two seconds, nothing changed, nobody left behind", async () => {
  const child = join(home.root, "child");
  program(`trap '' TERM\nsleep 60 &\necho $! > "${child}"\nwait`);
  writeFileSync(child, "");
  await using _hung = await FakeDiscord.start({
    path: join(runtime, "discord-ipc-0"),
    faults: { handshake: "hang" },
  });
  writeFileSync(join(runtime, "discord-ipc-1"), "");
  await leaveDeadSocket(join(runtime, "discord-ipc-2"));
  symlinkSync("nowhere", join(runtime, "discord-ipc-3"));
  writeFileSync(join(home.path, "codex-discord-presence.instance.json"), '{ "pid": ');
  mkdirSync(join(home.path, "cdp-control"));
  writeFileSync(join(home.path, "cdp-control", "control-999999999"), "");
  const log = join(runtime, "cdp-a1B2c3");
  mkdirSync(log);
  writeFileSync(join(log, "session.jsonl"), "a prompt");
  utimesSync(log, 1, 1);
  symlinkSync("/dev/zero", join(home.path, "discord-presence-config.json"));
  const thread = home.thread();
  thread.prompt();
  appendFileSync(thread.path, Buffer.from([0xff, 0x1b, 0x0a]));
  const before = contents(home.path);
  const env = {
    CDP_PTY: "\u001b[2J",
    SSH_CONNECTION: "1 2 3 4",
    WSL_DISTRO_NAME: "\u001b]0;x\u0007",
  };
  const { of, exitCode } = await checks(env);
  expect(exitCode).toBe(1);
  expect(of("codex")[0]).toMatchObject({
    state: "fail",
    fix: expect.stringContaining("--version"),
  });
  expect(of("pty")[0]!.state).toBe("warn");
  expect(of("config")[0]).toMatchObject({
    state: "fail",
    line: expect.stringContaining("not a regular file"),
  });
  expect(of("rollouts")[0]!.line).toContain("1 broken line");
  expect(of("leftovers")[0]!.line).toContain("control-999999999");
  expect(of("leftovers")[0]!.line).toContain("half written");
  expect(of("leftovers")[0]!.line).toContain("cdp-a1B2c3/session.jsonl");
  expect(of("discord")[0]!.state).toBe("fail");
  expect(
    of("discord socket").map(({ state, line }) => `${state} ${line.slice(runtime.length)}`),
  ).toEqual([
    "fail /discord-ipc-0: took the connection and said nothing",
    "warn /discord-ipc-1 is not a socket",
    "warn /discord-ipc-2: nobody listens",
    "warn /discord-ipc-3 may not be looked at, or leads nowhere",
  ]);
  expect(of("surroundings").map(({ line }) => line.split(":")[0])).toEqual(
    expect.arrayContaining(["WSL", "SSH"]),
  );
  expect(contents(home.path)).toEqual(before);
  const orphan = Number(await Bun.file(child).text());
  expect(orphan).toBeGreaterThan(0);
  await waitFor("the end of what codex started", () => !isRunning(orphan));
  const { text, errors } = await doctor([], { ...env, CDP_CODEX_BIN: "/bin/true" });
  expect(text + errors).not.toMatch(/[\u001b\u0007]|\n\s+at /);
});

test.each<[string, Readonly<Record<string, string>>]>([
  ["none at all", {}],
  ["a home in /proc", { HOME: "/proc/self", CODEX_HOME: "/proc/self" }],
  [
    "devices",
    { CODEX_HOME: "/dev/null", CDP_CODEX_BIN: "/dev/zero", CDP_DISCORD_SOCKET: "/dev/zero" },
  ],
  ["a name far too long", { CODEX_HOME: "a".repeat(5000), XDG_RUNTIME_DIR: "relative" }],
])("no environment makes it stumble: %s", (_, env) => {
  const { stdout, stderr, exitCode } = Bun.spawnSync([cdp, "doctor"], { env, cwd: home.root });
  expect(stderr.toString()).toBe("");
  expect(exitCode).toBe(1);
  expect(stdout.toString()).toMatch(/\n\n\d failures, .*well\.\n$/);
  expect(stdout.toString()).not.toContain("itself failed");
});

test("a program that never stops talking is no Codex", async () => {
  program("while :; do echo 0.169.0; done");
  const { of } = await checks();
  expect(of("codex")[0]!.state).toBe("fail");
});

test("Discord does not know the client id", async () => {
  program('echo "codex-cli 0.139.0"');
  const refusal = { code: 4000, message: "Invalid Client ID" };
  await using _ = await FakeDiscord.start({
    path: join(runtime, "discord-ipc-0"),
    faults: { handshake: refusal },
  });
  const { of, exitCode } = await checks();
  expect(exitCode).toBe(1);
  expect(of("client id")[0]).toMatchObject({ state: "fail" });
  expect(of("codex signals")[0]!.state).toBe("warn");
});

test("while the earlier tool publishes Discord is left alone", async () => {
  program('echo "codex-cli 0.169.0"');
  await using discord = await FakeDiscord.start({ path: join(runtime, "discord-ipc-0") });
  const tool = resolve(import.meta.dir, "../support/rust-tool-child.ts");
  await using earlier = spawned([process.execPath, tool, home.path]);
  await earlier.said("held");
  const { of, exitCode } = await checks();
  expect(exitCode).toBe(0);
  expect(of("instance")[0]!.line).toContain(`the earlier tool (pid ${earlier.pid})`);
  expect(of("discord")[0]!.state).toBe("warn");
  expect(discord.accepted).toBe(0);
});

test("a publisher is asked instead of Discord; once killed, what it left is named", async () => {
  program('echo "codex-cli 0.169.0"');
  await using discord = await FakeDiscord.start({ path: join(runtime, "discord-ipc-0") });
  await using publisher = spawned([cdp, "--headless"], environment());
  await discord.waitFor(({ frames }) => frames.length > 0, "the publisher's handshake");
  const end = performance.now() + 10_000;
  let seen = await checks();
  while (seen.of("discord")[0]!.state !== "ok" && performance.now() < end) {
    // oxlint-disable-next-line no-await-in-loop -- until READY has come there, too
    seen = await checks();
  }
  expect(seen.exitCode).toBe(0);
  expect(seen.of("instance")[0]!.line).toBe(`headless, pid ${publisher.pid}, publishes`);
  expect(seen.of("discord")[0]!.line).toStartWith("connected, says the publisher");
  expect(seen.of("leftovers")[0]!.state).toBe("ok");
  expect(discord.accepted).toBe(1);
  publisher.signal("SIGSTOP");
  await waitFor("the stop", () => stateOf(publisher.pid) === "T");
  const stopped = await checks();
  expect(stopped.of("instance")[0]!.line).toContain("is stopped");
  expect(stopped.of("discord")[0]!.state).toBe("warn");
  publisher.signal("SIGKILL");
  await publisher.exited;
  const { of, exitCode } = await checks();
  expect(exitCode).toBe(0);
  expect(of("instance")[0]!.line).toStartWith("no publisher runs");
  expect(of("leftovers")[0]).toMatchObject({ state: "warn" });
  expect(of("leftovers")[0]!.line).toContain(`metadata of process ${publisher.pid}, which is gone`);
  expect(of("leftovers")[0]!.line).toContain(`control-${publisher.pid}`);
});
