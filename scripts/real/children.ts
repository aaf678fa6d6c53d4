// Programs other than Codex beneath `cdp`: row for row what they show without it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, finish } from "./support/report.ts";
import { openSideBySide } from "./support/side-by-side.ts";

const ESC = "\x1b";

await check("vim: typing, scrolling, a split window, undo, the end", async () => {
  await using both = await openSideBySide({
    program: `exec vim -u NONE -N -n +'set ruler' text.txt`,
    mask: (row) => row.replace(/\d+ seconds? ago/, "just now"),
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

const pages = { 1: "cursor movements", 2: "screen features", 8: "insert and delete" } as const;
for (const [choice, title] of Object.entries(pages)) {
  await check(`vttest: ${title}`, async () => {
    await using both = await openSideBySide({
      program: "exec vttest 24x80.80",
      size: { rows: 24, cols: 80 },
    });
    await both.step("", /Enter choice number/);
    let screen = await both.next(`${choice}\r`);
    // The page after scrolling downwards tests the origin mode, in which tmux differs from a VT100
    // by itself; xterm does not: windows.ts.
    const last = /Enter choice number|scroll down region \[1\.\.24\]/;
    for (let page = 0; page < 60 && !last.test(screen); page += 1) {
      screen = await both.next("\r");
    }
    if (/Enter choice number/.test(screen)) await both.ends("0\r");
  });
}

/** What clears or scrolls a screen in one way or another, as printf takes it. */
const sequences = [
  String.raw`\033[2J`,
  String.raw`\033[H\033[J`,
  String.raw`\033[H\033[2J\033[3J`,
  String.raw`\033[3J`,
  String.raw`\033[1J`,
  String.raw`\033c`,
  String.raw`\033[!p`,
  String.raw`\033#8`,
  String.raw`\033[?3h`,
  String.raw`\033[?3l`,
  String.raw`\033[5S`,
  String.raw`\033[12;1H\n\n`,
  String.raw`\033[2;5r\033[5;1H\n\n\033[r`,
  String.raw`\033[1;5r\033[5;1H\n\n\033[r`,
  String.raw`\033[1;1H\033[3M`,
  String.raw`\033[1;1H\033[3L`,
  String.raw`\033M\033M\033M\033M`,
  String.raw`\033[?1049h\033[2Jalt\033[?1049l`,
  String.raw`\033[?47h\033[2Jalt\033[?47l`,
];
for (const sequence of sequences) {
  await check(`main screen and history: ${sequence}`, async () => {
    const say = (text: string): string => `sleep 0.25; printf '${text}'`;
    const program = ["hello\\nyou\\n", sequence, "world\\n", sequence, "last\\n"]
      .map(say)
      .join("; ");
    await using both = await openSideBySide({
      program: `${program}; exit 3`,
      size: { rows: 14, cols: 60 },
    });
    await both.ends("");
  });
}

await check("seq 1 100000: every line once, in order", async () => {
  await using both = await openSideBySide({ program: "exec seq 1 100000" });
  await both.ends("");
});

await check("bash: a session with long output and another size in between", async () => {
  await using both = await openSideBySide({ program: "exec bash --norc --noprofile -i" });
  await both.step("", /^\$/m);
  await both.step("seq 1 50\r", /^50\n\$/m);
  await both.step("printf '\\033[32mgreen\\033[m %s\\n' ünï 漢字\r", /^green 漢字/m);
  await both.resize({ rows: 20, cols: 80 });
  await both.step("echo smaller\r", /^smaller$/m);
  await both.step("ls -la /usr/lib | head -n 60; echo listed\r", /^listed$/m);
  await both.resize({ rows: 30, cols: 100 });
  await both.step("echo larger\r", /^larger$/m);
  await both.step("clear\r", /^\$/m);
  await both.step("echo end\r", /^end$/m);
  await both.ends("exit\r");
});

finish();

function numbered(lines: number): string {
  return Array.from({ length: lines }, (_, i) => `line ${i + 1}\n`).join("");
}
