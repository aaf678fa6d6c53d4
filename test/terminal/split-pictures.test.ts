import { expect, test } from "bun:test";
import { openEmulator } from "../../src/terminal/emulator.ts";
import { Split } from "../../src/terminal/split.ts";
import { everySplit } from "../support/every-split.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text, "latin1");
const latin1 = (data: Uint8Array): string => Buffer.from(data).toString("latin1");

/** A child on the alternate screen below a pane of two rows. */
function open() {
  const split = new Split({ size: { rows: 24, cols: 80 }, paneRows: 2, emulator: openEmulator });
  split.setPane(["one", "two"]);
  split.feedChild(bytes("\x1b[?1049h\x1b[1;1H"));
  return split;
}

const apc = (text: string): string => `\x1b_G${text}\x1b\\`;

// As Codex 0.171 places a picture in its sidebar.
const placed = (keys: string): string => `\x1b7\x1b[15;139H${apc(keys)}\x1b8`;

test("a picture stands as many rows lower as the pane has, however its sequence is cut", () => {
  const text =
    placed("a=T,t=d,f=100,c=1,r=1,q=2,i=49408,m=0,C=1;iVBORw0KGgo=") +
    placed("a=d,d=i,i=49408,q=2;") +
    placed("a=p,i=49408,c=1,r=1,C=1,q=2;");
  for (const pieces of everySplit(bytes(text))) {
    const split = open();
    const out = pieces.map((piece) => latin1(split.feedChild(piece.slice()))).join("");
    expect(out).toBe(text.replaceAll("\x1b[15;139H", "\x1b[17;139H"));
  }
});

test.each([
  ["a=p,i=1,c=1,r=1,C=1,q=2;", true],
  ["a=T,C=1,f=100;AAAA", true],
  ["m=0;AAAA", true],
  ["a=d,d=i,i=1,q=2;", true],
  ["a=q,i=31,s=1,v=1;AAAA", true],
  ["i=1,f=100;AAAA", true],
  ["a=p,i=1;", false],
  ["a=T,f=100;AAAA", false],
  ["f=100,a=T,C=0;AAAA", false],
])("after %s the pane is painted at once: %p", (keys, atOnce) => {
  const split = open();
  split.feedChild(bytes(`\x1b[5;5H${apc(keys)}`));
  const out = latin1(split.setPane(["three", "four"]));
  expect(out.includes("three")).toBe(atOnce);
  // Where the picture may have moved the cursor, once the child has placed it again.
  expect(out + latin1(split.feedChild(bytes("\x1b[1;1H")))).toContain("three");
});
