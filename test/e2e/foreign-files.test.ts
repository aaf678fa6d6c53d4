import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { OneHome } from "../support/one-home.ts";
import { waitFor } from "../support/wait-for.ts";
import { cdp } from "./stage.ts";

setDefaultTimeout(60_000);

const lockName = "codex-discord-presence.lock";
const configName = "discord-presence-config.json";

let home: OneHome;
/** A file of the user's own, which nothing here may touch. */
let target: string;
beforeEach(async () => {
  home = await OneHome.open(cdp);
  target = join(home.path, "../notes");
  writeFileSync(target, "notes", { mode: 0o644 });
  utimesSync(target, 1, 1);
});
afterEach(() => home[Symbol.asyncDispose]());

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd?: string) {
  const { exitCode, stdout, stderr } = Bun.spawnSync([cdp, ...args], {
    env: { ...home.env, ...env },
    cwd: cwd ?? join(home.path, ".."),
    stdin: "ignore",
  });
  return { exitCode, out: stdout.toString(), errors: stderr.toString() };
}

interface Check {
  readonly name: string;
  readonly state: string;
  readonly line: string;
  readonly fix: string | null;
}

function doctorOf(name: string, env: Readonly<Record<string, string>> = {}): readonly Check[] {
  const { out } = run(["doctor", "--json"], env);
  const { checks } = JSON.parse(out) as { readonly checks: readonly Check[] };
  return checks.filter((check) => check.name === name);
}

function expectUntouched(): void {
  const { mtimeMs, mode } = statSync(target);
  expect([readFileSync(target, "utf8"), mtimeMs, mode & 0o777]).toEqual(["notes", 1000, 0o644]);
}

test.each<[string, (at: string) => void, string]>([
  ["a link", (at) => symlinkSync(target, at), "is a link"],
  ["a file's second name", (at) => linkSync(target, at), "has 2 names (hard links)"],
])(
  "%s as lock: no card, each command says why, its target stays as it is",
  async (_, make, why) => {
    const lock = join(home.path, lockName);
    make(lock);
    const headless = home.headless();
    expect(await headless.exited).toBe(1);
    expect(headless.errors()).toContain(`${lock} ${why}`);
    const status = run(["status"]);
    expect([status.exitCode, status.out]).toEqual([3, expect.stringContaining(`${lock} ${why}`)]);
    expect(doctorOf("instance")[0]).toMatchObject({ state: "fail" });
    const wrapper = home.wrapper();
    await wrapper.said("up");
    wrapper.tell("end");
    expect(await wrapper.exited).toBe(7);
    expectUntouched();
    expect(home.discord.updates).toEqual([]);
  },
);

test("a home that a repository ships, CODEX_HOME=.codex, with links in it: none is followed", async () => {
  const work = join(home.path, "../work");
  const shipped = join(work, ".codex");
  const elsewhere = join(work, "elsewhere");
  for (const folder of [shipped, elsewhere]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(elsewhere, "session.jsonl"), "mine");
  writeFileSync(join(elsewhere, "control-1"), "mine");
  chmodSync(elsewhere, 0o755);
  utimesSync(elsewhere, 1, 1);
  symlinkSync("../../notes", join(shipped, lockName));
  symlinkSync("../../notes", join(shipped, "codex-discord-presence.instance.json"));
  symlinkSync("../../notes", join(shipped, "codex-discord-presence.instance.json.new"));
  symlinkSync("../../notes", join(shipped, `${configName}.lock`));
  symlinkSync("../elsewhere", join(shipped, "cdp-control"));
  symlinkSync("../elsewhere", join(shipped, "cdp-a1B2c3"));
  const env = { CODEX_HOME: ".codex", XDG_RUNTIME_DIR: "" };
  const socket = `CDP_DISCORD_SOCKET=${join(home.runtime, "discord-ipc-0")}`;
  const from = ["env", "-C", work, "CODEX_HOME=.codex", "XDG_RUNTIME_DIR=", socket];
  const headless = home.beside(...from, cdp, "--headless");
  expect(await headless.exited).toBe(1);
  const set = run(["config", "set", "display.paused", "true"], env, work);
  expect([set.exitCode, set.errors]).toEqual([2, expect.stringContaining("is a link")]);
  // Without its lock it would publish: what is left of the links leads nowhere either.
  rmSync(join(shipped, lockName));
  const second = home.beside(...from, cdp, "--headless");
  await waitFor("its card's connection", () => home.discord.open === 1);
  second.signal("SIGTERM");
  expect(await second.exited).toBe(0);
  run(["codex", "exec", "x"], env, work);
  expectUntouched();
  expect(readdirSync(elsewhere).toSorted()).toEqual(["control-1", "session.jsonl"]);
  expect(statSync(elsewhere).mode & 0o777).toBe(0o755);
});

test.each<[string, (home: string) => string]>([
  ["the home itself", (path) => path],
  ["a folder above it", (path) => join(path, "..")],
])("%s can be written by others: refused like a foreign home", async (_, which) => {
  const open = which(home.path);
  const mode = statSync(open).mode & 0o777;
  const before = readdirSync(home.path);
  for (const bits of [0o002, 0o1002]) {
    if (bits === 0o1002 && open !== home.path) continue; // As /tmp is.
    chmodSync(open, mode | bits);
    const why = `the folder ${open} can be written by other users`;
    const status = run(["status", "--json"]);
    const { problems } = JSON.parse(status.out) as { readonly problems: readonly string[] };
    expect([status.exitCode, problems]).toEqual([3, [expect.stringContaining(why)]]);
    expect(problems[0]).toContain(`chmod go-w ${open}`);
    expect(doctorOf("codex home")).toMatchObject([
      { state: "fail", fix: expect.stringContaining(`chmod go-w ${open}`) },
    ]);
    for (const args of [["--headless"], ["config", "set", "display.paused", "true"], ["why"]]) {
      const { exitCode, errors } = run(args);
      expect([exitCode, errors]).toEqual([2, expect.stringContaining(why)]);
    }
    const wrapper = home.wrapper();
    // oxlint-disable-next-line no-await-in-loop -- one mode after the other
    await wrapper.said("up");
    wrapper.tell("end");
    // oxlint-disable-next-line no-await-in-loop -- one mode after the other
    expect(await wrapper.exited).toBe(7);
    expect(readdirSync(home.path)).toEqual(before);
  }
  chmodSync(open, mode);
  expect(home.discord.updates).toEqual([]);
  expect(readdirSync(home.runtime)).toEqual(["discord-ipc-0"]);
  expect(doctorOf("codex home")).toMatchObject([{ state: "ok" }]);
});

test("a log that is a link, or in a folder that others may write: refused with one line", () => {
  const link = join(home.path, "../log");
  symlinkSync("notes", link);
  for (const args of [["status"], ["doctor"], ["codex", "exec", "x"]]) {
    const { errors } = run(args, { CDP_LOG: link });
    expect(errors).toBe(`cdp: nothing is logged, as CDP_LOG is not used: ${link} is a link\n`);
  }
  const folder = join(home.path, "../open");
  mkdirSync(folder);
  chmodSync(folder, 0o777);
  expect(run(["status"], { CDP_LOG: join(folder, "log") }).errors).toContain(
    "can be written by other users",
  );
  expect(readdirSync(folder)).toEqual([]);
  expectUntouched();
});

test("a config by links of the user's own counts; by a folder that others may write it does not", () => {
  const dotfiles = join(home.path, "../dotfiles");
  mkdirSync(dotfiles);
  const real = join(dotfiles, "config.json");
  writeFileSync(real, '{ "schema_version": 2, "display": { "paused": true } }');
  symlinkSync(real, join(home.path, configName));
  const paused = () => run(["config", "get", "display.paused"]);
  expect(paused().out).toBe("true\n");
  expect(run(["config", "set", "display.paused", "false"]).exitCode).toBe(0);
  expect([paused().out, lstatSync(join(home.path, configName)).isSymbolicLink()]).toEqual([
    "false\n",
    true,
  ]);
  const [text, names] = [readFileSync(real, "utf8"), readdirSync(dotfiles)];
  chmodSync(dotfiles, 0o777);
  const why = `is not trusted: the folder ${dotfiles} can be written by other users`;
  const set = run(["config", "set", "display.paused", "true"]);
  expect([set.exitCode, set.errors]).toEqual([2, expect.stringContaining(why)]);
  expect(run(["config", "show"]).errors).toContain(why);
  expect(doctorOf("config")).toMatchObject([{ state: "fail", line: expect.stringContaining(why) }]);
  expect(readFileSync(real, "utf8")).toBe(text);
  expect(readdirSync(dotfiles)).toEqual(names);
});

test("a config's lock that is a link is refused, and the target stays as it is", () => {
  symlinkSync(target, join(home.path, `${configName}.lock`));
  const { exitCode, errors } = run(["config", "set", "display.paused", "true"]);
  expect([exitCode, errors]).toEqual([2, expect.stringContaining(`${configName}.lock is a link`)]);
  expect(existsSync(join(home.path, configName))).toBe(false);
  expectUntouched();
});
