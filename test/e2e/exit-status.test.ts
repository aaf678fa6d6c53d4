import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeCodexHome, type CodexHome } from "../support/codex-home.ts";
import { openVirtualTerminal } from "../support/virtual-terminal.ts";
import { cdp } from "./stage.ts";

setDefaultTimeout(120_000);

// Seen from a shell, as users and scripts see it: `cdp codex …; echo $?`. Codex is a script here.

let home: CodexHome;
beforeAll(() => {
  home = makeCodexHome({ modelUrl: "http://127.0.0.1:9/v1" });
});
afterAll(() => home[Symbol.dispose]());

const ends: readonly (readonly [script: string, status: number])[] = [
  ["exit 0", 0],
  ["exit 1", 1],
  ["exit 77", 77],
  ["exit 255", 255],
  ["kill -INT $$", 130],
  ["kill -TERM $$", 143],
  ["kill -HUP $$", 129],
  ["kill -KILL $$", 137],
  ["kill -ABRT $$", 134],
];

const commandLines = [[], ["exec", "do it"], ["--version"]] as const;

for (const [script, status] of ends) {
  for (const args of commandLines) {
    const line = ["codex", ...args].join(" ");
    test(`${script}: cdp ${line} on a terminal ends with ${status}`, async () => {
      expect(await statusOnTerminal(codexScript(script), args)).toBe(status);
    });
    test(`${script}: cdp ${line} in a pipe ends with ${status}`, async () => {
      expect(await statusInPipe(codexScript(script), args)).toBe(status);
    });
  }
}

test("Codex that does not exist: 127 and a line that names it", async () => {
  const { status, stderr } = await inPipe({ CDP_CODEX_BIN: "/nowhere/codex" }, []);
  expect(status).toBe(127);
  expect(stderr).toMatch(/^.*\/nowhere\/codex.*\n$/);
});

test("no Codex on PATH: 127 and a line that says how to install it", async () => {
  const empty = join(home.path, "empty");
  mkdirSync(empty);
  const { status, stderr } = await inPipe({ PATH: empty }, []);
  expect(status).toBe(127);
  expect(stderr).toMatch(/^.*npm install -g @openai\/codex.*\n$/);
});

test("Codex that cannot be run: 126", async () => {
  const path = codexScript("exit 0");
  chmodSync(path, 0o600);
  expect((await inPipe({ CDP_CODEX_BIN: path }, [])).status).toBe(126);
  expect((await inPipe({ CDP_CODEX_BIN: home.path }, [])).status).toBe(126);
});

test("a codex in the current folder is not run, nor one below a relative PATH entry", async () => {
  const path = join(home.project, "codex");
  writeFileSync(path, "#!/bin/sh\necho hijacked\n", { mode: 0o755 });
  const { status, stdout } = await inPipe({ PATH: `:.:${join(home.path, "tmp")}` }, ["--version"]);
  expect({ status, stdout }).toEqual({ status: 127, stdout: "" });
});

let scripts = 0;

function codexScript(body: string): string {
  const path = join(home.path, `codex-${(scripts += 1)}`);
  writeFileSync(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return path;
}

async function statusInPipe(codex: string, args: readonly string[]): Promise<number> {
  return (await inPipe({ CDP_CODEX_BIN: codex }, args)).status;
}

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function inPipe(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<Ended> {
  const shell = Bun.spawn(
    ["/bin/sh", "-c", '"$@"; echo "status $?" >&2', "sh", cdp, "codex", ...args],
    {
      cwd: home.project,
      env: { ...home.env, ...env },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    },
  );
  const [stdout, stderr] = await Promise.all([shell.stdout.text(), shell.stderr.text()]);
  const status = Number(/status (\d+)\n$/.exec(stderr)?.[1]);
  // A shell may add a line of its own about the signal, before ours.
  return { status, stdout, stderr: stderr.replace(/status \d+\n$/, "") };
}

async function statusOnTerminal(codex: string, args: readonly string[]): Promise<number> {
  await using terminal = openVirtualTerminal({
    command: ["/bin/sh", "-c", '"$@"; echo "status $?."', "sh", cdp, "codex", ...args],
    env: { ...home.env, CDP_CODEX_BIN: codex },
    cwd: home.project,
  });
  const screen = await terminal.waitForText(/status \d+\./);
  expect(await terminal.exited).toEqual({ code: 0 });
  return Number(/status (\d+)\./.exec(screen)?.[1]);
}
