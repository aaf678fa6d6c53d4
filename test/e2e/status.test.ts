import { afterEach, beforeEach, expect, test } from "bun:test";
import { appendFileSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SimulatedHome } from "../codex/simulated-codex.ts";
import { waitFor } from "../support/wait-for.ts";
import { cdp, openStage } from "./stage.ts";

let home: SimulatedHome;
beforeEach(() => {
  home = new SimulatedHome();
});
afterEach(() => home[Symbol.dispose]());

function status(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const { exitCode, stdout, stderr } = Bun.spawnSync([cdp, "status", ...args], {
    env: { HOME: home.root, CODEX_HOME: home.path, PATH: "/usr/bin:/bin", LANG: "C.UTF-8", ...env },
    cwd: home.root,
  });
  return { exitCode, text: stdout.toString(), errors: stderr.toString() };
}

/** Names, sizes and times of everything in a folder. */
function contents(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .toSorted()
    .map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    });
}

function project(name: string): string {
  const folder = join(home.root, name);
  mkdirSync(join(folder, ".git"), { recursive: true });
  writeFileSync(join(folder, ".git", "HEAD"), "ref: refs/heads/work\n");
  writeFileSync(join(folder, ".git", "config"), "");
  return folder;
}

test("sessions with project, branch, model and usage; the limits and their age", () => {
  const thread = home.thread({ cwd: project("shop"), originator: "codex_vscode" });
  thread.prompt();
  thread.call("npm test -- --secret");
  const usage = { input_tokens: 1000, output_tokens: 24, total_tokens: 1024 };
  thread.event("token_count", {
    info: { total_token_usage: usage, last_token_usage: usage, model_context_window: 2048 },
    rate_limits: { primary: { used_percent: 12, window_minutes: 300 }, plan_type: "plus" },
  });
  const { exitCode, text } = status(["--json"]);
  // Nobody publishes.
  expect(exitCode).toBe(3);
  const report = JSON.parse(text);
  expect(report.instance.state).toBe("not_running");
  expect(report.sessions).toHaveLength(1);
  expect(report.sessions[0]).toMatchObject({
    id: thread.id,
    surface: "vscode",
    activity: "running",
    target: "npm test",
    project: "shop",
    branch: "work",
    model: "gpt-5.5",
    context: { used: 1024, window: 2048, percent: 50 },
  });
  expect(report.sessions[0].cost_usd).toBeGreaterThan(0);
  expect(report.limits.windows).toEqual([{ minutes: 300, used_percent: 12, resets_at: null }]);
  const lines = status().text.split("\n");
  expect(lines).toContain("shop on work");
  expect(lines).toContain("  5h: 12% used");
  expect(lines.join("\n")).not.toContain("\u001b");
});

test("nothing is created, changed or migrated", () => {
  const thread = home.thread();
  thread.prompt();
  thread.lock();
  writeFileSync(join(home.path, "discord-presence-config.json"), '{ "schema_version": 1 }');
  const before = contents(home.root);
  status();
  status(["--json"]);
  expect(contents(home.root)).toEqual(before);
});

test("bad files are passed over and said", () => {
  const thread = home.thread();
  thread.prompt();
  appendFileSync(thread.path, Buffer.from([0xff, 0x0a]));
  thread.call("make");
  const { text } = status();
  expect(text).toContain("Running make");
  expect(text).toContain("! Passed over in Codex's rollouts: 1 broken line\n");
});

test("without a home of Codex it says so", () => {
  const { exitCode, text } = status([], { CODEX_HOME: join(home.root, "nowhere") });
  expect(exitCode).toBe(3);
  expect(text).toContain("No Codex session is open.");
  expect(text).toContain("nowhere) is not there");
});

test("an option it does not know is a mistake", () => {
  const { exitCode, errors } = status(["--xml"]);
  expect(exitCode).toBe(2);
  expect(errors).toContain("--xml");
});

test("what only the wrapper hears is told, too: an approval, and a session before its first prompt", async () => {
  await using stage = await openStage({ sandbox: "workspace-write" });
  const { env } = stage.home;
  const look = (): string => Bun.spawnSync([cdp, "status"], { env }).stdout.toString();
  const why = (): string => Bun.spawnSync([cdp, "why"], { env }).stdout.toString();
  await stage.user.ready();
  await stage.friend.sees("Waiting for input");
  expect(look()).toStartWith("1 session without a prompt yet\n");
  // Until Codex tells its terminal that it is ready, the title of its window does.
  const fresh = "\nSession: one without a prompt yet\nActivity: Ready, by what Codex tells its";
  await waitFor("what Codex tells", () => why().includes(fresh));
  await stage.user.submit("story approve");
  await stage.user.sees("blocked permission");
  await stage.friend.sees("Waiting for approval");
  expect(look()).toStartWith("1 session\n\ndemo on main\n  Waiting for approval, ");
  const activity = "Waiting for approval, by what Codex tells its terminal";
  expect(why()).toMatch(
    new RegExp(`\nSession: demo on main, thread [0-9a-f-]{36}\nActivity: ${activity}`),
  );
  await stage.user.answers("enter");
  await stage.user.sees("done");
  await stage.user.quit();
}, 60_000);
