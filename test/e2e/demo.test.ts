import { expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync } from "node:fs";
import { openShortTemp } from "../support/short-temp.ts";
import { openVirtualTerminal } from "../support/virtual-terminal.ts";
import { cdp } from "./stage.ts";

setDefaultTimeout(60_000);

/** A temp folder of its own, in which nothing may be left. */
function openTemp(): Disposable & { readonly env: Record<string, string>; left(): string[] } {
  const temp = openShortTemp();
  const { path } = temp;
  const { PATH = "/usr/bin:/bin" } = process.env;
  return {
    env: { PATH, HOME: path, TMPDIR: path, LANG: "C.UTF-8", TERM: "xterm-256color" },
    left: () => readdirSync(path),
    [Symbol.dispose]: () => temp[Symbol.dispose](),
  };
}

test("the demo's dashboard is the real one: its keys work, and its card arrived", async () => {
  using temp = openTemp();
  const { env } = temp;
  const command = [cdp, "demo", "--dashboard", "--speed", "2"];
  const options = { command, env, cwd: env["HOME"]!, rows: 36, cols: 120 };
  await using terminal = openVirtualTerminal(options);
  for (const shown of [/tidewatch/, /lantern-api/, /orchard-web/, /field-notes/, /62% left/]) {
    await terminal.waitForText(shown);
  }
  await terminal.waitForText(/Discord +◉ connected/);
  await terminal.waitForText(/Sent ─[^]*◉ [A-Z]/);
  terminal.type("v");
  await terminal.waitForText(/Others would see[^]*(tide\S+ · fix|orch\S+ · main|lant\S+ · feat)/);
  terminal.press("escape");
  await terminal.waitForText(/On Discord ─/);
  terminal.type("q");
  expect(await terminal.exited).toEqual({ code: 0 });
  expect(terminal.alternateScreen).toBe(false);
  expect(terminal.screen().join("\n")).toMatch(/its socket received it:[^]*Playing Codex/);
  expect(temp.left()).toEqual([]);
});

test("the first key after the wrapper's scene is the dashboard's", async () => {
  using temp = openTemp();
  const { env } = temp;
  const command = [cdp, "demo", "--speed", "20"];
  const options = { command, env, cwd: env["HOME"]!, rows: 36, cols: 120 };
  await using terminal = openVirtualTerminal(options);
  await terminal.waitForText(/OpenAI Codex/);
  await terminal.waitForText(/Discord +◉ connected/);
  await terminal.waitForText(/Sent ─[^]*◉ [A-Z]/);
  terminal.type("?");
  await terminal.waitForText(/esc +close, or unpin/);
  terminal.type("q");
  expect(await terminal.exited).toEqual({ code: 0 });
  expect(temp.left()).toEqual([]);
});

test("the whole demo ends by itself: the wrapper, its cards, the dashboard, its cards", async () => {
  using temp = openTemp();
  const { env } = temp;
  const command = [cdp, "demo", "--speed", "10"];
  const options = { command, env, cwd: env["HOME"]!, rows: 36, cols: 120 };
  await using terminal = openVirtualTerminal(options);
  await terminal.waitForText(/▌CODEX[^]*next high tide/);
  await terminal.waitForText(/its socket received it:[^]*Playing Codex/);
  await terminal.waitForText(/Leading ─[^]*field-notes/);
  expect(await terminal.exited).toEqual({ code: 0 });
  expect(terminal.history().filter((row) => row.includes("its socket received it:")).length).toBe(
    2,
  );
  expect(terminal.cooked).toBe(true);
  expect(temp.left()).toEqual([]);
});

test("without a terminal it ends by itself: cards as they arrive, then the screen", () => {
  using temp = openTemp();
  const command = [cdp, "demo", "--dashboard", "--speed", "4"];
  const { stdout, exitCode } = Bun.spawnSync(command, { env: temp.env, stdin: "ignore" });
  expect(exitCode).toBe(0);
  const [before, after] = stdout.toString().split("as it stood at the end");
  expect(before).toMatch(/\+\d+\.\d s {2}Playing Codex · /);
  expect(after).toMatch(/Discord +◉ connected[^]*On Discord ─+ private[^]*lantern-api[^]*q quit/);
  expect(stdout.toString()).not.toContain("\x1b");
  expect(temp.left()).toEqual([]);
});
