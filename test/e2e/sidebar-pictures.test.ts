import { expect, setDefaultTimeout, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setWindowSize, terminalOf } from "../../src/pty/window-size.ts";
import { codexUser } from "../support/codex-user.ts";
import { codexBinary, makeCodexHome } from "../support/codex-home.ts";
import { startModelService } from "../support/model-service.ts";
import { openVirtualTerminal, type VirtualTerminal } from "../support/virtual-terminal.ts";
import { cdp } from "./stage.ts";

setDefaultTimeout(120_000);

/** Eight by eight pixels of one colour. */
const picture =
  "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC";
const PANE = 2;

interface Command {
  /** Where the cursor had been placed before it. */
  readonly row: number;
  readonly col: number;
  /** The keys of the kitty graphics protocol, without the number of the picture. */
  readonly keys: string;
}

/** Commands for pictures that a terminal received, oldest first. */
function commandsOf(terminal: VirtualTerminal): readonly Command[] {
  const found: Command[] = [];
  let [row, col] = [0, 0];
  const sequences = /\x1b\[(\d+);(\d+)H|\x1b_G([^;\x1b]*)/g;
  for (const [, to, column, keys] of terminal.output().matchAll(sequences)) {
    if (keys === undefined) [row, col] = [Number(to), Number(column)];
    else found.push({ row, col, keys: keys.replace(/,i=\d+/, "") });
  }
  return found;
}

const shown = (terminal: VirtualTerminal): Command | undefined =>
  commandsOf(terminal).findLast(({ keys }) => /^a=[Tp]/.test(keys));

/** Opens a picture in Codex's sidebar, in a terminal of so many rows that says it is kitty. */
async function openPicture(command: readonly string[], rows: number, made: AsyncDisposableStack) {
  const model = made.use(startModelService());
  const home = made.use(makeCodexHome({ modelUrl: model.url }));
  writeFileSync(join(home.project, "picture.png"), Buffer.from(picture, "base64"));
  const env = {
    ...home.env,
    CDP_CODEX_BIN: codexBinary(),
    TERM: "xterm-kitty",
    KITTY_WINDOW_ID: "1",
  };
  const terminal = made.use(
    openVirtualTerminal({ command, env, cwd: home.project, rows, cols: 140 }),
  );
  const resize = (to: number, cols: number): void => {
    terminal.resize(to, cols);
    const pixels = { width: cols * 10, height: to * 20 };
    setWindowSize(terminalOf(terminal.pid)!, { rows: to, cols, pixels });
  };
  resize(rows, 140);
  const user = codexUser(terminal, home.path);
  await user.ready();
  await user.submit("story picture");
  await user.sees("done");
  await terminal.waitForText(/the picture/);
  await terminal.waitUntil("the sidebar", () => {
    if (terminal.screen().some((row) => /png×/.test(row))) return true;
    click(terminal, "the picture");
    return false;
  });
  await settled(terminal);
  return { terminal, user, resize, model };
}

/** Clicks into the last place on the screen that has a text, `skip` columns after its begin. */
function click(terminal: VirtualTerminal, text: string, skip = 0): void {
  const row = terminal.screen().findLastIndex((each) => each.includes(text)) + 1;
  const col = (terminal.screen()[row - 1] ?? "").indexOf(text) + 1 + skip;
  if (row > 0) terminal.type(`\x1b[<0;${col};${row}M\x1b[<0;${col};${row}m`);
}

/** Codex slides its sidebar in: until it stands, no two placements are in one place. */
async function settled(terminal: VirtualTerminal): Promise<void> {
  let last = "";
  let since = performance.now();
  await terminal.waitUntil("the picture to stand", () => {
    const now = JSON.stringify([commandsOf(terminal).length, shown(terminal)]);
    if (now !== last) since = performance.now();
    last = now;
    return shown(terminal) !== undefined && performance.now() - since > 700;
  });
}

test("a picture in Codex's sidebar stands below the pane, moves with the size, and goes", async () => {
  await using made = new AsyncDisposableStack();
  const bare = await openPicture([codexBinary(), "--no-daemon"], 28, made);
  const ours = await openPicture([cdp, "codex", "--no-daemon"], 28 + PANE, made);
  const expectSame = (): void => {
    const [one, other] = [shown(bare.terminal)!, shown(ours.terminal)!];
    expect(other).toEqual({ ...one, row: one.row + PANE });
  };
  expectSame();
  expect(ours.terminal.output()).toMatch(/\x1b_Ga=T,[^;]*;iVBORw0KGgo/);

  bare.resize(36, 120);
  ours.resize(36 + PANE, 120);
  await Promise.all([settled(bare.terminal), settled(ours.terminal)]);
  // On a busy machine one of the two may repaint much later than the other.
  await ours.terminal.waitUntil("the picture in the same place", () => {
    const [one, other] = [shown(bare.terminal)!, shown(ours.terminal)!];
    return other.row === one.row + PANE && other.col === one.col;
  });
  expectSame();

  // The pane is painted while a picture stands. The click gives the composer the keys back.
  click(ours.terminal, "›");
  ours.model.hold("chat/0");
  await ours.user.submit("story chat");
  await ours.terminal.waitUntil("the pane's state", () =>
    /Thinking/.test(ours.terminal.screen()[1] ?? ""),
  );
  ours.model.release("chat/0");
  await ours.user.sees("done");

  for (const { terminal } of [bare, ours]) {
    const before = commandsOf(terminal).length;
    let clickedAt = -Infinity;
    // oxlint-disable-next-line no-await-in-loop -- one terminal after the other
    await terminal.waitUntil("its end", () => {
      if (commandsOf(terminal).length > before) return true;
      // Bare Codex, too, may let a click pass that comes while it paints.
      if (performance.now() - clickedAt > 1000) {
        click(terminal, "png×", "png".length);
        clickedAt = performance.now();
      }
      return false;
    });
    // oxlint-disable-next-line no-await-in-loop -- one terminal after the other
    await settled(terminal);
  }
  expect(commandsOf(ours.terminal).at(-1)!.keys).toBe(commandsOf(bare.terminal).at(-1)!.keys);
  expect(commandsOf(ours.terminal).at(-1)!.keys).toStartWith("a=d");
});
