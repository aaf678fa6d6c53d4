import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OneHome } from "../support/one-home.ts";
import { waitFor } from "../support/wait-for.ts";
import { cdp } from "./stage.ts";

setDefaultTimeout(60_000);

let home: OneHome;
/** A repository with programs of its own in `bin`, each of which leaves a trace. */
let work: string;
let trace: string;
let tools: string;
beforeEach(async () => {
  home = await OneHome.open(cdp);
  const root = join(home.path, "..");
  [work, trace, tools] = [join(root, "work"), join(root, "trace"), join(root, "tools")];
  for (const folder of [work, tools, join(work, "bin")]) mkdirSync(folder);
  for (const name of ["sh", "touch", "sleep"]) symlinkSync(Bun.which(name)!, join(tools, name));
  const names = ["codex", "env", "node", "xterm", "xdg-terminal-exec", "x-terminal-emulator"];
  for (const name of names) {
    const script = `#!/bin/sh\n/usr/bin/touch '${trace}'\nexit 0\n`;
    for (const folder of [work, join(work, "bin")]) {
      writeFileSync(join(folder, name), script, { mode: 0o755 });
    }
  }
});
afterEach(() => home[Symbol.asyncDispose]());

/** Relative entries, empty ones at each end and between. */
const relative = () => `:bin:./bin:.::../tools/bin:${tools}:`;

test.each<[string, Readonly<Record<string, string>>]>([
  ["by the names that it knows", {}],
  ["by TERMINAL, a name", { TERMINAL: "xterm" }],
  ["by TERMINAL, a relative path", { TERMINAL: "./bin/xterm" }],
])("cdp without a terminal runs no terminal program of the folder, %s", async (_, more) => {
  // A terminal program that works, and gets no relative folder to look for its own programs.
  const works = `#!/bin/sh\nprintf %s "$PATH" > '${trace}.path'\nnode\nenv\nexit 1\n`;
  writeFileSync(join(tools, "foot"), works, { mode: 0o755 });
  const env = { ...home.env, ...more, PATH: relative(), DISPLAY: ":77" };
  const child = spawn(cdp, [], { env, cwd: work, stdio: "ignore", detached: true });
  await waitFor("the role, without a screen", () => home.named === child.pid);
  child.kill("SIGTERM");
  await waitFor("its end", () => child.exitCode !== null || child.signalCode !== null);
  expect(existsSync(trace)).toBe(false);
  expect(await Bun.file(`${trace}.path`).text()).toBe(tools);
});

test("cdp codex and doctor find no codex in a relative folder, nor does its script a node", () => {
  const env = { ...home.env, PATH: relative(), CDP_CODEX_BIN: "" };
  const run = (...args: readonly string[]) =>
    Bun.spawnSync([cdp, ...args], { env, cwd: work, stdin: "ignore" });
  expect(run("codex", "exec", "x").exitCode).toBe(127);
  expect(run("doctor").stdout.toString()).toContain("Codex was not found on PATH");
  writeFileSync(join(tools, "codex"), "#!/bin/sh\nnode\necho codex-cli 0.169.0\n", { mode: 0o755 });
  expect(run("doctor").stdout.toString()).toContain(`0.169.0 at ${join(tools, "codex")}`);
  expect(existsSync(trace)).toBe(false);
});

test.each(["BUN_OPTIONS", "BUN_BE_BUN"])("doctor warns that %s is set", (name) => {
  const value = name === "BUN_OPTIONS" ? "--smol" : "0";
  const { stdout } = Bun.spawnSync([cdp, "doctor", "--json"], {
    env: { ...home.env, [name]: value },
    stdin: "ignore",
  });
  const { checks } = JSON.parse(stdout.toString()) as { readonly checks: readonly object[] };
  expect(checks).toContainEqual({
    name: "runtime",
    state: "warn",
    line: expect.stringContaining(`${name} is set`),
    fix: expect.stringContaining(`unset ${name}`),
  });
});
