import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { codexBinary, makeCodexHome, type CodexHome } from "../support/codex-home.ts";
import { startModelService, type ModelService } from "../support/model-service.ts";
import { openVirtualTerminal } from "../support/virtual-terminal.ts";
import { cdp } from "./stage.ts";

setDefaultTimeout(120_000);

// What is not the TUI on a terminal gets our own stdin, stdout and stderr, byte for byte.

let model: ModelService;
let home: CodexHome;
beforeAll(() => {
  model = startModelService();
  home = makeCodexHome({ modelUrl: model.url });
});
afterAll(async () => {
  home[Symbol.dispose]();
  await model.close();
});

for (const args of [
  ["--version"],
  ["--help"],
  ["exec", "--help"],
  ["--no-such-flag"],
  ["features", "list"],
]) {
  test(`codex ${args.join(" ")} is the real Codex's own`, async () => {
    const bare = await run([codexBinary(), ...args]);
    expect(bare.stdout.length + bare.stderr.length).toBeGreaterThan(0);
    expect(await run([cdp, "codex", ...args])).toEqual(bare);
  });
}

test("codex exec --json writes the same lines as without cdp", async () => {
  const args = ["exec", "--json", "--skip-git-repo-check", "story shell"];
  const bare = await run([codexBinary(), ...args]);
  const wrapped = await run([cdp, "codex", ...args]);
  expect(bare.status).toBe(0);
  expect(eventsOf(bare.stdout)).toContain("item.completed command_execution");
  expect(eventsOf(wrapped.stdout)).toEqual(eventsOf(bare.stdout));
  expect({ ...wrapped, stdout: "" }).toEqual({ ...bare, stdout: "" });
});

test("every byte of stdin, stdout and stderr goes through, and they stay apart", async () => {
  const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  const input = Buffer.concat(Array.from({ length: 4096 }, () => all));
  const script = codexScript("bytes", "cat; printf 'err\\000or' >&2; exit 3");
  for (const args of [["exec", "-"], ["mcp"], []]) {
    const { status, stdout, stderr } = await run([cdp, "codex", ...args], script, input);
    expect({ args, status, stderr: stderr.toString() }).toEqual({
      args,
      status: 3,
      stderr: "err\0or",
    });
    expect(stdout.equals(input)).toBe(true);
  }
});

test("Codex's descriptors block as ours did: programs lose output on those that do not", async () => {
  const files = [0, 1, 2].map((fd) => `/proc/$$/fdinfo/${fd}`).join(" ");
  const script = codexScript("flags", `flags=$(grep -h flags ${files})\necho "$flags"`);
  const bare = String((await run([script])).stdout);
  expect(bare).toContain("flags");
  expect(String((await run([cdp, "codex", "exec"], script)).stdout)).toBe(bare);
  expect(String((await run([cdp, "codex", "mcp"], script)).stdout)).toBe(bare);
});

const odd = ["", " ", "two words", "--help", "--", "-c", "a=b", "*", "$HOME", "new\nline", "ünï"];

test("arguments arrive as they are, in a pipe", async () => {
  const script = codexScript("arguments", `printf '<%s>' "$@"`);
  const { stdout } = await run([cdp, "codex", "exec", ...odd], script);
  expect(stdout.toString()).toBe(["exec", ...odd].map((arg) => `<${arg}>`).join(""));
});

test("arguments arrive as they are, on a terminal", async () => {
  const out = join(home.path, "arguments.out");
  const script = codexScript("arguments-tui", `printf '<%s>' "$@" > '${out}'`);
  const args = ["--model", "x y", "", "--", "a prompt", "--help", "*"];
  await using terminal = openVirtualTerminal({
    command: [cdp, "codex", ...args],
    env: { ...home.env, CDP_CODEX_BIN: script },
    cwd: home.project,
  });
  expect(await terminal.exited).toEqual({ code: 0 });
  expect(await Bun.file(out).text()).toBe(args.map((arg) => `<${arg}>`).join(""));
});

test("Codex's environment is ours and the two session log variables", async () => {
  const out = join(home.path, "env.out");
  const script = codexScript("env", `env > '${out}'`);
  await using terminal = openVirtualTerminal({
    command: [cdp, "codex"],
    env: { ...home.env, CDP_CODEX_BIN: script, ODD: "a=b c" },
    cwd: home.project,
  });
  expect(await terminal.exited).toEqual({ code: 0 });
  const names = (text: string): string[] =>
    [...text.matchAll(/^(\w+)=/gm)].map((found) => found[1]!);
  const given = [...Object.keys(home.env), "CDP_CODEX_BIN", "ODD"];
  // The shell that runs the script sets some of its own.
  const own = ["PWD", "OLDPWD", "SHLVL", "_"];
  const text = await Bun.file(out).text();
  expect(
    names(text)
      .filter((name) => !own.includes(name))
      .toSorted(),
  ).toEqual([...given, "CODEX_TUI_RECORD_SESSION", "CODEX_TUI_SESSION_LOG_PATH"].toSorted());
  expect(text).toContain(`\nODD=a=b c\n`);
  expect(text).toContain(`\nTERM=${home.env["TERM"]}\n`);
});

function codexScript(name: string, body: string): string {
  const path = join(home.path, `codex-${name}`);
  writeFileSync(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return path;
}

interface Ended {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

async function run(
  command: readonly string[],
  codex: string = codexBinary(),
  input: Uint8Array = new Uint8Array(),
): Promise<Ended> {
  const child = Bun.spawn([...command], {
    cwd: home.project,
    env: { ...home.env, CDP_CODEX_BIN: codex },
    stdin: input,
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr] = await Promise.all([child.stdout.bytes(), child.stderr.bytes()]);
  return { status: await child.exited, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr) };
}

/** Kinds of the JSON lines: their ids and times differ from run to run. */
function eventsOf(stdout: Buffer): string[] {
  return stdout
    .toString()
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const { type, item }: { type: string; item?: { type: string } } = JSON.parse(line);
      return [type, item?.type].filter(Boolean).join(" ");
    });
}
