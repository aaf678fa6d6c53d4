import { expect, test } from "bun:test";
import { openPaper } from "../../src/terminal/paper-terminal.ts";

const encode = (text: string) => new TextEncoder().encode(text);

test("its screen can be read, whatever was written where", async () => {
  using paper = openPaper({ rows: 3, cols: 10 });
  expect(await paper.rows()).toEqual(["", "", ""]);
  expect(paper.write(encode("\x1b[?1049h\x1b[2;3H\x1b[1m漢字\x1b[m.  "))).toBeUndefined();
  expect(await paper.rows()).toEqual(["", "  漢字.", ""]);
  paper.writeLast(encode("\x1b[1;1Hlast"), 0);
  expect(await paper.rows()).toEqual(["last", "  漢字.", ""]);
});
