// Programs other than Codex beneath `cdp`: row for row what they show without it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, finish } from "./support/report.ts";
import { openSideBySide } from "./support/side-by-side.ts";

const ESC = "\x1b";

await check("vim: typing, scrolling, a split window, undo, the end", async () => {
  await using both = await openSideBySide({
    program: `exec vim -u NONE -N -n +'set ruler' text.txt`,
    prepare: (folder) => writeFileSync(join(folder, "text.txt"), numbered(200)),
  });
  await both.step("", /"text\.txt" 200L/);
  await both.step("ihello wörld ", /hello/);
  await both.step(ESC, /hello/);
  await both.step("\x06", /line 31/);
  await both.step("5\x19", /line 24/);
  await both.step("zt10\x05", /line 41/);
  await both.step(":split\r", /text\.txt \[\+\]/);
  await both.step("Gdd", /line 199/);
  await both.step("\x17jdgg", /E486|--|line/);
  await both.step("uu", /line/);
  await both.step(":only\r:set nowrap cursorline\r", /line/);
  await both.resize({ rows: 20, cols: 70 });
  await both.step("", /line/);
  await both.resize({ rows: 34, cols: 110 });
  await both.step("gg", /line 30/);
  // Back to the first size: tmux leaves rows of a grown alternate screen on the main one.
  await both.resize({ rows: 30, cols: 100 });
  await both.step(":syntax on\r:help usr_02\r", /./);
  await both.ends(":qa!\r");
});

await check("less: pages, back, search, the end", async () => {
  await using both = await openSideBySide({
    program: `exec less text.txt`,
    prepare: (folder) => writeFileSync(join(folder, "text.txt"), numbered(500)),
  });
  await both.step("", /line 29/);
  await both.step(" ", /line 58/);
  await both.step("jjj", /line 61/);
  await both.step("kkkk", /line 57/);
  await both.step("/line 3.3\r", /line 303/);
  await both.step("n", /line 313/);
  await both.step("G", /line 500/);
  await both.step("b", /line 443/);
  await both.step("1g", /line 1\n/);
  await both.resize({ rows: 20, cols: 60 });
  await both.step("d", /line 2\d/);
  await both.ends("q");
});

await check("vim with the mouse: clicks reach the row that was clicked", async () => {
  await using both = await openSideBySide({
    program: `exec vim -u NONE -N -n +'set ruler mouse=a ttymouse=sgr' text.txt`,
    prepare: (folder) => writeFileSync(join(folder, "text.txt"), numbered(200)),
  });
  await both.step("", /"text\.txt" 200L/);
  await both.click({ row: 1, col: 3 }, /1,3 /);
  await both.click({ row: 29, col: 7 }, /29,7 /);
  await both.step("iX", /line 2X9/);
  await both.step(ESC, /line 2X9/);
  await both.ends(":qa!\r");
});

await check("htop: the meters, a search, the tree, the setup, a click", async () => {
  await using both = await openSideBySide({
    program: `exec htop -p $$ -d 100`,
    mask: (row) =>
      row
        .replaceAll(/\{[^}]*\}|[│├└─]+\s*/g, "")
        .replaceAll(/\|*\s*[\d.]+[KMG%h:\d.]*/g, "9")
        .replaceAll(/\s*9[9\s/]*/g, " 9 "),
  });
  await both.step("", /F10Quit/);
  await both.step("\x1bOS", /Filter:/);
  await both.step("zzz", /Filter: zzz/);
  await both.step(ESC, /F10Quit/);
  await both.step("t", /F5List/);
  await both.step("\x1bOQ", /Categories/);
  await both.step("\x1bOB", /Display options/);
  await both.step(ESC, /F10Quit/);
  await both.click({ row: 30, col: 11 }, /Categories/, "x10");
  await both.step(ESC, /F10Quit/);
  await both.ends("q");
});

finish();

function numbered(lines: number): string {
  return Array.from({ length: lines }, (_, i) => `line ${i + 1}\n`).join("");
}
