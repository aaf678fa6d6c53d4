import { expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeCodexHome } from "../support/codex-home.ts";
import { namedIn } from "../support/one-home.ts";
import { descendantsOf, isRunning } from "../support/processes.ts";
import { waitFor } from "../support/wait-for.ts";
import { cdp, openStage } from "./stage.ts";

setDefaultTimeout(120_000);

// What a run of `cdp` leaves behind, and what of the current folder may act on it: nothing.

test("the session log has no name once Codex has opened it, and no run leaves a file but the lock", async () => {
  await using stage = await openStage();
  const { home, user, terminal } = stage;
  await user.ready();
  const codex = descendantsOf(terminal.pid)[0]!;
  const environment = readFileSync(`/proc/${codex}/environ`, "utf8").split("\0");
  const variable = environment.find((each) => each.startsWith("CODEX_TUI_SESSION_LOG_PATH="));
  const path = variable?.split("=")[1];
  expect(path).toMatch(/^\//);
  await waitFor("the end of its name", () => !existsSync(path!));
  await user.submit("story chat");
  await user.sees("done");
  await user.quit();
  expect(readdirSync(home.env["TMPDIR"]!)).toEqual([]);
  expect(readdirSync(home.env["XDG_RUNTIME_DIR"]!)).toEqual(["discord-ipc-0"]);
  // The lock is a file that stays: what counts is who holds it.
  const ours = readdirSync(home.path).filter((name) => /presence|cdp/.test(name));
  expect(ours).toEqual(["codex-discord-presence.lock"]);
});

test("killed with kill -9 it leaves no Codex, and the next one clears its files away", async () => {
  await using stage = await openStage();
  const { home, user, terminal, discord } = stage;
  await user.ready();
  await discord.waitFor(({ visible }) => visible !== undefined, "a card");
  const below = descendantsOf(terminal.pid);
  expect(below.length).toBeGreaterThan(0);
  terminal.signal("SIGKILL");
  await waitFor("the end of Codex", () => !below.some(isRunning));
  await discord.waitFor(({ open }) => open === 0, "the end of the connection");
  const next = Bun.spawn([cdp, "--headless"], { env: { ...home.env } });
  await waitFor("the next publisher", () => namedIn(home.path) === next.pid);
  next.kill("SIGTERM");
  expect(await next.exited).toBe(0);
  expect(readdirSync(home.env["XDG_RUNTIME_DIR"]!)).toEqual(["discord-ipc-0"]);
  const ours = readdirSync(home.path).filter((name) => /presence|cdp/.test(name));
  expect(ours).toEqual(["codex-discord-presence.lock"]);
});

test("Codex's home is not made where it is missing, and presence is off", async () => {
  using home = makeCodexHome({ modelUrl: "http://127.0.0.1:9/v1" });
  const missing = join(home.path, "missing");
  const script = join(home.path, "codex");
  writeFileSync(script, "#!/bin/sh\nexit 5\n", { mode: 0o755 });
  const env = { ...home.env, CODEX_HOME: missing, CDP_CODEX_BIN: script };
  const child = Bun.spawn([cdp, "codex", "exec", "x"], { cwd: home.project, env, stdin: "ignore" });
  expect(await child.exited).toBe(5);
  expect(existsSync(missing)).toBe(false);
});

test("neither bunfig.toml nor .env of the current folder has an effect", async () => {
  using home = makeCodexHome({ modelUrl: "http://127.0.0.1:9/v1" });
  const file = (name: string, text: string): void => writeFileSync(join(home.project, name), text);
  file("bunfig.toml", 'preload = ["./preload.ts"]\n');
  file("preload.ts", 'require("node:fs").writeFileSync("preloaded", "");\n');
  file(".env", "FROM_DOTENV=1\nCDP_CODEX_BIN=/nowhere\n");
  file("tsconfig.json", "{ broken");
  mkdirSync(join(home.path, "bin"));
  const script = join(home.path, "bin/codex");
  writeFileSync(script, '#!/bin/sh\necho "dotenv:$FROM_DOTENV."\n', { mode: 0o755 });
  const env = { ...home.env, PATH: `${join(home.path, "bin")}:${home.env["PATH"]}` };
  const child = Bun.spawn([cdp, "codex", "exec", "x"], {
    cwd: home.project,
    env,
    stdin: "ignore",
    stdout: "pipe",
  });
  expect(await child.stdout.text()).toBe("dotenv:.\n");
  expect(await child.exited).toBe(0);
  expect(existsSync(join(home.project, "preloaded"))).toBe(false);
});
