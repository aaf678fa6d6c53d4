import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeCodexHome } from "../support/codex-home.ts";
import { openVirtualTerminal, type VirtualTerminal } from "../support/virtual-terminal.ts";
import { cdp } from "./stage.ts";

setDefaultTimeout(60_000);

/** The dashboard over the demo's four sessions, which stand still. */
function openStill(): VirtualTerminal & { readonly temp: string } {
  const scratch = resolve(import.meta.dir, "../../.scratch");
  mkdirSync(scratch, { recursive: true });
  const temp = mkdtempSync(join(scratch, "k-"));
  const { PATH = "/usr/bin:/bin" } = process.env;
  const env = { PATH, HOME: temp, TMPDIR: temp, LANG: "C.UTF-8", TERM: "xterm-256color" };
  const command = [cdp, "demo", "--dashboard", "--speed", "0.01"];
  const terminal = openVirtualTerminal({ command, env, cwd: temp, rows: 34, cols: 120 });
  return Object.assign(terminal, { temp });
}

/** Where the last row that holds a text has it, from 1; as a mouse reports it. */
async function cellOf(terminal: VirtualTerminal, text: string): Promise<string> {
  await terminal.waitUntil(text, () => terminal.screen().join("\n").includes(text));
  const rows = terminal.screen();
  const row = rows.findLastIndex((line) => line.includes(text));
  return `${(rows[row] ?? "").indexOf(text) + 2};${row + 1}`;
}

const click = async (terminal: VirtualTerminal, text: string): Promise<void> => {
  const cell = await cellOf(terminal, text);
  terminal.type(`\x1b[<0;${cell}M\x1b[<0;${cell}m`);
};
const details = (project: string) => new RegExp(`Details ─[^]*│?\\s${project}\\b[^]*Thread`);

test("mouse and arrows choose a session, enter pins it, esc unpins; the footer can be clicked", async () => {
  await using terminal = openStill();
  try {
    await terminal.waitForText(/Sessions ─+ 4[^]*tidewatch[^]*field-notes/);
    await terminal.waitForText(/Discord +◉ connected/);
    const selected = (project: string) =>
      terminal.waitUntil(`the cursor on ${project}`, () =>
        terminal.screen().some((row) => row.startsWith("  ▌") && row.includes(project)),
      );
    await selected("tidewatch");
    await click(terminal, "lantern-api");
    await selected("lantern-api");
    terminal.type("\x1b[<65;10;10M"); // the wheel, down
    await selected("orchard-web");
    terminal.type("\x1b[<64;10;10M"); // and up
    await selected("lantern-api");
    terminal.press("down", "down");
    await selected("field-notes");
    terminal.press("up");
    await selected("orchard-web");
    await click(terminal, "d details");
    await terminal.waitForText(details("orchard-web"));
    terminal.press("escape");
    await terminal.waitForText(/On Discord ─/);
    terminal.press("enter");
    await terminal.waitForText(/Leading ─.*pinned, esc unpins[^]*orchard-web ∙ main/);
    terminal.press("escape");
    await terminal.waitForText(/Leading ─+ {2,}[^]*enter|Leading ─+ +On Discord/);
    await terminal.waitUntil("unpinned", () => !terminal.screen().join("\n").includes("unpins"));
    await click(terminal, "v privacy");
    await terminal.waitForText(/Privacy ─.*preview/);
    terminal.press("escape");
    await terminal.waitForText(/On Discord ─/);
    await click(terminal, "p pause");
    await terminal.waitForText(/Card +‖ paused/);
    await click(terminal, "q quit");
    expect(await terminal.exited).toEqual({ code: 0 });
  } finally {
    rmSync(terminal.temp, { recursive: true, force: true });
  }
});

const ways: readonly (readonly [string, (terminal: VirtualTerminal) => void])[] = [
  ["q", (terminal) => terminal.type("q")],
  ["Ctrl-C", (terminal) => terminal.press("ctrl+c")],
  ["SIGTERM", (terminal) => terminal.signal("SIGTERM")],
  ["SIGHUP", (terminal) => terminal.signal("SIGHUP")],
  ["SIGINT", (terminal) => terminal.signal("SIGINT")],
];

test.each(ways)(
  "after %s the screen, the cursor and all modes are as they were",
  async (_, end) => {
    using home = makeCodexHome({ modelUrl: "http://127.0.0.1:9" });
    const script = `printf 'one\\r\\n\\033[1mtwo\\033[m\\r\\n  prompt $ '; read -r go; exec "${cdp}"`;
    const command = ["/bin/sh", "-c", script];
    const options = { command, env: home.env, cwd: home.project, rows: 32, cols: 110 };
    await using terminal = openVirtualTerminal(options);
    await terminal.waitForText(/prompt \$/);
    terminal.press("enter");
    await terminal.waitUntil("the line", () => terminal.cursor.row === 4);
    const before = { rows: terminal.screen(), cursor: terminal.cursor, modes: terminal.modes };
    await terminal.waitForText(/Leading ─/);
    expect(terminal.modes).not.toEqual(before.modes);
    terminal.type("v");
    await terminal.waitForText(/Privacy ─/);
    terminal.resize(30, 100);
    terminal.resize(32, 110);
    end(terminal);
    expect(await terminal.exited).toEqual({ code: 0 });
    const after = { rows: terminal.screen(), cursor: terminal.cursor, modes: terminal.modes };
    expect(after).toEqual(before);
    expect(terminal.alternateScreen).toBe(false);
    expect(terminal.cooked).toBe(true);
  },
);

test("keys that mean nothing write nothing", async () => {
  using home = makeCodexHome({ modelUrl: "http://127.0.0.1:9" });
  const options = { command: [cdp], env: home.env, cwd: home.project, rows: 32, cols: 110 };
  await using terminal = openVirtualTerminal(options);
  await terminal.waitForText(/dashboard ∙ pid/);
  await terminal.waitForText(/Discord +◦ not running/);
  for (let frames = Infinity, tries = 0; frames !== 1; tries++) {
    // Another try only for what the minute of the wall clock moved on in between.
    expect(tries).toBeLessThan(3);
    const from = terminal.output().length;
    for (let n = 0; n < 40; n++) terminal.type("xX7,");
    terminal.type("d"); // A key that means something: what came before it has been read.
    // oxlint-disable-next-line no-await-in-loop -- one try after the other
    await terminal.waitForText(/Details ─/);
    frames = terminal.output().slice(from).split("\x1b[?2026h").length - 1;
    terminal.type("d");
    // oxlint-disable-next-line no-await-in-loop -- as above
    await terminal.waitForText(/On Discord ─/);
  }
  terminal.type("q");
  expect(await terminal.exited).toEqual({ code: 0 });
});
