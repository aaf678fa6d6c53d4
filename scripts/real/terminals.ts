// Real terminal programs on an X server: what they show and keep with `cdp` and without.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { maskCodex, openCodexStage } from "./support/codex-stage.ts";
import { type Open, programs, whyNot } from "./support/programs.ts";
import { type RealTerminal, resized, settled, type Size } from "./support/real-terminal.ts";
import { check, fail, finish, same, skip } from "./support/report.ts";
import {
  goAlone,
  type Guise,
  openStage,
  PANE_ROWS,
  shell,
  sizeFor,
  type Stage,
} from "./support/stage.ts";
import { command, startXServer, type XServer } from "./support/x-server.ts";

const size: Size = { rows: 30, cols: 100 };

const greeting = `#include <stdio.h>

/* Ünïcödé: ✓ 漢字 */
int main(void)
{
    const char *name = "world";
    printf("Hello, %s!\\n", name);
    return 0;
}
`;

await using x = await startXServer();
for (const [name, open] of Object.entries(programs)) {
  const why = await whyNot(open, x);
  if (why !== undefined) {
    skip(`everything in ${name}`, why);
    continue;
  }
  for (const story of ["read", "long"]) {
    await check(`Codex in ${name}, story ${story}: screen, resize, exit text, scrollback`, () =>
      compareCodex(open, x, story),
    );
  }
  await check(`Codex in ${name} with --no-alt-screen: screen and scrollback`, () =>
    compareInline(open, x),
  );
  await check(`seq 1 20000 in ${name}: every line once, in order`, () => compareLines(open, x));
  await check(`vim in ${name}, pixel by pixel`, () => comparePictures(open, x));
}
finish();

async function compareCodex(open: Open, server: XServer, story: string): Promise<void> {
  await using codex = await openCodexStage();
  using stage = openStage(codex.program, codex.variables);
  const start = async (guise: Guise): Promise<RealTerminal> =>
    open(server, stage.folder, { ...shell(stage, guise, size), cwd: codex.cwd });
  await using bare = await start("bare");
  await using wrapped = await start("cdp");
  const both = [bare, wrapped];
  for (const each of both) {
    await settled(each, /^\$/m);
    await each.type(`go 'story ${story}'\r`);
  }
  const compare = async (): Promise<void> => {
    const [below, rows] = await Promise.all(
      both.map((each) => settled(each, /Worked for[^]*\? for shortcuts/)),
    );
    same("the screen", rows!.slice(PANE_ROWS).map(maskCodex), below!.map(maskCodex));
    if (!rows![0]?.includes("CODEX")) fail(`no pane in the first row: ${rows![0]}`);
  };
  await compare();
  for (const other of [{ rows: 20, cols: 80 }, { rows: 33, cols: 110 }, size]) {
    await resized(bare, sizeFor("bare", other));
    await resized(wrapped, sizeFor("cdp", other));
    await compare();
  }
  for (const each of both) await each.type("\x04");
  await Promise.all(both.map((each) => settled(each, /codex resume [^]*^\$$/m)));
  const [below, rows] = await Promise.all(both.map((each) => each.everything()));
  same("all that is kept", rows!.map(maskCodex), below!.map(maskCodex));
}

async function compareInline(open: Open, server: XServer): Promise<void> {
  await using codex = await openCodexStage();
  using stage = openStage(`${codex.program} --no-alt-screen`, codex.variables);
  const start = async (guise: Guise): Promise<RealTerminal> =>
    open(server, stage.folder, { ...shell(stage, guise, size), cwd: codex.cwd });
  await using bare = await start("bare");
  await using wrapped = await start("cdp");
  const both = [bare, wrapped];
  for (const each of both) {
    await settled(each, /^\$/m);
    await each.type("go 'story long'\r");
  }
  const [below, rows] = await Promise.all(
    both.map((each) => settled(each, /Worked for[^]*\? for shortcuts/)),
  );
  same("the screen", rows!.slice(PANE_ROWS).map(maskCodex), below!.map(maskCodex));
  for (const each of both) await each.type("\x04");
  await Promise.all(both.map((each) => settled(each, /codex resume [^]*^\$$/m)));
  const [kept, all] = await Promise.all(both.map((each) => each.everything()));
  same("all that is kept", all!.map(maskCodex), kept!.map(maskCodex));
}

async function compareLines(open: Open, server: XServer): Promise<void> {
  using stage = openStage("exec seq 1 20000");
  const kept: string[][] = [];
  for (const guise of ["cdp", "bare"] as const) {
    await using terminal = await open(server, stage.folder, shell(stage, guise, size));
    await settled(terminal, /^\$/m);
    await terminal.type("go\r");
    await settled(terminal, /^20000\n\$$/m);
    kept.push(await terminal.everything());
  }
  same("all that is kept", kept[0]!, kept[1]!);
}

async function comparePictures(open: Open, server: XServer): Promise<void> {
  using stage = openStage("exec vim -u NONE -N -n +'syntax on' +'set cursorline' greet.c");
  writeFileSync(join(stage.folder, "greet.c"), greeting);
  await takePicture(open, server, stage, "bare");
  await takePicture(open, server, stage, "cdp");
  // Both from the bottom up; the first row of pixels is the frame of the window without a pane.
  const measure = ["identify", "-format", "%w %h", join(stage.folder, "bare.png")];
  const [width, height] = (await command(measure, {})).split(" ").map(Number);
  const crop = ["-gravity", "South", "-crop", `${width}x${height! - 2}+0+0`, "+repage"];
  for (const guise of ["bare", "cdp"]) {
    const [from, to] = [`${guise}.png`, `${guise}-cut.png`].map((it) => join(stage.folder, it));
    await command(["convert", from!, ...crop, to!], {});
  }
  const cut = ["cdp", "bare"].map((guise) => join(stage.folder, `${guise}-cut.png`));
  const different = Bun.spawnSync(["compare", "-metric", "AE", ...cut, "null:"]);
  same("pixels that differ", different.stderr.toString().trim(), "0");
}

async function takePicture(open: Open, server: XServer, stage: Stage, guise: Guise): Promise<void> {
  await using terminal = await open(server, stage.folder, goAlone(stage, guise, size));
  await settled(terminal, /"greet\.c" \d+L/);
  await terminal.type("jjj");
  await settled(terminal, /printf/);
  await terminal.picture?.(join(stage.folder, `${guise}.png`));
}
