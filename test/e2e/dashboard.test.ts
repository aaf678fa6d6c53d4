import { expect, setDefaultTimeout, test } from "bun:test";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync, chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { makeCodexHome, type CodexHome } from "../support/codex-home.ts";
import { FakeDiscord } from "../support/fake-discord.ts";
import { openVirtualTerminal, type VirtualTerminal } from "../support/virtual-terminal.ts";
import { waitFor } from "../support/wait-for.ts";
import { cdp, openStage } from "./stage.ts";

setDefaultTimeout(120_000);

const configOf = (home: CodexHome): string =>
  readFileSync(join(home.path, "discord-presence-config.json"), "utf8");
const metadataOf = (home: CodexHome): Record<string, unknown> => {
  try {
    const path = join(home.path, "codex-discord-presence.instance.json");
    return JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  } catch {
    return {};
  }
};

function openDashboard(home: CodexHome, args: readonly string[] = []): VirtualTerminal {
  const command = [cdp, ...args];
  return openVirtualTerminal({ command, env: home.env, cwd: home.project, rows: 36, cols: 120 });
}

const publishes = (terminal: VirtualTerminal, home: CodexHome) =>
  terminal.waitUntil("the role", () => metadataOf(home)["pid"] === terminal.pid);

test("each key does what the footer says, and q leaves the terminal as it was", async () => {
  await using stage = await openStage({ hold: ["stream/0/middle"] });
  const { home, friend } = stage;
  await stage.user.ready();
  await using terminal = openDashboard(home);
  await terminal.waitForText(/Running .* dashboard ∙ pid/);
  expect(terminal.cooked).toBe(false);
  await stage.user.submit("story stream");
  await terminal.waitForText(/Thinking ∙ now/);
  await friend.sees("Thinking");

  terminal.type("d");
  await terminal.waitForText(/Thread +[0-9a-f-]{36}/);
  terminal.type("l");
  await terminal.waitForText(/Cards sent ─[^]*Thinking, Using Codex +accepted/);
  terminal.type("?");
  await terminal.waitForText(/connect to Discord anew/);
  terminal.press("escape");
  await terminal.waitForText(/On Discord ─/);
  terminal.press("down", "enter");
  await terminal.waitForText(/pinned, esc unpins/);
  terminal.press("escape");
  await terminal.waitUntil("unpinned", () => !/pinned/.test(terminal.screen().join("\n")));

  terminal.type("p");
  await terminal.waitForText(/paused/);
  await friend.sees("-");
  expect(JSON.parse(configOf(home))).toMatchObject({ display: { paused: true } });
  terminal.type("p");
  await terminal.waitForText(/Card +shown/);
  // The screen says at once what the file says a moment later.
  await waitFor("it in the file", () => configOf(home).includes('"paused": false'));

  terminal.type("v");
  await terminal.waitForText(/Others would see[^]*demo · main · GPT-5\.5/);
  expect(configOf(home)).not.toContain("project");
  terminal.press("enter");
  const cardTells = (wanted: string) => String(stage.discord.visible?.["state"]).includes(wanted);
  await waitFor("the project on the card", () => cardTells("demo · main"), 30_000);
  expect(JSON.parse(configOf(home))).toMatchObject({ privacy: { level: "project" } });
  terminal.type("v");
  terminal.press("up", "up", "up");
  await friend.sees("-");
  expect(JSON.parse(configOf(home))).toMatchObject({ privacy: { level: "hidden" } });
  terminal.press("escape");
  await terminal.waitForText(/On Discord ─/);

  const greetings = () => stage.discord.frames.filter(({ op }) => op === 0).length;
  const before = greetings();
  terminal.type("r");
  await terminal.waitUntil("another connection", () => greetings() > before);

  terminal.resize(20, 70);
  await terminal.waitUntil("the small layout", () =>
    /CODEX ∙ 1 session/.test(terminal.screen()[0]!),
  );
  terminal.resize(10, 40);
  await terminal.waitForText(/CODEX/);
  terminal.resize(36, 120);
  await terminal.waitForText(/Sessions +1 ∙/);

  terminal.type("q");
  expect(await terminal.exited).toEqual({ code: 0 });
  expect(terminal.alternateScreen).toBe(false);
  expect(terminal.cooked).toBe(true);
  expect(terminal.screen().join("").trim()).toBe("");
});

test("a second dashboard takes over, and the first one says by whom", async () => {
  using home = makeCodexHome({ modelUrl: "http://127.0.0.1:9" });
  await using first = openDashboard(home);
  await publishes(first, home);
  await using second = openDashboard(home);
  expect(await first.exited).toEqual({ code: 0 });
  expect(first.alternateScreen).toBe(false);
  expect(first.cooked).toBe(true);
  expect(first.screen().join("\n").trim()).toBe(`cdp: taken over by pid ${second.pid}`);
  await publishes(second, home);
  second.press("ctrl+c");
  expect(await second.exited).toEqual({ code: 0 });
});

test.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)("%s ends it with 0", async (name) => {
  using home = makeCodexHome({ modelUrl: "http://127.0.0.1:9" });
  await using terminal = openDashboard(home);
  await publishes(terminal, home);
  terminal.signal(name);
  expect(await terminal.exited).toEqual({ code: 0 });
  expect(terminal.alternateScreen).toBe(false);
  expect(terminal.cooked).toBe(true);
  expect(metadataOf(home)).toEqual({});
});

test("it ends when its terminal vanishes", async () => {
  using home = makeCodexHome({ modelUrl: "http://127.0.0.1:9" });
  await using terminal = openDashboard(home);
  await publishes(terminal, home);
  terminal.hangUp();
  await terminal.exited;
  expect(metadataOf(home)).toEqual({});
});

test("stopped and continued it draws itself again", async () => {
  using home = makeCodexHome({ modelUrl: "http://127.0.0.1:9" });
  await using terminal = openDashboard(home);
  await publishes(terminal, home);
  const before = terminal.output().length;
  terminal.signal("SIGSTOP");
  terminal.signal("SIGCONT");
  await terminal.waitUntil("a whole frame", () => terminal.output().slice(before).includes("quit"));
  terminal.type("q");
  expect(await terminal.exited).toEqual({ code: 0 });
});

test.each([
  ["", `"${cdp}"`],
  [" also beneath a program that waits for it", `sh -c '"${cdp}"; exit $?'`],
])("Ctrl-Z gives the terminal and the role back, fg takes both again%s", async (_, job) => {
  using home = makeCodexHome({ modelUrl: "http://127.0.0.1:9" });
  const command = ["/bin/sh", "-mc", `${job}; echo "status $?"; read -r _; fg; echo "then $?"`];
  await using terminal = openVirtualTerminal({
    command,
    env: home.env,
    cwd: home.project,
    rows: 36,
    cols: 120,
  });
  await terminal.waitForText(/dashboard ∙ pid/);
  terminal.press("ctrl+z");
  await terminal.waitForText(/^status 1\d\d$/m);
  expect(terminal.alternateScreen).toBe(false);
  expect(metadataOf(home)).toEqual({});
  terminal.press("enter");
  await terminal.waitForText(/dashboard ∙ pid/);
  await waitFor("the role", () => metadataOf(home)["mode"] === "dashboard");
  terminal.type("q");
  await terminal.waitForText(/^then 0$/m);
});

test("a fault of ours restores the terminal and says one line", async () => {
  using home = makeCodexHome({ modelUrl: "http://127.0.0.1:9" });
  const main = join(import.meta.dir, "../../src/main.ts");
  const script = join(home.env["HOME"]!, "faulty.ts");
  const thrown = `process.on("SIGUSR2", () => { throw new Error("the inner reason"); });`;
  writeFileSync(script, `${thrown}\nawait import(${JSON.stringify(main)});\n`);
  const command = [process.execPath, script];
  await using terminal = openVirtualTerminal({ command, env: home.env, cwd: home.project });
  await publishes(terminal, home);
  terminal.signal("SIGUSR2");
  expect(await terminal.exited).toEqual({ code: 1 });
  expect(terminal.alternateScreen).toBe(false);
  expect(terminal.cooked).toBe(true);
  expect(terminal.screen().join("\n").trim()).toBe("cdp: a fault of ours: the inner reason");
});

test("in a pipe it is the status report", async () => {
  using home = makeCodexHome({ modelUrl: "http://127.0.0.1:9" });
  const run = (...args: readonly string[]) =>
    Bun.spawnSync([cdp, ...args], { env: { ...home.env }, cwd: home.project, stdin: "ignore" });
  const piped = run();
  expect(piped.exitCode).toBe(0);
  expect(piped.stdout.toString()).not.toBe("");
  expect(piped.stdout.toString()).toBe(run("status").stdout.toString());
});

test("headless it publishes without a word, and takes the card away at its end", async () => {
  await using stage = await openStage({ hold: ["build/1"] });
  await stage.user.ready();
  const { home, friend } = stage;
  const child = spawn(cdp, ["--headless"], {
    env: { ...home.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (it) => (said += String(it)));
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  await waitFor("the role", () => metadataOf(home)["mode"] === "headless");
  await stage.user.submit("story build");
  await friend.sees("Running a command");
  stage.terminal.signal("SIGKILL");
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  await friend.sees("-");
  expect(said).toBe("");
});

test("a dashboard takes over from a headless one, which ends with 0", async () => {
  using home = makeCodexHome({ modelUrl: "http://127.0.0.1:9" });
  const child = spawn(cdp, ["--headless"], { env: { ...home.env }, stdio: "ignore" });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  await waitFor("the role", () => metadataOf(home)["mode"] === "headless");
  await using terminal = openDashboard(home);
  expect(await ended).toBe(0);
  terminal.type("q");
  expect(await terminal.exited).toEqual({ code: 0 });
});

/** A terminal program: a bun script that gives its command a pty, and ends with it. */
function terminalProgram(home: CodexHome, body: string): NodeJS.ProcessEnv {
  const bin = join(home.env["HOME"]!, "bin");
  mkdirSync(bin);
  const path = join(bin, "x-terminal-emulator");
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  const pty = `const p = Bun.spawn(process.argv.slice(2), { terminal: { rows: 30, cols: 100, data() {} } });
process.exit(await p.exited);`;
  writeFileSync(join(bin, "pty.ts"), pty);
  return { ...home.env, PATH: `${bin}:/usr/bin:/bin`, DISPLAY: ":77", BUN: process.execPath };
}

/** As a launcher does: no terminal at all, a session of its own. */
function launch(env: NodeJS.ProcessEnv) {
  const child = spawn(cdp, [], { env, stdio: "ignore", detached: true });
  return { child, ended: new Promise<number | null>((resolve) => child.on("close", resolve)) };
}

test("from a launcher it opens itself in a terminal, once, and ends", async () => {
  using home = makeCodexHome({ modelUrl: "http://127.0.0.1:9" });
  const env = terminalProgram(home, 'shift; exec "$BUN" "$HOME/bin/pty.ts" "$@"');
  const { child, ended } = launch(env);
  expect(await ended).toBe(0);
  await waitFor("the dashboard", () => metadataOf(home)["mode"] === "dashboard");
  const pid = Number(metadataOf(home)["pid"]);
  expect(pid).not.toBe(child.pid!);
  process.kill(pid, "SIGTERM");
  await waitFor("its end", () => metadataOf(home)["pid"] === undefined);
});

test.each([
  ["fails", "exit 1"],
  ["hangs", "exec sleep 600"],
])("where the only terminal program %s it publishes without one", async (_, body) => {
  using home = makeCodexHome({ modelUrl: "http://127.0.0.1:9" });
  const { child, ended } = launch(terminalProgram(home, body));
  await waitFor("the role", () => metadataOf(home)["mode"] === "headless", 20_000);
  expect(metadataOf(home)["pid"]).toBe(child.pid!);
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
});

test("its card is gone at Discord when a dashboard ends", async () => {
  using home = makeCodexHome({ modelUrl: "http://127.0.0.1:9" });
  const path = join(home.env["XDG_RUNTIME_DIR"]!, "discord-ipc-0");
  await using discord = await FakeDiscord.start({ path });
  await using terminal = openDashboard(home);
  await terminal.waitForText(/Discord +◉ connected/);
  terminal.type("q");
  expect(await terminal.exited).toEqual({ code: 0 });
  await waitFor("the end of the connection", () => discord.open === 0);
});
