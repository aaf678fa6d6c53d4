import { expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setWindowSize, terminalOf } from "../../src/pty/window-size.ts";
import { makeCodexHome } from "../support/codex-home.ts";
import { openVirtualTerminal } from "../support/virtual-terminal.ts";
import { cdp, openStage } from "./stage.ts";

setDefaultTimeout(120_000);

const support = resolve(import.meta.dir, "../support");

function script(folder: string, file: string): string {
  const path = join(folder, "program");
  writeFileSync(path, `#!/bin/sh\nexec "${process.execPath}" "${join(support, file)}"\n`);
  chmodSync(path, 0o755);
  return path;
}

for (const backend of ["node-pty", "bun"]) {
  for (const [pane, rows, height] of [
    ["compact", 28, 560],
    ["off", 30, 600],
  ] as const) {
    test(`the child's size in pixels is the terminal's less the pane's (${backend}, pane ${pane})`, async () => {
      using home = makeCodexHome({ modelUrl: "http://127.0.0.1:9/v1" });
      const env = {
        ...home.env,
        CDP_CODEX_BIN: script(home.path, "print-size.ts"),
        CDP_PTY: backend,
        CDP_PANE: pane,
      };
      // Pixels first: the shell waits for a line before it becomes cdp.
      const command = ["/bin/sh", "-c", `read -r _; exec "${cdp}" codex --no-daemon`];
      await using terminal = openVirtualTerminal({ command, env, cwd: home.project });
      const device = terminalOf(terminal.pid)!;
      const size = { rows: 30, cols: 100 };
      setWindowSize(device, { ...size, pixels: { width: 1000, height: 600 } });
      terminal.type("\r");
      await terminal.waitForText(new RegExp(`\\[${rows} 100 1000 ${height}\\]`));
      const sizes = (): string[] => terminal.output().match(/\[\d+ \d+ \d+ \d+\]/g) ?? [];
      expect(sizes()[0]).toBe(`[${rows} 100 1000 ${height}]`);
      // Another font: the cells are the same, the pixels are not.
      setWindowSize(device, { ...size, pixels: { width: 2000, height: 1200 } });
      await terminal.waitForText(new RegExp(`\\[${rows} 100 2000 ${height * 2}\\]`));
      setWindowSize(device, { rows: 40, cols: 90, pixels: { width: 900, height: 800 } });
      const less = 30 - rows;
      await terminal.waitForText(new RegExp(`\\[${40 - less} 90 900 ${800 - less * 20}\\]`));
      // A terminal that does not know them any more.
      setWindowSize(device, { rows: 40, cols: 90 });
      await terminal.waitForText(new RegExp(`\\[${40 - less} 90 0 0\\]`));
      terminal.type("q\r");
      expect(await terminal.exited).toEqual({ code: 0 });
    });
  }
}

test("a frame that the child never ends: the pane is painted all the same", async () => {
  const program = (home: string): string => script(home, "open-frame-child.ts");
  await using stage = await openStage({ program });
  const { terminal } = stage;
  await terminal.waitForText(/never ended/);
  terminal.type("w");
  await terminal.waitUntil("the pane's state", () => /Thinking/.test(terminal.screen()[1] ?? ""));
  terminal.type("q");
  expect(await terminal.exited).toEqual({ code: 0 });
});
