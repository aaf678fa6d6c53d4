import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { SimulatedHome } from "../codex/simulated-codex.ts";
import { FakeDiscord } from "../support/fake-discord.ts";
import { spawned } from "../support/spawned.ts";
import { openVirtualTerminal } from "../support/virtual-terminal.ts";
import { waitFor } from "../support/wait-for.ts";
import { cdp } from "./stage.ts";

setDefaultTimeout(60_000);

/** What a terminal obeys or does not show: C0, ESC, DEL, C1, bidi, separators, zero width. */
const nasty =
  "a\u001b[2J\u001b]0;t\u0007\u0008\u007f\u0085\u009b31m\u009d0;t\u009c\u061c\u200b\u200f\u2028\u202e\u2066\ufeff\u{e0041}z";
/** As much of it as an argument of a program may hold. */
const unseen =
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/u;

let home: SimulatedHome;
let runtime: string;
let log: string;
let work: string;
beforeEach(() => {
  home = new SimulatedHome();
  runtime = join(home.root, "run");
  log = join(home.root, "log");
  work = join(home.root, `proj${nasty}`);
  mkdirSync(runtime, { mode: 0o700 });
  mkdirSync(join(work, ".git"), { recursive: true });
  writeFileSync(join(work, ".git/HEAD"), `ref: refs/heads/b${nasty}\n`);
  writeFileSync(join(work, ".git/config"), "");
});
afterEach(() => home[Symbol.dispose]());

const environment = (): Record<string, string> => ({
  HOME: home.root,
  CODEX_HOME: home.path,
  XDG_RUNTIME_DIR: runtime,
  PATH: "/usr/bin:/bin",
  LANG: "C.UTF-8",
  TERM: "xterm-256color",
  CDP_LOG: log,
});

/** Both streams of `cdp`, which hold nothing unseen; it is checked here. */
async function said(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = Bun.spawn([cdp, ...args], {
    env: { ...environment(), ...env },
    cwd: work,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, errors, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  expect([args, unseen.exec(out), unseen.exec(errors)]).toEqual([args, null, null]);
  return { out, errors, exitCode };
}

const full = '{ "schema_version": 2, "privacy": { "level": "full", "show_title": true } }';

test("project, branch and title with control and bidi characters: never raw in any output", async () => {
  writeFileSync(join(home.path, "discord-presence-config.json"), full);
  const thread = home.thread({ cwd: work });
  thread.prompt();
  thread.event("thread_name_updated", { thread_id: thread.id, thread_name: `title${nasty}` });
  thread.call(`cat 'src/${nasty}.ts'`);
  await using discord = await FakeDiscord.start({ path: join(runtime, "discord-ipc-0") });
  await using publisher = spawned([cdp, "--headless"], environment());
  await waitFor("a card", () => discord.visible !== undefined);
  const { out: json } = await said(["status", "--json"]);
  const [session] = (
    JSON.parse(json) as { readonly sessions: readonly { readonly project: string }[] }
  ).sessions;
  // The value itself is the name of the folder.
  expect(session?.project).toStartWith("proj");
  expect(session?.project).toContain("z");
  expect((await said(["status"])).out).toContain("proj");
  expect((await said(["why"])).out).toContain("proj");
  await said(["doctor"]);
  JSON.parse((await said(["doctor", "--json"])).out);
  publisher.signal("SIGTERM");
  await publisher.exited;

  await using terminal = openVirtualTerminal({
    command: [cdp],
    env: environment(),
    cwd: work,
    rows: 40,
    cols: 120,
  });
  await terminal.waitForText(/proja/);
  terminal.type("q");
  await terminal.exited;
  expect(terminal.output()).not.toMatch(/[\x80-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069]/);
  expect(terminal.output()).not.toMatch(/\x1b\]0;t/);
  expect(readFileSync(log, "utf8")).not.toMatch(unseen);
});

test("each line of the pane, too", async () => {
  const codex = join(home.root, "codex");
  writeFileSync(codex, `#!/bin/sh\necho started\nread -r _\n`, { mode: 0o755 });
  await using terminal = openVirtualTerminal({
    command: [cdp, "codex"],
    env: { ...environment(), CDP_CODEX_BIN: codex },
    cwd: work,
  });
  await terminal.waitForText(/started/);
  await terminal.waitForText(/proja/);
  terminal.press("enter");
  await terminal.exited;
  expect(terminal.output()).not.toMatch(/[\x80-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069]/);
  expect(terminal.output()).not.toMatch(/\x1b\]0;t/);
});

test("an error that is not caught is printed in one line, without what a terminal obeys", async () => {
  const preload = join(home.root, "preload.ts");
  for (const code of ["throw error;", "void Promise.reject(error);"]) {
    const error = `const error = new Error(${JSON.stringify(`broken ${nasty}`)});`;
    writeFileSync(preload, `${error}\nsetTimeout(() => { ${code} }, 50);`);
    // Relative: Bun parts this variable at spaces, quoted or not.
    // oxlint-disable-next-line no-await-in-loop -- they share the file
    const { errors, exitCode } = await said(["--headless"], {
      BUN_OPTIONS: `--preload=${relative(work, preload)}`,
    });
    expect([exitCode, errors]).toEqual([1, expect.stringMatching(/^cdp: .*broken a.*z\n$/)]);
  }
});

/** The exit status, and a piece of what is said. */
type Row = readonly [args: readonly string[], env: Readonly<Record<string, string>>, RegExp];

const rows: readonly Row[] = [
  [[`--${nasty}`], {}, /Unknown option/],
  [[nasty], {}, /Unknown command/],
  [["status", `--${nasty}`], {}, /Unknown option/],
  [["status", nasty], {}, /one word too many/],
  [["doctor", "--json", nasty], {}, /one word too many/],
  [["config", nasty], {}, /There is no cdp config/],
  [["config", "get", nasty], {}, /./],
  [["config", "set", nasty, "1"], {}, /./],
  [["config", "set", "privacy.level", nasty], {}, /./],
  [["config", "set", "display.buttons", nasty], {}, /./],
  [["config", "reset", nasty], {}, /./],
  [["demo", "--recording", `/none/${nasty}`], {}, /cannot be read/],
  [["demo", "--speed", nasty], {}, /--speed takes/],
  [["codex"], { CDP_CODEX_BIN: nasty }, /which does not exist/],
  [["codex"], { CDP_CODEX_BIN: `/none/${nasty}` }, /which does not exist/],
  [["codex", "exec", "x"], { CDP_CODEX_BIN: `/none/${nasty}` }, /which does not exist/],
  [["doctor"], { CDP_CODEX_BIN: `/none/${nasty}` }, /which does not exist/],
  [["status"], { CODEX_HOME: `/none/${nasty}` }, /not there/],
  [["status", "--json"], { CODEX_HOME: `/none/${nasty}` }, /not there/],
  [["doctor"], { CODEX_HOME: `/none/${nasty}` }, /is not there/],
  [["config", "path"], { CODEX_HOME: `/none/${nasty}` }, /is not there/],
  [["--headless"], { CODEX_HOME: `/none/${nasty}` }, /is not there/],
  [["status"], { CDP_LOG: `/none/${nasty}` }, /CDP_LOG is not used/],
  [["doctor"], { TERM: nasty, CDP_PTY: nasty, CDP_DISCORD_SOCKET: nasty }, /discord/],
  [["doctor", "--json"], { TERM: nasty, SNAP: "1", SNAP_NAME: nasty, container: nasty }, /snap/],
];

test.each(rows)("cdp %j with %j says nothing raw", async (args, env, wanted) => {
  const { out, errors } = await said(args, env);
  expect(out + errors).toMatch(wanted);
});

test("what the config itself holds is shown so that nothing of it acts, and JSON stays what it is", async () => {
  const value = `x${nasty}y`;
  const text = JSON.stringify({ schema_version: 2, [value]: 1, display: { details: value } });
  writeFileSync(join(home.path, "discord-presence-config.json"), text);
  await said(["config", "show"]);
  await said(["config", "get", "display.details"]);
  await said(["doctor"]);
  const set = await said(["config", "set", "display.state", value]);
  expect([set.exitCode, set.errors]).toEqual([0, expect.anything()]);
  const written = readFileSync(join(home.path, "discord-presence-config.json"), "utf8");
  expect(JSON.parse(written)).toMatchObject({ display: { state: value } });
  const [, added = ""] = written.split('"state":');
  expect([added.includes("z"), unseen.test(added)]).toEqual([true, false]);
  writeFileSync(join(home.path, "discord-presence-config.json"), `{ ${value} `);
  await said(["config", "show"]);
  await said(["status"]);
});
