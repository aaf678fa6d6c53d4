import { expect, test } from "bun:test";

import { openEmulator } from "../../src/terminal/emulator.ts";
import { Split } from "../../src/terminal/split.ts";
import { StatusQueries } from "../../src/terminal/status-queries.ts";
import type { TerminalSize } from "../../src/terminal/terminal.ts";
import type { Emulator } from "../../src/terminal/xterm.ts";
import { FakeClock } from "../support/fake-clock.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** An emulator that fails at the first SGR it reads. */
function failing(size: TerminalSize): Emulator {
  const emulator = openEmulator(size);
  emulator.parser.registerCsiHandler({ final: "m" }, () => {
    throw new Error("the emulator is broken");
  });
  return emulator;
}

test("a failure inside the pane takes the pane away and nothing else", () => {
  const failures: unknown[] = [];
  const split = new Split({
    size: { rows: 12, cols: 20 },
    paneRows: 2,
    emulator: failing,
    onFailure: (error) => failures.push(error),
  });
  split.setPane(["one", "two"]);
  split.feedChild(encode("\u001b[?1049h\u001b[1;1Hfine"));
  const out = decode(split.feedChild(encode("before\u001b[1mbold\u001b[2Jafter\u001b[3;3H")));
  expect(failures).toEqual([new Error("the emulator is broken")]);
  // Margins are off, and what the child wrote is all there, from the failure on as it came.
  expect(out).toStartWith("before\u001b[1mbold");
  expect(out).toContain("\u001b[r");
  expect(out).toEndWith("\u001b[2Jafter\u001b[3;3H");
  expect(split.standing).toBe(false);
  expect(split.childSize).toEqual({ rows: 12, cols: 20 });
  expect(decode(split.feedChild(encode("\u001b[1;1Hon and on")))).toBe("\u001b[1;1Hon and on");
  expect(decode(split.setPane(["three", "four"]))).toBe("");
  expect(split.resize({ rows: 20, cols: 20 }).childSize).toEqual({ rows: 20, cols: 20 });
  expect(split.feedChild(encode("\u001b[?2004h\u001b[?1000h\u001b[?1000l"))).toHaveLength(24);
  // The end still restores what the child left changed.
  const restored = decode(split.leave());
  expect(restored).toContain("\u001b[?1049l");
  expect(restored).toContain("\u001b[?2004l");
  expect(restored).not.toContain("\u001b[?1000l");
  expect(failures).toHaveLength(1);
});

test("what was written before it failed is not written twice", () => {
  const split = new Split({ size: { rows: 12, cols: 20 }, paneRows: 2, emulator: failing });
  split.setPane(["one", "two"]);
  split.feedChild(encode("\u001b[?1049h\u001b[1;1H\u001b[1mbold"));
  split.feedChild(Uint8Array.of(0xc3));
  split.setPane(["three", "four"]);
  const rest = Uint8Array.of(0xa9, 0x0d);
  expect(split.passes(rest)).toBe(true);
  // For the pane's new rows the emulator must know the cursor's place; it breaks on the bold.
  expect(decode(split.feedChild(rest, true))).toBe("\u001b[r");
});

test("a string whose beginning was kept back when the pane failed is whole", () => {
  const status = new StatusQueries({ clock: new FakeClock(), waitMs: 50 });
  const split = new Split({
    size: { rows: 12, cols: 20 },
    paneRows: 2,
    emulator: failing,
    status,
  });
  split.setPane(["one", "two"]);
  split.feedChild(encode("\u001b[?1049h\u001b[1;1H"));
  split.feedChild(encode("\u001b]7501;?\u001b\\"));
  expect(decode(split.feedChild(encode("\u001b[1m\u001b]75")))).not.toContain("]75");
  split.settle();
  expect(decode(split.feedChild(encode("2;x\u0007")))).toEndWith("\u001b]752;x\u0007");
});
