import { expect, setDefaultTimeout, test } from "bun:test";
import { stateOf, descendantsOf, isRunning } from "../support/processes.ts";
import { codexUser } from "../support/codex-user.ts";
import { codexBinary, makeCodexHome } from "../support/codex-home.ts";
import { startModelService } from "../support/model-service.ts";
import { openVirtualTerminal, type VirtualTerminal } from "../support/virtual-terminal.ts";
import { waitFor } from "../support/wait-for.ts";
import { cdp, openStage } from "./stage.ts";

setDefaultTimeout(120_000);

// The terminal of somebody who uses the real Codex under `cdp`.

test("Codex's last words stay on the main screen, the terminal is as before", async () => {
  await using stage = await openStage();
  await stage.user.ready();
  expect(stage.terminal.alternateScreen).toBe(true);
  await stage.user.submit("story chat");
  await stage.user.sees("done");
  await stage.user.quit();
  expect(await stage.terminal.exited).toEqual({ code: 0 });
  expect(stage.terminal.history().join("\n")).toMatch(/codex resume [0-9a-f-]{36}/);
  expectAsBefore(stage.terminal);
});

test("the pane stands above Codex, and stays there when the terminal changes its size", async () => {
  await using stage = await openStage();
  const { terminal, user } = stage;
  await user.ready();
  const rowOf = (text: RegExp): number => terminal.screen().findIndex((row) => text.test(row));
  await terminal.waitForText(/OpenAI Codex/);
  expect(rowOf(/OpenAI Codex/)).toBeGreaterThanOrEqual(2);
  expect(terminal.screen()[0]).toMatch(/CODEX/);
  for (const [rows, cols] of [
    [40, 120],
    [20, 60],
    [32, 100],
  ] as const) {
    const seen = terminal.chunks.length;
    terminal.resize(rows, cols);
    await terminal.waitUntil("a repaint", () => {
      const last = terminal.screen().findLast((row) => row !== "") ?? "";
      return terminal.chunks.length > seen && /shortcuts/.test(last);
    });
    expect(terminal.screen()[0]).toMatch(/CODEX/);
  }
  await user.submit("story chat");
  await terminal.waitForText(/a short answer/);
});

for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"] as const) {
  test(`${signal} to cdp ends Codex, and leaves the terminal as before`, async () => {
    await using stage = await openStage();
    const { terminal, user, discord } = stage;
    await user.ready();
    const codex = descendantsOf(terminal.pid);
    terminal.signal(signal);
    await terminal.exited;
    await waitFor("the end of Codex", () => !codex.some(isRunning));
    expectAsBefore(terminal);
    await discord.waitFor((it) => it.open === 0, "no connection");
  });
}

test("Codex killed: 128 + 9, the terminal is as before, no card stays", async () => {
  await using stage = await openStage();
  const { terminal, user, discord } = stage;
  await user.ready();
  process.kill(descendantsOf(terminal.pid)[0]!, "SIGKILL");
  expect(await terminal.exited).toEqual({ code: 137 });
  expectAsBefore(terminal);
  await discord.waitFor((it) => it.visible === undefined, "no card");
});

test("a terminal that vanishes ends cdp and Codex", async () => {
  await using stage = await openStage();
  const { terminal, user } = stage;
  await user.ready();
  const processes = [terminal.pid, ...descendantsOf(terminal.pid)];
  expect(processes.length).toBeGreaterThan(1);
  terminal.hangUp();
  await waitFor("the end of cdp and Codex", () => !processes.some(isRunning));
});

test("Ctrl-Z gives the shell back, fg brings Codex back", async () => {
  await using model = startModelService();
  using home = makeCodexHome({ modelUrl: model.url });
  await using terminal = openVirtualTerminal({
    command: ["/bin/sh", "-i"],
    env: { ...home.env, CDP_CODEX_BIN: codexBinary(), PS1: "ready> ", HISTFILE: "/dev/null" },
    cwd: home.project,
  });
  await terminal.waitForText(/ready>/);
  terminal.type(`"${cdp}" codex --no-daemon\r`);
  const user = codexUser(terminal, home.path);
  await user.ready();
  const below = descendantsOf(terminal.pid);
  terminal.press("ctrl+z");
  await terminal.waitForText(/Stopped/i);
  expect(terminal.alternateScreen).toBe(false);
  expect(below.map((pid) => stateOf(pid))).toEqual(below.map(() => "T"));
  terminal.type("echo one$((1+1))three\r");
  await terminal.waitForText(/one2three/);
  terminal.type("fg\r");
  await terminal.waitUntil("Codex again", () => terminal.alternateScreen);
  await terminal.waitForText(/shortcuts/);
  await user.submit("story chat");
  await terminal.waitForText(/a short answer/);
  await user.submit("/quit");
  await terminal.waitForText(/codex resume .*\n(?:.*\n)*ready>\n*$/);
  terminal.type("echo status=$?\r");
  await terminal.waitForText(/status=0/);
});

function expectAsBefore(terminal: VirtualTerminal): void {
  expect(terminal.alternateScreen).toBe(false);
  expect(modesLeftOn(terminal.output())).toEqual([]);
}

/** Private modes that the program turned on and did not turn off again. */
function modesLeftOn(output: string): string[] {
  const on = new Set<string>();
  for (const [, modes, action] of output.matchAll(/\x1b\[\?([\d;]+)([hl])/g)) {
    for (const mode of modes!.split(";")) {
      if (action === "h") on.add(mode);
      else on.delete(mode);
    }
  }
  for (const mode of ["7", "25"]) on.delete(mode); // Autowrap, cursor: on at a terminal's start.
  return [...on];
}
